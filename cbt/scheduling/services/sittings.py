"""Sittings: plan one, change it while it may be changed, cancel it."""

import os
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from cbt.kernel.errors import Conflict
from cbt.kernel.ids import new_id
from cbt.kernel.runtime import Runtime, Transaction
from cbt.people.core.actors import Actor
from cbt.people.core.inputs import refuse
from cbt.people.services.audit import audit_in
from cbt.scheduling.core.exams import ExamVersion, ExamVersionId
from cbt.scheduling.core.places import RoomId
from cbt.scheduling.core.sittings import (
    SITTING_HINTS,
    NoSuchSitting,
    NoSuchSittingRoom,
    RoomFigures,
    RoomState,
    Sitting,
    SittingBegun,
    SittingId,
    SittingInput,
    SittingProgress,
    SittingRoom,
    SittingRoomId,
    SittingState,
    progress,
)
from cbt.scheduling.store import exams as exam_store
from cbt.scheduling.store import sittings as store

SECRET_BYTES: Final = 32
_WIDEST_ZONE: Final = timedelta(hours=26)  # no two places on earth are further apart


@dataclass(frozen=True, slots=True, kw_only=True)
class SittingOverview:
    """A sitting with its exam and its rooms."""

    sitting: Sitting
    exam: ExamVersion
    rooms: tuple[RoomFigures, ...]

    @property
    def seats(self) -> int:
        """Return how many seats its rooms have."""
        return sum(room.seats for room in self.rooms)

    @property
    def registered(self) -> int:
        """Return how many candidates are registered."""
        return sum(room.registered for room in self.rooms)

    @property
    def checked_in(self) -> int:
        """Return how many candidates are checked in."""
        return sum(room.checked_in for room in self.rooms)

    @property
    def centres(self) -> int:
        """Return in how many centres it takes place."""
        return len({room.centre.id for room in self.rooms})

    @property
    def time_zone(self) -> str:
        """Return the time zone of its first centre, in which its times are shown."""
        return self.rooms[0].centre.time_zone if self.rooms else "UTC"

    def progress(self, now: datetime) -> SittingProgress:
        """Return how far it has come at `now`."""
        return progress(self.sitting, tuple(room.sitting_room.state for room in self.rooms), now)

    @property
    def begun(self) -> bool:
        """Tell whether papers were made or a room was opened, so that the exam stays."""
        states = {room.sitting_room.state for room in self.rooms}
        return self.sitting.prepared_at is not None or states - {RoomState.WAITING} != set()


def list_sittings(
    rt: Runtime, *, since: datetime | None = None, until: datetime | None = None
) -> tuple[SittingOverview, ...]:
    """Return the sittings that touch the time from `since` to `until`, in the order of beginning."""
    with rt.reading() as tx:
        return _overviews(tx, store.list_figures(tx, store.Window(since=since, until=until)))


def get_sitting(rt: Runtime, sitting_id: SittingId) -> SittingOverview:
    """Return one sitting with its exam and rooms; raises NoSuchSitting."""
    with rt.reading() as tx:
        found = _overviews(tx, store.list_figures(tx, store.Window(), sitting_id=sitting_id))
    if not found:
        raise NoSuchSitting(sitting_id=sitting_id)
    return found[0]


def get_sitting_by_code(rt: Runtime, code: str) -> Sitting:
    """Return the sitting under `code`; raises NoSuchSitting."""
    with rt.reading() as tx:
        return get_sitting_by_code_in(tx, code)


def get_sitting_by_code_in(tx: Transaction, code: str) -> Sitting:
    """Return the sitting under `code`; raises NoSuchSitting."""
    found = store.find_by_code(tx, code.strip().upper())
    if found is None:
        raise NoSuchSitting(code=code)
    return found


def list_sitting_rooms_in(
    tx: Transaction, *, on: date | None = None, sitting_id: SittingId | None = None
) -> tuple[RoomFigures, ...]:
    """Return rooms of sittings that are not cancelled; `on` is a date as each room's own calendar shows it."""
    window = store.Window()
    if on is not None:
        start = datetime.fromisoformat(f"{on}T00:00:00Z")
        window = store.Window(since=start - _WIDEST_ZONE, until=start + timedelta(days=1) + _WIDEST_ZONE)
    found = store.list_figures(tx, window, sitting_id=sitting_id)
    return tuple(
        room
        for room in found
        if room.sitting.state is SittingState.PLANNED and (on is None or room.on()[0] <= on <= room.on()[1])
    )


def get_sitting_room_in(tx: Transaction, sitting_room_id: SittingRoomId) -> RoomFigures:
    """Return one room of a sitting with its counts; raises NoSuchSittingRoom."""
    found = store.list_figures(tx, store.Window(), sitting_room_id=sitting_room_id)
    if not found:
        raise NoSuchSittingRoom(sitting_room_id=sitting_room_id)
    return found[0]


def create_sitting(rt: Runtime, entered: SittingInput, *, by: Actor) -> SittingId:
    """Plan a sitting; its secret is drawn here. Raises InputRefused naming code, exam or rooms."""
    now = rt.clock.now()
    sitting_id = SittingId(new_id(now))
    secret = os.urandom(SECRET_BYTES)
    with rt.transaction() as tx:
        _code_is_free(tx, entered.code, None)
        _exam_exists(tx, entered.exam_version_id)
        store.add(tx, now, sitting_id, entered, secret)
        _add_rooms(tx, now, sitting_id, entered.rooms)
        details = _details(tx, sitting_id)
        audit_in(tx, now, by=by, act="scheduling.sitting-added", subject=entered.code, details=details)
    return sitting_id


