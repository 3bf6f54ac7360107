"""The outcome as a sheet states it: the lines of the subjects and the exam as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any, Self

from cbt.kernel.titles import Title


class Decision(StrEnum):
    """The outcome of the whole exam."""

    PASSED = "passed"
    FAILED = "failed"


class SubjectDecision(StrEnum):
    """How a subject stands to its floor."""

    MET = "met"
    BELOW = "below"
    ABSENT = "absent"
    NO_FLOOR = "no-floor"


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectLine:
    """One subject: correct items, score from 0 to 100, floor (None: there is none) and how it stands to the floor."""

    code: str
    title: Title
    correct: int
    items: int
    score: Fraction
    floor: Fraction | None
    decision: SubjectDecision

    def to_document(self) -> dict[str, Any]:
        """Return the mapping that is stored."""
        return {
            "code": self.code,
            "correct": self.correct,
            "decision": self.decision,
            "floor": self.floor,
            "items": self.items,
            "score": self.score,
            "title": self.title.to_document(),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Return the line that `to_document` wrote."""
        return cls(
            code=document["code"],
            title=Title.from_document(document["title"]),
            correct=document["correct"],
            items=document["items"],
            score=Fraction(document["score"]),
            floor=_fraction(document["floor"]),
            decision=SubjectDecision(document["decision"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Overall:
    """The whole exam: `score` from 0 to 100, what was needed (a score or a number of correct items), the decision."""

    correct: int
    items: int
    score: Fraction
    needed_score: Fraction | None = None
    needed_correct: int | None = None
    decision: Decision

    def to_document(self) -> dict[str, Any]:
        """Return the mapping that is stored."""
        return {
            "correct": self.correct,
            "decision": self.decision,
            "items": self.items,
            "needed_correct": self.needed_correct,
            "needed_score": self.needed_score,
            "score": self.score,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Return the outcome that `to_document` wrote."""
        return cls(
            correct=document["correct"],
            items=document["items"],
            score=Fraction(document["score"]),
            needed_score=_fraction(document["needed_score"]),
            needed_correct=document["needed_correct"],
            decision=Decision(document["decision"]),
        )


def _fraction(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)
