"""Rows of registrations: facts in one query, seats of a sitting, attendance."""

from collections.abc import Iterable
from datetime import date, datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, insert, select, update

from cbt.kernel.canonical import decode, encode
from cbt.kernel.db import for_update
from cbt.kernel.runtime import Transaction
from cbt.people.core.candidates import CandidateId
from cbt.people.store.candidates import candidate
from cbt.people.store.unique import unique
from cbt.people.tables import CandidateRow
from cbt.scheduling.core.exams import ExamVersion
from cbt.scheduling.core.needs import from_document, to_document
from cbt.scheduling.core.places import SeatId
from cbt.scheduling.core.registrations import (
    FreeSeat,
    NoSuchRegistration,
    Registration,
    RegistrationFacts,
    RegistrationId,
    SittingSeats,
)
from cbt.scheduling.core.sittings import RoomState, SittingId, SittingRoomId, SittingState
from cbt.scheduling.store.exams import exam_version
from cbt.scheduling.store.places import centre, room
from cbt.scheduling.store.sittings import sitting, sitting_room
from cbt.scheduling.tables import (
    CentreRow,
    ExamRow,
    ExamVersionRow,
    RegistrationRow,
    RoomRow,
    SeatRow,
    SittingRoomRow,
    SittingRow,
)


def registration(row: RegistrationRow) -> Registration:
    """Return the registration of a row."""
    return Registration(
        id=RegistrationId(row.id),
        sitting_id=SittingId(row.sitting_id),
        sitting_room_id=SittingRoomId(row.sitting_room_id),
        candidate_id=CandidateId(row.candidate_id),
        seat_id=SeatId(row.seat_id),
        time_factor=Fraction(row.time_factor),
        checked_in_at=row.checked_in_at,
        checked_in_by=row.checked_in_by,
        needs=from_document(decode(row.needs)),
    )


def find_facts(tx: Transaction, registration_id: UUID) -> RegistrationFacts | None:
    """Return one registration with all that belongs to it."""
    found = tx.session.execute(_facts().where(RegistrationRow.id == registration_id)).first()
    return None if found is None else _fact(*found)


def facts_of(tx: Transaction, registration_ids: Iterable[UUID]) -> dict[UUID, RegistrationFacts]:
    """Return registrations with all that belongs to them; missing ones are left out."""
    found = tx.session.execute(_facts().where(RegistrationRow.id.in_(list(registration_ids))))
    return {row[0].id: _fact(*row) for row in found}


def exam_versions_of(tx: Transaction, registration_ids: Iterable[UUID]) -> dict[UUID, ExamVersion]:
    """Return the exam version that each registration is for; missing registrations are left out."""
    sat = (
        select(RegistrationRow.id, SittingRow.exam_version_id)
        .join(SittingRow, SittingRow.id == RegistrationRow.sitting_id)
        .where(RegistrationRow.id.in_(list(registration_ids)))
    )
    of_registration = {row[0]: row[1] for row in tx.session.execute(sat)}
    statement = (
        select(ExamVersionRow, ExamRow)
        .join(ExamRow, ExamRow.id == ExamVersionRow.exam_id)
        .where(ExamVersionRow.id.in_(set(of_registration.values())))
    )
    versions = {version.id: exam_version(version, exam) for version, exam in tx.session.execute(statement)}
    return {registration_id: versions[version_id] for registration_id, version_id in of_registration.items()}


def list_of_room(tx: Transaction, sitting_room_id: UUID) -> tuple[RegistrationFacts, ...]:
    """Return the registrations of one room of a sitting, by seat number."""
    statement = _facts().where(RegistrationRow.sitting_room_id == sitting_room_id).order_by(SeatRow.number)
    return tuple(_fact(*found) for found in tx.session.execute(statement))


def list_of_sitting(tx: Transaction, sitting_id: UUID) -> tuple[RegistrationFacts, ...]:
    """Return the registrations of one sitting, by centre, room and seat number."""
    order = (CentreRow.code, RoomRow.code, SeatRow.number)
    statement = _facts().where(RegistrationRow.sitting_id == sitting_id).order_by(*order)
    return tuple(_fact(*found) for found in tx.session.execute(statement))


def list_of_candidate(tx: Transaction, candidate_id: UUID) -> tuple[RegistrationFacts, ...]:
    """Return the registrations of one person, the latest sitting first."""
    statement = _facts().where(RegistrationRow.candidate_id == candidate_id)
    return tuple(_fact(*found) for found in tx.session.execute(statement.order_by(SittingRow.opens_at.desc())))


def find_of_person(
    tx: Transaction, key: str, birth_on: date, *, since: datetime, until: datetime
) -> tuple[RegistrationFacts, ...]:
    """Return who this person is registered as in sittings that touch the time from `since` to `until`."""
    statement = (
        _facts()
        .where(
            CandidateRow.number_key == key,
            CandidateRow.birth_on == birth_on,
            SittingRow.state == SittingState.PLANNED.value,
            SittingRow.closes_at > since,
            SittingRow.opens_at < until,
        )
        .order_by(SittingRow.opens_at, SittingRow.code)
    )
    return tuple(_fact(*found) for found in tx.session.execute(statement))


