"""Rows of grading: every result ever given, by attempt and version, changed in their status only; and what failed."""

from datetime import datetime
from uuid import UUID

from cbt.kernel.db import Base, ForeignKey, Index, Mapped, UniqueConstraint, mapped_column
from cbt.kernel.score import Score


class ResultRow(Base):
    """One version of an attempt's result; `document` holds subjects, total, decision and what they rest on.

    `awaiting` counts the slots that a person has still to mark.
    """

    __tablename__ = "grading_result"
    __table_args__ = (UniqueConstraint("attempt_id", "version"), Index(None, "status"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("delivery_attempt.id"))
    version: Mapped[int]
    status: Mapped[str]
    decision: Mapped[str]
    awaiting: Mapped[int]
    document: Mapped[bytes]
    graded_at: Mapped[datetime]


class FailureRow(Base):
    """An attempt that could not be graded, and why; it is tried again, but never before all others."""

    __tablename__ = "grading_failure"

    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("delivery_attempt.id"), primary_key=True)
    code: Mapped[str]
    message: Mapped[str]
    failed_at: Mapped[datetime]


class AdmissionRow(Base):
    """Answers that one person proposed to let count although they came late, and what another one decided.

    `numbers` are rows of the attempt's journal, as a canonical list; `state` is open, admitted or declined.
    """

    __tablename__ = "grading_admission"
    __table_args__ = (Index(None, "attempt_id", "state"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("delivery_attempt.id"))
    numbers: Mapped[bytes]
    overriding: Mapped[bool]
    reason: Mapped[str]
    state: Mapped[str]
    proposed_at: Mapped[datetime]
    proposed_by: Mapped[UUID]
    proposed_name: Mapped[str]
    decided_at: Mapped[datetime | None]
    decided_name: Mapped[str | None]


class MarkRow(Base):
    """Points that a person gave for one slot; rows are only added, the newest one of a slot counts."""

    __tablename__ = "grading_mark"
    __table_args__ = (Index(None, "attempt_id", "slot"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("delivery_attempt.id"))
    slot: Mapped[int]
    points: Mapped[Score]
    words: Mapped[str]
    by_id: Mapped[UUID | None]
    by_name: Mapped[str]
    at: Mapped[datetime]
