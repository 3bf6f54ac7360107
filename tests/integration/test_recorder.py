"""The group commit: who waits for whom, and what becomes of the others when one fails."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import pytest
from sqlalchemy import text

from cbt.delivery import recorder as recorders
from cbt.delivery.core.batch import parse_batch
from cbt.delivery.recorder import Recorder
from cbt.delivery.services.reading import lock_attempt_in
from cbt.delivery.services.recording import ChoiceMaps, RecordRequest, record
from cbt.kernel.asgi import group_commit
from cbt.kernel.asgi.gate import Crowded
from cbt.kernel.runtime import DatabaseUnavailable, TryAgain
from tests.factories_exam import make_world, sit_down


def request(page, slot=1, number=None):
    entry = {"number": number or page.next, "claimed_at": "2026-11-22T03:00:00Z", **page.answer(slot)}
    return RecordRequest(facts=page.facts, batch=parse_batch({"lease": page.facts.lease, "entries": [entry]}))


@pytest.fixture
def recorder(rt):
    recorder = Recorder(rt)
    yield recorder
    recorder.close()


@contextmanager
def busy_threads():
    """The event loop's own threads, all of them held up."""
    done = Event()
    with ThreadPoolExecutor(1) as threads:
        asyncio.get_running_loop().set_default_executor(threads)
        threads.submit(done.wait)
        try:
            yield
        finally:
            done.set()


def test_saving_waits_for_nobody_who_reads(rt, recorder):
    page = sit_down(make_world(rt))

    async def save():
        with busy_threads():
            async with asyncio.timeout(10):
                return await recorder.record(request(page))

    assert asyncio.run(save()).document["receipt"]["number"] == page.next


def test_the_maps_of_those_who_were_heard_last_are_kept(rt):
    world = make_world(rt, candidates=3)
    first, second, third = (sit_down(world, place).facts.attempt_id for place in range(3))
    maps = ChoiceMaps(keep=2)
    with rt.reading() as tx:
        loaded = maps.load(tx, [first, second])
        assert maps.load(tx, [first])[first] is loaded[first]
        maps.load(tx, [third])  # the second is the one that was not heard of for longest
        assert maps.load(tx, [first])[first] is loaded[first]
        assert maps.load(tx, [second])[second] is not loaded[second]
        assert set(maps.load(tx, [first, second, third])) == {first, second, third}


def outcomes(recorder, *requests):
    """What becomes of requests that wait together."""

    async def save():
        return await asyncio.gather(*(recorder.record(each) for each in requests), return_exceptions=True)

    return asyncio.run(save())


def failing(monkeypatch, fault, attempt_id):
    """Let every commit fail that holds a request for one attempt; return the sizes of the commits that were tried."""
    tried = []

    def fail(rt, maps, requests, *latest):
        tried.append(len(requests))
        if any(each.facts.attempt_id == attempt_id for each in requests):
            raise fault
        return record(rt, maps, requests, *latest)

    monkeypatch.setattr(recorders, "record", fail)
    return tried


@pytest.mark.parametrize("fault", [TryAgain(), ValueError("a fault of ours")])
def test_a_held_attempt_and_a_bad_request_fail_alone(rt, recorder, monkeypatch, fault):
    world = make_world(rt, candidates=3)
    pages = [sit_down(world, place) for place in range(3)]
    tried = failing(monkeypatch, fault, pages[1].facts.attempt_id)
    first, held, third = outcomes(recorder, *map(request, pages))
    assert held is fault
    assert [done.document["receipt"]["number"] for done in (first, third)] == [1, 1]
    assert tried == [3, 1, 1, 1]


def test_a_database_that_is_away_is_told_to_all_at_once(rt, recorder, monkeypatch):
    world = make_world(rt, candidates=3)
    pages = [sit_down(world, place) for place in range(3)]
    away = DatabaseUnavailable()
    tried = failing(monkeypatch, away, pages[1].facts.attempt_id)
    assert outcomes(recorder, *map(request, pages)) == [away, away, away]
    assert tried == [3]


def test_a_database_that_goes_away_meanwhile_is_told_to_the_rest(rt, recorder, monkeypatch):
    world = make_world(rt, candidates=3)
    pages = [sit_down(world, place) for place in range(3)]
    faults = iter([TryAgain(), None, DatabaseUnavailable()])

    def fail(rt, maps, requests, *latest):
        if (fault := next(faults)) is not None:
            raise fault
        return record(rt, maps, requests, *latest)

    monkeypatch.setattr(recorders, "record", fail)
    first, second, third = outcomes(recorder, *map(request, pages))
    assert first.document["receipt"]["number"] == 1
    assert isinstance(second, DatabaseUnavailable)
    assert third is second


def test_held_attempts_do_not_hold_up_saving_for_ever(rt, recorder, monkeypatch):
    world = make_world(rt, candidates=2)
    pages = [sit_down(world, place) for place in range(2)]
    tried = failing(monkeypatch, TryAgain(), pages[0].facts.attempt_id)
    monkeypatch.setattr(group_commit, "ALONE_S", 0)
    assert [type(each) for each in outcomes(recorder, *map(request, pages))] == [TryAgain, TryAgain]
    assert tried == [2]


@pytest.mark.postgresql
def test_a_row_that_an_order_holds_is_busy_and_nothing_worse(postgres_rt):
    page = sit_down(make_world(postgres_rt))

    def lock_in_a_hurry():
        with postgres_rt.transaction() as tx:
            tx.session.execute(text("SET LOCAL lock_timeout = 1"))
            lock_attempt_in(tx, page.facts.attempt_id)

    with postgres_rt.engine.begin() as order:
        order.execute(text("SELECT 1 FROM delivery_attempt FOR UPDATE"))
        with pytest.raises(TryAgain):
            lock_in_a_hurry()


def test_a_queue_that_is_full_asks_to_come_again_instead_of_growing(monkeypatch):
    monkeypatch.setattr(group_commit, "MOST_WAITING", 3)
    began, go = Event(), Event()

    def work(requests):
        began.set()
        go.wait(30)
        return requests

    commits = group_commit.GroupCommit("full", work)

    async def crowd():
        first = asyncio.create_task(commits.do(0))
        await asyncio.to_thread(began.wait)
        waiting = [asyncio.create_task(commits.do(number)) for number in (1, 2, 3)]
        await asyncio.sleep(0)
        with pytest.raises(Crowded):
            await commits.do(4)
        go.set()
        return await asyncio.gather(first, *waiting)

    assert asyncio.run(crowd()) == [0, 1, 2, 3]
    commits.close()
