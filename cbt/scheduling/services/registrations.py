"""Registrations: one by one or from a table, with a seat each; and what others need to know about them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from cbt.kernel.errors import Conflict, Problem
from cbt.kernel.ids import new_id
from cbt.kernel.runtime import Runtime, Transaction
from cbt.people.core.actors import Actor
from cbt.people.core.candidates import Candidate, number_key
from cbt.people.core.inputs import Fields, InputRefused, refuse
from cbt.people.core.sheets import Row, SheetProblem
from cbt.people.formats import read_sheet
from cbt.people.services.audit import audit_in
from cbt.people.services.candidates import add_new_in, find_by_keys_in, latest_day
from cbt.scheduling.core.exams import ExamVersion
from cbt.scheduling.core.places import SeatId
from cbt.scheduling.core.registrations import (
    REGISTRATION_COLUMNS,
    REGISTRATION_HINTS,
    FreeSeat,
    NoSuchRegistration,
    Placement,
    Registration,
    RegistrationEntry,
    RegistrationFacts,
    RegistrationId,
    RegistrationInUse,
    SittingSeats,
    find_seats,
    place,
    read_registration_rows,
)
from cbt.scheduling.core.sittings import (
    RoomRuns,
    RoomState,
    Sitting,
    SittingCancelled,
    SittingId,
    SittingRoomId,
    SittingState,
)
from cbt.scheduling.store import accommodations as accommodation_store
from cbt.scheduling.store import registrations as store
from cbt.scheduling.store import sittings as sitting_store

# A candidate may sign in on the day before (to look) and for a day after (to see the result).
SIGN_IN_MARGIN: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationImport:
    """What an upload did, or would do: every row's seat, how many people are new, and what stops it."""

    placements: tuple[Placement, ...]
    fresh: int
    problems: tuple[Problem, ...]


def get_registration_in(tx: Transaction, registration_id: RegistrationId) -> RegistrationFacts:
    """Return one registration with all that belongs to it; raises NoSuchRegistration."""
    found = store.find_facts(tx, registration_id)
    if found is None:
        raise NoSuchRegistration(registration_id=registration_id)
    return found


def registrations_by_id_in(tx: Transaction, registration_ids: Iterable[UUID]) -> dict[UUID, RegistrationFacts]:
    """Return registrations with all that belongs to them, by id; missing ones are left out."""
    return store.facts_of(tx, registration_ids)


def exam_versions_of_in(tx: Transaction, registration_ids: Sequence[UUID]) -> dict[UUID, ExamVersion]:
    """Return the exam version that each registration is for; raises NoSuchRegistration."""
    found = store.exam_versions_of(tx, registration_ids)
    for registration_id in registration_ids:
        if registration_id not in found:
            raise NoSuchRegistration(registration_id=registration_id)
    return found


def lock_registration_in(tx: Transaction, registration_id: RegistrationId) -> RegistrationFacts:
    """Hold a registration's row, so that check-in and start cannot pass each other; raises NoSuchRegistration."""
    store.lock(tx, registration_id)
    return get_registration_in(tx, registration_id)


def get_registration(rt: Runtime, registration_id: RegistrationId) -> RegistrationFacts:
    """Return one registration with all that belongs to it; raises NoSuchRegistration."""
    with rt.reading() as tx:
        return get_registration_in(tx, registration_id)


def registrations_of_room_in(tx: Transaction, sitting_room_id: SittingRoomId) -> tuple[RegistrationFacts, ...]:
    """Return the registrations of one room of a sitting, by seat number."""
    return store.list_of_room(tx, sitting_room_id)


def registrations_of_sitting_in(tx: Transaction, sitting_id: SittingId) -> tuple[RegistrationFacts, ...]:
    """Return the registrations of one sitting, by centre, room and seat number."""
    return store.list_of_sitting(tx, sitting_id)


