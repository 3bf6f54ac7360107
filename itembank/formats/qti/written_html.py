"""Clean HTML as the XML that QTI holds, with the marks in it replaced by what stands there."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from lxml import etree

from cbt.kernel.errors import InvalidInput
from itembank.core.markup import MATH_TAGS, clean
from itembank.formats.qti.own import LOOSE

MATHML: Final = "http://www.w3.org/1998/Math/MathML"
PRINTED: Final = "data-printed"
LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_VOID: Final = re.compile(r'<(br|col|hr|img|wbr)((?: [a-z-]+="[^"]*")*)>')
_BLOCKS: Final = frozenset(
    {"blockquote", "div", "dl", "figure", "h3", "h4", "hr", "ol", "p", "pre", "table", "ul", "qti-feedback-block"}
)
_INLINE: Final = frozenset(
    {"qti-inline-choice-interaction", "qti-text-entry-interaction", "qti-end-attempt-interaction"}
)
_ASSET: Final = "asset:"

Replacement = Callable[[etree._Element, str], Iterable[etree._Element]]  # noqa: SLF001 - lxml's only name for it


class NotXml(InvalidInput):
    """The text holds a control character, which no XML can hold."""

    code = "not-xml"


def fragment(html: str) -> etree._Element:
    """Return a `div` that holds `html` as XML, MathML in its namespace; raises NotXml."""
    plain = _VOID.sub(r"<\1\2/>", clean(html)).replace("&nbsp;", "\u00a0")
    try:
        holder = etree.fromstring(f"<div>{plain}</div>", etree.XMLParser(resolve_entities=False, no_network=True))
    except (etree.XMLSyntaxError, ValueError) as broken:
        raise NotXml(str(broken)[:200]) from broken
    for math in list(holder.iter("math")):
        for element in math.iter(*MATH_TAGS):
            element.tag = f"{{{MATHML}}}{element.tag!s}"
    for element in holder.iter(etree.Element):
        if (language := element.attrib.pop("lang", None)) is not None:
            element.set(LANGUAGE, language)
    return holder


def replace_marks(holder: etree._Element, marks: Mapping[str, Replacement]) -> None:
    """Put in place of each element with one of the attributes `marks` what its function gives for it."""
    for name, replacement in marks.items():
        for element in list(holder.iter("span", "div")):
            if (value := element.get(name)) is not None:
                _swap(element, list(replacement(element, value)))


def name_values_in_formulas(holder: etree._Element) -> frozenset[str]:
    """Let drawn values in formulas be said by their names, as QTI does (`<mi>a</mi>`); return those names."""
    names: set[str] = set()
    for mark in [one for one in holder.iter("span") if one.get(PRINTED)]:
        number = mark.getparent()
        if number is None or number.tag != f"{{{MATHML}}}mn" or len(number) != 1:
            continue
        names.add(mark.get(PRINTED, ""))
        number.tag = f"{{{MATHML}}}mi"
        number.text = mark.get(PRINTED)
        number.remove(mark)
    return frozenset(names)


def address_pictures(holder: etree._Element, address: Callable[[str], str]) -> None:
    """Give each image the address of its file; `address` is told the SHA-256 (hex)."""
    for image in holder.iter("img"):
        source = image.get("src", "")
        if source.startswith(_ASSET):
            image.set("src", address(source.removeprefix(_ASSET)))


def pour(holder: etree._Element, parent: etree._Element, *, blocks: bool = False) -> etree._Element:
    """Move what `holder` holds to the end of `parent`; with `blocks`, lines that stand alone get a `div` of ours."""
    if blocks:
        _wrap_loose(holder)
    _add_text(parent, holder.text)
    parent.extend(list(holder))
    return parent


def is_inline(element: etree._Element) -> bool:
    """Tell whether `element` is an interaction that stands inside a line."""
    return element.tag in _INLINE


def _swap(old: etree._Element, new: list[etree._Element]) -> None:
    parent = old.getparent()
    if parent is None:
        return
    tail, place = old.tail, parent.index(old)
    old.tail = None
    parent.remove(old)
    for offset, element in enumerate(new):
        parent.insert(place + offset, element)
    if tail and new:
        new[-1].tail = tail
    elif tail and place:
        parent[place - 1].tail = (parent[place - 1].tail or "") + tail
    elif tail:
        parent.text = (parent.text or "") + tail


def _add_text(parent: etree._Element, text: str | None) -> None:
    if not text:
        return
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def _wrap_loose(holder: etree._Element) -> None:
    run = etree.Element("div", {"class": LOOSE})
    parts = list(_parts(holder))
    holder.text = None
    for part in parts:
        if isinstance(part, str):
            _add_text(run, part)
        elif _is_block(part):
            run = _close(holder, run)
            holder.append(part)
        else:
            run.append(part)
    _close(holder, run)


def _parts(holder: etree._Element) -> Iterator[etree._Element | str]:
    if holder.text:
        yield holder.text
    for child in list(holder):
        tail, child.tail = child.tail, None
        holder.remove(child)
        yield child
        if tail:
            yield tail


def _close(holder: etree._Element, run: etree._Element) -> etree._Element:
    if len(run) or (run.text or "").strip():
        holder.append(run)
    else:
        _add_text(holder, run.text)
    return etree.Element("div", {"class": LOOSE})


def _is_block(element: etree._Element) -> bool:
    tag = str(element.tag)
    return tag in _BLOCKS or (tag.endswith("-interaction") and tag not in _INLINE) or tag.endswith("-stage")
