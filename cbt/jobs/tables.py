"""Rows of jobs and of the files that came with them."""

from datetime import datetime
from uuid import UUID

from cbt.kernel.db import Base, ForeignKey, Index, Mapped, mapped_column


class BundleRow(Base):
    """The files of one job, or of a job and the one that goes on with them; dropped after `drop_at`."""

    __tablename__ = "jobs_bundle"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    drop_at: Mapped[datetime] = mapped_column(index=True)


class PieceRow(Base):
    """A piece of a file, numbered from 0."""

    __tablename__ = "jobs_piece"

    bundle_id: Mapped[UUID] = mapped_column(ForeignKey("jobs_bundle.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    payload: Mapped[bytes]


class JobRow(Base):
    """One piece of long work; `arguments`, `outcome` and `fault` are canonical documents."""

    __tablename__ = "jobs_job"
    __table_args__ = (Index(None, "state", "ready_at"), Index(None, "created_at"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    subject: Mapped[str]
    arguments: Mapped[bytes]
    roles: Mapped[str]  # ",admin,author,"
    page: Mapped[str]
    by_kind: Mapped[str]
    by_id: Mapped[UUID | None]
    by_name: Mapped[str]
    state: Mapped[str]
    phase: Mapped[str]
    done: Mapped[int]
    total: Mapped[int]
    attempt: Mapped[int]
    runner: Mapped[UUID | None]
    created_at: Mapped[datetime]
    ready_at: Mapped[datetime]
    touched_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    cancel_asked_at: Mapped[datetime | None]
    outcome: Mapped[bytes | None]
    fault: Mapped[bytes | None]
    bundle_id: Mapped[UUID | None] = mapped_column(ForeignKey("jobs_bundle.id"), index=True)
