"""The room as it stands: registrations, attempts and presence read in one go and turned into seats."""

import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Final, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from cbt.delivery.core.attempt import Attempt, AttemptState
from cbt.delivery.core.timing import deadline_at, remaining
from cbt.delivery.services.reading import AttemptView, room_attempts_in, timeline_in
from cbt.delivery.services.writing import attempt_topic
from cbt.kernel.runtime import Runtime, Transaction
from cbt.scheduling.core.registrations import RegistrationFacts
from cbt.scheduling.core.sittings import RoomFigures, SittingRoomId
from cbt.scheduling.services.registrations import registrations_of_room_in
from cbt.scheduling.services.sittings import get_sitting_room_in, list_sitting_rooms_in
from proctor import store
from proctor.core.orders import SeatState
from proctor.core.rooms import RoomSnapshot, RoomSummary, room_head, summarize
from proctor.core.seats import Note, Progress, SeatView, Sitter, view_seat

_REMEMBERED: Final = 2000
_DEFAULT_ZONE: Final = "Asia/Seoul"
Key = TypeVar("Key")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomsOfToday:
    """The rooms whose sitting falls on `day`."""

    day: date
    rooms: tuple[RoomSummary, ...]


@dataclass(slots=True)
class _KnownRoom:
    """The latest reading of one room and when it began, for one reader at a time."""

    lock: Lock = field(default_factory=Lock)
    began: float = float("-inf")
    snapshot: RoomSnapshot | None = None
    reasons: OrderedDict[tuple[UUID, datetime], str] = field(default_factory=OrderedDict)


class RoomReader:
    """Reads rooms for many viewers: streams of a room that wake together share one reading, rooms never wait.

    Keeps nothing that cannot be read again.
    """

    def __init__(self, rt: Runtime) -> None:
        self._rt = rt
        self._lock = Lock()
        self._rooms: OrderedDict[UUID, _KnownRoom] = OrderedDict()

    def read(self, sitting_room_id: UUID, *, needed_at: float | None = None) -> RoomSnapshot:
        """Return the room as it stood at `needed_at` (monotonic seconds; None is now) or later.

        A reading that began before a hint came in may not hold what the hint is about, so it is never given out for
        it. Raises NoSuchSittingRoom.
        """
        wanted = time.monotonic() if needed_at is None else needed_at
        with self._lock:
            room = self._rooms.get(sitting_room_id) or _KnownRoom()
            _keep(self._rooms, sitting_room_id, room)
        with room.lock:
            if room.snapshot is None or room.began < wanted:
                began = time.monotonic()
                room.snapshot = read_room(self._rt, sitting_room_id, room.reasons)
                room.began = began
            return room.snapshot


def read_room(
    rt: Runtime, sitting_room_id: UUID, reasons: OrderedDict[tuple[UUID, datetime], str] | None = None
) -> RoomSnapshot:
    """Return the room as it stands now; raises NoSuchSittingRoom.

    `reasons` remembers why attempts were paused, so that their journals are read once per pause.
    """
    remembered = OrderedDict() if reasons is None else reasons
    with rt.reading() as tx:
        figures = get_sitting_room_in(tx, SittingRoomId(sitting_room_id))
        facts = registrations_of_room_in(tx, SittingRoomId(sitting_room_id))
        views = room_attempts_in(tx, [each.registration.id for each in facts])
        incidents = store.list_incidents(tx, sitting_room_id)
        for view in views.values():
            _remember_reason(tx, view.attempt, remembered)
    contacts = rt.broker.presence(attempt_topic(view.attempt.id) for view in views.values())
    now = rt.clock.now()
    seats = tuple(_seat(each, views, contacts, remembered, now) for each in facts)
    taken = {each.seat_number for each in facts}
    return RoomSnapshot(
        head=room_head(figures),
        now=now,
        seats=seats,
        empty=tuple(str(number) for number in range(1, figures.seats + 1) if number not in taken),
        incidents=incidents,
    )


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


def _seat(
    facts: RegistrationFacts,
    views: Mapping[UUID, AttemptView],
    contacts: Mapping[str, datetime],
    reasons: Mapping[tuple[UUID, datetime], str],
    now: datetime,
) -> SeatView:
    view = views.get(facts.registration.id)
    room = facts.sitting_room.state
    if view is None:
        return view_seat(sitter_of(facts), None, contact_at=None, room=room, now=now)
    paused_at = view.attempt.paused_at
    words = reasons.get((view.attempt.id, paused_at), "") if paused_at else ""
    return view_seat(
        sitter_of(facts),
        progress_of(view, now, pause_words=words),
        contact_at=contacts.get(attempt_topic(view.attempt.id)),
        room=room,
        now=now,
    )


def _remember_reason(tx: Transaction, attempt: Attempt, reasons: OrderedDict[tuple[UUID, datetime], str]) -> None:
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
