"""The room as it stands: registrations, attempts and presence read in one go and turned into seats."""

import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final, TypeAlias, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from cbt.delivery.core.attempt import Attempt, AttemptState
from cbt.delivery.core.parts import view as part_view
from cbt.delivery.core.timing import deadline_at, remaining
from cbt.delivery.services.reading import AttemptView, room_attempts_in, timeline_in
from cbt.delivery.services.writing import attempt_topic
from cbt.grading.services.results import latest_results_in
from cbt.kernel.asgi.board import Heard
from cbt.kernel.errors import NotFound
from cbt.kernel.runtime import Runtime, Transaction
from cbt.scheduling.core.registrations import RegistrationFacts
from cbt.scheduling.core.sittings import RoomFigures, SittingRoomId
from cbt.scheduling.services.registrations import registrations_of_room_in
from cbt.scheduling.services.sittings import get_sitting_room_in, list_sitting_rooms_in
from proctor import store
from proctor.core.incidents import Incident
from proctor.core.orders import SeatState
from proctor.core.rooms import RoomSnapshot, RoomSummary, room_head, summarize
from proctor.core.seats import Note, PartProgress, Progress, SeatView, Sitter, view_seat

WHOLE_S: Final = 30.0
CONTACTS_S: Final = 1.9  # a little less than rooms are read again without any hint
_REMEMBERED: Final = 2000
_DEFAULT_ZONE: Final = "Asia/Seoul"
Key = TypeVar("Key")
Value = TypeVar("Value")
_Reasons: TypeAlias = OrderedDict[tuple[UUID, datetime], str]  # why attempts were paused, by attempt and instant


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomsOfToday:
    """The rooms whose sitting falls on `day`."""

    day: date
    rooms: tuple[RoomSummary, ...]


@dataclass(slots=True, kw_only=True)
class _Room:
    """What one room's picture is made of: rows as they were read, and the seats that they lead to."""

    figures: RoomFigures
    facts: Mapping[UUID, RegistrationFacts]  # by registration, in the order of the seats
    views: dict[UUID, AttemptView]
    incidents: tuple[Incident, ...]
    seats: dict[UUID, SeatView] = field(default_factory=dict)
    contacts: Mapping[str, datetime] = field(default_factory=dict)
    whole_at: float = 0.0
    contacts_at: float = float("-inf")

    def registration_of(self, attempt: str) -> UUID | None:
        """Return whose attempt the text names, or None when it names none of this room's."""
        return next((each for each, view in self.views.items() if str(view.attempt.id) == attempt), None)

    def see(self, registrations: Iterable[UUID], reasons: _Reasons, now: datetime) -> None:
        """Look at some seats anew."""
        for registration in registrations:
            self.seats[registration] = _seat(self.facts[registration], self, reasons, now)

    def snapshot(self, now: datetime) -> RoomSnapshot:
        """Return the picture."""
        taken = {each.seat_number for each in self.facts.values()}
        return RoomSnapshot(
            head=room_head(self.figures),
            now=now,
            seats=tuple(self.seats.values()),
            empty=tuple(str(number) for number in range(1, self.figures.seats + 1) if number not in taken),
            incidents=self.incidents,
        )


