"""The group commit: who waits for whom, and what becomes of the others when one fails."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import pytest

from cbt.delivery.core.batch import parse_batch
from cbt.delivery.recorder import Recorder
from cbt.delivery.services.recording import RecordRequest
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
