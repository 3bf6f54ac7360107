"""Who may still begin, as a table of timelines: the room, the sitting's window, and when the candidate came."""

from datetime import UTC, datetime

import pytest

from cbt.delivery.core.seat_state import Door, SeatState, lets_in_begun, seat_state
from cbt.scheduling.core.sittings import RoomState

OPEN, WAITING, CLOSED = RoomState.OPEN, RoomState.WAITING, RoomState.CLOSED
ME, OTHER = "my browser", "another browser"
STATES = [
    # room    over   here   holder ended  state
    (WAITING, False, False, None, False, "not-admitted"),
    (WAITING, False, True, None, False, "waiting"),
    (OPEN, False, False, None, False, "not-admitted"),  # comes late: first the check-in
    (OPEN, False, True, None, False, "open"),  # then the start, at any time within the window
    (OPEN, True, True, None, False, "closed"),  # nobody begins once the window has ended
    (OPEN, True, False, None, False, "closed"),
    (CLOSED, False, True, None, False, "closed"),
    (OPEN, True, True, ME, False, "open"),  # who has begun goes on, also beyond the window
    (OPEN, True, True, OTHER, False, "taken"),
    (CLOSED, True, True, ME, False, "open"),
    (OPEN, True, True, ME, True, "ended"),
]


@pytest.mark.parametrize(("room", "over", "here", "holder", "ended", "state"), STATES)
def test_seat_state(room, over, here, holder, ended, state) -> None:
    door = Door(state=room, over=over)
    assert seat_state(door, checked_in=here, holder=holder, ended=ended, device=ME) is SeatState(state)


def test_what_the_release_code_began_is_taken_in_wherever_the_room_was_opened() -> None:
    assert lets_in_begun(datetime(2026, 11, 22, tzinfo=UTC))
    assert not lets_in_begun(None)
