"""What is sat: an exam and its immutable versions.

A version names its blueprint, its minutes and its rules; what a pass rule is stands in `pass_rules`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NewType, TypeVar
from uuid import UUID

from cbt.kernel.errors import InvalidInput, NotFound
from cbt.kernel.score import Score, score
from cbt.kernel.titles import Title
from cbt.people.core.inputs import HINTS, Fields
from cbt.scheduling.core.exam_parts import PART_HINTS, ExamPart, PartTimes, read_part_times, time_of
from cbt.scheduling.core.late_rules import NO_LATE_RULE, LateRule, read_late_rule
from cbt.scheduling.core.needs import FOR_EVERYBODY, NEEDS_HINTS, Tool, read_tools
from cbt.scheduling.core.pass_rules import Count, Overall, PassRule, RuleKind, SubjectsAndAverage

Kind = TypeVar("Kind", bound=StrEnum)
ExamId = NewType("ExamId", UUID)
ExamVersionId = NewType("ExamVersionId", UUID)

LONGEST_MINUTES: Final = 24 * 60
LONGEST_GRACE_S: Final = 300
MOST_ITEMS: Final = 1000
MOST_EXTRA: Final = timedelta(minutes=240)  # unless an exam says otherwise
GREATEST_FLOOR: Final = 100
DEFAULT_GRACE: Final = timedelta(seconds=10)
EXAM_HINTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **HINTS,
        **PART_HINTS,
        "no-blueprint": "Choose a blueprint; load a bank and its blueprint first.",
        "floor-range": "Write points from 0 to 100.",
        "not-the-items": "The blueprint draws another number of items.",
        "count-over-items": "More correct answers are asked for than there are items.",
        "bad-tool": NEEDS_HINTS["bad-tool"],
    }
)


class NoSuchExam(NotFound):
    """There is no such exam."""

    code = "no-such-exam"


class ResultPolicy(StrEnum):
    """Whether a result is marked provisional until somebody confirms it."""

    PROVISIONAL = "provisional"
    FINAL = "final"


class Calculator(StrEnum):
    """Which calculator the exam screen has."""

    PLAIN = "plain"
    SCIENTIFIC = "scientific"
    NONE = "none"


class Navigation(StrEnum):
    """How candidates move through the paper."""

    FREE = "free"
    PARTS = "parts"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExamInput:
    """One version of an exam as somebody entered it.

    `parts` are the minutes of each part where parts are passed in one direction; `most_extra` is the most extra time
    that a room may give to one candidate.
    """

    code: str
    title: Title
    blueprint_version_id: UUID
    time_allowed: timedelta
    grace: timedelta
    pass_rule: PassRule
    result_policy: ResultPolicy
    calculator: Calculator
    tools: tuple[Tool, ...] = FOR_EVERYBODY
    navigation: Navigation = Navigation.FREE
    parts: tuple[PartTimes, ...] = ()
    most_extra: timedelta = MOST_EXTRA
    late_rule: LateRule = NO_LATE_RULE


@dataclass(frozen=True, slots=True, kw_only=True)
class Exam:
    """An exam; what it consists of is said by its versions."""

    id: ExamId
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExamVersion:
    """One immutable version of an exam; `tools` are those that everybody has on the exam screen."""

    id: ExamVersionId
    exam_id: ExamId
    exam_code: str
    version: int
    title: Title
    blueprint_version_id: UUID
    time_allowed: timedelta
    grace: timedelta
    navigation: Navigation
    pass_rule: PassRule
    result_policy: ResultPolicy
    calculator: Calculator
    tools: tuple[Tool, ...] = FOR_EVERYBODY
    parts: tuple[ExamPart, ...] = ()
    most_extra: timedelta = MOST_EXTRA
    late_rule: LateRule = NO_LATE_RULE


def read_exam(raw: Mapping[str, str]) -> ExamInput:
    """Return the exam of a page's fields; raises InputRefused."""
    fields = Fields(raw, EXAM_HINTS)
    navigation = _read_choice(fields, "navigation", Navigation) if raw.get("navigation") else Navigation.FREE
    parts = read_part_times(fields, raw) if navigation is Navigation.PARTS else ()
    exam = ExamInput(
        code=fields.code("code"),
        title=fields.title("title"),
        blueprint_version_id=_read_blueprint(fields),
        time_allowed=time_of(parts) or timedelta(minutes=fields.whole("minutes", least=1, most=LONGEST_MINUTES)),
        grace=timedelta(seconds=fields.whole("grace_s", least=0, most=LONGEST_GRACE_S)),
        pass_rule=_read_rule(fields),
        result_policy=_read_choice(fields, "result_policy", ResultPolicy),
        calculator=_read_choice(fields, "calculator", Calculator),
        tools=read_tools(fields, "tools"),
        navigation=navigation,
        parts=parts,
        most_extra=_read_extra(fields),
        late_rule=read_late_rule(fields),
    )
    fields.check()
    return exam


def _read_extra(fields: Fields) -> timedelta:
    if not fields.raw("extra_minutes"):
        return MOST_EXTRA
    return timedelta(minutes=fields.whole("extra_minutes", least=0, most=LONGEST_MINUTES))


def _read_rule(fields: Fields) -> PassRule:
    kind = fields.choice("rule", tuple(kind.value for kind in RuleKind))
    if kind == RuleKind.SUBJECTS_AND_AVERAGE:
        return SubjectsAndAverage(
            floor=_read_floor(fields, "subject_floor"), average=_read_floor(fields, "average_floor")
        )
    if kind == RuleKind.COUNT:
        return _read_count(fields)
    # An unknown kind is noted on the fields already; check() refuses before this is used.
    return Overall(least=_read_floor(fields, "floor") if kind == RuleKind.OVERALL else score(0))


def _read_count(fields: Fields) -> Count:
    correct = fields.whole("correct", least=1, most=MOST_ITEMS)
    of = fields.whole("of", least=1, most=MOST_ITEMS)
    if correct > of:
        fields.fail("correct", "count-over-items")
    return Count(least=min(correct, of), of=max(of, 1))


def _read_floor(fields: Fields, name: str) -> Score:
    """Return points from 0 to 100."""
    value = fields.raw(name)
    if not value:
        fields.fail(name, "missing")
        return score(0)
    try:
        number = score(value)
    except InvalidInput:
        fields.fail(name, "bad-points")
        return score(0)
    if 0 <= number <= GREATEST_FLOOR:
        return number
    fields.fail(name, "floor-range")
    return score(0)


def _read_blueprint(fields: Fields) -> UUID:
    try:
        return UUID(fields.raw("blueprint"))
    except ValueError:
        fields.fail("blueprint", "no-blueprint")
        return UUID(int=0)


def _read_choice(fields: Fields, name: str, kind: type[Kind]) -> Kind:
    value = fields.choice(name, tuple(member.value for member in kind))
    return kind(value) if value in tuple(kind) else next(iter(kind))
