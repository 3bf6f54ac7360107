"""The group commit: who waits for whom, and what becomes of the others when one fails."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import pytest

from cbt.delivery.core.batch import parse_batch
from cbt.delivery.recorder import Recorder
from cbt.delivery.services.recording import ChoiceMaps, RecordRequest
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
