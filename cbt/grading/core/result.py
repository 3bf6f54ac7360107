"""The result: marks and outcome with everything they were made from, and its canonical document."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final
from uuid import UUID

from cbt.grading.core.marks import Marks, SlotMark, SubjectResult
from cbt.grading.core.outcome import RULE_VERSION, Measure, Outcome, Shortfall, decide
from cbt.kernel.canonical import base64url, encode, read_base64url
from cbt.kernel.errors import InvalidInput
from cbt.kernel.titles import Title
from cbt.scheduling.core import pass_rules
from cbt.scheduling.core.pass_rules import PassRule
from itembank.core.forms import Form

FORMAT: Final = "result/1"
_LITERALS: Final = {False: "false", True: "true"}


class NotAResult(InvalidInput):
    """The document is not a result that this version wrote."""

    code = "not-a-result"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What one attempt came to; `key_versions` are in slot order, `journal_head` is the hash that was graded.

    `journal_head` is empty for a candidate who never started.
    """

    form_digest: bytes
    journal_head: bytes
    key_versions: tuple[UUID | None, ...]
    rule: PassRule
    rule_version: str
    marks: Marks
    outcome: Outcome

    def to_document(self) -> dict[str, Any]:
        """Return the plain document; fractions are text such as "77" or "175/3"."""
        return {
            **self._head_document(),
            "slots": [_slot_document(mark) for mark in self.marks.slots],
            "subjects": self._subject_documents(),
        }

    def canonical(self) -> bytes:
        """Return the canonical bytes of the document; its many slots are written straight away."""
        head, subjects = encode(self._head_document()), encode(self._subject_documents())
        slots = ",".join(map(_slot_text, self.marks.slots)).encode()
        return b'%b,"slots":[%b],"subjects":%b}' % (head[:-1], slots, subjects)  # of all keys these come last

    def _head_document(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "form": base64url(self.form_digest),
            "journal_head": base64url(self.journal_head),
            "key_versions": [None if version is None else str(version) for version in self.key_versions],
            "rule": pass_rules.to_document(self.rule),
            "rule_version": self.rule_version,
            "outcome": _outcome_document(self.outcome),
        }

    def _subject_documents(self) -> list[dict[str, Any]]:
        return [_subject_document(subject) for subject in self.marks.subjects]


class ResultStatus(StrEnum):
    """How much a result may be relied on."""

    PROVISIONAL = "provisional"
    FINAL = "final"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredResult:
    """One version of an attempt's result."""

    id: UUID
    attempt_id: UUID
    version: int
    status: ResultStatus
    graded_at: datetime
    result: Result


def result_of(
    form: Form, marks: Marks, rule: PassRule, *, journal_head: bytes, form_digest: bytes | None = None
) -> Result:
    """Return the result of an attempt with these marks: the same arguments always give the same one.

    The form's digest is made here unless it is given.
    """
    return Result(
        form_digest=form.digest if form_digest is None else form_digest,
        journal_head=journal_head,
        key_versions=tuple(slot.key_version_id for slot in form.slots),
        rule=rule,
        rule_version=RULE_VERSION,
        marks=marks,
        outcome=decide(rule, marks.subjects),
    )


def result_from(document: Mapping[str, Any]) -> Result:
    """Return the result that `Result.to_document` wrote; raises NotAResult."""
    if document.get("format") != FORMAT:
        raise NotAResult
    try:
        return Result(
            form_digest=read_base64url(document["form"]),
            journal_head=read_base64url(document["journal_head"]),
            key_versions=tuple(None if version is None else UUID(version) for version in document["key_versions"]),
            rule=pass_rules.from_document(document["rule"]),
            rule_version=document["rule_version"],
            marks=Marks(
                slots=tuple(_slot_from(slot) for slot in document["slots"]),
                subjects=tuple(_subject_from(subject) for subject in document["subjects"]),
            ),
            outcome=_outcome_from(document["outcome"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError, ZeroDivisionError) as error:
        raise NotAResult(str(error)) from error


def _slot_document(mark: SlotMark) -> dict[str, Any]:
    awaits = {"awaits_person": True} if mark.awaits_person else {}
    return {
        **awaits,
        "slot": mark.slot,
        "part": mark.part,
        "earned": str(mark.earned),
        "possible": str(mark.possible),
        "correct": mark.correct,
        "answered": mark.answered,
    }


def _slot_text(mark: SlotMark) -> str:
    """Return the canonical text of the slot's document, its keys in order."""
    awaits = '"awaits_person":true,' if mark.awaits_person else ""
    return (
        f'{{"answered":{_LITERALS[mark.answered]},{awaits}"correct":{_LITERALS[mark.correct]},"earned":"{mark.earned}",'
        f'"part":{mark.part},"possible":"{mark.possible}","slot":{mark.slot}}}'
    )


def _slot_from(document: Mapping[str, Any]) -> SlotMark:
    return SlotMark(
        slot=document["slot"],
        part=document["part"],
        earned=Fraction(document["earned"]),
        possible=Fraction(document["possible"]),
        correct=document["correct"],
        answered=document["answered"],
        awaits_person=document.get("awaits_person", False),
    )


def _subject_document(subject: SubjectResult) -> dict[str, Any]:
    return {
        "code": subject.code,
        "title": subject.title.to_document(),
        "correct": subject.correct,
        "items": subject.items,
        "earned": str(subject.earned),
        "possible": str(subject.possible),
        "attended": subject.attended,
    }


def _subject_from(document: Mapping[str, Any]) -> SubjectResult:
    return SubjectResult(
        code=document["code"],
        title=Title.from_document(document["title"]),
        correct=document["correct"],
        items=document["items"],
        earned=Fraction(document["earned"]),
        possible=Fraction(document["possible"]),
        attended=document["attended"],
    )


def _outcome_document(outcome: Outcome) -> dict[str, Any]:
    return {
        "passed": outcome.passed,
        "measure": outcome.measure.value,
        "reached": str(outcome.reached),
        "needed": str(outcome.needed),
        "score": str(outcome.score),
        "shortfalls": [
            {
                "measure": shortfall.measure.value,
                "subject": shortfall.subject,
                "needed": str(shortfall.needed),
                "reached": str(shortfall.reached),
            }
            for shortfall in outcome.shortfalls
        ],
    }


def _outcome_from(document: Mapping[str, Any]) -> Outcome:
    return Outcome(
        passed=document["passed"],
        measure=Measure(document["measure"]),
        reached=Fraction(document["reached"]),
        needed=Fraction(document["needed"]),
        score=Fraction(document["score"]),
        shortfalls=tuple(
            Shortfall(
                measure=Measure(one["measure"]),
                subject=one["subject"],
                needed=Fraction(one["needed"]),
                reached=Fraction(one["reached"]),
            )
            for one in document["shortfalls"]
        ),
    )
