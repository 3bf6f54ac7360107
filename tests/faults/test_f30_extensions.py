"""F30: time is given back while an exam goes on and only then, with a reason, within the bound of the exam."""

from datetime import timedelta

import pytest

from cbt.delivery.core.attempt import AttemptState
from cbt.delivery.services.sweeping import expire_overdue
from cbt.delivery.store.attempts import get_attempt
from cbt.grading.services.grading import grade_ended
from cbt.people.services.audit import list_latest
from proctor.core.orders import Order, OrderKind, ReasonMissing, parse_order
from proctor.services.orders import give_order
from tests.factories_exam import make_world, sit_down
from tests.factories_races import both
from tests.faults.invariants import all_hold

MINUTE = timedelta(minutes=1)
ALLOWED = 10 * MINUTE
GRACE = timedelta(seconds=10)


def extend(world, *places: int, minutes: int = 5):
    ids = tuple(world.registration(place) for place in places or (0,))
    order = Order(kind=OrderKind.EXTEND, registrations=ids, minutes=minutes, reason="computer trouble")
    outcome = give_order(world.rt, world.room_id, order, by=world.staff)
    return len(outcome.done), [refusal.code for refusal in outcome.refused]


def attempt(world, page):
    with world.rt.reading() as tx:
        return get_attempt(tx, page.facts.attempt_id)


def hand_in(page):
    return page.send({"kind": "submitted"}).document["refused"]


@pytest.mark.parametrize(
    ("after", "outcome"),
    [
        (0 * MINUTE, (1, [])),
        (ALLOWED, (1, [])),  # the deadline has passed, its grace has not
        (ALLOWED + GRACE - timedelta(microseconds=1), (1, [])),
        (ALLOWED + GRACE, (0, ["already-ended"])),
        (ALLOWED + 60 * MINUTE, (0, ["already-ended"])),
    ],
)
@pytest.mark.parametrize("swept", [False, True], ids=["not-swept", "swept"])
def test_f30_what_has_ended_is_not_brought_back(rt, after, outcome, swept) -> None:
    world = make_world(rt)
    page = sit_down(world)
    rt.clock.advance(after)
    if swept:
        expire_overdue(rt)
    assert extend(world) == outcome
    expire_overdue(rt)
    assert attempt(world, page).has_ended is bool(outcome[1])


@pytest.mark.parametrize("first", ["extend", "hand-in"])
def test_f30_extension_and_hand_in_at_once(any_rt, first) -> None:
    world = make_world(any_rt)
    page = sit_down(world)
    page.send(page.answer(1))
    acts = {"extend": lambda: extend(world), "hand-in": lambda: hand_in(page)}
    second = "hand-in" if first == "extend" else "extend"
    one, two = both(any_rt, acts[first], acts[second])
    assert one.result() == ((1, []) if first == "extend" else [])
    assert two.result() == ([] if first == "extend" else (0, ["already-ended"]))
    found = attempt(world, page)
    assert found.state is AttemptState.SUBMITTED
    assert found.extended == (5 * MINUTE if first == "extend" else 0 * MINUTE)
    grade_ended(any_rt)
    all_hold(any_rt)


def test_f30_extension_and_time_out_at_once(any_rt) -> None:
    world = make_world(any_rt)
    page = sit_down(world)
    any_rt.clock.advance(ALLOWED + GRACE)
    ended, extended = both(any_rt, lambda: expire_overdue(any_rt), lambda: extend(world))
    assert (ended.result(), extended.result()) == (1, (0, ["already-ended"]))
    assert attempt(world, page).state is AttemptState.EXPIRED


def test_f30_extension_in_the_grace_comes_before_the_sweeper(any_rt) -> None:
    world = make_world(any_rt)
    page = sit_down(world)
    any_rt.clock.advance(ALLOWED + GRACE / 2)
    extended, ended = both(any_rt, lambda: extend(world), lambda: expire_overdue(any_rt))
    assert (extended.result(), ended.result()) == ((1, []), 0)
    any_rt.clock.advance(5 * MINUTE + GRACE / 2)
    assert expire_overdue(any_rt) == 1
    assert attempt(world, page).extended == 5 * MINUTE


@pytest.mark.parametrize("all_first", [True, False])
def test_f30_one_and_all_at_once_give_both(any_rt, all_first) -> None:
    world = make_world(any_rt, candidates=2)
    pages = [sit_down(world, place, f"browser {place}") for place in (0, 1)]
    one, all_of_them = (lambda: extend(world, 0, minutes=3)), (lambda: extend(world, 0, 1, minutes=5))
    first, second = both(any_rt, *((all_of_them, one) if all_first else (one, all_of_them)))
    assert {first.result()[0], second.result()[0]} == {1, 2}
    assert [attempt(world, page).extended for page in pages] == [8 * MINUTE, 5 * MINUTE]


def test_f30_whole_room_gives_time_to_those_who_go_on(rt) -> None:
    world = make_world(rt, candidates=3)
    sit_down(world, 0, "browser 0")
    hand_in(sit_down(world, 1, "browser 1"))
    assert extend(world, 0, 1, 2) == (1, ["already-ended", "order-not-possible"])


@pytest.mark.parametrize(("most", "given", "left"), [(30, (20, 10), "1"), (240, (120, 120), "1"), (0, (), "1")])
def test_f30_an_exam_bounds_its_extra_time(rt, most, given, left) -> None:
    world = make_world(rt, most_extra=most * MINUTE)
    page = sit_down(world)
    for minutes in given:
        assert extend(world, minutes=minutes) == (1, [])
    assert extend(world, minutes=int(left)) == (0, ["too-much-extra"])
    assert attempt(world, page).extended == sum(given) * MINUTE


@pytest.mark.parametrize("first", [20, 15])
def test_f30_two_extensions_at_once_stay_below_the_bound(any_rt, first) -> None:
    world = make_world(any_rt, most_extra=30 * MINUTE)
    page = sit_down(world)
    other = 35 - first
    one, two = both(any_rt, lambda: extend(world, minutes=first), lambda: extend(world, minutes=other))
    assert (one.result(), two.result()) == ((1, []), (0, ["too-much-extra"]))
    assert attempt(world, page).extended == first * MINUTE


def test_f30_minutes_are_given_back_with_a_reason_that_is_kept(rt) -> None:
    with pytest.raises(ReasonMissing):
        parse_order({"order": "extend", "registrations": [], "minutes": 5, "reason": "  "})
    world = make_world(rt)
    sit_down(world)
    extend(world)
    assert [(row.act, row.reason) for row in list_latest(rt, 100) if row.act == "proctor.time-added"] == [
        ("proctor.time-added", "computer trouble")
    ]
