"""Hypothesis strategies: histories of attempts, what pages send, forms with keys and answers whose worth is known."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from cbt.delivery.core.attempt import Attempt
from cbt.delivery.core.entries import (
    Answered,
    Entry,
    Expired,
    Extended,
    Flagged,
    HandLowered,
    HandRaised,
    Moved,
    Paused,
    Refused,
    Responses,
    Resumed,
    Sent,
    Started,
    Submitted,
    Terminated,
    Voided,
)
from cbt.delivery.core.journal import Linked, advance
from cbt.delivery.core.refusals import EntryRefused
from cbt.kernel.score import Score, score
from cbt.kernel.titles import Title
from cbt.scheduling.core.pass_rules import Count, Overall, PassRule, SubjectsAndAverage
from itembank.core.forms import Form, FormPart, Slot
from itembank.core.keys import ItemKey, MatchCorrect, MatchNumber, MatchText, ResponseKey
from itembank.core.scoring import Scorer
from itembank.core.variables import BaseType, Cardinality, ResponseDeclaration
from tests.factories_delivery import ATTEMPT_ID, SLOTS, STAFF, opaque, ready, wire, wire_answer

# --- journals ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """One thing that may happen `gap` after the one before; whether it is legal shows only when it is tried."""

    kind: str
    gap: timedelta
    slot: int
    values: tuple[str, ...]
    on: bool
    seconds: int
    text: str


@dataclass(frozen=True)
class History:
    """A journal that grew legally: the attempt before and after, and its rows."""

    before: Attempt
    after: Attempt
    rows: tuple[Linked, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(row.entry for row in self.rows)


_OFTEN = ("answered", "answered", "answered", "flagged", "paused", "resumed", "extended", "moved")
_SELDOM = ("hand-raised", "hand-lowered", "refused", "submitted", "expired", "terminated", "voided")
storable_text = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=12)
gaps = st.one_of(
    st.just(timedelta(0)),
    st.timedeltas(min_value=timedelta(0), max_value=timedelta(seconds=20)),
    st.timedeltas(min_value=timedelta(0), max_value=timedelta(minutes=8)),
)
steps = st.builds(
    Step,
    kind=st.sampled_from(_OFTEN * 3 + _SELDOM),
    gap=gaps,
    slot=st.integers(1, SLOTS),
    values=st.lists(storable_text, max_size=2).map(tuple),
    on=st.booleans(),
    seconds=st.integers(1, 900),
    text=storable_text,
)


def entry_of(step: Step, attempt: Attempt) -> Entry:
    """The entry that `step` would write now (whether it is admitted or not)."""
    instant = attempt.head.at + step.gap
    if attempt.started_at is None:
        return Started(at=instant, time_allowed=timedelta(minutes=10), grace=timedelta(seconds=10), device="1")
    sent = Sent(lease=attempt.lease, number=attempt.lease_next, claimed_at=None, digest=b"d" * 32)
    if step.kind in {"answered", "flagged", "refused", "hand-raised", "submitted"}:
        return _by_candidate(step)(at=instant, sent=sent)
    return _by_others(step, attempt)(at=instant)


def _by_candidate(step: Step) -> Any:
    made: dict[str, Any] = {
        "answered": lambda **known: Answered(slot=step.slot, responses={"RESPONSE": step.values}, **known),
        "flagged": lambda **known: Flagged(slot=step.slot, on=step.on, **known),
        "refused": lambda **known: Refused(code="unknown-slot", received=step.text, **known),
        "hand-raised": lambda **known: HandRaised(words=step.text, **known),
        "submitted": Submitted,
    }
    return made[step.kind]


def _by_others(step: Step, attempt: Attempt) -> Any:
    why = {"reason": step.text, "by": STAFF}
    made: dict[str, Any] = {
        "paused": lambda at: Paused(at=at, **why),
        "resumed": lambda at: Resumed(at=at, by=STAFF),
        "extended": lambda at: Extended(at=at, extra=timedelta(seconds=step.seconds), **why),
        "moved": lambda at: Moved(at=at, lease=attempt.lease + 1, device=step.text, **why),
        "hand-lowered": lambda at: HandLowered(at=at, by=STAFF),
        "expired": Expired,
        "terminated": lambda at: Terminated(at=at, **why),
        "voided": lambda at: Voided(at=at, **why),
    }
    return made[step.kind]


@st.composite
def histories(draw: st.DrawFn, most: int = 25) -> History:
    """A journal of legal entries, illegal steps left out."""
    before = attempt = ready()
    rows = []
    for step in draw(st.lists(steps, min_size=1, max_size=most)):
        try:
            attempt, row = advance(attempt, entry_of(step, attempt))
        except EntryRefused:
            continue
        rows.append(row)
    return History(before=before, after=attempt, rows=tuple(rows))


# --- what a page sends ---------------------------------------------------------------------------------------------


@st.composite
def wire_entries(draw: st.DrawFn) -> dict[str, Any]:
    """One entry of a page without its number (0): mostly good, sometimes nonsense."""
    slot = draw(st.integers(1, 2))
    good = st.sampled_from("ABCD").map(lambda choice: wire_answer(0, slot, *opaque(slot, choice)))
    return draw(
        st.one_of(
            good,
            good,
            good,
            st.just(wire_answer(0, slot)),
            storable_text.map(lambda text: wire_answer(0, 4, text)),
            st.booleans().map(lambda on: wire(0, "flagged", slot=slot, on=on)),
            st.sampled_from([wire_answer(0, slot, "bad"), wire_answer(0, 99, "x"), wire(0, "guessed")]),
            st.sampled_from([wire(0, "hand-raised", words="?"), wire(0, "hand-lowered")]),
        )
    )


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
hostile_entries = st.fixed_dictionaries(
    {"number": st.integers(1, 5)},
    optional={
        "kind": st.sampled_from(["answered", "flagged", "hand-raised", "submitted", "voided"]) | json_values,
        "claimed_at": st.text(max_size=30) | json_values,
        "slot": st.integers(-1, 7) | json_values,
        "responses": st.dictionaries(st.just("RESPONSE") | st.text(max_size=3), st.lists(st.text(max_size=9)))
        | json_values,
        "on": json_values,
        "words": json_values,
    },
)

# --- forms, keys and answers ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    """Values for one response variable, and whether they are right by the way they were made."""

    values: tuple[str, ...]
    right: bool


@dataclass(frozen=True)
class Paper:
    """A form with its keys, and for every slot the answers of a candidate by response variable."""

    form: Form
    keys: Mapping[int, Scorer]
    answers: Mapping[int, Mapping[str, Answer]]
    absent: frozenset[str]

    @property
    def responses(self) -> dict[int, Responses]:
        return {
            slot: {name: answer.values for name, answer in answers.items()} for slot, answers in self.answers.items()
        }


_KINDS: Mapping[str, tuple[Cardinality, BaseType, Any, list[tuple[str, ...]], list[tuple[str, ...]]]] = {
    "single": (
        Cardinality.SINGLE,
        BaseType.IDENTIFIER,
        MatchCorrect(correct=("B",)),
        [("B",)],
        [(), ("A",), ("C",)],
    ),
    "multiple": (
        Cardinality.MULTIPLE,
        BaseType.IDENTIFIER,
        MatchCorrect(correct=("A", "C")),
        [("A", "C"), ("C", "A")],
        [(), ("A",), ("A", "B"), ("A", "B", "C")],
    ),
    "text": (
        Cardinality.SINGLE,
        BaseType.STRING,
        MatchText(accepted=("deadlock", "교착 상태")),
        [("deadlock",), (" Deadlock ",), ("교착  상태",)],
        [(), ("",), ("dead lock",), ("교착",)],
    ),
    "number": (
        Cardinality.SINGLE,
        BaseType.FLOAT,
        MatchNumber(value=Decimal("2.5"), tolerance=Decimal("0.1")),
        [("2.5",), ("2.40",), ("2.6",)],
        [(), ("2.61",), ("five",), ("-2.5",)],
    ),
}
points = st.integers(0, 20_000).map(lambda thousandths: score(Decimal(thousandths) / 1000))


@st.composite
def _items(draw: st.DrawFn) -> tuple[Scorer, dict[str, Answer]]:
    kinds = draw(st.lists(st.sampled_from(sorted(_KINDS)), min_size=1, max_size=3))
    declarations, keys, answers = [], [], {}
    for place, kind in enumerate(kinds, start=1):
        cardinality, base_type, rule, right, wrong = _KINDS[kind]
        name = f"RESPONSE{place}"
        declarations.append(ResponseDeclaration(identifier=name, cardinality=cardinality, base_type=base_type))
        keys.append(ResponseKey(identifier=name, rule=rule))
        is_right = draw(st.booleans())
        answers[name] = Answer(values=draw(st.sampled_from(right if is_right else wrong)), right=is_right)
    return Scorer(key=ItemKey(responses=tuple(keys)), declarations=tuple(declarations)), answers


@st.composite
def papers(draw: st.DrawFn) -> Paper:
    """A form of one to four subjects with keys and answers; some slots untouched, some subjects not attended."""
    sizes = draw(st.lists(st.integers(1, 5), min_size=1, max_size=4))
    parts, slots, keys, answers = [], [], {}, {}
    for place, size in enumerate(sizes):
        first = len(slots) + 1
        parts.append(FormPart(code=str(place + 1), title=Title(ko="가", en="A"), first=first, last=first + size - 1))
        for number in range(first, first + size):
            slots.append(_slot(number, place, draw(points)))
            keys[number], given = draw(_items())
            if draw(st.integers(0, 4)):
                answers[number] = given
    form = Form(
        blueprint_code="b",
        blueprint_digest=b"b" * 32,
        seed=b"s",
        algorithm="a",
        parts=tuple(parts),
        slots=tuple(slots),
    )
    absent = draw(st.frozensets(st.sampled_from([part.code for part in parts]), max_size=1))
    return Paper(form=form, keys=keys, answers=answers, absent=absent)


def _slot(number: int, part: int, worth: Score) -> Slot:
    return Slot(
        number=number,
        part=part,
        item_code=f"item-{number}",
        item_version_id=UUID(int=ATTEMPT_ID.int + number),
        key_version_id=None,
        option_order={},
        points=worth,
    )


limits = st.integers(0, 100_000).map(lambda thousandths: score(Decimal(thousandths) / 1000))


def fitting_rules(items: int) -> st.SearchStrategy[PassRule]:
    """Rules that fit a form of so many items."""
    return st.one_of(
        st.builds(SubjectsAndAverage, floor=limits, average=limits),
        st.builds(Overall, least=limits),
        st.integers(0, items).map(lambda least: Count(least=least, of=items)),
    )
