"""What QTI 3.0 and 2.2 let stand where, as a table: elements with their attributes, and the order inside an item."""

import re
from collections.abc import Iterator

from lxml import etree

from itembank.formats.qti.names import rename

_ANY = "class id xml:lang label"
_ASKING = f"{_ANY} response-identifier"
_LIMITS = "max-choices min-choices"
_PAIRS = "max-associations min-associations"
_SPOT = f"{_ANY} identifier shape coords hotspot-label"
_SHOWN = "outcome-identifier identifier show-hide"
# Element -> attributes that it may have, those that it must have marked with `!`.
_TABLE = {
    "assessment-item": "identifier! title! adaptive! time-dependent! xml:lang label tool-name tool-version",
    "response-declaration": "identifier! cardinality! base-type",
    "outcome-declaration": "identifier! cardinality! base-type external-scored normal-maximum normal-minimum view",
    "template-declaration": "identifier! cardinality! base-type param-variable math-variable",
    "context-declaration": "identifier! cardinality! base-type",
    "correct-response": "interpretation",
    "default-value": "interpretation",
    "value": "field-identifier base-type",
    "mapping": "default-value lower-bound upper-bound",
    "map-entry": "map-key! mapped-value! case-sensitive",
    "area-mapping": "default-value lower-bound upper-bound",
    "area-map-entry": "shape! coords! mapped-value!",
    "template-processing": "",
    "response-processing": "template template-location",
    "response-condition": "",
    "response-if": "",
    "response-else-if": "",
    "response-else": "",
    "set-outcome-value": "identifier!",
    "set-template-value": "identifier!",
    "variable": "identifier! weight-identifier",
    "correct": "identifier!",
    "map-response": "identifier!",
    "map-response-point": "identifier!",
    "base-value": "base-type!",
    "match": "",
    "and": "",
    "or": "",
    "not": "",
    "is-null": "",
    "sum": "",
    "divide": "",
    "product": "",
    "gte": "",
    "equal": "tolerance-mode! tolerance include-lower-bound include-upper-bound",
    "string-match": "case-sensitive! substring",
    "random-integer": "min max! step",
    "assessment-stimulus-ref": "identifier! href! title",
    "assessment-stimulus": "identifier! title! xml:lang",
    "stimulus-body": _ANY,
    "item-body": _ANY,
    "content-body": "",
    "rubric-block": f"{_ANY} view! use",
    "modal-feedback": f"{_SHOWN} title",
    "feedback-inline": f"{_ANY} {_SHOWN}",
    "feedback-block": f"{_ANY} {_SHOWN}",
    "printed-variable": f"{_ANY} identifier! format field",
    "prompt": _ANY,
    "choice-interaction": f"{_ASKING} {_LIMITS} shuffle orientation",
    "order-interaction": f"{_ASKING} {_LIMITS} shuffle orientation",
    "associate-interaction": f"{_ASKING} {_PAIRS} shuffle",
    "match-interaction": f"{_ASKING} {_PAIRS} shuffle",
    "simple-match-set": "id",
    "simple-choice": f"{_ANY} identifier! fixed",
    "simple-associable-choice": f"{_ANY} identifier! fixed match-max! match-min",
    "inline-choice-interaction": f"{_ASKING} shuffle required",
    "inline-choice": f"{_ANY} identifier! fixed",
    "gap-match-interaction": f"{_ASKING} shuffle",
    "gap-text": f"{_ANY} identifier! match-max! match-min",
    "gap-img": f"{_ANY} identifier! match-max! match-min",
    "gap": f"{_ANY} identifier! required",
    "hottext-interaction": f"{_ASKING} {_LIMITS}",
    "hottext": f"{_ANY} identifier!",
    "text-entry-interaction": f"{_ASKING} expected-length pattern-mask placeholder-text base format",
    "extended-text-interaction": f"{_ASKING} expected-length expected-lines max-strings min-strings format"
    " placeholder-text pattern-mask",
    "hotspot-interaction": f"{_ASKING} {_LIMITS}",
    "hotspot-choice": _SPOT,
    "select-point-interaction": f"{_ASKING} {_LIMITS}",
    "graphic-order-interaction": f"{_ASKING} {_LIMITS}",
    "graphic-associate-interaction": f"{_ASKING} {_PAIRS}",
    "associable-hotspot": f"{_SPOT} match-max! match-min",
    "graphic-gap-match-interaction": f"{_ASKING} {_PAIRS}",
    "position-object-stage": "id",
    "position-object-interaction": f"{_ASKING} {_LIMITS} center-point",
    "slider-interaction": f"{_ASKING} lower-bound! upper-bound! step step-label orientation reverse",
    "upload-interaction": f"{_ASKING} type",
    "drawing-interaction": _ASKING,
    "media-interaction": f"{_ASKING} autostart! loop min-plays max-plays",
    "end-attempt-interaction": f"{_ASKING} title! count-attempt",
}


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_ORDER = _words(
    "context-declaration response-declaration outcome-declaration template-declaration template-processing "
    "assessment-stimulus-ref item-body response-processing modal-feedback"
)
_BLOCKS = _words("p div pre table ul ol dl figure blockquote h3 h4 hr rubric-block feedback-block")
_INLINE = {"inline-choice-interaction", "text-entry-interaction", "end-attempt-interaction"}
_OF_BLOCKS = {"item-body", "content-body", "stimulus-body"}
_HTML = _words(
    "a abbr b bdi bdo blockquote br caption cite code col colgroup dd dfn div dl dt em figcaption figure h3 h4 hr i "
    "img kbd li object ol p pre q rp rt ruby samp small span strong sub sup table tbody td tfoot th thead tr ul var"
)
_NEW = {"u", "s", "mark", "del", "ins", "wbr"}
_XML = "{http://www.w3.org/XML/1998/namespace}"


