"""Where exams are sat: centres with a time zone, their rooms, and the seats of a room numbered from 1."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, NewType
from uuid import UUID
from zoneinfo import ZoneInfo

from cbt.kernel.errors import Conflict, NotFound
from cbt.kernel.titles import Title
from cbt.people.core.inputs import HINTS, Fields

CentreId = NewType("CentreId", UUID)
RoomId = NewType("RoomId", UUID)
SeatId = NewType("SeatId", UUID)

MOST_SEATS: Final = 500
PLACE_HINTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **HINTS,
        "bad-zone": "Write a time zone of the IANA list, such as Asia/Seoul.",
        "seats-in-use": "Seats beyond this number are given to candidates.",
        "room-runs": "An exam is running in this room: its seats stay as they are.",
    }
)


class NoSuchCentre(NotFound):
    """There is no such centre."""

    code = "no-such-centre"


class NoSuchRoom(NotFound):
    """There is no such room."""

    code = "no-such-room"


class NoSuchSeat(NotFound):
    """There is no such seat in this room."""

    code = "no-such-seat"


class SeatsInUse(Conflict):
    """Seats that would be taken away are given to candidates."""

    code = "seats-in-use"


@dataclass(frozen=True, slots=True, kw_only=True)
class CentreInput:
    """A centre as somebody entered it."""

    code: str
    title: Title
    time_zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Centre:
    """A test centre."""

    id: CentreId
    code: str
    title: Title
    time_zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomInput:
    """A room as somebody entered it; its seats are 1..`seats`."""

    code: str
    title: Title
    seats: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A room of a centre."""

    id: RoomId
    centre_id: CentreId
    code: str
    title: Title


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """One place in a room, with the number that stands on it."""

    id: SeatId
    room_id: RoomId
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomPlan:
    """A room with its number of seats."""

    room: Room
    seats: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CentrePlan:
    """A centre with its rooms."""

    centre: Centre
    rooms: tuple[RoomPlan, ...]

    @property
    def seats(self) -> int:
        """Return how many seats all rooms have."""
        return sum(plan.seats for plan in self.rooms)


def read_centre(raw: Mapping[str, str]) -> CentreInput:
    """Return the centre of the fields code, title_ko, title_en and time_zone; raises InputRefused."""
    fields = Fields(raw, PLACE_HINTS)
    code, zone = fields.code("code"), fields.text("time_zone", longest=64)
    if zone and not is_zone(zone):
        fields.fail("time_zone", "bad-zone")
    centre = CentreInput(code=code, title=fields.title("title"), time_zone=zone)
    fields.check()
    return centre


def read_room(raw: Mapping[str, str]) -> RoomInput:
    """Return the room of the fields code, title_ko, title_en and seats; raises InputRefused."""
    fields = Fields(raw, PLACE_HINTS)
    code, seats = fields.code("code"), fields.whole("seats", least=1, most=MOST_SEATS)
    room = RoomInput(code=code, title=fields.title("title"), seats=seats)
    fields.check()
    return room


def is_zone(name: str) -> bool:
    """Tell whether `name` is a time zone of the IANA list."""
    try:
        return ZoneInfo(name).key == name
    except (LookupError, ValueError, OSError):  # unknown, malformed, or the name of a folder of the list
        return False
