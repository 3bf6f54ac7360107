"""Writes one item, or one stimulus, as a document of QTI 3.

What QTI has words for is said in them. An explanation and references stand in rubric blocks for the scorer, which no
candidate is shown; what has no words at all is in `own`, beside the item.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from lxml import etree

from cbt.kernel.errors import Problem
from itembank.core.items import ItemContent, Stimulus
from itembank.core.keys import ItemKey
from itembank.formats.exported import ExportItem
from itembank.formats.qti.elements import attribute, children, name_of, named
from itembank.formats.qti.making import make
from itembank.formats.qti.own import EXPLANATION, REFERENCES
from itembank.formats.qti.rules import program_of
from itembank.formats.qti.writing_body import Pen
from itembank.formats.qti.writing_interactions import write_interaction
from itembank.formats.qti.written_html import LANGUAGE

QTI: Final = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
# The order in which the standard wants the parts of an item.
_BEFORE_BODY: Final = (
    "context-declaration",
    "response-declaration",
    "outcome-declaration",
    "template-declaration",
    "template-processing",
)
_RECORD: Final = "record"
_KEPT: Final = ("adaptive", "time-dependent")


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenItem:
    """An item without namespace, and what could not be said of it."""

    root: etree._Element
    notes: tuple[Problem, ...] = ()


def write_item(item: ExportItem, *, address: Callable[[str], str], stimulus_file: str = "") -> WrittenItem:
    """Return the item; `address` names the file of a picture, `stimulus_file` that of the item's stimulus.

    Raises NotXml, and DocumentRefused for a program that is no XML.
    """
    content, key = item.content, item.key
    program = program_of(content, key)
    records = {attribute(one, "identifier") for one in children(program) if attribute(one, "cardinality") == _RECORD}
    pen = Pen(content, key, address, frozenset(records))
    kept = {name: str(program.get(name, "false")) for name in _KEPT}
    root = make("assessment-item", {"identifier": item.code, "title": content.title, LANGUAGE: content.language} | kept)
    for name in _BEFORE_BODY:
        root.extend(list(named(program, name)))
    if content.stimulus is not None and stimulus_file:
        given = {"identifier": content.stimulus.code, "href": stimulus_file, "title": content.stimulus.title}
        root.append(make("assessment-stimulus-ref", given))
    root.append(_body(pen, content, key))
    root.extend(list(named(program, "response-processing")))
    root.extend(list(pen.modal()))
    for one in named(root, "template-declaration"):
        if one.get("identifier") in pen.in_formulas:
            one.set("math-variable", "true")
    return WrittenItem(root=root, notes=tuple(pen.notes))


def write_stimulus(stimulus: Stimulus, *, language: str, address: Callable[[str], str]) -> etree._Element:
    """Return the stimulus as a document of its own; raises NotXml."""
    content = ItemContent(title="", language=language, body="", declarations=(), interactions=())
    pen = Pen(content, ItemKey(), address)
    given = {"identifier": stimulus.code, "title": stimulus.title, LANGUAGE: language}
    root = make("assessment-stimulus", given)
    root.append(pen.html(make("stimulus-body"), stimulus.body, blocks=True))
    return root


def dressed(root: etree._Element, namespace: str = QTI) -> bytes:
    """Return the document with everything of QTI and HTML in `namespace`."""
    again = etree.Element(f"{{{namespace}}}{root.tag!s}", dict(root.attrib), nsmap={None: namespace})
    again.text = root.text
    again.extend(list(root))
    for element in again.iter(etree.Element):
        if not str(element.tag).startswith("{"):
            element.tag = f"{{{namespace}}}{element.tag!s}"
    return etree.tostring(again, encoding="UTF-8", xml_declaration=True)


def _body(pen: Pen, content: ItemContent, key: ItemKey) -> etree._Element:
    body = pen.body(make("item-body"), content.body, write_interaction)
    if key.explanation:
        body.append(pen.html_in_block(_rubric(EXPLANATION), key.explanation))
    if key.references:
        listed = etree.Element("ul")
        for reference in key.references:
            etree.SubElement(listed, "li").text = reference
        inner = make("content-body", inner=[listed])
        body.append(_rubric(REFERENCES, inner))
    return body


def _rubric(what: str, *inner: etree._Element) -> etree._Element:
    return make("rubric-block", {"view": "scorer", "use": "scoring", "class": what}, inner)


def interactions_in(root: etree._Element) -> tuple[str, ...]:
    """Return the kinds of the interactions in an item, in QTI 2's words (`choiceInteraction`)."""
    names = (name_of(one) for one in root.iter(etree.Element))
    return tuple(dict.fromkeys(_humped(name) for name in names if name.endswith("-interaction")))


def _humped(name: str) -> str:
    first, *rest = name.split("-")
    return first + "".join(part.capitalize() for part in rest)
