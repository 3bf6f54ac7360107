"""The room's view holds for every mix of facts."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from cbt.kernel.errors import CbtError
from cbt.scheduling.core.sittings import RoomState
from proctor.core.orders import LEGAL, OrderKind, SeatState, parse_order
from proctor.core.seats import ALARMS, Note, Progress, Sitter, changed_seats, count_words, in_alarm_order, view_seat

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
ATTEMPT_STATES = [state for state in SeatState if state.value not in ("expected", "absent", "checked-in")]

moments = st.integers(0, 4000).map(lambda seconds: NOW - timedelta(seconds=seconds))
notes = st.none() | moments.map(lambda since: Note(since=since))
attempts = st.builds(
    Progress,
    attempt=st.just(UUID(int=1)),
    state=st.sampled_from(ATTEMPT_STATES),
    answered=st.integers(0, 100),
    items=st.just(100),
    hand=notes,
    claim=notes,
    pause=notes,
    last_entry_at=st.none() | moments,
)


@st.composite
def rooms(draw):
    state = draw(st.sampled_from(RoomState))
    people = draw(
        st.lists(st.tuples(st.none() | moments, st.none() | attempts, st.none() | moments), min_size=0, max_size=8)
    )
    return tuple(
        view_seat(
            Sitter(
                registration=UUID(int=number),
                seat=str(number),
                number=str(number),
                name="",
                time_factor=Fraction(1),
                checked_in_at=here,
            ),
            attempt,
            contact_at=contact,
            room=state,
            now=NOW,
        )
        for number, (here, attempt, contact) in enumerate(people, start=1)
    )


@given(rooms())
def test_every_seat_counts_once(room):
    assert sum(count_words(room).values()) == len(room)


@given(rooms())
def test_alarm_order_is_by_urgency_and_then_by_wait(room):
    alarms = in_alarm_order(room)
    assert {seat.sitter.registration for seat in alarms} == {
        seat.sitter.registration for seat in room if seat.word in ALARMS
    }
    for one, other in pairwise(alarms):
        assert one.alarm <= other.alarm
        if one.alarm == other.alarm and one.since and other.since:
            assert one.since <= other.since


@given(rooms())
def test_every_offered_order_is_legal_in_the_table(room):
    for seat in room:
        assert all(seat.state in LEGAL[OrderKind(order)] for order in seat.may)


@given(rooms(), rooms())
def test_changes_turn_one_picture_into_the_next(before, after):
    picture = {seat.sitter.registration: seat for seat in before}
    picture.update({seat.sitter.registration: seat for seat in changed_seats(before, after)})
    assert all(picture[seat.sitter.registration] == seat for seat in after)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.fixed_dictionaries(
        {"order": st.sampled_from(OrderKind).map(str) | json_values},
        optional=dict.fromkeys(("registrations", "minutes", "reason", "category"), json_values),
    )
)
def test_whatever_comes_in_is_an_order_or_a_refusal(document):
    with suppress(CbtError):
        assert len(parse_order(document).reason) <= 500
