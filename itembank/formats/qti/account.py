"""What may be passed over without a word: everything else of a document that nobody reads is noted by name."""

from typing import Final

from lxml import etree

from itembank.formats.qti.elements import attributes, children, name_of
from itembank.formats.qti.notes import Notes


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_READ: Final = frozenset(
    {
        "response-declaration",
        "outcome-declaration",
        "template-declaration",
        "context-declaration",
        "template-processing",
        "response-processing",
        "assessment-stimulus-ref",
        "item-body",
        "modal-feedback",
    }
)
_COVERED: Final = {
    "catalog-info": ("supports-left-out", "holds supports (spoken text, braille, glossary) that are not delivered"),
    "companion-materials-info": ("materials-left-out", "names tools or materials that are not delivered"),
}
# They name, describe or place something, and are used elsewhere or change nothing that is asked or scored.
_EVERYWHERE: Final = _words(
    "id class label lang dir role title style data-catalog-idref response-identifier identifier tabindex"
)
_PAIRED: Final = _words("fixed match-max match-min match-group template-identifier show-hide")
_SPOT: Final = _words("shape coords hotspot-label match-max match-min match-group template-identifier show-hide")
_CHOOSING: Final = _words("shuffle max-choices min-choices orientation")
_PAIRING: Final = _words("shuffle max-associations min-associations")
_TYPING: Final = _words("base string-identifier expected-length pattern-mask placeholder-text format")
_SHOWN: Final = _words("outcome-identifier show-hide title")
_ATTRIBUTES: Final = {
    "item-body": frozenset(),
    "prompt": frozenset(),
    "choice-interaction": _CHOOSING,
    "order-interaction": _CHOOSING,
    "simple-choice": _PAIRED,
    "associate-interaction": _PAIRING,
    "match-interaction": _PAIRING,
    "simple-match-set": frozenset(),
    "simple-associable-choice": _PAIRED,
    "inline-choice-interaction": _words("shuffle required min-choices"),
    "inline-choice": _PAIRED,
    "gap-match-interaction": _PAIRING,
    "gap": _words("required match-group template-identifier show-hide"),
    "gap-text": _PAIRED,
    "gap-img": _PAIRED | {"object-label", "top", "left"},
    "hottext-interaction": _CHOOSING,
    "hottext": _PAIRED,
    "text-entry-interaction": _TYPING,
    "extended-text-interaction": _TYPING | {"max-strings", "min-strings", "expected-lines"},
    "hotspot-interaction": _CHOOSING,
    "hotspot-choice": _SPOT,
    "select-point-interaction": _CHOOSING,
    "graphic-order-interaction": _CHOOSING,
    "graphic-associate-interaction": _PAIRING,
    "graphic-gap-match-interaction": _PAIRING,
    "associable-hotspot": _SPOT,
    "position-object-stage": frozenset(),
    "position-object-interaction": _CHOOSING | {"center-point"},
    "slider-interaction": _words("lower-bound upper-bound step step-label orientation reverse"),
    "upload-interaction": frozenset({"type"}),
    "drawing-interaction": frozenset(),
    "media-interaction": _words("autostart loop min-plays max-plays coords"),
    "end-attempt-interaction": frozenset({"count-attempt"}),
    "feedback-inline": _SHOWN,
    "feedback-block": _SHOWN,
    "modal-feedback": _SHOWN,
    "printed-variable": _words("format base power-form field index delimiter mapping-indicator"),
    "template-inline": _words("template-identifier show-hide"),
    "template-block": _words("template-identifier show-hide"),
    "rubric-block": _words("view use"),
    "stylesheet": _words("href type media title"),
}
_ITEM: Final = _words("identifier title label adaptive time-dependent tool-name tool-version")
_VENDOR: Final = frozenset({"custom-interaction", "portable-custom-interaction"})


def account_for(root: etree._Element, notes: Notes) -> None:
    """Note every part of the item that nobody reads and that is not known to make no difference."""
    _unread_attributes(root, _ITEM, notes)
    for child in children(root):
        name = name_of(child)
        if name == "stylesheet":
            notes.remark(child, "style-sheet", "is not used; items look as the exam does")
        elif name in _COVERED:
            notes.lack(child, *_COVERED[name])
        elif name not in _READ:
            notes.lack(child, "element-left-out", "is not understood")
        elif name in {"item-body", "modal-feedback"}:
            _walk(child, notes)


def _walk(element: etree._Element, notes: Notes) -> None:
    name = name_of(element)
    if name in _VENDOR:
        return
    if name in _ATTRIBUTES:
        _unread_attributes(element, _ATTRIBUTES[name], notes)
    if any(key in element.attrib for key in ("data-catalog-idref", "data-stimulus-idref")):
        notes.remark(element, "support-left-out", "has a support that is not delivered")
    for child in children(element):
        _walk(child, notes)


def _unread_attributes(element: etree._Element, known: frozenset[str], notes: Notes) -> None:
    for name, text in attributes(element).items():
        if name in known or name in _EVERYWHERE or name.startswith(("data-", "aria-")):
            continue
        notes.lack(element, "attribute-left-out", f"has {name[:40]}={text[:40]!r}, which is not understood")
