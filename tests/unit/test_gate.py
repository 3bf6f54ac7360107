"""The gate before the pages: the urgent go first, nobody waits for ever, and no place is ever lost."""

import asyncio

import pytest

from cbt.kernel.asgi.gate import Crowded, Gate

RUNNING, STAFF, STRANGER = range(3)
RANKS = ("running", "staff", "stranger")


def gate(at_once=1, most_waiting=10, patience_s=30.0):
    return Gate(at_once=at_once, ranks=RANKS, most_waiting=most_waiting, patience_s=patience_s)


async def settle():
    for _ in range(5):
        await asyncio.sleep(0)


def crowd(at_gate, *ranks):
    return [asyncio.create_task(at_gate.enter(rank)) for rank in ranks]


def test_as_many_as_there_are_places_go_in_at_once():
    async def run():
        passes = await asyncio.gather(*crowd(gate(at_once=3), STRANGER, STRANGER, STRANGER))
        assert len(passes) == 3

    asyncio.run(run())


def test_the_most_urgent_goes_first_and_among_equals_who_came_first():
    async def run():
        at_gate, order = gate(), []
        place = await at_gate.enter(STAFF)

        async def visit(name, rank):
            own = await at_gate.enter(rank)
            order.append(name)
            own.give_back()

        ranks = {"s1": STRANGER, "t1": STAFF, "r1": RUNNING, "s2": STRANGER, "r2": RUNNING}
        tasks = [asyncio.create_task(visit(*one)) for one in ranks.items()]
        await settle()
        assert at_gate.waiting == 5
        place.give_back()
        await asyncio.gather(*tasks)
        assert order == ["r1", "r2", "t1", "s1", "s2"]
        (await at_gate.enter(STRANGER)).give_back()

    asyncio.run(run())


def test_a_full_queue_turns_the_newest_of_the_least_urgent_away():
    async def run():
        at_gate = gate(most_waiting=3)
        await at_gate.enter(STAFF)
        staff, first, last = crowd(at_gate, STAFF, STRANGER, STRANGER)
        await settle()
        [urgent] = crowd(at_gate, RUNNING)
        await settle()
        assert isinstance(last.exception(), Crowded)
        assert not any(task.done() for task in (staff, first, urgent))
        with pytest.raises(Crowded):
            await at_gate.enter(STRANGER)
        for task in (staff, first, urgent):
            task.cancel()

    asyncio.run(run())


def test_who_has_waited_long_enough_is_told_to_come_again():
    async def run():
        at_gate = gate(patience_s=0.01)
        await at_gate.enter(RUNNING)
        with pytest.raises(Crowded):
            await at_gate.enter(RUNNING)
        assert at_gate.waiting == 0

    asyncio.run(run())


def test_a_pass_that_is_given_back_twice_frees_one_place():
    async def run():
        at_gate = gate()
        place = await at_gate.enter(RUNNING)
        place.give_back()
        place.give_back()
        await at_gate.enter(RUNNING)
        [second] = crowd(at_gate, RUNNING)
        await settle()
        assert not second.done()
        second.cancel()

    asyncio.run(run())


def test_a_client_that_goes_away_takes_no_place_along():
    async def run():
        at_gate = gate()
        place = await at_gate.enter(RUNNING)
        gone, patient = crowd(at_gate, RUNNING, STAFF)
        await settle()
        place.give_back()  # the turn of the one who goes away in this very moment
        gone.cancel()
        (await patient).give_back()
        await settle()
        assert gone.cancelled()
        (await at_gate.enter(STRANGER)).give_back()

    asyncio.run(run())


def test_clients_that_go_away_while_they_wait_leave_the_queue():
    async def run():
        at_gate = gate()
        await at_gate.enter(RUNNING)
        tasks = crowd(at_gate, *[STRANGER] * 5)
        await settle()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert at_gate.waiting == 0

    asyncio.run(run())
