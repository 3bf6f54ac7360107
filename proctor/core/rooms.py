"""A room of a sitting as its proctors see it: what it is, how it stands in sums, and whether the sums agree."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cbt.kernel.errors import Conflict
from cbt.kernel.titles import Title
from cbt.scheduling.core.sittings import RoomFigures, RoomState
from proctor.core.incidents import Incident
from proctor.core.orders import SeatState
from proctor.core.seats import SeatView, SeatWord, count_words

UNDER_WAY = frozenset({SeatState.RUNNING, SeatState.PAUSED})


class RoomStillBusy(Conflict):
    """Exams in this room are still running."""

    code = "room-still-busy"


class PeopleWaiting(Conflict):
    """People are checked in and have not begun here; the message names their seats.

    One of them may have begun by the release code, at a PC without a line.
    """

    code = "people-waiting"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomHead:
    """What a room's pages say at their top; `zone` is the centre's time zone."""

    id: UUID
    title: Title
    exam_title: Title
    sitting_title: Title
    centre_title: Title
    centre_code: str
    opens_at: datetime
    closes_at: datetime
    zone: str
    state: RoomState
    opened_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomSnapshot:
    """All that the room's page shows at `now`; `empty` are the seats that nobody is registered for."""

    head: RoomHead
    now: datetime
    seats: tuple[SeatView, ...]
    empty: tuple[str, ...]
    incidents: tuple[Incident, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomSummary:
    """A room in the list of the day."""

    room: RoomHead
    registered: int
    checked_in: int
    working: int
    finished: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionReport:
    """How many were expected and what became of each; `unfinished` are present without an ending.

    What was received (handed in, time up, ended) must be `graded` to the last one. Of the `recovered` answers, which
    came late or another way, `not_counted` are kept only.
    """

    expected: int
    present: int
    absent: int
    submitted: int
    expired: int
    ended: int
    voided: int
    unfinished: int
    graded: int
    recovered: int
    not_counted: int

    @property
    def received(self) -> int:
        """How many exams have ended with answers to grade."""
        return self.submitted + self.expired + self.ended

    @property
    def open(self) -> int:
        """How many are not accounted for: present without an ending, or received without a result."""
        return self.unfinished + abs(self.received - self.graded)

    @property
    def reconciles(self) -> bool:
        """Tell whether everybody who was expected is accounted for, and everything that was received is graded."""
        return self.open == 0 and self.expected == self.present + self.absent


def room_head(figures: RoomFigures) -> RoomHead:
    """Return the head of a scheduled room."""
    return RoomHead(
        id=figures.sitting_room.id,
        title=figures.room.title,
        exam_title=figures.exam_title,
        sitting_title=figures.sitting.title,
        centre_title=figures.centre.title,
        centre_code=figures.centre.code,
        opens_at=figures.sitting.opens_at,
        closes_at=figures.sitting.closes_at,
        zone=figures.centre.time_zone,
        state=figures.sitting_room.state,
        opened_at=figures.sitting_room.opened_at,
    )


def summarize(snapshot: RoomSnapshot) -> RoomSummary:
    """Return the room's sums for the list of the day."""
    counts = count_words(snapshot.seats)
    return RoomSummary(
        room=snapshot.head,
        registered=len(snapshot.seats),
        checked_in=sum(_present(seat) for seat in snapshot.seats),
        working=sum(seat.state in UNDER_WAY for seat in snapshot.seats),
        finished=counts[SeatWord.HANDED_IN] + counts[SeatWord.ENDED],
    )


def report_on(seats: Iterable[SeatView], *, graded: int) -> SessionReport:
    """Return the session report of a room in which so many exams are graded."""
    seats = tuple(seats)
    present = sum(_present(seat) for seat in seats)
    submitted, expired, ended, voided = (
        sum(seat.state is state for seat in seats)
        for state in (SeatState.SUBMITTED, SeatState.EXPIRED, SeatState.TERMINATED, SeatState.VOIDED)
    )
    return SessionReport(
        expected=len(seats),
        present=present,
        absent=len(seats) - present,
        submitted=submitted,
        expired=expired,
        ended=ended,
        voided=voided,
        unfinished=present - submitted - expired - ended - voided,
        graded=graded,
        recovered=sum(seat.progress.recovered for seat in seats if seat.progress),
        not_counted=sum(seat.progress.not_counted for seat in seats if seat.progress),
    )


def _present(seat: SeatView) -> bool:
    """Tell whether the person came: whoever has begun was there, even if the check-in was taken back by mistake."""
    return seat.state not in {SeatState.EXPECTED, SeatState.ABSENT}
