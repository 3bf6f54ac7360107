"""What the room shows for a seat, as a table of moments."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from uuid import UUID

import pytest

from cbt.scheduling.core.sittings import RoomState
from proctor.core.orders import SeatState
from proctor.core.seats import (
    Note,
    Progress,
    SeatWord,
    Sitter,
    changed_seats,
    count_words,
    in_alarm_order,
    remaining_at,
    view_seat,
)

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
S = timedelta(seconds=1)


def sitter(number=1, *, here=True):
    return Sitter(
        registration=UUID(int=number),
        seat=str(number),
        number=f"2611-{number:04d}",
        name="홍길동",
        time_factor=Fraction(1),
        checked_in_at=NOW - timedelta(hours=1) if here else None,
    )


def progress(state=SeatState.RUNNING, **facts):
    return Progress(attempt=UUID(int=99), state=state, answered=12, items=100, **facts)


def view(of=None, by=None, *, silent_s=3.0, room=RoomState.OPEN):
    contact = None if silent_s is None else NOW - timedelta(seconds=silent_s)
    return view_seat(of or sitter(), by, contact_at=contact, room=room, now=NOW)


@pytest.mark.parametrize(
    ("silent_s", "word"),
    [(0, "working"), (15, "working"), (15.001, "slow"), (30, "slow"), (30.001, "offline"), (3600, "offline")],
)
def test_silence_turns_into_slow_and_then_offline(silent_s, word):
    assert view(by=progress(), silent_s=silent_s).word == word


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (SeatState.PAUSED, SeatWord.PAUSED),
        (SeatState.SUBMITTED, SeatWord.HANDED_IN),
        (SeatState.EXPIRED, SeatWord.HANDED_IN),
        (SeatState.TERMINATED, SeatWord.ENDED),
        (SeatState.VOIDED, SeatWord.ENDED),
    ],
)
def test_silence_is_no_alarm_where_the_clock_does_not_run(state, word):
    assert view(by=progress(state), silent_s=3600).word == word


@pytest.mark.parametrize(
    ("here", "room", "attempt", "silent_s", "state"),
    [
        (False, RoomState.WAITING, None, None, SeatState.EXPECTED),
        (False, RoomState.OPEN, None, None, SeatState.ABSENT),
        (False, RoomState.CLOSED, SeatState.READY, None, SeatState.ABSENT),
        (True, RoomState.WAITING, None, 1, SeatState.CHECKED_IN),
        (True, RoomState.WAITING, SeatState.READY, None, SeatState.CHECKED_IN),
        (True, RoomState.WAITING, SeatState.READY, 2, SeatState.READY),
        (True, RoomState.OPEN, SeatState.READY, 31, SeatState.CHECKED_IN),
        (True, RoomState.OPEN, SeatState.RUNNING, 1, SeatState.RUNNING),
        (False, RoomState.OPEN, SeatState.RUNNING, 1, SeatState.RUNNING),
    ],
)
def test_before_the_start_the_registration_tells_the_state(here, room, attempt, silent_s, state):
    by = progress(attempt) if attempt else None
    assert view(sitter(here=here), by, silent_s=silent_s, room=room).state is state


def test_unknown_presence_falls_back_on_the_last_entry():
    assert view(by=progress(last_entry_at=NOW - 5 * S), silent_s=None).word is SeatWord.WORKING
    assert view(by=progress(last_entry_at=NOW - 40 * S), silent_s=None).word is SeatWord.OFFLINE


def test_offline_comes_before_a_raised_hand_and_a_hand_before_slow():
    asking = progress(hand=Note(since=NOW - 60 * S))
    assert view(by=asking, silent_s=31).word is SeatWord.OFFLINE
    assert view(by=asking, silent_s=16).word is SeatWord.HAND
    assert view(by=replace(asking, state=SeatState.PAUSED)).word is SeatWord.HAND


def test_another_browser_that_waits_is_shown_until_the_seat_is_granted():
    seat = view(by=progress(claim=Note(since=NOW - 9 * S)))
    assert (seat.word, seat.since) == (SeatWord.CLAIM, NOW - 9 * S)
    assert "grant-seat" in seat.may


def test_alarms_stand_in_order_and_the_longest_wait_first():
    def hand(number, wait_s):
        return view(sitter(number), progress(hand=Note(since=NOW - wait_s * S)))

    seats = [
        view(sitter(1), progress(SeatState.PAUSED, pause=Note(since=NOW - 900 * S))),
        hand(2, 9),
        view(sitter(3), progress(), silent_s=20),
        hand(4, 66),
        view(sitter(5), progress(), silent_s=48),
        view(sitter(6), progress()),
    ]
    assert [seat.sitter.seat for seat in in_alarm_order(seats)] == ["5", "4", "2", "3", "1"]
    assert count_words(seats)[SeatWord.HAND] == 2


def test_only_changed_seats_are_sent():
    one, other = view(sitter(1), progress()), view(sitter(2), progress())
    later = replace(other, progress=progress(hand=Note(since=NOW)))
    assert changed_seats([one, other], [one, later]) == (later,)
    assert changed_seats([one, other], [one, other]) == ()


def test_a_running_seat_stays_equal_while_time_goes_by():
    by = progress(deadline_at=NOW + timedelta(hours=1))
    first = view_seat(sitter(), by, contact_at=NOW, room=RoomState.OPEN, now=NOW)
    later = view_seat(sitter(), by, contact_at=NOW, room=RoomState.OPEN, now=NOW + 3 * S)
    assert first == later
    assert remaining_at(by, NOW + 3 * S) == timedelta(minutes=59, seconds=57)


def test_remaining_time_never_goes_below_zero():
    assert remaining_at(progress(deadline_at=NOW), NOW + S) == timedelta()
