"""What the public check may say about a sheet, before and after the second factor (the holder's birth date).

One answer has one shape: whoever asks with a code that is malformed, unknown or merely guessed learns the same.
The code alone gives the standing and masked facts; the birth date adds what a reader needs to compare the paper
line by line. Revoked and superseded sheets never show a decision or a score: those facts no longer stand.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cbt.kernel.titles import Title
from reports.core.mask import mask_name
from reports.core.outcome import Decision, Overall, SubjectLine
from reports.core.record import SheetRecord, SheetStatus


class Standing(StrEnum):
    """How an issued sheet stands now."""

    ISSUED = "issued"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"


class PublicStatus(StrEnum):
    """The answer of the public check."""

    VALID = "valid"
    PROVISIONAL = "provisional"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


class SecondFactor(StrEnum):
    """What became of the birth date that was given along with the code."""

    NOT_GIVEN = "not-given"
    MATCHED = "matched"
    NO_MATCH = "no-match"


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskedFacts:
    """What the code alone shows; `decision` is None where the sheet no longer stands."""

    holder: str
    exam: Title
    sitting: Title
    sat_on: date
    issued_on: date
    issuer: Title
    decision: Decision | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FullFacts:
    """What the birth date adds: the lines of the paper, to be compared with it."""

    holder: str
    holder_latin: str
    number: str
    issue_number: str
    exam_code: str
    subjects: tuple[SubjectLine, ...]
    overall: Overall
    rule: Title


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicAnswer:
    """The whole answer of the public check."""

    status: PublicStatus
    second_factor: SecondFactor
    masked: MaskedFacts | None
    full: FullFacts | None


def answer(record: SheetRecord | None, standing: Standing, birth_on: date | None) -> PublicAnswer:
    """Return what may be shown about `record` (None: no such code) to a person who gave `birth_on` (None: nothing).

    An unknown code with a birth date answers `no-match`, as a wrong birth date would.
    """
    status = _status(record, standing)
    if record is None:
        factor = SecondFactor.NOT_GIVEN if birth_on is None else SecondFactor.NO_MATCH
        return PublicAnswer(status=status, second_factor=factor, masked=None, full=None)
    factor = _second_factor(record, birth_on)
    stands = status in {PublicStatus.VALID, PublicStatus.PROVISIONAL}
    full = _full(record) if stands and factor is SecondFactor.MATCHED else None
    return PublicAnswer(status=status, second_factor=factor, masked=_masked(record, stands=stands), full=full)


def _status(record: SheetRecord | None, standing: Standing) -> PublicStatus:
    if record is None:
        return PublicStatus.UNKNOWN
    match standing:
        case Standing.REVOKED:
            return PublicStatus.REVOKED
        case Standing.SUPERSEDED:
            return PublicStatus.SUPERSEDED
        case Standing.ISSUED:
            return PublicStatus.VALID if record.status is SheetStatus.FINAL else PublicStatus.PROVISIONAL


def _second_factor(record: SheetRecord, birth_on: date | None) -> SecondFactor:
    if birth_on is None:
        return SecondFactor.NOT_GIVEN
    return SecondFactor.MATCHED if birth_on == record.holder.birth_on else SecondFactor.NO_MATCH


def _masked(record: SheetRecord, *, stands: bool) -> MaskedFacts:
    return MaskedFacts(
        holder=mask_name(record.holder.name),
        exam=record.exam,
        sitting=record.sitting,
        sat_on=record.sat_on,
        issued_on=record.issued_on,
        issuer=record.issuer,
        decision=record.overall.decision if stands else None,
    )


def _full(record: SheetRecord) -> FullFacts:
    return FullFacts(
        holder=record.holder.name,
        holder_latin=record.holder.name_latin,
        number=record.number,
        issue_number=record.issue_number,
        exam_code=record.exam_code,
        subjects=record.subjects,
        overall=record.overall,
        rule=record.rule,
    )
