"""Marks: form, keys and the graded answers to what each slot and each subject earned. Pure and exact.

Nothing here depends on the order in which answers came, and no rounded number is ever used again.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from cbt.delivery.core.entries import Responses, is_answer
from cbt.kernel.errors import NotFound
from cbt.kernel.score import Score
from cbt.kernel.titles import Title
from itembank.core.forms import Form, FormPart, Slot
from itembank.core.scoring import Scorer, score_item

NOTHING: Final = Fraction(0)
FULL: Final = Fraction(100)


class KeyMissing(NotFound):
    """A slot of the form has no key, so it cannot be scored."""

    code = "key-missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotMark:
    """What one slot earned of its possible points; `correct` when every response of it is right.

    While a slot `awaits_person` it has earned nothing yet, and the result that holds it is not final.
    """

    slot: int
    part: int
    earned: Fraction
    possible: Fraction
    correct: bool
    answered: bool
    awaits_person: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectResult:
    """One subject: correct of its items, points, and `score` out of 100; all 0 when it was not attended."""

    code: str
    title: Title
    correct: int
    items: int
    earned: Fraction
    possible: Fraction
    attended: bool

    @property
    def score(self) -> Fraction:
        """The points out of 100, exact."""
        return percentage(self.earned, self.possible)


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """All slots and all subjects of a form."""

    slots: tuple[SlotMark, ...]
    subjects: tuple[SubjectResult, ...]

    @property
    def awaiting(self) -> int:
        """How many slots a person has still to mark."""
        return sum(mark.awaits_person for mark in self.slots)


@lru_cache(maxsize=256)
def _exact(points: Score) -> Fraction:
    return Fraction(points)


def percentage(earned: Fraction, possible: Fraction) -> Fraction:
    """Return `earned` out of 100 (0 when nothing was possible)."""
    return FULL * earned / possible if possible else NOTHING


def grade(
    form: Form,
    keys: Mapping[int, Scorer],
    responses: Mapping[int, Responses],
    *,
    absent: Collection[str] = frozenset(),
    by_hand: Mapping[int, Fraction] = MappingProxyType({}),
) -> Marks:
    """Return the marks of `responses` (slot number to canonical responses, as `journal.graded_set` gives them).

    `by_hand` holds the points that a person gave for slots that no rule scores. `absent` names the parts that were
    not attended: they earn 0 and stay. Responses to slots that the form does not have earn nothing. Raises KeyMissing
    when a slot has no key.
    """
    marks = tuple(
        _slot_mark(
            slot,
            form,
            keys,
            {} if form.parts[slot.part].code in absent else responses.get(slot.number, {}),
            by_hand=by_hand.get(slot.number),
        )
        for slot in form.slots
    )
    subjects = tuple(
        _subject(part, [mark for mark in marks if mark.part == place], attended=part.code not in absent)
        for place, part in enumerate(form.parts)
    )
    return Marks(slots=marks, subjects=subjects)


def _slot_mark(
    slot: Slot, form: Form, keys: Mapping[int, Scorer], responses: Responses, *, by_hand: Fraction | None
) -> SlotMark:
    scoring = keys.get(slot.number)
    if scoring is None:
        raise KeyMissing(slot=slot.number, item=slot.item_code)
    seed = b"" if scoring.program is None else form.slot_seed(slot.number)  # nothing else draws
    outcome = score_item(scoring, responses, seed=seed)
    possible, answered = _exact(slot.points), is_answer(responses)
    marked = outcome.awaits_person and answered and by_hand is not None
    earned = min(max(by_hand, NOTHING), possible) if marked and by_hand is not None else possible * outcome.earned
    return SlotMark(
        slot=slot.number,
        part=slot.part,
        earned=earned,
        possible=possible,
        correct=earned == possible if marked else outcome.correct,
        answered=answered,
        awaits_person=outcome.awaits_person and answered and not marked,
    )


def _total(parts: Iterable[Fraction]) -> Fraction:
    """Return the exact sum; parts of one denominator are whole numbers of it, which add up much faster."""
    numerators: dict[int, int] = {}
    for part in parts:
        numerators[part.denominator] = numerators.get(part.denominator, 0) + part.numerator
    return sum((Fraction(numerator, denominator) for denominator, numerator in numerators.items()), start=NOTHING)


def _subject(part: FormPart, marks: Sequence[SlotMark], *, attended: bool) -> SubjectResult:
    return SubjectResult(
        code=part.code,
        title=part.title,
        correct=sum(mark.correct for mark in marks),
        items=len(marks),
        earned=_total(mark.earned for mark in marks),
        possible=_total(mark.possible for mark in marks),
        attended=attended,
    )
