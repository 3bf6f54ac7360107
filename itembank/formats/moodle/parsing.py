"""Moodle XML files to items: one reader for each type of question, one item or refusal for each question."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from lxml import etree

from itembank.core.metadata import ItemMetadata
from itembank.formats.gift.pieces import path_of
from itembank.formats.moodle import calculated, gaps, pictures, simple
from itembank.formats.moodle.cloze import cloze
from itembank.formats.moodle.fields import Fields, plain_text
from itembank.formats.moodle.made import Made, combined_remarks
from itembank.formats.parsed import Findings, Parsed
from itembank.formats.questions.account import Account
from itembank.formats.questions.building import Collection, Question
from itembank.formats.questions.names import is_code
from itembank.formats.questions.remarks import explanation_of
from itembank.formats.questions.words import Words
from itembank.formats.xml_door import WHOLE_BANK, DocumentRefused, open_xml

MOODLE: Final = "moodle"
_READERS: Final[Mapping[str, Callable[[Fields], Made]]] = MappingProxyType(
    {
        "description": simple.description,
        "multichoice": simple.multichoice,
        "truefalse": simple.true_false,
        "shortanswer": simple.short_answer,
        "numerical": simple.numerical,
        "matching": simple.matching,
        "ordering": simple.ordering,
        "essay": simple.essay,
        "ddimageortext": pictures.drag_onto_picture,
        "ddmarker": pictures.mark_in_picture,
        "calculated": calculated.number,
        "calculatedsimple": calculated.number,
        "calculatedmulti": calculated.choice,
        "coderunner": simple.program_code,
        "gapselect": gaps.select_missing_words,
        "ddwtos": gaps.drag_words,
        "cloze": cloze,
        "multianswer": cloze,
    }
)
_REFUSED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "random": "it stands for questions that are drawn from a category; a blueprint draws them here",
        "randomsamatch": "it is made anew of other questions each time",
        "missingtype": "Moodle itself did not know its type when it was exported",
        "stack": "it is computed by the plugin STACK",
    }
)


def parse_moodle(payload: bytes) -> Parsed:
    """Return the items of a Moodle XML file; what is wrong with one question refuses that question alone."""
    collection = Collection(findings=Findings())
    try:
        root = open_xml(payload, WHOLE_BANK)
    except DocumentRefused as refusal:
        collection.findings.refuse("file", "xml-refused", refusal.message)
        return collection.parsed(MOODLE)
    if root.tag != "quiz":
        collection.findings.refuse("file", "not-moodle", f"the root element is {str(root.tag)[:40]}, not quiz")
        return collection.parsed(MOODLE)
    penalties = 0
    category: tuple[str, ...] = ()
    for element in root.iterfind("question"):
        kind = str(element.get("type", ""))
        if kind == "category":
            category = _category(element, collection)
            continue
        penalties += plain_text(element.find("penalty"), "0").strip("0.") != ""
        reading = _Reading(element, kind, category)
        name = plain_text(element.find("idnumber")) or plain_text(element.find("name"))
        collection.take(f"line {element.sourceline or 0}", name, reading.question)
    if penalties:
        hint = (
            f"{penalties} questions take points off for repeated tries; here one response counts, so nothing is taken"
        )
        collection.findings.warn("file", "penalty", hint)
    return collection.parsed(MOODLE)


def _category(element: etree._Element, collection: Collection) -> tuple[str, ...]:
    path = path_of(plain_text(element.find("category")))
    code = plain_text(element.find("idnumber"))
    if path and is_code(code):
        collection.tree.name(path, code)
    return path


@dataclass(frozen=True, slots=True)
class _Reading:
    element: etree._Element
    kind: str
    category: tuple[str, ...]

    def question(self, account: Account) -> Question:
        """Return the question; raises NotTakenOver."""
        reader = _READERS.get(self.kind)
        if reader is None:
            why = _REFUSED.get(self.kind, "it comes from a plugin that is not known here")
            raise account.refusal("question-type", f"questions of the type {self.kind[:40]!r} are left out: {why}")
        fields = Fields(self.element, account, Words(account))
        made = reader(fields)
        general = fields.aside(self.element.find("generalfeedback"), "generalfeedback")
        if fields.flag("hidden"):
            account.remark("hidden", "it is hidden in Moodle")
        remarks = (*made.remarks, *combined_remarks(fields))
        code = fields.plain("idnumber")
        return Question(
            name=fields.plain("name"),
            code=code if is_code(code) else "",
            area=self.category,
            body=made.body,
            asked=made.asked,
            drawing=made.drawing,
            explanation=explanation_of(general, remarks),
            assets=tuple(fields.words.used.values()),
            metadata=_metadata(fields),
            original=fields.original(),
        )


def _metadata(fields: Fields) -> ItemMetadata | None:
    tags = [plain_text(one) for one in fields.element.iterfind("tags/tag")]
    grade = fields.plain("defaultgrade", "1")
    known = {
        "tags": ", ".join(one for one in tags if one),
        "idnumber": fields.plain("idnumber") if not is_code(fields.plain("idnumber")) else "",
        "default_grade": "" if grade.rstrip("0").rstrip(".") == "1" else grade,
        "grader_info": plain_text(fields.element.find("graderinfo")),
    }
    kept = {name: text[:2000] for name, text in known.items() if text}
    return ItemMetadata(fields=MappingProxyType(kept)) if kept else None
