"""Rows of delivery: the attempt's projection, journal, sealed paper and files, the seats that other browsers ask for.

`delivery_entry` is the truth and is never changed (triggers refuse UPDATE and DELETE); `delivery_attempt` is what
queries need of it, written in the same transaction.
"""

from datetime import datetime, timedelta
from uuid import UUID

from cbt.delivery.core.entry_words import ENTRY_WORDS
from cbt.kernel.db import Base, Deflated, ForeignKey, Index, Mapped, UniqueConstraint, mapped_column


class AttemptRow(Base):
    """The projection of one journal; `answered` and `flagged` are bitmaps, slot 1 in the lowest bit."""

    __tablename__ = "delivery_attempt"
    __table_args__ = (Index(None, "state", "closes_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    registration_id: Mapped[UUID] = mapped_column(ForeignKey("scheduling_registration.id"), unique=True)
    sitting_room_id: Mapped[UUID] = mapped_column(ForeignKey("scheduling_sitting_room.id"), index=True)
    form_id: Mapped[UUID] = mapped_column(ForeignKey("itembank_form.id"))
    form_digest: Mapped[bytes]
    slots: Mapped[int]
    state: Mapped[str]
    started_at: Mapped[datetime | None]
    time_allowed: Mapped[timedelta]
    grace: Mapped[timedelta]
    extended: Mapped[timedelta]
    paused_at: Mapped[datetime | None]
    paused_total: Mapped[timedelta]
    ended_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    lease: Mapped[int]
    lease_next: Mapped[int]
    device: Mapped[str]
    parts: Mapped[bytes | None]  # the plan of a paper whose parts are passed in one direction
    place: Mapped[bytes | None]  # and where the attempt stood in it after its last entry
    answered: Mapped[bytes]
    flagged: Mapped[bytes]
    hand_since: Mapped[datetime | None]
    hand_words: Mapped[str]
    head_number: Mapped[int]
    head_hash: Mapped[bytes]
    head_at: Mapped[datetime]


class EntryRow(Base):
    """One link of a journal: the canonical bytes and hash = SHA-256(previous, attempt, number, bytes).

    The bytes lie there deflated; hashed and checked are the canonical ones.
    """

    __tablename__ = "delivery_entry"
    __table_args__ = (UniqueConstraint("attempt_id", "lease", "lease_number"),)

    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("delivery_attempt.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[bytes] = mapped_column(Deflated(ENTRY_WORDS))
    hash: Mapped[bytes]
    at: Mapped[datetime]
    lease: Mapped[int | None]
    lease_number: Mapped[int | None]


class PaperRow(Base):
    """What one candidate's browser gets, and the map from its opaque choice ids to the canonical ones.

    The document is sealed under the release code of the centre in `sealed_for`; one without a centre was made before
    there were seals, and is plain. `assets` lists the pictures of the paper with their sizes.
    """

    __tablename__ = "delivery_paper"

    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("delivery_attempt.id"), primary_key=True)
    document: Mapped[bytes]
    choices: Mapped[bytes]
    sealed_for: Mapped[UUID | None] = mapped_column(ForeignKey("scheduling_centre.id"))
    assets: Mapped[bytes | None]


class SealRow(Base):
    """The key pair of a sitting: browsers wrap their journal keys to it. The private half is wrapped."""

    __tablename__ = "delivery_seal"

    sitting_id: Mapped[UUID] = mapped_column(ForeignKey("scheduling_sitting.id"), primary_key=True)
    public_key: Mapped[bytes]
    private_key: Mapped[bytes]
    created_at: Mapped[datetime]


class ReleaseRow(Base):
    """The release code of one sitting at one centre, wrapped."""

    __tablename__ = "delivery_release"

    sitting_id: Mapped[UUID] = mapped_column(ForeignKey("scheduling_sitting.id"), primary_key=True)
    centre_id: Mapped[UUID] = mapped_column(ForeignKey("scheduling_centre.id"), primary_key=True)
    code: Mapped[bytes]
    created_at: Mapped[datetime]


class SeatClaimRow(Base):
    """Another browser asks for the attempt; it waits until the proctor grants the seat."""

    __tablename__ = "delivery_seat_claim"
    __table_args__ = (UniqueConstraint("attempt_id", "device"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("delivery_attempt.id"), index=True)
    device: Mapped[str]
    claimed_at: Mapped[datetime]
    granted_at: Mapped[datetime | None]


class RecoveredRow(Base):
    """What queries need of an answer that came late or another way; the journal row `number` holds the answer itself.

    `admitted_at` is set once an admission lets it count, `judged_at` once the exam's written rule has been asked.
    """

    __tablename__ = "delivery_recovered"
    __table_args__ = (Index(None, "counts", "judged_at"),)

    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("delivery_attempt.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    slot: Mapped[int]
    lease: Mapped[int]
    way: Mapped[str]
    counts: Mapped[bool]
    claimed_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    admitted_at: Mapped[datetime | None]
    judged_at: Mapped[datetime | None]


class AnswerFileRow(Base):
    """An answer file as it was uploaded, still sealed; the same bytes are kept once."""

    __tablename__ = "delivery_answer_file"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("delivery_attempt.id"), index=True)
    sha256: Mapped[bytes] = mapped_column(unique=True)
    name: Mapped[str]
    payload: Mapped[bytes]
    uploaded_at: Mapped[datetime]
    uploaded_by: Mapped[str]
    merged_at: Mapped[datetime | None]
    merged_by: Mapped[str | None]


class FileRow(Base):
    """A file that a candidate handed in; the answer names it by its digest."""

    __tablename__ = "delivery_file"

    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("delivery_attempt.id"), primary_key=True)
    sha256: Mapped[bytes] = mapped_column(primary_key=True)
    slot: Mapped[int]
    response: Mapped[str]
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    payload: Mapped[bytes]
    sent_at: Mapped[datetime]


class NodeRow(Base):
    """A server process that has announced itself; `forms` holds its digest of each sitting's papers."""

    __tablename__ = "delivery_node"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    version: Mapped[str]
    schema: Mapped[str]
    forms: Mapped[bytes]
    seen_at: Mapped[datetime]
