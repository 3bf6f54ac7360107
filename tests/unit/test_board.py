"""The board reads for many streams at once, tells them only what is new, and outlasts readings that fail."""

import asyncio
from contextlib import ExitStack

import pytest

from cbt.kernel.asgi import board as boards
from cbt.kernel.asgi.board import Board
from cbt.kernel.asgi.hub import Bell, Hub
from cbt.kernel.asgi.pool import Pool
from cbt.kernel.broker import Broker
from cbt.kernel.errors import Unavailable

LONG_S = 20.0  # longer than any test; a wait that takes it is a failure


class Source:
    """What is read: a value for each key, or a failure."""

    def __init__(self, **values):
        self.values = values
        self.asked = []
        self.away = False

    def read(self, heard):
        self.asked.append({key: set(messages) for key, messages in heard.items()})
        if self.away:
            raise Unavailable
        return {key: self.values[key] for key in heard if key in self.values}


def run(test, source, *, reread_s=LONG_S):
    """Run `test(hub, board)` with a board that reads `source`."""

    async def go():
        hub, pool = Hub(Broker(None)), Pool("test", 1)
        board = Board(hub, pool, topic_of=lambda key: f"t:{key}", read=source.read, gap_s=0, reread_s=reread_s)
        try:
            async with asyncio.timeout(LONG_S):
                return await test(hub, board)
        finally:
            board.close()
            pool.close()

    return asyncio.run(go())


def test_many_streams_of_many_keys_cost_one_reading():
    source = Source(a=1, b=2)

    async def test(_hub, board):
        with ExitStack() as watching:
            bells = [Bell() for _ in range(6)]
            keys = ["a", "b"] * 3
            watched = [watching.enter_context(board.watching(*pair)) for pair in zip(keys, bells, strict=True)]
            assert all([await bell.wait(LONG_S) for bell in bells])
            return [each.value for each in watched]

    assert run(test, source) == [1, 2] * 3
    assert source.asked == [{"a": set(), "b": set()}]


def test_a_hint_leads_to_a_reading_of_its_key_that_knows_what_was_heard():
    source = Source(a=1, b=2)

    async def test(hub, board):
        bell, other = Bell(), Bell()
        with board.watching("a", bell) as watched, board.watching("b", other):
            await bell.wait(LONG_S)
            await other.wait(LONG_S)
            source.values["a"] = 3
            hub.tell("t:a", "x")
            hub.tell("t:a", "y")
            await bell.wait(LONG_S)
            return watched.value, await other.wait(0)

    assert run(test, source) == (3, False)
    assert source.asked[1:] == [{"a": {"x", "y"}}]


def test_what_has_not_changed_wakes_nobody():
    source = Source(a=1)

    async def test(hub, board):
        bell = Bell()
        with board.watching("a", bell):
            await bell.wait(LONG_S)
            hub.tell("t:a", "1")
            while len(source.asked) < 2:
                await asyncio.sleep(0)
            return await bell.wait(0.01)

    assert run(test, source) is False


def test_without_any_hint_everything_is_read_again():
    source = Source(a=1)

    async def test(_hub, board):
        bell = Bell()
        with board.watching("a", bell) as watched:
            await bell.wait(LONG_S)
            source.values["a"] = 2
            await bell.wait(LONG_S)
            return watched.value

    assert run(test, source, reread_s=0.01) == 2


def test_a_hint_that_could_not_be_followed_is_followed_later(monkeypatch):
    monkeypatch.setattr(boards, "REST_S", 0)
    source = Source(a=1)

    async def test(hub, board):
        bell = Bell()
        with board.watching("a", bell) as watched:
            await bell.wait(LONG_S)
            source.away, source.values["a"] = True, 2
            hub.tell("t:a", "x")
            await bell.wait(LONG_S)
            told = watched.away, watched.value
            source.away = False
            while watched.away:
                await bell.wait(LONG_S)
            return told, watched.value

    assert run(test, source) == ((True, 1), 2)
    assert source.asked[-1] == {"a": {"x"}}


def test_who_has_gone_is_not_read_for_any_more():
    source = Source(a=1)

    async def test(hub, board):
        bell = Bell()
        with board.watching("a", bell), board.watching("a", Bell()):
            await bell.wait(LONG_S)
        hub.tell("t:a", "x")
        return dict(board._watched), dict(hub._hearers)

    assert run(test, source) == ({}, {})
    assert len(source.asked) == 1


@pytest.mark.parametrize("most", [1, 2, 5])
def test_a_reading_has_a_greatest_size_and_nobody_is_left_out(monkeypatch, most):
    monkeypatch.setattr(boards, "LARGEST_READING", most)
    keys = [f"k{number}" for number in range(7)]
    source = Source(**dict.fromkeys(keys, 1))

    async def test(_hub, board):
        with ExitStack() as watching:
            bells = [Bell() for _ in keys]
            for key, bell in zip(keys, bells, strict=True):
                watching.enter_context(board.watching(key, bell))
            return [await bell.wait(LONG_S) for bell in bells]

    assert all(run(test, source))
    assert max(map(len, source.asked)) == most
