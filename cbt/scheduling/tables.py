"""Rows of centres, rooms, seats, exams and their versions, sittings and registrations."""

from datetime import datetime, timedelta
from uuid import UUID

from cbt.kernel.db import Base, ForeignKey, Index, Mapped, UniqueConstraint, mapped_column


class CentreRow(Base):
    """A test centre."""

    __tablename__ = "scheduling_centre"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    title_ko: Mapped[str]
    title_en: Mapped[str]
    time_zone: Mapped[str]


class RoomRow(Base):
    """A room of a centre."""

    __tablename__ = "scheduling_room"
    __table_args__ = (UniqueConstraint("centre_id", "code"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    centre_id: Mapped[UUID] = mapped_column(ForeignKey("scheduling_centre.id"))
    code: Mapped[str]
    title_ko: Mapped[str]
    title_en: Mapped[str]


class SeatRow(Base):
    """A seat of a room."""

    __tablename__ = "scheduling_seat"
    __table_args__ = (UniqueConstraint("room_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    room_id: Mapped[UUID] = mapped_column(ForeignKey("scheduling_room.id"))
    number: Mapped[int]


class ExamRow(Base):
    """An exam; what it consists of is said by its versions."""

    __tablename__ = "scheduling_exam"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)


class ExamVersionRow(Base):
    """One version of an exam; never changed."""

    __tablename__ = "scheduling_exam_version"
    __table_args__ = (UniqueConstraint("exam_id", "version"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    exam_id: Mapped[UUID] = mapped_column(ForeignKey("scheduling_exam.id"))
    version: Mapped[int]
    title_ko: Mapped[str]
    title_en: Mapped[str]
    blueprint_version_id: Mapped[UUID]
    time_allowed: Mapped[timedelta]
    grace: Mapped[timedelta]
    navigation: Mapped[str]
    parts: Mapped[bytes | None]  # canonical document of the parts that are passed in one direction
    most_extra: Mapped[timedelta]
    late_rule: Mapped[str]
    late_window: Mapped[timedelta]
    pass_rule: Mapped[bytes]  # canonical document; the grading package gives it its meaning
    result_policy: Mapped[str]
    calculator: Mapped[str]
    tools: Mapped[str]  # of the exam screen, with blanks between
    created_at: Mapped[datetime]


class SittingRow(Base):
    """One exam in a window of time."""

    __tablename__ = "scheduling_sitting"
    __table_args__ = (Index(None, "opens_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    title_ko: Mapped[str]
    title_en: Mapped[str]
    exam_version_id: Mapped[UUID] = mapped_column(ForeignKey("scheduling_exam_version.id"))
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    secret: Mapped[bytes]  # 32 random bytes; the seeds of all papers come from it
    state: Mapped[str]
    prepared_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class SittingRoomRow(Base):
    """A room as it takes part in a sitting."""

    __tablename__ = "scheduling_sitting_room"
    __table_args__ = (UniqueConstraint("sitting_id", "room_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    sitting_id: Mapped[UUID] = mapped_column(ForeignKey("scheduling_sitting.id"))
    room_id: Mapped[UUID] = mapped_column(ForeignKey("scheduling_room.id"), index=True)
    state: Mapped[str]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class RegistrationRow(Base):
    """One candidate's seat in one sitting."""

    __tablename__ = "scheduling_registration"
    __table_args__ = (UniqueConstraint("sitting_id", "candidate_id"), UniqueConstraint("sitting_id", "seat_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    sitting_id: Mapped[UUID] = mapped_column(ForeignKey("scheduling_sitting.id"))
    sitting_room_id: Mapped[UUID] = mapped_column(ForeignKey("scheduling_sitting_room.id"), index=True)
    candidate_id: Mapped[UUID] = mapped_column(ForeignKey("people_candidate.id"), index=True)
    seat_id: Mapped[UUID] = mapped_column(ForeignKey("scheduling_seat.id"), index=True)
    time_factor: Mapped[str]  # an exact fraction, such as 3/2
    needs: Mapped[bytes]  # canonical document of the personal needs profile
    checked_in_at: Mapped[datetime | None]
    checked_in_by: Mapped[str | None]  # the name as it was then; the audit trail knows the account
    created_at: Mapped[datetime]


class AccommodationRow(Base):
    """A change of somebody's time factor or profile that needs a second person, and what became of it."""

    __tablename__ = "scheduling_accommodation"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    registration_id: Mapped[UUID] = mapped_column(ForeignKey("scheduling_registration.id"), index=True)
    time_factor: Mapped[str]
    needs: Mapped[bytes]
    reason: Mapped[str]
    proposed_by_id: Mapped[UUID | None]
    proposed_by: Mapped[str]  # the name as it was then
    proposed_at: Mapped[datetime]
    state: Mapped[str]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
