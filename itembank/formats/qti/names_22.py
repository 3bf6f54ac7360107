"""An item of QTI 3 under the names of QTI 2.2: `qti-response-if` is `responseIf`, `base-type` is `baseType`.

What 2.2 has no element for is said in another way or noted; nothing is left out in silence.
"""

from collections.abc import Callable
from typing import Final

from lxml import etree

from cbt.kernel.errors import Problem
from itembank.formats.qti.elements import name_of

QTI_22: Final = "http://www.imsglobal.org/xsd/imsqti_v2p2"
_HTML5: Final = "http://www.imsglobal.org/xsd/imsqtiv2p2_html5_v1p0"
_TEMPLATES: Final = "http://www.imsglobal.org/question/qti_v2p2/rptemplates/"
_PREFIX: Final = "qti-"
_IN_HTML5: Final = frozenset({"bdi", "figcaption", "figure", "rp", "rt", "ruby"})
_AS_SPAN: Final = frozenset({"del", "ins", "mark", "s", "u", "wbr"})
# In QTI 2 these hold their picture as an object.
_ON_PICTURES: Final = frozenset(
    {
        "drawing-interaction",
        "gap-img",
        "graphic-associate-interaction",
        "graphic-gap-match-interaction",
        "graphic-order-interaction",
        "hotspot-interaction",
        "position-object-interaction",
        "position-object-stage",
        "select-point-interaction",
    }
)


def rename_to_22(root: etree._Element, media_type: Callable[[str], str]) -> tuple[Problem, ...]:
    """Give `root` and all in it their names of QTI 2.2; return what was lost. `media_type` is told an address."""
    notes: dict[Problem, None] = {}
    for body in list(root.iter("qti-content-body")):
        _unwrap(body)
    for image in list(root.iter("img")):
        parent = image.getparent()
        if parent is not None and name_of(parent) in _ON_PICTURES:
            _as_object(image, media_type)
    for element in root.iter(etree.Element):
        notes |= dict.fromkeys(_noted(element))
        _rename(element)
    return tuple(notes)


def _unwrap(body: etree._Element) -> None:
    parent = body.getparent()
    if parent is None:
        return
    place = parent.index(body)
    if body.text:
        parent.text = (parent.text or "") + body.text
    parent.remove(body)
    for offset, child in enumerate(list(body)):
        parent.insert(place + offset, child)


def _as_object(image: etree._Element, media_type: Callable[[str], str]) -> None:
    address, words = image.get("src", ""), image.get("alt", "")
    size = {name: image.get(name, "") for name in ("width", "height") if image.get(name)}
    image.attrib.clear()
    image.tag = "object"
    image.attrib.update({"data": address, "type": media_type(address)} | size)
    image.text = words or None


def _noted(element: etree._Element) -> list[Problem]:
    name, where = str(element.tag), "body"
    if name in _AS_SPAN:
        return [Problem(where=where, code="look-changed", hint=f"QTI 2.2 has no <{name}>; it became a span")]
    if name == "qti-context-declaration":
        return [Problem(where="program", code="context-left-out", hint="QTI 2.2 declares no variables of the context")]
    if name == "qti-upload-interaction" and " " in element.get("type", ""):
        response = f"response {element.get('response-identifier')}"
        return [Problem(where=response, code="types-left-out", hint="QTI 2.2 names one kind of file; any is allowed")]
    return []


def _rename(element: etree._Element) -> None:
    name = str(element.tag)
    if name in _AS_SPAN:
        element.tag = "span"
    elif name in _IN_HTML5:
        element.tag = f"{{{_HTML5}}}{name}"
    elif name.startswith(_PREFIX):
        element.tag = _humped(name.removeprefix(_PREFIX))
        given = [(str(key), str(text)) for key, text in element.attrib.items()]
        element.attrib.clear()
        for key, text in given:
            if not (name == "qti-upload-interaction" and key == "type" and " " in text):
                element.set(key if key.startswith("{") else _humped(key), _address(key, text))


def _address(key: str, text: str) -> str:
    if key != "template":
        return text
    return _TEMPLATES + text.rstrip("/").rpartition("/")[2].removesuffix(".xml")


def _humped(name: str) -> str:
    first, *rest = name.split("-")
    return first + "".join(part.capitalize() for part in rest)
