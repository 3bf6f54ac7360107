"""Who sits where: registrations, and the plan that gives every row of an upload its seat.

A seat of a sitting is given once and a candidate is registered once per sitting; the tables hold both by unique keys.
The plan here says it beforehand, by row and column.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from types import MappingProxyType
from typing import Final, NewType
from uuid import UUID

from cbt.kernel.errors import Conflict, NotFound
from cbt.people.core.candidates import (
    CANDIDATE_COLUMNS,
    CANDIDATE_HINTS,
    Candidate,
    CandidateEntry,
    CandidateId,
    number_key,
    read_candidate,
)
from cbt.people.core.inputs import Fields
from cbt.people.core.sheets import Column, Row, SheetProblem, of_row
from cbt.scheduling.core.exams import ExamVersion
from cbt.scheduling.core.needs import NEEDS_HINTS, NO_NEEDS, Needs, read_needs
from cbt.scheduling.core.places import Centre, Room, SeatId
from cbt.scheduling.core.sittings import Sitting, SittingId, SittingRoom, SittingRoomId

RegistrationId = NewType("RegistrationId", UUID)

_SEAT: Final = re.compile(r"(?:(?P<room>\S+)[ /])?(?P<number>[0-9]{1,4})")
REGISTRATION_COLUMNS: Final = (
    *CANDIDATE_COLUMNS,
    Column(
        name="seat",
        headings=frozenset({"seat", "seat number", "좌석", "좌석 번호", "좌석번호", "자리"}),
        required=False,
    ),
    Column(
        name="time_factor",
        headings=frozenset({"time factor", "extra time", "시간 배수", "시간배수", "시간 연장"}),
        required=False,
    ),
    Column(name="text_size", headings=frozenset({"text size", "글자 크기", "글자크기"}), required=False),
    Column(name="colours", headings=frozenset({"colours", "colors", "화면 색", "화면색"}), required=False),
    Column(name="layout", headings=frozenset({"layout", "배치", "화면 배치"}), required=False),
    Column(name="tools", headings=frozenset({"tools", "도구", "화면 도구"}), required=False),
    Column(name="breaks", headings=frozenset({"breaks", "휴식", "추가 휴식"}), required=False),
    Column(name="note", headings=frozenset({"note for the room", "고사실 메모", "편의 메모"}), required=False),
)
REGISTRATION_HINTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **CANDIDATE_HINTS,
        **NEEDS_HINTS,
        "bad-seat": "Write a seat number, or room code and seat number with a blank between them.",
        "unknown-seat": "There is no such seat in the rooms of this sitting.",
        "ambiguous-seat": "Several rooms have this seat: write the room code before the number, such as R1 17.",
        "room-runs": "This room is open: nobody is registered in it any more.",
        "seat-taken": "This seat is given to somebody else.",
        "seat-twice": "An earlier row asks for the same seat.",
        "already-registered": "This candidate is registered for this sitting already.",
        "no-seat-left": "No seat is left in the rooms of this sitting.",
        "duplicate-number": "This candidate number stands in an earlier row.",
        "bad-xml": "This file is not XML that can be read.",
        "not-a-profile": "This file is not a personal needs profile (AfA PNP 3.0).",
        "other-person": "This file holds profiles of other people, and none of this candidate number.",
    }
)


class NoSuchRegistration(NotFound):
    """There is no such registration."""

    code = "no-such-registration"


class AlreadyCheckedIn(Conflict):
    """The candidate is checked in already."""

    code = "already-checked-in"


class NotCheckedIn(Conflict):
    """The candidate is not checked in."""

    code = "not-checked-in"


class RegistrationInUse(Conflict):
    """The registration cannot be changed any more: the candidate is checked in or has a paper."""

    code = "registration-in-use"


class RegistrationMoved(Conflict):
    """The registration was given another room in this instant: try again."""

    code = "registration-moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """One candidate's seat in one sitting."""

    id: RegistrationId
    sitting_id: SittingId
    sitting_room_id: SittingRoomId
    candidate_id: CandidateId
    seat_id: SeatId
    time_factor: Fraction
    checked_in_at: datetime | None
    checked_in_by: str | None
    needs: Needs = NO_NEEDS


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationFacts:
    """A registration with everything that a candidate's page or the start of an attempt needs."""

    registration: Registration
    candidate: Candidate
    seat_number: int
    sitting: Sitting
    sitting_room: SittingRoom
    room: Room
    centre: Centre
    exam: ExamVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeSeat:
    """A seat that a sitting offers, in the order of giving out; while its room is `running` it is given to nobody."""

    seat_id: SeatId
    sitting_room_id: SittingRoomId
    centre_code: str
    room_code: str
    number: int
    running: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SittingSeats:
    """All seats of a sitting, which of them are given, and who is registered (by `number_key`)."""

    seats: tuple[FreeSeat, ...]
    taken: frozenset[SeatId]
    registered: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationEntry:
    """One row of an upload, read but without a seat of its own."""

    row: int
    candidate: CandidateEntry
    seat: str
    time_factor: Fraction
    needs: Needs = NO_NEEDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """One row with the seat that it gets."""

    entry: RegistrationEntry
    seat: FreeSeat


