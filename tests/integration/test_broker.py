"""Hints on a real Valkey: two processes hear each other, and nothing waits for a dead server."""

import asyncio
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from threading import current_thread

import pytest

from cbt.cli.valkey import embedded_valkey
from cbt.kernel import broker as broker_module
from cbt.kernel.broker import REST_S, Broker
from tests.factories_kernel import ENOUGH_S, until

NOON = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
LATER = NOON + timedelta(seconds=30)
HOUR = timedelta(hours=1)
AGE = timedelta(days=20_000)  # a window that does not end while a test runs


class Valkey:
    """A server that can be killed, stopped and started again on the same socket."""

    def __init__(self, home):
        found = embedded_valkey(home)
        if found is None:
            pytest.skip("no Valkey for this machine")
        self._part, self.url = found
        self._process = None

    def start(self):
        self._process = subprocess.Popen(self._part.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with closing(Broker(self.url)) as probe:
            until(probe.reachable)

    def kill(self):
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(ENOUGH_S)

    @contextmanager
    def stopped(self):
        """The server takes connections, as its machine does that for it, but answers nothing."""
        self._process.send_signal(signal.SIGSTOP)
        yield
        self._process.send_signal(signal.SIGCONT)


@contextmanager
def closing(broker):
    yield broker
    if broker._redis is not None:
        broker._redis.close()


@pytest.fixture
def valkey(home):
    made = Valkey(home)
    made.start()
    yield made
    made.kill()


@pytest.fixture
def one(valkey):
    with closing(Broker(valkey.url)) as made:
        yield made


@pytest.fixture
def other(valkey):
    with closing(Broker(valkey.url)) as made:
        yield made


@pytest.fixture
def short_rest(monkeypatch):
    """Dead servers are tried again at once."""
    monkeypatch.setattr(broker_module, "REST_S", 0.005)


def subscribed(broker):
    return broker._redis.pubsub_numsub(broker_module.CHANNEL)[0][1]


@asynccontextmanager
async def listening(broker, by):
    """Hints to `broker` as a queue, once the server knows that it listens; `by` asks the server."""
    heard = asyncio.Queue()

    async def listen():
        async with aclosing(broker.listen()) as hints:
            async for hint in hints:
                heard.put_nowait(hint)

    task = asyncio.ensure_future(listen())
    async with asyncio.timeout(ENOUGH_S):
        while not subscribed(by):
            await asyncio.sleep(0.002)
        yield heard
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


CALLS = {
    "publish": lambda broker: broker.publish("room", "1"),
    "mark": lambda broker: broker.mark_present("a", NOON, HOUR),
    "presence": lambda broker: broker.presence(["a"]),
    "allow": lambda broker: broker.allow("key", 1_000_000, AGE),
    "spent": lambda broker: broker.spent("key", 1_000_000, AGE),
    "reachable": lambda broker: broker.reachable(),
}


# --- two processes -------------------------------------------------------------------------------------------------


def test_hints_reach_the_other_process_whole_and_in_order(one, other):
    async def run():
        async with listening(other, one) as heard:
            one.publish("room:1", "seat 17 한글")
            one.publish("room:2", "")
            return [await heard.get(), await heard.get()]

    assert asyncio.run(run()) == [("room:1", "seat 17 한글"), ("room:2", "")]


def test_what_cannot_be_read_is_skipped_and_the_next_hint_heard(one, other):
    async def run():
        async with listening(other, one) as heard:
            for payload in (
                b"\xff",
                b"{",
                b"7",
                b"[1]",
                b'["x", 5]',
                b'["x", [[1, 2], ["a"]]]',
                b'["x", [[["a"], "b"]]]',
            ):
                one._redis.publish(broker_module.CHANNEL, payload)
            one.publish("room", "1")
            return await heard.get()

    assert asyncio.run(run()) == ("room", "1")


def test_hints_of_this_process_are_heard_near_as_well(one):
    near = []
    one.on_publish(lambda *hint: near.append(hint))
    one.publish("room", "1")
    assert near == [("room", "1")]


def test_presence_is_known_to_the_other_process(one, other):
    one.mark_present("a", NOON + timedelta(microseconds=1), HOUR)
    assert other.presence(["a", "b"]) == {"a": NOON + timedelta(microseconds=1)}
    assert other.presence(iter(["a"])) == {"a": NOON + timedelta(microseconds=1)}
    assert other.presence([]) == {}


def test_presence_is_forgotten_after_its_time(one, other):
    one.mark_present("long", NOON, HOUR)
    one.mark_present("short", NOON, timedelta(milliseconds=200))
    until(lambda: set(other.presence(["long", "short"])) == {"long"})
    until(lambda: set(one.presence(["long", "short"])) == {"long"})


def test_the_later_news_of_presence_wins(one, other):
    one.mark_present("a", NOON, HOUR)
    other._rest()  # what it hears now stays in its own process
    other.mark_present("a", LATER, HOUR)
    other._rest_until = 0.0
    assert other.presence(["a"]) == {"a": LATER}
    one.mark_present("a", LATER + HOUR, HOUR)
    assert other.presence(["a"]) == {"a": LATER + HOUR}


def test_a_limit_holds_over_two_processes(one, other):
    allowed = [broker.allow("sign-in:1", 3, AGE) for broker in (one, other, one, other, one)]
    assert allowed == [True, True, True, False, False]
    assert other.allow("sign-in:2", 3, AGE), "another key has a limit of its own"


def test_a_limit_that_another_process_has_spent_is_told(one, other):
    assert not other.spent("key", 2, AGE)
    assert [one.allow("key", 2, AGE) for _ in range(2)] == [True, True]
    assert other.spent("key", 2, AGE)
    assert [other._redis.get(name) for name in other._redis.keys("cbt:limit:*")] == [b"2"], "asking counts nothing"


def test_a_limit_ends_with_its_window(one):
    moment = timedelta(milliseconds=50)
    assert one.allow("key", 1, moment)
    until(lambda: one.allow("key", 1, moment))


def test_a_limit_holds_in_one_process_when_the_server_forgets(one):
    assert [one.allow("key", 2, AGE) for _ in range(3)] == [True, True, False]
    one._redis.flushall()
    assert one.allow("key", 2, AGE) is False


def test_many_threads_do_not_get_past_a_limit(one):
    with ThreadPoolExecutor(8) as pool:
        allowed = list(pool.map(lambda _: one.allow("key", 20, AGE), range(60)))
    assert 0 < allowed.count(True) <= 20
    assert not one.allow("key", 20, AGE)


# --- a server that dies --------------------------------------------------------------------------------------------


def test_every_call_gives_up_on_a_server_that_is_silent(valkey, one):
    assert one.reachable()
    with valkey.stopped(), closing(Broker(valkey.url)) as stranger:
        for broker in (one, stranger):
            for name, call in CALLS.items():
                broker._rest_until = 0.0
                call(broker)
                assert (broker._rest_until > 0) is (name != "reachable"), name
            assert not broker.reachable()


def test_a_silent_server_is_left_alone_for_a_while(valkey, one):
    with valkey.stopped():
        one.publish("room", "1")
        assert one._server() is None
        for _ in range(1000):  # a wait for each would outlast every limit of a test
            one.mark_present("a", NOON, HOUR)
    assert one._rest_until - time.monotonic() <= REST_S


@pytest.mark.usefixtures("short_rest")
def test_a_server_that_is_killed_in_the_middle_disturbs_no_call(valkey, one, other):
    calls = [*CALLS.values()] * 60
    with ThreadPoolExecutor(4) as pool:
        running = [pool.submit(call, broker) for call in calls for broker in (one, other)]
        until(running[20].done)
        valkey.kill()
        for each in running:
            each.result(ENOUGH_S)
    assert not one.reachable()
    assert one.presence(["a"]) == {"a": NOON}, "what this process heard it knows"


@pytest.mark.usefixtures("short_rest")
def test_everything_works_again_after_a_restart(valkey, one, other):
    async def run():
        async with listening(other, one) as heard:
            valkey.kill()
            one.publish("room", "lost")
            valkey.start()
            until(lambda: one._server() is not None)
            while heard.empty():  # a hint may be lost while the line is made anew
                one.publish("room", "heard")
                await asyncio.sleep(0.02)
            return await heard.get()

    assert asyncio.run(run()) == ("room", "heard")
    one.mark_present("a", NOON, HOUR)
    assert other.presence(["a"]) == {"a": NOON}
    assert [one.allow("key", 1, AGE), other.allow("key", 1, AGE)] == [True, False]


def test_a_limit_is_not_reset_by_losing_the_server(valkey, one):
    assert [one.allow("key", 2, AGE) for _ in range(2)] == [True, True]
    valkey.kill()
    assert [one.allow("key", 2, AGE) for _ in range(2)] == [False, False]


# --- news that nobody waits for --------------------------------------------------------------------------------------


def test_news_that_is_posted_later_arrives_in_order_and_of_each_key_the_last(one, other):
    one.post_later()

    async def run():
        async with listening(other, one) as heard:
            one.mark_present("a", NOON, HOUR)
            one.mark_present("a", LATER, HOUR)
            one.publish("room:1", "seat 17 한글")
            one.publish("room:2", "")
            return [await heard.get(), await heard.get()]

    assert asyncio.run(run()) == [("room:1", "seat 17 한글"), ("room:2", "")]
    assert other.presence(["a"]) == {"a": LATER}


def test_what_is_not_sent_yet_is_sent_at_the_end(one, other):
    one.post_later()
    one.mark_present("a", NOON, HOUR)
    one.close()
    assert other.presence(["a"]) == {"a": NOON}


def test_hints_that_were_heard_near_do_not_come_back_from_the_server(one, other):
    near = []
    one.on_publish(lambda *hint: near.append(hint))

    async def run():
        async with listening(one, other) as heard:
            one.publish("room", "own")
            other.publish("room", "other's")
            return await heard.get()

    assert asyncio.run(run()) == ("room", "other's")
    assert near == [("room", "own")]


def test_news_that_is_posted_later_is_sent_by_no_thread_that_publishes(one, monkeypatch):
    senders, send = [], one._send

    def told(news):
        senders.append(current_thread().name)
        send(news)

    monkeypatch.setattr(one, "_send", told)
    one.post_later()
    for name in ("publish", "mark"):
        CALLS[name](one)
    one.close()
    assert set(senders) == {"broker"}
