"""When an exam is sat: sittings, their rooms, and the states that a room of a sitting goes through."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NewType
from uuid import UUID
from zoneinfo import ZoneInfo

from cbt.kernel.errors import Conflict, NotFound
from cbt.kernel.titles import Title
from cbt.people.core.inputs import Fields
from cbt.scheduling.core.exams import ExamVersionId
from cbt.scheduling.core.places import PLACE_HINTS, Centre, Room, RoomId, is_zone

SittingId = NewType("SittingId", UUID)
SittingRoomId = NewType("SittingRoomId", UUID)

LONGEST_WINDOW: Final = timedelta(days=31)
SITTING_HINTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **PLACE_HINTS,
        "no-exam": "Choose an exam.",
        "window-backwards": "The end must come after the beginning.",
        "window-long": "A sitting lasts 31 days at most.",
        "no-room": "Choose at least one room.",
        "room-in-use": "Candidates are registered in a room that was taken out.",
        "sitting-begun": "Papers are made or a room was opened: the exam stays.",
        "sitting-runs": "A room is open: the window stays until all rooms are closed.",
        "room-runs": "This room is open or was: it stays as it is.",
    }
)


class NoSuchSitting(NotFound):
    """There is no such sitting."""

    code = "no-such-sitting"


class NoSuchSittingRoom(NotFound):
    """There is no such room in a sitting."""

    code = "no-such-sitting-room"


class RoomStateRefused(Conflict):
    """The room's state does not admit this."""

    code = "room-state-refused"


class SittingCancelled(Conflict):
    """The sitting is cancelled."""

    code = "sitting-cancelled"


class OutsideWindow(Conflict):
    """A room can be opened only within the sitting's window."""

    code = "outside-window"


class SittingBegun(Conflict):
    """A room of the sitting was opened already, or its papers are made."""

    code = "sitting-begun"


class RoomRuns(Conflict):
    """The room is open: who sits where in it stays as it is until it is closed."""

    code = "room-runs"


class SittingState(StrEnum):
    """Whether a sitting takes place."""

    PLANNED = "planned"
    CANCELLED = "cancelled"


class SittingProgress(StrEnum):
    """How far a sitting has come, as lists show it."""

    CANCELLED = "cancelled"
    CLOSED = "closed"
    RUNNING = "running"
    OVER = "over"
    PREPARED = "prepared"
    PLANNED = "planned"


class RoomState(StrEnum):
    """Where a room stands in a sitting."""

    WAITING = "waiting"
    OPEN = "open"
    CLOSED = "closed"


class RoomStep(StrEnum):
    """What changes the state of a room."""

    OPEN = "open"
    STATE_OPENING = "state-opening"  # it was opened earlier, without a line
    CLOSE = "close"


NEXT_ROOM_STATE: Final[Mapping[tuple[RoomState, RoomStep], RoomState]] = MappingProxyType(
    {
        (RoomState.WAITING, RoomStep.OPEN): RoomState.OPEN,
        (RoomState.WAITING, RoomStep.STATE_OPENING): RoomState.OPEN,
        (RoomState.CLOSED, RoomStep.STATE_OPENING): RoomState.CLOSED,
        (RoomState.WAITING, RoomStep.CLOSE): RoomState.CLOSED,
        (RoomState.OPEN, RoomStep.CLOSE): RoomState.CLOSED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SittingInput:
    """A sitting as somebody entered it."""

    code: str
    title: Title
    exam_version_id: ExamVersionId
    opens_at: datetime
    closes_at: datetime
    rooms: frozenset[RoomId]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """One exam in a window of time; every seed of its papers comes from `secret`."""

    id: SittingId
    code: str
    title: Title
    exam_version_id: ExamVersionId
    opens_at: datetime
    closes_at: datetime
    secret: bytes = field(repr=False)
    state: SittingState
    prepared_at: datetime | None  # when its papers were made; the exam stays from then on


@dataclass(frozen=True, slots=True, kw_only=True)
class SittingRoom:
    """A room as it takes part in a sitting."""

    id: SittingRoomId
    sitting_id: SittingId
    room_id: RoomId
    state: RoomState
    opened_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomFigures:
    """A room of a sitting with its place and its counts."""

    sitting: Sitting
    exam_title: Title
    centre: Centre
    room: Room
    sitting_room: SittingRoom
    seats: int
    registered: int
    checked_in: int

    def on(self) -> tuple[date, date]:
        """Return the first and the last local date of the sitting at this centre."""
        zone = ZoneInfo(self.centre.time_zone)
        last = max(self.sitting.opens_at, self.sitting.closes_at - timedelta(microseconds=1))
        return self.sitting.opens_at.astimezone(zone).date(), last.astimezone(zone).date()


def next_room_state(state: RoomState, step: RoomStep) -> RoomState:
    """Return the state after `step`; raises RoomStateRefused where the table has none."""
    try:
        return NEXT_ROOM_STATE[state, step]
    except KeyError as error:
        raise RoomStateRefused(state=state, step=step) from error


def progress(sitting: Sitting, rooms: tuple[RoomState, ...], now: datetime) -> SittingProgress:
    """Return how far a sitting has come at `now`."""
    if sitting.state is SittingState.CANCELLED:
        return SittingProgress.CANCELLED
    if rooms and all(state is RoomState.CLOSED for state in rooms):
        return SittingProgress.CLOSED
    if RoomState.OPEN in rooms:
        return SittingProgress.RUNNING
    if now >= sitting.closes_at:
        return SittingProgress.OVER
    return SittingProgress.PLANNED if sitting.prepared_at is None else SittingProgress.PREPARED


def read_sitting(raw: Mapping[str, str], rooms: tuple[str, ...]) -> SittingInput:
    """Return the sitting of a page's fields; times are wall-clock times of the field time_zone. Raises InputRefused."""
    fields = Fields(raw, SITTING_HINTS)
    code, title = fields.code("code"), fields.title("title")
    exam_id, chosen = _read_id(fields.raw("exam")), {_read_id(room) for room in rooms}
    if exam_id is None:
        fields.fail("exam", "no-exam")
    opens, closes, zone = _read_window(fields)
    if not chosen or None in chosen:
        fields.fail("rooms", "no-room")
    fields.check()
    return SittingInput(
        code=code,
        title=title,
        exam_version_id=ExamVersionId(exam_id or UUID(int=0)),
        opens_at=_instant(opens, zone),
        closes_at=_instant(closes, zone),
        rooms=frozenset(RoomId(room) for room in chosen if room is not None),
    )


def _read_window(fields: Fields) -> tuple[datetime, datetime, str]:
    opens, closes = fields.local_time("opens_at"), fields.local_time("closes_at")
    if closes <= opens:
        fields.fail("closes_at", "window-backwards")
    elif closes - opens > LONGEST_WINDOW:
        fields.fail("closes_at", "window-long")
    zone = fields.text("time_zone", longest=64)
    if zone and not is_zone(zone):
        fields.fail("time_zone", "bad-zone")
    return opens, closes, zone


def _instant(wall: datetime, zone: str) -> datetime:
    return wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _read_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