def read_registration(fields: Fields, row: int, *, today: date) -> RegistrationEntry:
    """Return the registration of the fields of a candidate, seat, time_factor and those of a needs profile."""
    seat = fields.raw("seat").upper()
    if seat and not _SEAT.fullmatch(seat):
        fields.fail("seat", "bad-seat")
    return RegistrationEntry(
        row=row,
        candidate=read_candidate(fields, today=today),
        seat=seat,
        time_factor=fields.factor("time_factor"),
        needs=read_needs(fields),
    )


def read_registration_rows(
    rows: Iterable[Row], *, today: date
) -> tuple[tuple[RegistrationEntry, ...], tuple[SheetProblem, ...]]:
    """Return the registrations of a table and every problem that shows without the sitting."""
    entries: list[RegistrationEntry] = []
    problems: list[SheetProblem] = []
    first: dict[str, int] = {}
    for row in rows:
        fields = Fields(row.cells, REGISTRATION_HINTS)
        entry = read_registration(fields, row.number, today=today)
        problems += of_row(row.number, fields.problems())
        key = number_key(entry.candidate.number)
        if key and key in first:
            problems.append(_problem(row.number, "number", "duplicate-number", also=first[key]))
        first.setdefault(key, row.number)
        entries.append(entry)
    return tuple(entries), tuple(problems)


def place(
    entries: tuple[RegistrationEntry, ...], seats: SittingSeats, known: Mapping[str, Candidate]
) -> tuple[tuple[Placement, ...], tuple[SheetProblem, ...]]:
    """Return a seat for every row, or the problems of all rows; seats that rows name go first, then the rest in order.

    `known` holds the candidates who exist already, by `number_key`.
    """
    problems = list(_person_problems(entries, seats, known))
    named, seat_problems = _named_seats(entries, seats)
    problems += seat_problems
    given = {seat.seat_id for seat in named.values()} | seats.taken
    spare = (seat for seat in seats.seats if seat.seat_id not in given and not seat.running)
    placements: list[Placement] = []
    for entry in entries:
        if entry.seat and entry.row not in named:
            continue  # its problem is noted above
        seat = named.get(entry.row) or next(spare, None)
        if seat is None:
            problems.append(_problem(entry.row, "seat", "no-seat-left"))
        else:
            placements.append(Placement(entry=entry, seat=seat))
    ordered = sorted(problems, key=lambda problem: problem.row or 0)
    return (() if ordered else tuple(placements)), tuple(ordered)


def _person_problems(
    entries: Iterable[RegistrationEntry], seats: SittingSeats, known: Mapping[str, Candidate]
) -> Iterator[SheetProblem]:
    for entry in entries:
        key = number_key(entry.candidate.number)
        person = known.get(key)
        if key in seats.registered:
            yield _problem(entry.row, "number", "already-registered")
        elif person is not None and not person.agrees_with(entry.candidate):
            yield _problem(entry.row, "number", "candidate-differs")


def _named_seats(
    entries: Iterable[RegistrationEntry], seats: SittingSeats
) -> tuple[dict[int, FreeSeat], list[SheetProblem]]:
    named: dict[int, FreeSeat] = {}
    problems: list[SheetProblem] = []
    asked: dict[SeatId, int] = {}
    for entry in entries:
        if not entry.seat:
            continue
        fitting = find_seats(entry.seat, seats.seats)
        if len(fitting) != 1:
            problems.append(_problem(entry.row, "seat", "ambiguous-seat" if fitting else "unknown-seat"))
            continue
        seat = fitting[0]
        if seat.running:
            problems.append(_problem(entry.row, "seat", "room-runs"))
        elif seat.seat_id in seats.taken:
            problems.append(_problem(entry.row, "seat", "seat-taken"))
        elif seat.seat_id in asked:
            problems.append(_problem(entry.row, "seat", "seat-twice", also=asked[seat.seat_id]))
        else:
            named[entry.row] = seat
        asked.setdefault(seat.seat_id, entry.row)
    return named, problems


def find_seats(text: str, seats: Iterable[FreeSeat]) -> tuple[FreeSeat, ...]:
    """Return the seats that `text` ("17" or "R1 17") may mean."""
    found = _SEAT.fullmatch(text.strip().upper())
    if found is None:
        return ()
    number, room = int(found["number"]), found["room"]
    return tuple(seat for seat in seats if seat.number == number and room in _names(seat))


def _names(seat: FreeSeat) -> tuple[str | None, ...]:
    """Return what may stand before a seat's number: nothing, its room, or centre and room."""
    return None, seat.room_code, f"{seat.centre_code}/{seat.room_code}"


def _problem(row: int, column: str, code: str, *, also: int | None = None) -> SheetProblem:
    return SheetProblem.at(row, column, code, REGISTRATION_HINTS, also=also)
