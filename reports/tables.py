"""Rows of issued documents and of the counters that number them."""

from datetime import datetime
from uuid import UUID

from cbt.kernel.db import Base, ForeignKey, Index, Mapped, mapped_column


class DocumentRow(Base):
    """One issued document: its canonical record, how it stands, and the PDF once it is drawn."""

    __tablename__ = "reports_document"
    __table_args__ = (Index(None, "attempt_id", "issued_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    # One result gives one sheet: two workers that issue at once meet here.
    result_id: Mapped[UUID] = mapped_column(ForeignKey("grading_result.id"), unique=True)
    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("delivery_attempt.id"))
    kind: Mapped[str]
    number: Mapped[str] = mapped_column(index=True)
    issue_number: Mapped[str] = mapped_column(unique=True)
    verify_code: Mapped[str] = mapped_column(unique=True)
    standing: Mapped[str]
    record: Mapped[bytes]
    digest: Mapped[bytes]
    pdf: Mapped[bytes | None]
    problem: Mapped[str | None]
    issued_at: Mapped[datetime]


class CounterRow(Base):
    """The last number given out under a name, such as a year."""

    __tablename__ = "reports_counter"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int]
