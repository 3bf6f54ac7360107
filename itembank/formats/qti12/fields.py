"""What a file says about an item beside it: kind, points, links; in the words of several vendors."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from lxml import etree

from itembank.formats.qti12.elements import children, first, name_of, named, words_of


class Kind(StrEnum):
    """The kinds of items whose reading differs; everything else is read by its elements alone."""

    PLAIN = ""
    SHORT_ANSWER = "short_answer"
    BLANKS = "fill_in_multiple_blanks"
    DROPDOWNS = "multiple_dropdowns"
    MATCHING = "matching"
    NUMERICAL = "numerical"
    CALCULATED = "calculated"
    ESSAY = "essay"
    UPLOAD = "file_upload"
    TEXT = "text_only"
    HOTSPOT = "hot_spot"
    CATEGORIES = "categorization"
    PATTERN = "pattern_match"


_KINDS: Final[Mapping[str, Kind]] = {
    **{f"{kind.value}_question": kind for kind in Kind if kind},
    "cc.fib": Kind.SHORT_ANSWER,
    "cc.essay": Kind.ESSAY,
    "cc.pattern_match": Kind.PATTERN,
    "essay": Kind.ESSAY,
    "short response": Kind.ESSAY,
    "file upload": Kind.UPLOAD,
    "fill in the blank": Kind.SHORT_ANSWER,
}
_NO_QUESTION: Final = frozenset({"text_only_question"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """The fields of one item."""

    kind: Kind = Kind.PLAIN
    named: Mapping[str, str] = field(default_factory=dict)
    vendor: bool = False  # Canvas, Common Cartridge or Blackboard: points of silent conditions add up
    canvas: bool = False

    def get(self, name: str) -> str:
        """Return the field's text, or nothing."""
        return self.named.get(name, "")


def fields_of(item: etree._Element) -> Fields:
    """Return what the item says about itself; the first of two fields with one name counts."""
    found = metadata(item)
    for one in named(item, "itemmetadata"):
        for child in children(one):
            if name_of(child).startswith(("qmd_", "bbmd_")):
                found.setdefault(name_of(child), words_of(child))
    question = found.get("question_type", "").lower()
    profile = found.get("cc_profile", "").lower().rpartition(".v")[0]
    board = found.get("bbmd_questiontype", "").lower()
    kind = next((_KINDS[word] for word in (question, profile, board) if word in _KINDS), Kind.PLAIN)
    if kind is Kind.PLAIN and first(item, "calculated") is not None:
        kind = Kind.CALCULATED
    if found.get("qmd_computerscored", "").lower() == "no":
        kind = Kind.ESSAY if kind is Kind.PLAIN else kind
    return Fields(kind=kind, named=found, vendor=bool(question or profile or board), canvas=bool(question or profile))


def metadata(element: etree._Element) -> dict[str, str]:
    """Return the fields of the qtimetadata directly in `element` or in its itemmetadata."""
    found: dict[str, str] = {}
    for holder in (element, *named(element, "itemmetadata")):
        for group in (*named(holder, "qtimetadata"), holder):
            for one in named(group, "qtimetadatafield"):
                label = words_of(first(one, "fieldlabel")).lower()
                if label:
                    found.setdefault(label, words_of(first(one, "fieldentry")))
    return found


def asks_nothing(fields: Fields) -> bool:
    """Tell whether the item is only something to read."""
    return fields.get("question_type").lower() in _NO_QUESTION