def violations(payload: bytes) -> list[str]:
    """Return what the standard would not allow in this document."""
    root = etree.fromstring(payload)
    old = not etree.QName(root).localname.startswith("qti-")
    rename(root)
    found = [problem for element in root.iter(etree.Element) for problem in _of_one(element, old=old)]
    return found + list(_order(root))


def _name(element: etree._Element) -> str:
    return str(element.tag).removeprefix("qti-")


def _of_one(element: etree._Element, *, old: bool) -> Iterator[str]:
    name = _name(element)
    if name.startswith("{http://www.w3.org/1998/Math/MathML}") or name in _HTML or (name in _NEW and not old):
        return
    if name not in _TABLE or (old and name in {"content-body", "context-declaration"}):
        yield f"<{name}> is not in the standard"
        return
    words = _TABLE[name].split()
    allowed, needed = {word.rstrip("!") for word in words}, {word[:-1] for word in words if word.endswith("!")}
    given = {str(key).replace(_XML, "xml:") for key in element.attrib}
    if name.endswith("-interaction"):
        needed |= {"response-identifier"}
    yield from (f"<{name}> has {key}" for key in sorted(given - allowed))
    yield from (f"<{name}> lacks {key}" for key in sorted(needed - given))
    if name in _OF_BLOCKS or name in {"gap-match-interaction", "hottext-interaction"}:
        yield from _loose(element, name)


def _loose(element: etree._Element, name: str) -> Iterator[str]:
    if (element.text or "").strip() or any((child.tail or "").strip() for child in element):
        yield f"text stands alone in <{name}>"
    for child in element:
        tag = _name(child)
        block = tag in _BLOCKS or (re.search("-(interaction|stage)$", tag) and tag not in _INLINE)
        if not block and tag not in {"prompt", "gap-text", "gap-img"}:
            yield f"<{tag}> stands alone in <{name}>"


def _order(root: etree._Element) -> Iterator[str]:
    if _name(root) == "assessment-item":
        places = [_ORDER.index(_name(child)) for child in root]
        if places != sorted(places):
            yield f"the parts of the item are out of order: {[_name(child) for child in root]}"
