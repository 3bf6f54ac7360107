"""What is sat: an exam and its immutable versions.

A version names its blueprint, its minutes and its rules. The pass rule is a document that the grading package reads;
here it is written from a page's fields and only its kind and shape are looked at.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, NewType, TypeVar
from uuid import UUID

from cbt.kernel.errors import InvalidInput, NotFound
from cbt.kernel.score import Score, score
from cbt.kernel.titles import Title
from cbt.people.core.inputs import HINTS, Fields

Kind = TypeVar("Kind", bound=StrEnum)
ExamId = NewType("ExamId", UUID)
ExamVersionId = NewType("ExamVersionId", UUID)

LONGEST_MINUTES: Final = 24 * 60
LONGEST_GRACE_S: Final = 300
MOST_ITEMS: Final = 1000
GREATEST_FLOOR: Final = 100
DEFAULT_GRACE: Final = timedelta(seconds=10)
EXAM_HINTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **HINTS,
        "no-blueprint": "Choose a blueprint; load a bank and its blueprint first.",
        "floor-range": "Write points from 0 to 100.",
        "count-over-items": "More correct answers are asked for than there are items.",
    }
)


class NoSuchExam(NotFound):
    """There is no such exam."""

    code = "no-such-exam"


class BadPassRule(InvalidInput):
    """A pass rule is subjects-and-average:FLOOR:AVERAGE, overall:FLOOR or count:CORRECT:ITEMS."""

    code = "bad-pass-rule"


class RuleKind(StrEnum):
    """The kinds of pass rule."""

    SUBJECTS_AND_AVERAGE = "subjects-and-average"
    OVERALL = "overall"
    COUNT = "count"


class ResultPolicy(StrEnum):
    """Whether a result is marked provisional until somebody confirms it."""

    PROVISIONAL = "provisional"
    FINAL = "final"


class Calculator(StrEnum):
    """Which calculator the exam screen has."""

    PLAIN = "plain"
    NONE = "none"


class Navigation(StrEnum):
    """How candidates move through the paper."""

    FREE = "free"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExamInput:
    """One version of an exam as somebody entered it."""

    code: str
    title: Title
    blueprint_version_id: UUID
    time_allowed: timedelta
    grace: timedelta
    pass_rule: Mapping[str, Any]
    result_policy: ResultPolicy
    calculator: Calculator


@dataclass(frozen=True, slots=True, kw_only=True)
class Exam:
    """An exam; what it consists of is said by its versions."""

    id: ExamId
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExamVersion:
    """One immutable version of an exam."""

    id: ExamVersionId
    exam_id: ExamId
    exam_code: str
    version: int
    title: Title
    blueprint_version_id: UUID
    time_allowed: timedelta
    grace: timedelta
    navigation: Navigation
    pass_rule: Mapping[str, Any]
    result_policy: ResultPolicy
    calculator: Calculator


def read_exam(raw: Mapping[str, str]) -> ExamInput:
    """Return the exam of a page's fields; raises InputRefused."""
    fields = Fields(raw, EXAM_HINTS)
    exam = ExamInput(
        code=fields.code("code"),
        title=fields.title("title"),
        blueprint_version_id=_read_blueprint(fields),
        time_allowed=timedelta(minutes=fields.whole("minutes", least=1, most=LONGEST_MINUTES)),
        grace=timedelta(seconds=fields.whole("grace_s", least=0, most=LONGEST_GRACE_S)),
        pass_rule=_read_rule(fields),
        result_policy=_read_choice(fields, "result_policy", ResultPolicy),
        calculator=_read_choice(fields, "calculator", Calculator),
    )
    fields.check()
    return exam


def parse_rule(text: str) -> Mapping[str, Any]:
    """Return the rule document of `subjects-and-average:40:60`, `overall:60` or `count:26:35`; raises BadPassRule."""
    kind, *numbers = text.strip().split(":")
    names = _RULE_FIELDS.get(kind, ())
    if not names or len(numbers) != len(names):
        raise BadPassRule
    fields = Fields({"rule": kind, **dict(zip(names, numbers, strict=True))}, EXAM_HINTS)
    rule = _read_rule(fields)
    if fields.problems():
        raise BadPassRule
    return rule


def rule_text(rule: Mapping[str, Any]) -> str:
    """Return the short text that `parse_rule` reads."""
    match RuleKind(rule["kind"]):
        case RuleKind.SUBJECTS_AND_AVERAGE:
            return f"{rule['kind']}:{rule['subject_floor']}:{rule['average_floor']}"
        case RuleKind.OVERALL:
            return f"{rule['kind']}:{rule['floor']}"
        case RuleKind.COUNT:
            return f"{rule['kind']}:{rule['correct']}:{rule['of']}"


_RULE_FIELDS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        RuleKind.SUBJECTS_AND_AVERAGE.value: ("subject_floor", "average_floor"),
        RuleKind.OVERALL.value: ("floor",),
        RuleKind.COUNT.value: ("correct", "of"),
    }
)


def _read_rule(fields: Fields) -> dict[str, Any]:
    kind = fields.choice("rule", tuple(kind.value for kind in RuleKind))
    match kind:
        case RuleKind.SUBJECTS_AND_AVERAGE:
            names = _RULE_FIELDS[kind]
            return {"kind": kind, **{name: _read_floor(fields, name) for name in names}}
        case RuleKind.OVERALL:
            return {"kind": kind, "floor": _read_floor(fields, "floor")}
        case _:
            return _read_count(fields, kind)


def _read_count(fields: Fields, kind: str) -> dict[str, Any]:
    if kind != RuleKind.COUNT:
        return {}
    correct = fields.whole("correct", least=1, most=MOST_ITEMS)
    of = fields.whole("of", least=1, most=MOST_ITEMS)
    if correct > of:
        fields.fail("correct", "count-over-items")
    return {"kind": kind, "correct": correct, "of": of}


def _read_floor(fields: Fields, name: str) -> str:
    """Return points from 0 to 100 as the shortest text, so that 60 and 60.000 are the same document."""
    value = fields.raw(name)
    if not value:
        fields.fail(name, "missing")
        return "0"
    try:
        number = score(value)
    except InvalidInput:
        fields.fail(name, "bad-points")
        return "0"
    if not 0 <= number <= GREATEST_FLOOR:
        fields.fail(name, "floor-range")
    return _shortest(number)


def _shortest(number: Score) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _read_blueprint(fields: Fields) -> UUID:
    try:
        return UUID(fields.raw("blueprint"))
    except ValueError:
        fields.fail("blueprint", "no-blueprint")
        return UUID(int=0)


def _read_choice(fields: Fields, name: str, kind: type[Kind]) -> Kind:
    value = fields.choice(name, tuple(member.value for member in kind))
    return kind(value) if value in tuple(kind) else next(iter(kind))