class RoomReader:
    """Reads rooms for a board that many pages watch.

    A room is read as a whole when it is new, when a hint names no attempt of it, and every `WHOLE_S`; between that
    only the attempts that hints name are read, and every `CONTACTS_S` who was heard. Used by one thread at a time;
    keeps nothing that cannot be read again.
    """

    def __init__(self, rt: Runtime) -> None:
        self._rt = rt
        self._rooms: OrderedDict[UUID, _Room] = OrderedDict()
        self._reasons: _Reasons = OrderedDict()

    def read(self, heard: Heard[UUID]) -> dict[UUID, RoomSnapshot]:
        """Return the rooms as they stand; those that do not exist are left out."""
        touched = {room_id: self._touched(room_id, messages) for room_id, messages in heard.items()}
        named = {room_id: seats for room_id, seats in touched.items() if seats}
        whole = [room_id for room_id, seats in touched.items() if seats is None]
        now = self._rt.clock.now()
        if whole or named:
            with self._rt.reading() as tx:
                self._read_whole(tx, whole)
                self._read_attempts(tx, named)
        self._read_contacts([room_id for room_id in heard if room_id in self._rooms], now)
        for room_id, seats in named.items():
            self._rooms[room_id].see(seats, self._reasons, now)
        return {room_id: self._rooms[room_id].snapshot(now) for room_id in heard if room_id in self._rooms}

    def _touched(self, room_id: UUID, messages: frozenset[str]) -> set[UUID] | None:
        """Return the registrations whose attempts the messages name; None when the whole room is to be read."""
        room = self._rooms.get(room_id)
        if room is None or time.monotonic() - room.whole_at >= WHOLE_S:
            return None
        if not messages:  # hints may be lost: what every server has written is looked at all the same
            return set(room.views)
        found = {room.registration_of(message) for message in messages}
        return None if None in found else {each for each in found if each is not None}

    def _read_whole(self, tx: Transaction, room_ids: Iterable[UUID]) -> None:
        for room_id in room_ids:
            self._rooms.pop(room_id, None)
            with suppress(NotFound):
                _keep(self._rooms, room_id, _read_in(tx, room_id, self._reasons))

    def _read_attempts(self, tx: Transaction, named: Mapping[UUID, set[UUID]]) -> None:
        views = room_attempts_in(tx, set().union(*named.values()))
        for room_id, registrations in named.items():
            for registration in registrations & views.keys():
                self._rooms[room_id].views[registration] = views[registration]
                _remember_reason(tx, views[registration].attempt, self._reasons)

    def _read_contacts(self, room_ids: Iterable[UUID], now: datetime) -> None:
        began = time.monotonic()
        stale = [room for room in map(self._rooms.__getitem__, room_ids) if began - room.contacts_at >= CONTACTS_S]
        topics = [attempt_topic(view.attempt.id) for room in stale for view in room.views.values()]
        contacts = self._rt.broker.presence(topics) if topics else {}
        for room in stale:
            room.contacts, room.contacts_at = contacts, began
            room.see(room.facts, self._reasons, now)


def read_room(rt: Runtime, sitting_room_id: UUID) -> RoomSnapshot:
    """Return the room as it stands now; raises NoSuchSittingRoom."""
    reasons: _Reasons = OrderedDict()
    with rt.reading() as tx:
        room = _read_in(tx, sitting_room_id, reasons)
    room.contacts = rt.broker.presence(attempt_topic(view.attempt.id) for view in room.views.values())
    now = rt.clock.now()
    room.see(room.facts, reasons, now)
    return room.snapshot(now)


def graded_of(rt: Runtime, snapshot: RoomSnapshot) -> int:
    """Return how many exams of the room have their result."""
    with rt.reading() as tx:
        return len(latest_results_in(tx, [seat.progress.attempt for seat in snapshot.seats if seat.progress]))


def require_room(rt: Runtime, sitting_room_id: UUID) -> None:
    """Raise NoSuchSittingRoom unless there is such a room."""
    with rt.reading() as tx:
        get_sitting_room_in(tx, SittingRoomId(sitting_room_id))


def rooms_of_today(rt: Runtime) -> RoomsOfToday:
    """Return the rooms whose sitting falls on this day by the clock on their own wall."""
    now = rt.clock.now()
    with rt.reading() as tx:
        rooms = _rooms_at(tx, now)
    summaries = tuple(summarize(read_room(rt, room.sitting_room.id)) for room in rooms)
    zone = rooms[0].centre.time_zone if rooms else _DEFAULT_ZONE
    return RoomsOfToday(day=now.astimezone(ZoneInfo(zone)).date(), rooms=summaries)


