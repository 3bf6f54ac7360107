"""What the reader of one type of question returns, and what all types say about their answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from lxml import etree

from itembank.formats.moodle.fields import Fields, number_in, plain_text
from itembank.formats.questions.asking import fraction_of
from itembank.formats.questions.remarks import HINT, PARTLY, RIGHT, WRONG
from itembank.formats.scoring_source.parts import Asked
from itembank.formats.scoring_source.source import Drawing

# Moodle fills these in by itself; they say nothing.
_DEFAULTS: Final = frozenset(
    {"Your answer is correct.", "Your answer is partially correct.", "Your answer is incorrect."}
)
_COMBINED: Final = (
    ("correctfeedback", RIGHT),
    ("partiallycorrectfeedback", PARTLY),
    ("incorrectfeedback", WRONG),
    ("hint", HINT),
)
Remark = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A question's body with its places, what is asked, and what is said to which answer."""

    body: str
    asked: tuple[Asked, ...] = ()
    remarks: tuple[Remark, ...] = ()
    drawing: Drawing | None = None


def fraction(fields: Fields, answer: etree._Element) -> Fraction:
    """Return the part of the points that an `<answer fraction="50">` earns."""
    return fraction_of(number_in(str(answer.get("fraction", "0")), "fraction", fields.account))


def answer_remarks(fields: Fields, terms: Sequence[str], answers: Sequence[etree._Element]) -> tuple[Remark, ...]:
    """Return what is said to each answer."""
    return tuple(
        (term, fields.aside(answer.find("feedback"), "feedback"))
        for term, answer in zip(terms, answers, strict=True)
        if answer.find("feedback") is not None
    )


def combined_remarks(fields: Fields) -> tuple[Remark, ...]:
    """Return what is said to right, partly right and wrong responses, and the hints."""
    return tuple(
        (sign, fields.aside(element, name))
        for name, sign in _COMBINED
        for element in fields.all(name)
        if plain_text(element) not in _DEFAULTS and plain_text(element).removeprefix("<p>")[:-4] not in _DEFAULTS
    )