def change_sitting(rt: Runtime, sitting_id: SittingId, entered: SittingInput, *, by: Actor) -> None:
    """Change a sitting; raises InputRefused where people are registered already, papers are made, or a room is open."""
    now = rt.clock.now()
    with rt.transaction() as tx:
        before = store.lock(tx, sitting_id)
        _code_is_free(tx, entered.code, sitting_id)
        _exam_exists(tx, entered.exam_version_id)
        rooms = store.list_rooms(tx, sitting_id)
        if entered.exam_version_id != before.exam_version_id and _begun(before, rooms):
            raise refuse("exam", "sitting-begun", SITTING_HINTS)
        _window_stays(before, entered, rooms)
        present = frozenset(room.room_id for room in rooms)
        _remove_rooms(tx, sitting_id, present - entered.rooms)
        store.change(tx, sitting_id, entered)
        _add_rooms(tx, now, sitting_id, entered.rooms - present)
        details = _details(tx, sitting_id)
        audit_in(tx, now, by=by, act="scheduling.sitting-changed", subject=entered.code, details=details)


def cancel_sitting(rt: Runtime, sitting_id: SittingId, *, by: Actor, reason: str) -> None:
    """Cancel a sitting of which no room was opened; raises SittingBegun. Its registrations stay on record."""
    now = rt.clock.now()
    with rt.transaction() as tx:
        sitting = store.lock(tx, sitting_id)
        if any(room.state is not RoomState.WAITING for room in store.list_rooms(tx, sitting_id)):
            raise SittingBegun(sitting_id=sitting_id)
        store.set_state(tx, sitting_id, SittingState.CANCELLED)
        audit_in(tx, now, by=by, act="scheduling.sitting-cancelled", subject=sitting.code, reason=reason)


def restore_sitting(rt: Runtime, sitting_id: SittingId, *, by: Actor) -> None:
    """Let a cancelled sitting take place after all."""
    now = rt.clock.now()
    with rt.transaction() as tx:
        sitting = store.lock(tx, sitting_id)
        store.set_state(tx, sitting_id, SittingState.PLANNED)
        audit_in(tx, now, by=by, act="scheduling.sitting-restored", subject=sitting.code)


def mark_prepared_in(tx: Transaction, now: datetime, sitting_id: SittingId) -> Sitting:
    """Note that papers of this sitting were made, so that its exam stays; return the sitting, its row held."""
    sitting = store.lock(tx, sitting_id)
    if sitting.prepared_at is None:
        store.set_prepared(tx, sitting_id, now)
    return sitting


def _overviews(tx: Transaction, rooms: tuple[RoomFigures, ...]) -> tuple[SittingOverview, ...]:
    by_sitting: dict[SittingId, list[RoomFigures]] = {}
    for room in rooms:
        by_sitting.setdefault(room.sitting.id, []).append(room)
    exams: dict[ExamVersionId, ExamVersion] = {}
    for room in rooms:
        version_id = room.sitting.exam_version_id
        version = exams.get(version_id) or exam_store.find_version(tx, version_id)
        if version is not None:
            exams[version_id] = version
    return tuple(
        SittingOverview(sitting=found[0].sitting, exam=exams[found[0].sitting.exam_version_id], rooms=tuple(found))
        for found in by_sitting.values()
    )


def _begun(sitting: Sitting, rooms: tuple[SittingRoom, ...]) -> bool:
    return sitting.prepared_at is not None or any(room.state is not RoomState.WAITING for room in rooms)


def _window_stays(before: Sitting, entered: SittingInput, rooms: tuple[SittingRoom, ...]) -> None:
    """Raise InputRefused for another window while a room is open: late starts and the sign-in go by it."""
    if all(room.state is not RoomState.OPEN for room in rooms):
        return
    for name, was, now in (
        ("opens_at", before.opens_at, entered.opens_at),
        ("closes_at", before.closes_at, entered.closes_at),
    ):
        if was != now:
            raise refuse(name, "sitting-runs", SITTING_HINTS)


def _code_is_free(tx: Transaction, code: str, own: SittingId | None) -> None:
    found = store.find_by_code(tx, code)
    if found is not None and found.id != own:
        raise refuse("code", "code-taken", SITTING_HINTS)


def _exam_exists(tx: Transaction, version_id: ExamVersionId) -> None:
    if exam_store.find_version(tx, version_id) is None:
        raise refuse("exam", "no-exam", SITTING_HINTS)


def _add_rooms(tx: Transaction, now: datetime, sitting_id: SittingId, rooms: frozenset[RoomId]) -> None:
    try:
        store.add_rooms(tx, now, sitting_id, rooms)
    except Conflict as error:  # a room that does not exist
        raise refuse("rooms", "no-room", SITTING_HINTS) from error


def _remove_rooms(tx: Transaction, sitting_id: SittingId, rooms: frozenset[RoomId]) -> None:
    if not rooms:
        return
    if any(room.room_id in rooms and room.state is not RoomState.WAITING for room in store.list_rooms(tx, sitting_id)):
        raise refuse("rooms", "room-runs", SITTING_HINTS)
    if store.rooms_are_given(tx, sitting_id, rooms):
        raise refuse("rooms", "room-in-use", SITTING_HINTS)
    store.remove_rooms(tx, sitting_id, rooms)


def _details(tx: Transaction, sitting_id: SittingId) -> dict[str, object]:
    """Return what the sitting is now, in codes that people know."""
    sitting = store.get(tx, sitting_id)
    version = exam_store.find_version(tx, sitting.exam_version_id)
    rooms = store.list_figures(tx, store.Window(), sitting_id=sitting_id)
    return {
        "exam": f"{version.exam_code} v{version.version}" if version else "",
        "opens_at": sitting.opens_at,
        "closes_at": sitting.closes_at,
        "rooms": [f"{room.centre.code}/{room.room.code}" for room in rooms],
    }