def list_registrations(
    rt: Runtime, sitting_id: SittingId, *, sitting_room_id: SittingRoomId | None = None
) -> tuple[RegistrationFacts, ...]:
    """Return the registrations of one sitting, or of one of its rooms, by centre, room and seat number."""
    with rt.reading() as tx:
        if sitting_room_id is not None:
            return store.list_of_room(tx, sitting_room_id)
        return store.list_of_sitting(tx, sitting_id)


def list_of_candidate(rt: Runtime, candidate: Candidate) -> tuple[RegistrationFacts, ...]:
    """Return the registrations of one person, the latest sitting first."""
    with rt.reading() as tx:
        return store.list_of_candidate(tx, candidate.id)


def find_registrations(
    rt: Runtime, candidate_number: str, birth_on: date, now: datetime
) -> tuple[RegistrationFacts, ...]:
    """Return what a person may sign in to at `now`: sittings from a day before their window to a day after it."""
    key = number_key(candidate_number)
    since, until = now - SIGN_IN_MARGIN, now + SIGN_IN_MARGIN
    with rt.reading() as tx:
        return store.find_of_person(tx, key, birth_on, since=since, until=until)


def import_registrations(
    rt: Runtime, sitting_id: SittingId, data: bytes, *, by: Actor, dry_run: bool = False
) -> RegistrationImport:
    """Register the rows of a CSV table for a sitting, all or none; `dry_run` only tells what would happen."""
    rows, unreadable = read_sheet(data, REGISTRATION_COLUMNS)
    if unreadable:
        return RegistrationImport(placements=(), fresh=0, problems=unreadable)
    return register_rows(rt, sitting_id, rows, by=by, dry_run=dry_run)


def register_rows(
    rt: Runtime, sitting_id: SittingId, rows: tuple[Row, ...], *, by: Actor, dry_run: bool = False
) -> RegistrationImport:
    """Register rows (number, name, name_latin, birth, seat, time_factor), all or none; enters new candidates."""
    now = rt.clock.now()
    entries, problems = read_registration_rows(rows, today=latest_day(now))
    if problems:
        return RegistrationImport(placements=(), fresh=0, problems=problems)
    if dry_run:
        with rt.reading() as tx:
            _must_take_place(sitting_store.get(tx, sitting_id))
            return _planned(tx, sitting_id, entries)[0]
    with rt.transaction() as tx:
        sitting = sitting_store.lock(tx, sitting_id)
        _must_take_place(sitting)
        result, known = _planned(tx, sitting_id, entries)
        if not result.problems:
            _write(tx, now, sitting_id, result.placements, known)
            details = {"registered": len(result.placements), "new_candidates": result.fresh}
            audit_in(tx, now, by=by, act="scheduling.registered", subject=sitting.code, details=details)
    return result


def register_candidate(rt: Runtime, sitting_id: SittingId, raw: Mapping[str, str], *, by: Actor) -> None:
    """Register one person from a page's fields; raises InputRefused naming the fields."""
    result = register_rows(rt, sitting_id, (Row(number=1, cells=dict(raw)),), by=by)
    if result.problems:
        raise InputRefused(tuple(_of_field(problem) for problem in result.problems))


def change_registration(
    rt: Runtime, registration_id: RegistrationId, raw: Mapping[str, str], *, by: Actor, reason: str
) -> None:
    """Give another seat (field seat) to somebody who is not checked in yet.

    Raises InputRefused naming the fields, RegistrationInUse after check-in, RoomRuns in a room that is open.
    """
    now = rt.clock.now()
    wanted = Fields(raw, REGISTRATION_HINTS).raw("seat")
    with rt.transaction() as tx:
        facts = lock_unseated_in(tx, registration_id)
        _must_not_run(facts)
        seat = _free_seat(wanted, store.sitting_seats(tx, facts.sitting.id), facts.registration.seat_id)
        store.change_seat(tx, registration_id, seat)
        before = {"seat": f"{facts.room.code} {facts.seat_number}"}
        details = {"before": before, "after": {"seat": f"{seat.room_code} {seat.number}"}}
        subject = f"{facts.sitting.code}/{facts.candidate.number}"
        audit_in(tx, now, by=by, act="scheduling.registration-changed", subject=subject, reason=reason, details=details)


