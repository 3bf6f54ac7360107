"""Pass rules as data: what a candidate must reach, as a document, as a short text and as a sentence.

The exam owns its rule; grading compares subjects with it. Sentences are in both languages and do not come from a
catalogue, because documents keep them as they were issued.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, TypeAlias, assert_never

from cbt.kernel.errors import InvalidInput
from cbt.kernel.score import NotAScore, Score, score
from cbt.kernel.titles import Title

FULL: Final = Decimal(100)


class RuleKind(StrEnum):
    """The wire name of each kind of rule."""

    SUBJECTS_AND_AVERAGE = "subjects-and-average"
    OVERALL = "overall"
    COUNT = "count"


class NotAPassRule(InvalidInput):
    """A pass rule has a known kind, limits from 0 to 100, or a count that its items can reach."""

    code = "not-a-pass-rule"


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectsAndAverage:
    """Every subject at least `floor`, and the mean of all subjects at least `average`, each out of 100.

    A subject that was not attended counts 0 and stays in the divisor.
    """

    floor: Score
    average: Score

    def __post_init__(self) -> None:
        """Raise NotAPassRule for limits outside 0 to 100."""
        _require_limit(self.floor)
        _require_limit(self.average)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overall:
    """All points together at least `least` out of 100, subjects not regarded."""

    least: Score

    def __post_init__(self) -> None:
        """Raise NotAPassRule for a limit outside 0 to 100."""
        _require_limit(self.least)


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """At least `least` items of `of` correct, whatever their points."""

    least: int
    of: int

    def __post_init__(self) -> None:
        """Raise NotAPassRule for a count that cannot be reached."""
        if not 0 <= self.least <= self.of or self.of < 1:
            raise NotAPassRule(least=self.least, of=self.of)


PassRule: TypeAlias = SubjectsAndAverage | Overall | Count


def floor_of(rule: PassRule) -> Score | None:
    """Return what every single subject must reach, or None when the rule has no such limit."""
    return rule.floor if isinstance(rule, SubjectsAndAverage) else None


def to_document(rule: PassRule) -> dict[str, Any]:
    """Return the document of `rule`, scores as text."""
    match rule:
        case SubjectsAndAverage():
            return {"kind": RuleKind.SUBJECTS_AND_AVERAGE.value, "floor": str(rule.floor), "average": str(rule.average)}
        case Overall():
            return {"kind": RuleKind.OVERALL.value, "least": str(rule.least)}
        case Count():
            return {"kind": RuleKind.COUNT.value, "least": rule.least, "of": rule.of}
        case _:
            assert_never(rule)


def from_document(document: object) -> PassRule:
    """Return the rule that a document states; raises NotAPassRule unless it has exactly the keys of its kind."""
    if not isinstance(document, dict):
        raise NotAPassRule("a pass rule is a mapping")
    match document.get("kind"):
        case RuleKind.SUBJECTS_AND_AVERAGE:
            _require_keys(document, {"floor", "average"})
            return SubjectsAndAverage(floor=_score(document["floor"]), average=_score(document["average"]))
        case RuleKind.OVERALL:
            _require_keys(document, {"least"})
            return Overall(least=_score(document["least"]))
        case RuleKind.COUNT:
            _require_keys(document, {"least", "of"})
            return Count(least=_whole(document["least"]), of=_whole(document["of"]))
        case _:
            raise NotAPassRule("unknown kind of pass rule")


def rule_text(rule: PassRule) -> str:
    """Return the short text that `parse_rule` reads, such as `subjects-and-average:40:60`."""
    match rule:
        case SubjectsAndAverage():
            return f"{RuleKind.SUBJECTS_AND_AVERAGE}:{_plain(rule.floor)}:{_plain(rule.average)}"
        case Overall():
            return f"{RuleKind.OVERALL}:{_plain(rule.least)}"
        case Count():
            return f"{RuleKind.COUNT}:{rule.least}:{rule.of}"
        case _:
            assert_never(rule)


def parse_rule(text: str) -> PassRule:
    """Return the rule of `subjects-and-average:40:60`, `overall:60` or `count:26:35`; raises NotAPassRule."""
    kind, *limits = text.strip().split(":")
    match kind, limits:
        case RuleKind.SUBJECTS_AND_AVERAGE, [floor, average]:
            return SubjectsAndAverage(floor=_score(floor), average=_score(average))
        case RuleKind.OVERALL, [least]:
            return Overall(least=_score(least))
        case RuleKind.COUNT, [least, of] if least.isdecimal() and of.isdecimal():
            return Count(least=int(least), of=int(of))
        case _:
            raise NotAPassRule("a rule is subjects-and-average:FLOOR:AVERAGE, overall:LEAST or count:LEAST:OF")


def rule_words(rule: PassRule) -> Title:
    """Return the rule as one sentence in both languages."""
    match rule:
        case SubjectsAndAverage():
            floor, average = _plain(rule.floor), _plain(rule.average)
            return Title(
                ko=f"모든 과목에서 {floor}점 이상이고 전 과목 평균이 {average}점 이상이면 합격입니다.",
                en=f"To pass: at least {floor} in every subject and at least {average} on average over all subjects.",
            )
        case Overall():
            least = _plain(rule.least)
            return Title(
                ko=f"전체 점수가 100점 만점에 {least}점 이상이면 합격입니다.",
                en=f"To pass: at least {least} out of 100 overall.",
            )
        case Count():
            return Title(
                ko=f"{rule.of}문제 가운데 {rule.least}문제 이상 맞히면 합격입니다.",
                en=f"To pass: at least {rule.least} of {rule.of} items correct.",
            )
        case _:
            assert_never(rule)


def _require_limit(limit: Score) -> None:
    if not 0 <= limit <= FULL:
        raise NotAPassRule(limit=limit)


def _require_keys(document: Mapping[str, Any], keys: set[str]) -> None:
    if document.keys() != keys | {"kind"}:
        raise NotAPassRule(f"the keys are kind, {', '.join(sorted(keys))}")


def _score(value: Any) -> Score:
    if not isinstance(value, (str, int)) or isinstance(value, bool):
        raise NotAPassRule(f"not a score: {value!r}")
    try:
        return score(value)
    except NotAScore as error:
        raise NotAPassRule(f"not a score: {value!r}") from error


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise NotAPassRule(f"not a whole number: {value!r}")
    return value


def _plain(limit: Decimal) -> str:
    text = format(limit, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