def progress_of(view: AttemptView, now: datetime, *, pause_words: str = "") -> Progress:
    """Return how far an attempt has come."""
    attempt = view.attempt
    running = attempt.state is AttemptState.RUNNING
    return Progress(
        attempt=attempt.id,
        state=SeatState(attempt.state.value),
        answered=len(attempt.answered),
        items=attempt.slots,
        head=attempt.head.number,
        deadline_at=deadline_at(attempt) if running else None,
        remaining=remaining(attempt, now) if attempt.state is AttemptState.PAUSED else None,
        extended=attempt.extended,
        started_at=attempt.started_at,
        ended_at=attempt.ended_at,
        last_entry_at=attempt.head.at if attempt.head.number else None,
        hand=Note(since=attempt.hand.since, words=attempt.hand.words) if attempt.hand else None,
        claim=Note(since=view.claimed_at) if view.claimed_at else None,
        pause=Note(since=attempt.paused_at, words=pause_words) if attempt.paused_at else None,
        part=_part_of(attempt, now),
        recovered=view.recovered,
        not_counted=view.not_counted,
    )


def _part_of(attempt: Attempt, now: datetime) -> PartProgress | None:
    present = part_view(attempt, now)
    if present is None:
        return None
    return PartProgress(
        number=present.index + 1,
        of=len(attempt.parts),
        on_break=present.on_break,
        ends_at=present.ends_at,
        remaining=present.remaining if present.ends_at is None else None,
    )


def sitter_of(facts: RegistrationFacts) -> Sitter:
    """Return who is registered for a seat."""
    return Sitter(
        registration=facts.registration.id,
        seat=str(facts.seat_number),
        number=facts.candidate.number,
        name=facts.candidate.name,
        time_factor=facts.registration.time_factor,
        checked_in_at=facts.registration.checked_in_at,
    )


def _read_in(tx: Transaction, sitting_room_id: UUID, reasons: _Reasons) -> _Room:
    figures = get_sitting_room_in(tx, SittingRoomId(sitting_room_id))
    found = registrations_of_room_in(tx, SittingRoomId(sitting_room_id))
    facts: dict[UUID, RegistrationFacts] = {each.registration.id: each for each in found}
    views = dict(room_attempts_in(tx, facts))
    for view in views.values():
        _remember_reason(tx, view.attempt, reasons)
    incidents = store.list_incidents(tx, sitting_room_id)
    return _Room(figures=figures, facts=facts, views=views, incidents=incidents, whole_at=time.monotonic())


def _seat(facts: RegistrationFacts, room: _Room, reasons: _Reasons, now: datetime) -> SeatView:
    view = room.views.get(facts.registration.id)
    state = facts.sitting_room.state
    if view is None:
        return view_seat(sitter_of(facts), None, contact_at=None, room=state, now=now)
    paused_at = view.attempt.paused_at
    words = reasons.get((view.attempt.id, paused_at), "") if paused_at else ""
    return view_seat(
        sitter_of(facts),
        progress_of(view, now, pause_words=words),
        contact_at=room.contacts.get(attempt_topic(view.attempt.id)),
        room=state,
        now=now,
    )


def _remember_reason(tx: Transaction, attempt: Attempt, reasons: _Reasons) -> None:
    if attempt.paused_at is None or (attempt.id, attempt.paused_at) in reasons:
        return
    given = [line["reason"] for line in timeline_in(tx, attempt.id) if line["kind"] == "paused"]
    _keep(reasons, (attempt.id, attempt.paused_at), given[-1] if given else "")


def _rooms_at(tx: Transaction, now: datetime) -> tuple[RoomFigures, ...]:
    """Return the rooms of this day: it may be another date at another centre."""
    found: dict[UUID, RoomFigures] = {}
    for offset in (-1, 0, 1):
        for room in list_sitting_rooms_in(tx, on=now.date() + timedelta(days=offset)):
            first, last = room.on()
            if first <= now.astimezone(ZoneInfo(room.centre.time_zone)).date() <= last:
                found[room.sitting_room.id] = room
    return tuple(sorted(found.values(), key=_place_of))


def _place_of(room: RoomFigures) -> tuple[str, datetime, str]:
    return room.centre.code, room.sitting.opens_at, room.room.code


def _keep(memory: OrderedDict[Key, Value], key: Key, value: Value) -> None:
    memory[key] = value
    memory.move_to_end(key)
    while len(memory) > _REMEMBERED:
        memory.popitem(last=False)
