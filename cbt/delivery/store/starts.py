"""What starts read: one query for many of them, with no more columns than a start needs; and who waits in a room."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import select

from cbt.delivery.core.attempt import ENDED, AttemptState
from cbt.delivery.tables import AttemptRow, PaperRow
from cbt.kernel.db import for_update
from cbt.kernel.runtime import Transaction
from cbt.people.tables import CandidateRow
from cbt.scheduling.core.sittings import RoomState
from cbt.scheduling.tables import RegistrationRow, RoomRow, SeatRow, SittingRoomRow, SittingRow


@dataclass(frozen=True, slots=True, kw_only=True)
class StartFacts:
    """What one start needs of its candidate, sitting and paper; nothing of it changes once somebody is checked in."""

    registration_id: UUID
    sitting_room_id: UUID
    sitting_id: UUID
    exam_version_id: UUID
    opens_at: datetime
    closes_at: datetime
    sealed_for: UUID  # the centre whose release code opens the paper
    number: str
    name: str
    seat: str
    needs: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRegistration:
    """What a start decides by, read under the lock."""

    sitting_room_id: UUID
    checked_in: bool
    time_factor: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRoom:
    """The room's state, which cannot change before the start is committed."""

    state: RoomState
    opened_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One person of a room before the start, as the room's waiting pages need it."""

    checked_in: bool
    started: bool
    ended: bool
    device: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomWaiting:
    """A room, and by attempt everybody who is registered there and has a paper."""

    state: RoomState
    closes_at: datetime  # the end of the sitting's window
    people: Mapping[UUID, Waiting]


def start_facts(tx: Transaction, attempt_ids: Iterable[UUID]) -> dict[UUID, StartFacts]:
    """Return what starts need, by attempt; attempts that are not there are left out."""
    statement = (
        select(
            AttemptRow.id,
            RegistrationRow.id.label("registration_id"),
            RegistrationRow.sitting_room_id,
            RegistrationRow.sitting_id,
            RegistrationRow.needs,
            SittingRow.exam_version_id,
            SittingRow.opens_at,
            SittingRow.closes_at,
            PaperRow.sealed_for,
            RoomRow.centre_id,
            CandidateRow.number,
            CandidateRow.name,
            SeatRow.number.label("seat"),
        )
        .join(RegistrationRow, RegistrationRow.id == AttemptRow.registration_id)
        .join(PaperRow, PaperRow.attempt_id == AttemptRow.id)
        .join(SittingRow, SittingRow.id == RegistrationRow.sitting_id)
        .join(SeatRow, SeatRow.id == RegistrationRow.seat_id)
        .join(RoomRow, RoomRow.id == SeatRow.room_id)
        .join(CandidateRow, CandidateRow.id == RegistrationRow.candidate_id)
        .where(AttemptRow.id.in_(list(attempt_ids)))
    )
    return {
        row.id: StartFacts(
            registration_id=row.registration_id,
            sitting_room_id=row.sitting_room_id,
            sitting_id=row.sitting_id,
            exam_version_id=row.exam_version_id,
            opens_at=row.opens_at,
            closes_at=row.closes_at,
            sealed_for=row.sealed_for or row.centre_id,
            number=row.number,
            name=row.name,
            seat=str(row.seat),
            needs=row.needs,
        )
        for row in tx.session.execute(statement)
    }


def hold_rooms(tx: Transaction, sitting_room_ids: Iterable[UUID]) -> dict[UUID, HeldRoom]:
    """Keep the rooms as they are until the end, together with others who only hold them (PostgreSQL: FOR SHARE)."""
    statement = (
        select(SittingRoomRow.id, SittingRoomRow.state, SittingRoomRow.opened_at)
        .where(SittingRoomRow.id.in_(sorted(sitting_room_ids)))
        .order_by(SittingRoomRow.id)
        .with_for_update(read=True)
    )
    return {
        row.id: HeldRoom(state=RoomState(row.state), opened_at=row.opened_at) for row in tx.session.execute(statement)
    }


def hold_registrations(tx: Transaction, registration_ids: Iterable[UUID]) -> dict[UUID, HeldRegistration]:
    """Hold the registrations in id order, so that check-in and start cannot pass each other."""
    columns: tuple[Any, ...] = (
        RegistrationRow.id,
        RegistrationRow.sitting_room_id,
        RegistrationRow.checked_in_at,
        RegistrationRow.time_factor,
    )
    wanted = sorted(registration_ids)
    statement = for_update(select(*columns).where(RegistrationRow.id.in_(wanted)).order_by(RegistrationRow.id))
    return {
        row.id: HeldRegistration(
            sitting_room_id=row.sitting_room_id,
            checked_in=row.checked_in_at is not None,
            time_factor=Fraction(row.time_factor),
        )
        for row in tx.session.execute(statement)
    }


def rooms_of_attempts(tx: Transaction, attempt_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Return the room where each attempt's candidate sits now."""
    statement = (
        select(AttemptRow.id, RegistrationRow.sitting_room_id)
        .join(RegistrationRow, RegistrationRow.id == AttemptRow.registration_id)
        .where(AttemptRow.id.in_(list(attempt_ids)))
    )
    return {row.id: row.sitting_room_id for row in tx.session.execute(statement)}


def rooms_waiting(tx: Transaction, sitting_room_ids: Iterable[UUID]) -> dict[UUID, RoomWaiting]:
    """Return the rooms as their waiting pages need them; rooms that are not there are left out."""
    wanted = list(sitting_room_ids)
    rooms = (
        select(SittingRoomRow.id, SittingRoomRow.state, SittingRow.closes_at)
        .join(SittingRow, SittingRow.id == SittingRoomRow.sitting_id)
        .where(SittingRoomRow.id.in_(wanted))
    )
    doors = {row.id: (RoomState(row.state), row.closes_at) for row in tx.session.execute(rooms)}
    waiting: dict[UUID, dict[UUID, Waiting]] = {room_id: {} for room_id in doors}
    people = (
        select(
            AttemptRow.id,
            AttemptRow.state,
            AttemptRow.device,
            RegistrationRow.sitting_room_id,
            RegistrationRow.checked_in_at,
        )
        .join(RegistrationRow, RegistrationRow.id == AttemptRow.registration_id)
        .where(RegistrationRow.sitting_room_id.in_(wanted))
    )
    for row in tx.session.execute(people):
        state = AttemptState(row.state)
        waiting[row.sitting_room_id][row.id] = Waiting(
            checked_in=row.checked_in_at is not None,
            started=state is not AttemptState.READY,
            ended=state in ENDED,
            device=row.device,
        )
    return {
        room_id: RoomWaiting(state=state, closes_at=closes_at, people=waiting[room_id])
        for room_id, (state, closes_at) in doors.items()
    }
