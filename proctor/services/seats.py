"""One seat's history and the people at the door: what check-in and the drawer show."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from cbt.delivery.core.allowance import time_for
from cbt.delivery.services.reading import room_attempts_in, timeline_in
from cbt.kernel import canonical
from cbt.kernel.runtime import Runtime, Transaction
from cbt.people.core.candidates import number_key
from cbt.scheduling.core.exam_parts import MINUTE
from cbt.scheduling.core.needs import Needs
from cbt.scheduling.core.registrations import RegistrationFacts
from cbt.scheduling.services.accommodations import waits_in
from proctor import store
from proctor.core.incidents import INCIDENT_NOTE, Incident
from proctor.core.orders import OrderKind
from proctor.core.rooms import RoomHead, RoomSnapshot
from proctor.core.seats import SeatView
from proctor.core.wire import factor_text
from proctor.services.incidents import TURNED_AWAY, facts_of_room_in
from proctor.services.rooms import read_room

HISTORY_LINES: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """One thing that happened at a seat; `claimed_at` is what the seat's own clock said."""

    kind: str
    at: datetime
    claimed_at: datetime | None = None
    slot: int | None = None
    on: bool | None = None
    words: str = ""
    minutes: int | None = None
    part: int | None = None
    by_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInLine:
    """One person in the check-in list; `turned_away` is why the person was not admitted, if so."""

    registration: UUID
    seat: str
    number: str
    name: str
    factor: str
    checked_in_at: datetime | None
    turned_away: str
    may_undo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInPerson:
    """The person to compare with the identity card; `unapproved` tells of a change that nobody has approved yet."""

    line: CheckInLine
    name_latin: str
    birth_on: date
    minutes: int
    checked_in_by: str
    needs: Needs
    unapproved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInCounts:
    """How many are expected, still to come, and here."""

    all: int
    left: int
    here: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInDesk:
    """The whole list of a room."""

    room: RoomHead
    lines: tuple[CheckInLine, ...]

    @property
    def counts(self) -> CheckInCounts:
        """Return the counts above the list."""
        here = sum(line.checked_in_at is not None for line in self.lines)
        return CheckInCounts(all=len(self.lines), left=len(self.lines) - here, here=here)

    def shown(self, show: str, query: str = "") -> tuple[CheckInLine, ...]:
        """Return the lines of one filter ("all", "left", "here") whose number or name holds `query`."""
        keep = {"left": lambda line: line.checked_in_at is None, "here": lambda line: line.checked_in_at is not None}
        chosen = (line for line in self.lines if keep.get(show, bool)(line))
        return tuple(line for line in chosen if _fits(line, query))

    def find(self, text: str) -> CheckInLine | None:
        """Return the person whose number is exactly `text`, or the only one who fits it."""
        key = number_key(text)
        exact = [line for line in self.lines if key and number_key(line.number) == key]
        fitting = exact or ([line for line in self.lines if _fits(line, text)] if text.strip() else [])
        return fitting[0] if len(fitting) == 1 else None

    def next_after(self, registration_id: UUID) -> CheckInLine | None:
        """Return the next person to come after this one, round the list."""
        order = [line.registration for line in self.lines]
        start = order.index(registration_id) + 1 if registration_id in order else 0
        waiting = [line for line in (*self.lines[start:], *self.lines[:start]) if line.checked_in_at is None]
        return waiting[0] if waiting else None


def read_desk(rt: Runtime, sitting_room_id: UUID) -> CheckInDesk:
    """Return the check-in list of a room; raises NoSuchSittingRoom."""
    return _desk(read_room(rt, sitting_room_id))


def read_person(rt: Runtime, sitting_room_id: UUID, line: CheckInLine) -> CheckInPerson:
    """Return what is compared with the identity card; raises NotInThisRoom."""
    with rt.reading() as tx:
        facts = facts_of_room_in(tx, sitting_room_id, line.registration)
        unapproved = waits_in(tx, facts.registration.id)
    return CheckInPerson(
        line=line,
        name_latin=facts.candidate.name_latin,
        birth_on=facts.candidate.birth_on,
        minutes=_minutes(facts),
        checked_in_by=facts.registration.checked_in_by or "",
        needs=facts.registration.needs,
        unapproved=unapproved,
    )