def lock(tx: Transaction, registration_id: UUID) -> Registration:
    """Return one registration and hold its row; raises NoSuchRegistration."""
    row = tx.session.scalar(for_update(select(RegistrationRow).where(RegistrationRow.id == registration_id)))
    if row is None:
        raise NoSuchRegistration(registration_id=registration_id)
    return registration(row)


def sitting_seats(tx: Transaction, sitting_id: UUID) -> SittingSeats:
    """Return every seat of a sitting in the order of giving out, and who has one already."""
    offered = (
        select(SeatRow.id, SittingRoomRow.id, CentreRow.code, RoomRow.code, SeatRow.number, SittingRoomRow.state)
        .join(RoomRow, RoomRow.id == SeatRow.room_id)
        .join(CentreRow, CentreRow.id == RoomRow.centre_id)
        .join(SittingRoomRow, SittingRoomRow.room_id == RoomRow.id)
        .where(SittingRoomRow.sitting_id == sitting_id)
        .order_by(CentreRow.code, RoomRow.code, SeatRow.number)
    )
    given = (
        select(RegistrationRow.seat_id, CandidateRow.number_key)
        .join(CandidateRow, CandidateRow.id == RegistrationRow.candidate_id)
        .where(RegistrationRow.sitting_id == sitting_id)
    )
    people = tx.session.execute(given).all()
    return SittingSeats(
        seats=tuple(
            FreeSeat(
                seat_id=SeatId(seat_id),
                sitting_room_id=SittingRoomId(part_id),
                centre_code=centre_code,
                room_code=room_code,
                number=number,
                running=state == RoomState.OPEN.value,
            )
            for seat_id, part_id, centre_code, room_code, number, state in tx.session.execute(offered)
        ),
        taken=frozenset(SeatId(seat_id) for seat_id, _key in people),
        registered=frozenset(key for _seat_id, key in people),
    )


def add(tx: Transaction, now: datetime, registrations: Iterable[Registration]) -> None:
    """Write new registrations; raises TakenMeanwhile when a seat or a person has one already."""
    rows = [
        {
            "id": entry.id,
            "sitting_id": entry.sitting_id,
            "sitting_room_id": entry.sitting_room_id,
            "candidate_id": entry.candidate_id,
            "seat_id": entry.seat_id,
            "time_factor": str(entry.time_factor),
            "needs": encode(to_document(entry.needs)),
            "checked_in_at": None,
            "checked_in_by": None,
            "created_at": now,
        }
        for entry in registrations
    ]
    if rows:
        with unique():
            tx.session.execute(insert(RegistrationRow), rows)


def change_seat(tx: Transaction, registration_id: RegistrationId, seat: FreeSeat) -> None:
    """Replace the seat."""
    values = {"seat_id": seat.seat_id, "sitting_room_id": seat.sitting_room_id}
    with unique():
        tx.session.execute(update(RegistrationRow).where(RegistrationRow.id == registration_id).values(**values))


def set_checked_in(tx: Transaction, registration_id: RegistrationId, at: datetime | None, by: str | None) -> None:
    """Note who let the candidate in and when, or take it back with None."""
    values = {"checked_in_at": at, "checked_in_by": by}
    tx.session.execute(update(RegistrationRow).where(RegistrationRow.id == registration_id).values(**values))


def remove(tx: Transaction, registration_id: RegistrationId) -> None:
    """Take a registration away; raises TakenMeanwhile when something hangs on it."""
    with unique():
        tx.session.execute(delete(RegistrationRow).where(RegistrationRow.id == registration_id))


def _facts() -> Select[*tuple[Any, ...]]:
    return (
        select(
            RegistrationRow,
            CandidateRow,
            SeatRow,
            SittingRow,
            SittingRoomRow,
            RoomRow,
            CentreRow,
            ExamVersionRow,
            ExamRow,
        )
        .join(CandidateRow, CandidateRow.id == RegistrationRow.candidate_id)
        .join(SeatRow, SeatRow.id == RegistrationRow.seat_id)
        .join(SittingRow, SittingRow.id == RegistrationRow.sitting_id)
        .join(SittingRoomRow, SittingRoomRow.id == RegistrationRow.sitting_room_id)
        .join(RoomRow, RoomRow.id == SittingRoomRow.room_id)
        .join(CentreRow, CentreRow.id == RoomRow.centre_id)
        .join(ExamVersionRow, ExamVersionRow.id == SittingRow.exam_version_id)
        .join(ExamRow, ExamRow.id == ExamVersionRow.exam_id)
    )


def _fact(  # noqa: PLR0913, PLR0917  # one row of the query above
    row: RegistrationRow,
    person: CandidateRow,
    seat: SeatRow,
    event: SittingRow,
    part: SittingRoomRow,
    place: RoomRow,
    site: CentreRow,
    version: ExamVersionRow,
    exam: ExamRow,
) -> RegistrationFacts:
    return RegistrationFacts(
        registration=registration(row),
        candidate=candidate(person),
        seat_number=seat.number,
        sitting=sitting(event),
        sitting_room=sitting_room(part),
        room=room(place),
        centre=centre(site),
        exam=exam_version(version, exam),
    )
