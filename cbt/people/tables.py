"""Rows of staff, their roles and sessions, candidates, and the audit trail with its chain."""

from datetime import date, datetime
from uuid import UUID

from cbt.kernel.db import Base, ForeignKey, Index, Mapped, UniqueConstraint, mapped_column


class StaffRow(Base):
    """A staff account; never deleted, so that records keep their meaning."""

    __tablename__ = "people_staff"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str]  # argon2id with its parameters and salt
    password_temporary: Mapped[bool]  # somebody else has seen it: to be changed at the next sign-in
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]


class StaffRoleRow(Base):
    """One role of one account."""

    __tablename__ = "people_staff_role"

    staff_id: Mapped[UUID] = mapped_column(ForeignKey("people_staff.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)


class StaffSessionRow(Base):
    """One sign-in; only the SHA-256 of its token is kept."""

    __tablename__ = "people_staff_session"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("people_staff.id"), index=True)
    token_digest: Mapped[bytes] = mapped_column(unique=True)
    address: Mapped[str]
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class CandidateRow(Base):
    """A candidate; `number_key` is the number without hyphens, which makes it unique however it is typed."""

    __tablename__ = "people_candidate"
    __table_args__ = (Index(None, "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str]
    number_key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_latin: Mapped[str]
    birth_on: Mapped[date]
    created_at: Mapped[datetime]


class AuditRow(Base):
    """One act: `body` is the canonical record, the columns are for searching. Append-only (triggers refuse more)."""

    __tablename__ = "people_audit"
    __table_args__ = (Index(None, "at", "id"), Index(None, "act", "at"), Index(None, "subject", "at"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_kind: Mapped[str]
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str]
    act: Mapped[str]
    subject: Mapped[str]
    reason: Mapped[str]
    body: Mapped[bytes]


class AuditWaitingRow(Base):
    """A record that the sealer has yet to chain; written with the record, removed by its seal."""

    __tablename__ = "people_audit_waiting"

    audit_id: Mapped[UUID] = mapped_column(ForeignKey("people_audit.id"), primary_key=True)


class AuditSealRow(Base):
    """One link of the chain over the audit trail, in the order of commits. Append-only."""

    __tablename__ = "people_audit_seal"
    __table_args__ = (UniqueConstraint("audit_id"),)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    audit_id: Mapped[UUID] = mapped_column(ForeignKey("people_audit.id"))
    hash: Mapped[bytes]
    sealed_at: Mapped[datetime]
