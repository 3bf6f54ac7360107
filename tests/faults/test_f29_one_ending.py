"""F29: pause, hand-in, time-out and a proctor's end, two at once, in every order: the first legal one wins."""

from datetime import timedelta
from itertools import permutations

import pytest

from cbt.delivery.core.attempt import ENDED, AttemptState
from cbt.delivery.services import orders
from cbt.delivery.services.recording import Recorded
from cbt.delivery.services.sweeping import expire_overdue
from cbt.delivery.store.attempts import get_attempt
from cbt.grading.services.grading import grade_ended
from proctor.core.orders import Order, OrderKind
from proctor.services.orders import give_order
from tests.factories_exam import make_world, sit_down
from tests.factories_races import both
from tests.faults.invariants import all_hold, journal

IN_GRACE = timedelta(minutes=10, seconds=5)
OVER = timedelta(minutes=10, seconds=10, microseconds=1)
ORDERS = ("pause", "end", "extend")
ACTS = (*ORDERS, "hand-in", "time-out")


class Room:
    """A seat whose candidate has answered, and what may befall it."""

    def __init__(self, rt, after: timedelta) -> None:
        self.rt = rt
        self.world = make_world(rt)
        self.page = sit_down(self.world)
        self.page.send(self.page.answer(1), self.page.answer(5, right=False))
        rt.clock.advance(after)

    @property
    def attempt(self):
        with self.rt.reading() as tx:
            return get_attempt(tx, self.page.facts.attempt_id)

    def act(self, name: str):
        """Do it; return whether it was done, and the code of the refusal."""
        if name == "time-out":
            return bool(expire_overdue(self.rt)), None
        if name == "hand-in":
            outcome = self.page.send({"kind": "submitted"})
            assert isinstance(outcome, Recorded), outcome
            refused = outcome.document["refused"]
            return not refused, refused[0]["code"] if refused else None
        more = {"minutes": 5} if name == "extend" else {}
        order = Order(kind=OrderKind(name), registrations=(self.world.registration(),), reason="test", **more)
        given = give_order(self.rt, self.world.room_id, order, by=self.world.staff)
        return bool(given.done), given.refused[0].code if given.refused else None


# What each act makes of a running exam within its time, and which acts are still legal after it.
BECOMES = {
    "pause": (AttemptState.PAUSED, {"end", "extend"}),
    "end": (AttemptState.TERMINATED, set()),
    "extend": (AttemptState.RUNNING, {"pause", "end", "hand-in"}),
    "hand-in": (AttemptState.SUBMITTED, set()),
}
REFUSALS = {
    ("pause", "hand-in"): "paused",
    ("end", "hand-in"): "already-ended",
    ("hand-in", "pause"): "already-ended",
    ("hand-in", "end"): "already-ended",
    ("hand-in", "extend"): "already-ended",
    ("end", "pause"): "already-ended",
    ("end", "extend"): "already-ended",
}


@pytest.mark.parametrize(("first", "second"), list(permutations(("pause", "end", "extend", "hand-in"), 2)))
@pytest.mark.parametrize("at_once", [False, True], ids=["after", "at-once"])
def test_f29_first_legal_act_wins_and_the_other_is_told_how_it_stands(any_rt, first, second, at_once) -> None:
    room = Room(any_rt, IN_GRACE)
    if at_once:
        one, two = both(any_rt, lambda: room.act(first), lambda: room.act(second))
        done, (followed, code) = one.result(), two.result()
    else:
        done, (followed, code) = room.act(first), room.act(second)
    assert done == (True, None)
    state, legal = BECOMES[first]
    assert followed is (second in legal)
    assert code == (None if followed else REFUSALS[first, second])
    expected = BECOMES[second][0] if followed and second != "extend" else state
    assert room.attempt.state is expected
    kinds = [entry.kind.value for entry in journal(any_rt, room.attempt.id)]
    assert len([kind for kind in kinds if kind in {state.value for state in ENDED}]) == (expected in ENDED)
    _graded(room)


@pytest.mark.parametrize("second", ACTS)
@pytest.mark.parametrize("first", ACTS)
def test_f29_after_the_time_there_is_one_ending_whoever_comes_first(rt, first, second) -> None:
    room = Room(rt, OVER)
    one, two = both(rt, lambda: room.act(first), lambda: room.act(second)) if first == "time-out" else (None, None)
    results = [one.result(), two.result()] if one and two else [room.act(first), room.act(second)]
    ended = False
    for name, (done, code) in zip((first, second), results, strict=True):
        if name == "time-out":
            assert done is not ended
            ended = True
        elif name == "hand-in":
            assert (done, code) == (False, "already-ended" if ended else "time-over")
        else:
            assert (done, code) == (False, "already-ended")
    expire_overdue(rt)
    assert room.attempt.state is AttemptState.EXPIRED
    _graded(room)


def _graded(room: Room) -> None:
    """Whatever the ending was, the same answers are graded, once."""
    if not room.attempt.has_ended:
        attempt_id = room.attempt.id
        with room.rt.transaction() as tx:
            orders.terminate_in(tx, room.rt.clock.now(), attempt_id, reason="test", by=room.world.staff.id)
    grade_ended(room.rt)
    assert room.attempt.answered == {1, 5}
    all_hold(room.rt)