def seat_history(rt: Runtime, sitting_room_id: UUID, registration_id: UUID) -> tuple[HistoryLine, ...]:
    """Return the last 300 things that happened at a seat, the latest first.

    Raises NoSuchRegistration and NotInThisRoom.
    """
    with rt.reading() as tx:
        facts = facts_of_room_in(tx, sitting_room_id, registration_id)
        lines = _journal_lines(tx, registration_id)
        incidents = store.list_incidents(tx, sitting_room_id)
    before = [_incident_line(each) for each in reversed(incidents) if _is_told_here(each, registration_id)]
    admitted = facts.registration.checked_in_at
    if admitted is not None:
        by_name = facts.registration.checked_in_by or ""
        before.insert(0, HistoryLine(kind="checked-in", at=admitted, by_name=by_name))
    in_order = sorted((*before, *lines), key=lambda line: line.at)
    return tuple(in_order[: -HISTORY_LINES - 1 : -1])


def _desk(snapshot: RoomSnapshot) -> CheckInDesk:
    away = {each.registration: each.words for each in reversed(snapshot.incidents) if each.about == TURNED_AWAY}
    return CheckInDesk(room=snapshot.head, lines=tuple(_line(seat, away) for seat in snapshot.seats))


def _line(seat: SeatView, away: Mapping[UUID | None, str]) -> CheckInLine:
    sitter = seat.sitter
    return CheckInLine(
        registration=sitter.registration,
        seat=sitter.seat,
        number=sitter.number,
        name=sitter.name,
        factor=factor_text(sitter.time_factor),
        checked_in_at=sitter.checked_in_at,
        turned_away=away.get(sitter.registration, "") if sitter.checked_in_at is None else "",
        may_undo=OrderKind.UNDO_CHECK_IN.value in seat.may,
    )


def _fits(line: CheckInLine, query: str) -> bool:
    wanted = "".join(query.lower().split()).replace("-", "")
    return wanted in "".join(f"{line.number}{line.name}".lower().split()).replace("-", "")


def _minutes(facts: RegistrationFacts) -> int:
    return time_for(facts.exam, facts.registration.time_factor) // MINUTE


def _journal_lines(tx: Transaction, registration_id: UUID) -> list[HistoryLine]:
    view = room_attempts_in(tx, [registration_id]).get(registration_id)
    if view is None:
        return []
    rows = timeline_in(tx, view.attempt.id)
    names = store.staff_names(tx, _staff_in(rows))
    return [_journal_line(row, names) for row in rows]


def _staff_in(rows: Iterable[Mapping[str, Any]]) -> set[UUID]:
    return {UUID(row["by"]) for row in rows if row.get("by")}


def _journal_line(row: Mapping[str, Any], names: Mapping[UUID, str]) -> HistoryLine:
    claimed = row.get("claimed_at")
    by = row.get("by")
    return HistoryLine(
        kind=row["kind"],
        at=canonical.instant(row["at"]),
        claimed_at=None if claimed is None else canonical.instant(claimed),
        slot=row.get("slot"),
        on=row.get("counts", row.get("on")),
        words=row.get("reason") or row.get("words") or row.get("code") or "",
        part=row["part"] + 1 if "part" in row else None,
        minutes=row["extra_s"] // 60 if "extra_s" in row else None,
        by_name=names.get(UUID(by), "") if by else "",
    )


def _is_told_here(incident: Incident, registration_id: UUID) -> bool:
    """Tell whether the incident belongs to this history and is not the shadow of an order in the journal."""
    return incident.registration == registration_id and incident.about in (INCIDENT_NOTE, TURNED_AWAY)


def _incident_line(incident: Incident) -> HistoryLine:
    return HistoryLine(kind="incident", at=incident.at, words=incident.words, by_name=incident.by_name)
