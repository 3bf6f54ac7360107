"""The hub wakes whoever waits for a topic, misses no hint between two waits, and forgets who has gone."""

import asyncio
import gc
import threading
from contextlib import asynccontextmanager, contextmanager

from cbt.kernel.asgi import hub as hubs
from cbt.kernel.asgi.hub import Bell, Hub
from cbt.kernel.broker import Broker

LONG_S = 20.0  # longer than any test; a wait that takes it is a failure


class Everywhere(Broker):
    """A broker without server, whose hints of other processes are put in by hand."""

    def __init__(self):
        super().__init__(None)
        self.hints = asyncio.Queue()

    async def listen(self):
        while True:
            yield await self.hints.get()


@asynccontextmanager
async def running(hub):
    task = asyncio.ensure_future(hub.run())
    while hub._broker._near is None:
        await asyncio.sleep(0)
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@contextmanager
def ringing(hub, topic):
    """A bell that hints on `topic` ring."""
    bell = Bell()
    with hub.hearing(topic, lambda _message: bell.ring()):
        yield bell


def test_a_bell_that_nobody_rings_tells_that_the_time_is_over():
    assert asyncio.run(Bell().wait(0.001)) is False


def test_a_hint_between_two_waits_is_not_missed():
    async def run():
        bell = Bell()
        bell.ring()
        bell.ring()
        return await bell.wait(0), await bell.wait(0)

    assert asyncio.run(run()) == (True, False), "two hints say no more than one"


def test_only_the_bells_of_the_topic_are_rung():
    async def run():
        hub = Hub(Broker(None))
        with ringing(hub, "room") as first, ringing(hub, "room") as second, ringing(hub, "other") as other:
            hub.tell("room", "1")
            hub.tell("nobody listens", "1")
            return [await bell.wait(0) for bell in (first, second, other)]

    assert asyncio.run(run()) == [True, True, False]


def test_who_has_gone_is_forgotten():
    hub = Hub(Broker(None))
    with ringing(hub, "room"), ringing(hub, "room") as bell:
        pass
    hub.tell("room", "1")
    assert not bell._rung.is_set()
    assert not hub._hearers


def test_hints_of_this_process_arrive_from_any_thread_without_a_server():
    async def run():
        broker = Broker(None)
        hub = Hub(broker)
        async with running(hub):
            with ringing(hub, "room") as bell:
                thread = threading.Thread(target=broker.publish, args=("room", "1"))
                thread.start()
                heard = await bell.wait(LONG_S)
                thread.join()
        return heard

    assert asyncio.run(run())


def test_hints_of_other_processes_arrive():
    async def run():
        broker = Everywhere()
        hub = Hub(broker)
        async with running(hub):
            with ringing(hub, "room") as bell:
                broker.hints.put_nowait(("room", "1"))
                return await bell.wait(LONG_S)

    assert asyncio.run(run())


def test_a_fault_in_one_hint_ends_the_listening_of_nobody(monkeypatch):
    monkeypatch.setattr(hubs, "REST_S", 0)

    def fail(_message):
        raise RecursionError

    async def run():
        broker = Everywhere()
        hub = Hub(broker)
        async with running(hub):
            with hub.hearing("faulty", fail), ringing(hub, "room") as bell:
                broker.hints.put_nowait(("faulty", "1"))
                broker.hints.put_nowait(("room", "1"))
                return await bell.wait(LONG_S)

    assert asyncio.run(run())


def test_a_hint_after_the_end_of_the_loop_is_nobodys_fault():
    broker = Broker(None)

    async def run():
        async with running(Hub(broker)):
            pass

    asyncio.run(run())
    broker.publish("room", "1")
    gc.collect()
