"""Feedback, hints and solutions of an item: what its conditions show, and what explains it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from itembank.core.keys import Feedback, FeedbackKind
from itembank.formats.qti12.conditions import Other, Processing, RespCondition
from itembank.formats.qti12.elements import Names, children, given, name_of, named
from itembank.formats.qti12.material import MaterialReader
from itembank.formats.qti12.program import FEEDBACK
from itembank.formats.qti12.sheet import Sheet
from itembank.formats.qti12.writing import as_block

_FOR_CANDIDATES: Final = frozenset({"", "all", "candidate"})
_HOLDERS: Final = frozenset({"solution", "solutionmaterial", "hint", "hintmaterial", "flow_mat", "itemfeedback"})


@dataclass(slots=True)
class Told:
    """The feedback of one item: `shown` is linked by its conditions, `names` maps the file's names to ours."""

    shown: list[Feedback] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    explanation: str = ""


def feedback_of(item: etree._Element, processing: Processing, material: MaterialReader, sheet: Sheet) -> Told:
    """Return the feedback; what every candidate would be shown in the end is the explanation of the item."""
    told, names = Told(), Names()
    always = {ident for one in processing.conditions if _always(one) for ident in one.feedback}
    linked = {ident for one in processing.conditions for ident in one.feedback}
    explaining: list[str] = []
    for one in named(item, "itemfeedback"):
        ident = given(one, "ident")
        html = as_block(_html(one, material), sheet)
        if not html:
            continue
        if given(one, "view").lower() not in _FOR_CANDIDATES:
            sheet.warn("feedback-for-staff", f"the feedback {ident[:60]!r} is for staff; it stays in the original file")
        elif ident in always or ident not in linked:
            explaining.append(html)
        else:
            told.names[ident] = names.of(ident)
            told.shown.append(_modal(told.names[ident], html, given(one, "title")))
    told.explanation = "".join(explaining + [as_block(html, sheet) for html in _rubrics(item, material)])
    return told


def _always(one: RespCondition) -> bool:
    return isinstance(one.test, Other) and one.ends is False and not one.assignments


def _modal(name: str, html: str, title: str) -> Feedback:
    return Feedback(kind=FeedbackKind.MODAL, outcome=FEEDBACK, value=name, content=html, title=title[:200])


def _html(element: etree._Element, material: MaterialReader) -> str:
    parts = []
    for child in children(element):
        name = name_of(child)
        if name == "material":
            parts.append(material.read(child))
        elif name in _HOLDERS:
            parts.append(_html(child, material))
    return " ".join(part for part in parts if part.strip())


def _rubrics(item: etree._Element, material: MaterialReader) -> Sequence[str]:
    """Return what markers and other staff are told: it belongs to the key, never to the paper."""
    found = [one for one in named(item, "rubric", "itemrubric", "objectives") if not for_candidates(one)]
    return [html for html in (material.read(one) for one in found) if html.strip()]


def for_candidates(element: etree._Element) -> bool:
    """Tell whether candidates are among those whom the element is for."""
    return given(element, "view").lower() in _FOR_CANDIDATES
