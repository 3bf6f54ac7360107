"""Without a server, limits, presence and hints work within one process."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from datetime import UTC, datetime, timedelta

import pytest

from cbt.kernel import broker as broker_module
from cbt.kernel.broker import Broker
from tests.factories_kernel import until

NOON = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
AGE = timedelta(days=20_000)  # a window that does not end while a test runs


@pytest.fixture(params=["none", "dead"])
def alone(request, home):
    return Broker(None if request.param == "none" else f"unix://{home}/nowhere.sock")


def test_without_a_server_limits_hold_in_this_process(alone):
    assert not alone.reachable()
    assert [alone.allow("key", 2, AGE) for _ in range(4)] == [True, True, False, False]


def test_asking_whether_a_limit_is_spent_counts_nothing(alone):
    assert not any(alone.spent("key", 1, AGE) for _ in range(3))
    assert alone.allow("key", 1, AGE)
    assert alone.spent("key", 1, AGE)
    assert not alone.spent("key", 2, AGE)


def test_without_a_server_presence_is_known_in_this_process(alone):
    alone.mark_present("long", NOON, HOUR)
    alone.mark_present("short", NOON, timedelta(milliseconds=50))
    assert set(alone.presence(["long", "short", "never"])) >= {"long"}
    until(lambda: alone.presence(["long", "short"]) == {"long": NOON})


def test_without_a_server_hints_stay_near_and_listening_is_silent(alone):
    near = []
    alone.on_publish(lambda *hint: near.append(hint))

    async def run():
        async with aclosing(alone.listen()) as hints, asyncio.timeout(0.02):
            alone.publish("room", "1")
            return await anext(hints)

    with pytest.raises(TimeoutError):
        asyncio.run(run())
    assert near == [("room", "1")]


def test_who_was_not_heard_for_longest_is_forgotten_first(monkeypatch):
    monkeypatch.setattr(broker_module, "_LOCAL_KEYS", 3)
    alone = Broker(None)
    for key in "abcad":
        alone.mark_present(key, NOON, HOUR)
    assert set(alone.presence("abcd")) == {"a", "c", "d"}


def test_counts_of_long_ago_are_forgotten_first(monkeypatch):
    monkeypatch.setattr(broker_module, "_LOCAL_KEYS", 2)
    alone = Broker(None)
    assert [alone.allow(key, 1, AGE) for key in "aab"] == [True, False, True]
    assert [alone.allow(key, 1, AGE) for key in "cba"] == [True, False, True]


def test_many_threads_may_be_heard_at_once(monkeypatch):
    monkeypatch.setattr(broker_module, "_LOCAL_KEYS", 5)
    alone = Broker(None)

    def mark(number):
        alone.mark_present(str(number % 17), NOON, HOUR)
        return alone.presence([str(number % 17)])

    with ThreadPoolExecutor(8) as pool:
        assert all(len(found) <= 1 for found in pool.map(mark, range(2000)))