def remove_registration(rt: Runtime, registration_id: RegistrationId, *, by: Actor, reason: str) -> None:
    """Take a registration back; raises RegistrationInUse after check-in or once a paper is made, RoomRuns."""
    now = rt.clock.now()
    with rt.transaction() as tx:
        facts = lock_unseated_in(tx, registration_id)
        _must_not_run(facts)
        accommodation_store.forget(tx, registration_id)
        try:
            store.remove(tx, registration_id)
        except Conflict as error:
            raise RegistrationInUse(registration_id=registration_id) from error
        subject = f"{facts.sitting.code}/{facts.candidate.number}"
        details = {"seat": f"{facts.room.code} {facts.seat_number}"}
        audit_in(tx, now, by=by, act="scheduling.registration-removed", subject=subject, reason=reason, details=details)


def lock_unseated_in(tx: Transaction, registration_id: RegistrationId) -> RegistrationFacts:
    """Hold the sitting and the registration of somebody who is not checked in yet; raises RegistrationInUse."""
    sitting_store.lock(tx, get_registration_in(tx, registration_id).sitting.id)
    facts = lock_registration_in(tx, registration_id)  # what was read before the locks may have changed
    if facts.registration.checked_in_at is not None:
        raise RegistrationInUse(registration_id=registration_id)
    return facts


def _must_not_run(facts: RegistrationFacts) -> None:
    if facts.sitting_room.state is RoomState.OPEN:
        raise RoomRuns(sitting_room_id=facts.sitting_room.id)


def _free_seat(wanted: str, seats: SittingSeats, own: SeatId) -> FreeSeat:
    fitting = find_seats(wanted, seats.seats)
    if len(fitting) != 1:
        raise refuse("seat", "ambiguous-seat" if fitting else "unknown-seat", REGISTRATION_HINTS)
    if fitting[0].running:
        raise refuse("seat", "room-runs", REGISTRATION_HINTS)
    if fitting[0].seat_id in seats.taken - {own}:
        raise refuse("seat", "seat-taken", REGISTRATION_HINTS)
    return fitting[0]


def _planned(
    tx: Transaction, sitting_id: SittingId, entries: tuple[RegistrationEntry, ...]
) -> tuple[RegistrationImport, dict[str, Candidate]]:
    known = find_by_keys_in(tx, (number_key(entry.candidate.number) for entry in entries))
    placements, problems = place(entries, store.sitting_seats(tx, sitting_id), known)
    fresh = sum(number_key(placement.entry.candidate.number) not in known for placement in placements)
    return RegistrationImport(placements=placements, fresh=fresh, problems=problems), known


def _write(
    tx: Transaction,
    now: datetime,
    sitting_id: SittingId,
    placements: tuple[Placement, ...],
    known: dict[str, Candidate],
) -> None:
    unknown = [entry.entry.candidate for entry in placements if number_key(entry.entry.candidate.number) not in known]
    people = known | {number_key(person.number): person for person in add_new_in(tx, now, unknown)}
    store.add(
        tx,
        now,
        (
            Registration(
                id=RegistrationId(new_id(now)),
                sitting_id=sitting_id,
                sitting_room_id=placement.seat.sitting_room_id,
                candidate_id=people[number_key(placement.entry.candidate.number)].id,
                seat_id=placement.seat.seat_id,
                time_factor=placement.entry.time_factor,
                needs=placement.entry.needs,
                checked_in_at=None,
                checked_in_by=None,
            )
            for placement in placements
        ),
    )


def _must_take_place(sitting: Sitting) -> None:
    if sitting.state is SittingState.CANCELLED:
        raise SittingCancelled(sitting_id=sitting.id)


def _of_field(problem: Problem) -> Problem:
    where = problem.column if isinstance(problem, SheetProblem) else problem.where
    return Problem(where=where or "number", code=problem.code, hint=problem.hint)
