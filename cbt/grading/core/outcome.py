"""The decision: a pass rule over the subjects. Compared exactly, because 59.99967 is not 60.

RULE_VERSION names how scores are compared and how they are shown; a result keeps the version that it was made with.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final, assert_never

from cbt.grading.core.marks import NOTHING, SubjectResult, percentage
from cbt.scheduling.core.pass_rules import Count, NotAPassRule, Overall, PassRule, SubjectsAndAverage

RULE_VERSION: Final = "1"


class Measure(StrEnum):
    """What a limit of a rule is about."""

    SUBJECT = "subject"
    AVERAGE = "average"
    OVERALL = "overall"
    COUNT = "count"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """One limit that was not reached; `subject` is the code of the subject when it is about one."""

    measure: Measure
    subject: str | None = None
    needed: Fraction
    reached: Fraction

    @property
    def short(self) -> Fraction:
        """How many points (or items, for a count) are missing."""
        return self.needed - self.reached


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Passed or not; `reached` is what the rule's `measure` came to and `needed` its limit.

    `score` is the same out of 100 (for a count: the share of correct items), for sheets that show one figure.
    """

    passed: bool
    measure: Measure
    reached: Fraction
    needed: Fraction
    score: Fraction
    shortfalls: tuple[Shortfall, ...]


def decide(rule: PassRule, subjects: Sequence[SubjectResult]) -> Outcome:
    """Return what `rule` says about `subjects`; raises NotAPassRule when it is for a form of another size."""
    if not subjects:
        raise NotAPassRule("a rule needs at least one subject")
    match rule:
        case SubjectsAndAverage():
            return _by_subjects(rule, subjects)
        case Overall():
            earned = sum((subject.earned for subject in subjects), start=NOTHING)
            possible = sum((subject.possible for subject in subjects), start=NOTHING)
            reached = percentage(earned, possible)
            return _outcome(Measure.OVERALL, reached, Fraction(rule.least), score=reached)
        case Count():
            return _by_count(rule, subjects)
        case _:
            assert_never(rule)


def _by_subjects(rule: SubjectsAndAverage, subjects: Sequence[SubjectResult]) -> Outcome:
    floor = Fraction(rule.floor)
    below = tuple(
        Shortfall(measure=Measure.SUBJECT, subject=subject.code, needed=floor, reached=subject.score)
        for subject in subjects
        if subject.score < floor
    )
    average = sum((subject.score for subject in subjects), start=NOTHING) / len(subjects)
    return _outcome(Measure.AVERAGE, average, Fraction(rule.average), score=average, below=below)


def _by_count(rule: Count, subjects: Sequence[SubjectResult]) -> Outcome:
    items = sum(subject.items for subject in subjects)
    if items != rule.of:
        raise NotAPassRule(f"the rule is for {rule.of} items, the form has {items}")
    correct = Fraction(sum(subject.correct for subject in subjects))
    return _outcome(Measure.COUNT, correct, Fraction(rule.least), score=percentage(correct, Fraction(items)))


def _outcome(
    measure: Measure, reached: Fraction, needed: Fraction, *, score: Fraction, below: tuple[Shortfall, ...] = ()
) -> Outcome:
    missed = (Shortfall(measure=measure, needed=needed, reached=reached),) if reached < needed else ()
    shortfalls = below + missed
    return Outcome(
        passed=not shortfalls,
        measure=measure,
        reached=reached,
        needed=needed,
        score=score,
        shortfalls=shortfalls,
    )
