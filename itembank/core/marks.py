"""What an item shows and how it is answered, as bits of one number, so that a list filters without reading documents.

A bit keeps its meaning for good: new marks are added at the end.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from itembank.core.documents import kind_of
from itembank.core.interactions import ChoiceInteraction, Interaction, TextEntryInteraction
from itembank.core.items import ItemContent
from itembank.core.qti.scoring import ScoredBy
from itembank.core.variables import BaseType


class Feature(StrEnum):
    """What an item shows beside words; `plain` is an item of words alone."""

    PLAIN = "plain"
    FIGURE = "figure"
    TABLE = "table"
    CODE = "code"
    FORMULA = "formula"


class AnswerKind(StrEnum):
    """How a response is given: QTI's kinds of interaction, choice and text entry told apart further."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    INLINE_CHOICE = "inline-choice"
    TEXT = "text"
    NUMBER = "number"
    EXTENDED_TEXT = "extended-text"
    ORDER = "order"
    ASSOCIATE = "associate"
    MATCH = "match"
    GAP_MATCH = "gap-match"
    HOTTEXT = "hottext"
    SLIDER = "slider"
    HOTSPOT = "hotspot"
    SELECT_POINT = "select-point"
    GRAPHIC_ORDER = "graphic-order"
    GRAPHIC_ASSOCIATE = "graphic-associate"
    GRAPHIC_GAP_MATCH = "graphic-gap-match"
    POSITION_OBJECT = "position-object"
    UPLOAD = "upload"
    DRAWING = "drawing"
    MEDIA = "media"
    END_ATTEMPT = "end-attempt"


class Scoring(StrEnum):
    """Who scores the item."""

    RULES = "rules"
    PERSON = "person"


Mark = Feature | AnswerKind | Scoring
_ORDER: Final[tuple[Mark, ...]] = (
    Scoring.PERSON,
    Feature.FIGURE,
    Feature.TABLE,
    Feature.CODE,
    Feature.FORMULA,
    AnswerKind.SINGLE,
    AnswerKind.MULTIPLE,
    AnswerKind.TEXT,
    AnswerKind.NUMBER,
    AnswerKind.ORDER,
    AnswerKind.ASSOCIATE,
    AnswerKind.MATCH,
    AnswerKind.INLINE_CHOICE,
    AnswerKind.GAP_MATCH,
    AnswerKind.HOTTEXT,
    AnswerKind.EXTENDED_TEXT,
    AnswerKind.HOTSPOT,
    AnswerKind.SELECT_POINT,
    AnswerKind.GRAPHIC_ORDER,
    AnswerKind.GRAPHIC_ASSOCIATE,
    AnswerKind.GRAPHIC_GAP_MATCH,
    AnswerKind.POSITION_OBJECT,
    AnswerKind.SLIDER,
    AnswerKind.UPLOAD,
    AnswerKind.DRAWING,
    AnswerKind.MEDIA,
    AnswerKind.END_ATTEMPT,
)
EVERY_MARK: Final[tuple[Mark, ...]] = (*Feature, *AnswerKind, *Scoring)
BITS: Final[Mapping[Mark, int]] = MappingProxyType({mark: 1 << place for place, mark in enumerate(_ORDER)})
_SIGNS: Final[Mapping[Feature, tuple[str, ...]]] = MappingProxyType(
    {
        Feature.FIGURE: ('src="asset:',),
        Feature.TABLE: ("<table",),
        Feature.CODE: ("<pre", "<code"),
        Feature.FORMULA: ("<math",),
    }
)
BESIDE_WORDS: Final = sum(BITS[feature] for feature in _SIGNS)
BY_PERSON: Final = BITS[Scoring.PERSON]
# What a mark's absence means, by the bits that must all be missing.
_ABSENT: Final[Mapping[Mark, int]] = MappingProxyType({Feature.PLAIN: BESIDE_WORDS, Scoring.RULES: BY_PERSON})


def marks_of(content: ItemContent, scored_by: ScoredBy) -> int:
    """Return the marks of an item."""
    html = " ".join((content.body, *(_html(one) for one in content.interactions)))
    found = sum(BITS[feature] for feature, signs in _SIGNS.items() if any(sign in html for sign in signs))
    if any(hasattr(one, "picture") for one in content.interactions):
        found |= BITS[Feature.FIGURE]
    for kind in {answer_kind(content, one) for one in content.interactions}:
        found |= BITS[kind]
    return found | (BY_PERSON if scored_by is ScoredBy.HUMAN else 0)


def answer_kind(content: ItemContent, interaction: Interaction) -> AnswerKind:
    """Return how the response of `interaction` is given."""
    if isinstance(interaction, ChoiceInteraction):
        return AnswerKind.SINGLE if interaction.max_choices == 1 else AnswerKind.MULTIPLE
    if isinstance(interaction, TextEntryInteraction):
        declared = content.declaration(interaction.response)
        numeric = declared is not None and declared.base_type in {BaseType.INTEGER, BaseType.FLOAT}
        return AnswerKind.NUMBER if numeric else AnswerKind.TEXT
    return AnswerKind(kind_of(interaction))


def bears(marks: int, mark: Mark) -> bool:
    """Return whether the bits hold `mark`."""
    return not marks & _ABSENT[mark] if mark in _ABSENT else bool(marks & BITS[mark])


def wanted_bits(mark: Mark) -> tuple[int, bool]:
    """Return the bits that tell of `mark`, and whether one of them must be there (else all must be missing)."""
    return (_ABSENT[mark], False) if mark in _ABSENT else (BITS[mark], True)


def features(marks: int) -> tuple[Feature, ...]:
    """Return what the item shows; words alone are `plain`."""
    return tuple(feature for feature in Feature if bears(marks, feature))


def answer_kinds(marks: int) -> tuple[AnswerKind, ...]:
    """Return the ways in which the item is answered."""
    return tuple(kind for kind in AnswerKind if bears(marks, kind))


def _html(interaction: Interaction) -> str:
    choices = getattr(interaction, "choices", ())
    own = (interaction.prompt, getattr(interaction, "content", ""), *(choice.content for choice in choices))
    return " ".join(own)
