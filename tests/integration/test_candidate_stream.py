"""The stream that every running page holds: news at once, and an end when there is nothing more to tell."""

import asyncio
import json
from contextlib import AsyncExitStack, aclosing
from uuid import UUID

import pytest

from cbt.delivery import stream as streams
from cbt.delivery.core.token import TokenInvalid, make_token
from cbt.delivery.services.orders import pause_in
from cbt.delivery.services.reading import read_attempts
from cbt.delivery.services.seating import TOKEN_PURPOSE
from cbt.delivery.services.writing import attempt_topic
from cbt.delivery.stream import DeliveryDoor
from cbt.kernel.asgi import board
from cbt.kernel.asgi.http import Call
from cbt.kernel.asgi.hub import Hub
from cbt.kernel.asgi.places import Places, TooManyStreams
from cbt.kernel.runtime import DatabaseUnavailable
from tests.factories_exam import make_world, sit_down

OVER = "over"


@pytest.fixture
def page(rt):
    return sit_down(make_world(rt))


@pytest.fixture
def hub(rt):
    return Hub(rt.broker)


@pytest.fixture
def faults():
    """What the next readings fail with; filled before the stream is opened."""
    return []


@pytest.fixture
def door(rt, hub, faults, monkeypatch):
    def read(rt, attempt_ids):
        if faults and (fault := faults.pop(0)) is not None:
            raise fault
        return read_attempts(rt, attempt_ids)

    monkeypatch.setattr(streams, "read_attempts", read)
    monkeypatch.setattr(streams, "STREAM_REREAD_S", 0.2)
    monkeypatch.setattr(board, "REST_S", 0.01)
    door = DeliveryDoor(rt, hub)
    yield door
    door.close()


def open_stream(door, page):
    facts, key = page.facts, page.rt.keys.derive(TOKEN_PURPOSE)
    token = make_token(key, attempt_id=facts.attempt_id, lease=facts.lease, expires_at=facts.expires_at)
    return door.stream(Call(parameter="", headers={b"authorization": f"Bearer {token}".encode()}, body=b""))


async def read(events):
    """The state that the next event tells, the words of a comment, or OVER."""
    async with asyncio.timeout(10):
        chunk = (await anext(events, b"")).decode()
    if not chunk:
        return OVER
    return chunk.strip() if chunk.startswith(":") else json.loads(chunk.partition("data: ")[2])["state"]


def states(door, hub, page, *acts):
    """What the stream tells at first, and after each act."""

    async def follow():
        async with aclosing(await open_stream(door, page)) as events:
            told = [await read(events)]
            for act in acts:
                await asyncio.to_thread(act)
                hub.tell(attempt_topic(page.facts.attempt_id), "1")
                told.append(await read(events))
            return told

    return asyncio.run(follow())


def test_the_stream_ends_with_the_exam(door, hub, page):
    def hand_in():
        page.send({"kind": "submitted"})

    assert states(door, hub, page, hand_in, lambda: None) == ["running", "submitted", OVER]


def test_the_stream_ends_when_the_tokens_time_is_over(door, hub, page, clock):
    assert states(door, hub, page, lambda: clock.advance(page.facts.expires_at - clock.now())) == ["running", OVER]
    with pytest.raises(TokenInvalid):
        states(door, hub, page)


def test_the_stream_outlasts_a_database_that_is_away(door, hub, page, faults):
    def hand_in():
        page.send({"kind": "submitted"})

    faults += [None, DatabaseUnavailable()]
    assert states(door, hub, page, lambda: None, hand_in) == ["running", ": the database is away", "submitted"]


def test_what_the_page_sent_itself_it_is_not_told_again(door, hub, page, rt):
    def answer_and_be_paused():
        page.send(page.answer(1))
        with rt.transaction() as tx:
            pause_in(tx, rt.clock.now(), page.facts.attempt_id, reason="fire alarm", by=UUID(int=1))

    assert states(door, hub, page, answer_and_be_paused) == ["running", "paused"]


def test_a_page_hears_a_sign_of_life_however_often_it_saves(door, hub, page, monkeypatch):
    monkeypatch.setattr(streams, "STREAM_REREAD_S", 60)  # every wait ends with the bell
    monkeypatch.setattr(streams, "STREAM_COMMENT_S", 1e-9)
    assert states(door, hub, page, lambda: page.send(page.answer(1))) == ["running", ": still here"]


def test_a_page_is_there_from_the_first_moment_of_its_stream(door, hub, page, rt):
    topic = attempt_topic(page.facts.attempt_id)
    assert rt.broker.presence([topic]) == {}
    states(door, hub, page)
    assert rt.broker.presence([topic]) == {topic: rt.clock.now()}


def test_an_attempt_has_two_streams_and_the_oldest_ends(door, page):
    async def follow():
        async with AsyncExitStack() as opened:
            told = []
            for _ in range(3):
                events = await opened.enter_async_context(aclosing(await open_stream(door, page)))
                assert await read(events) == "running"
                told.append(events)
            return await read(told[0]), door._places._held[attempt_topic(page.facts.attempt_id)]

    first, held = asyncio.run(follow())
    assert first == OVER
    assert not held  # and all have left


def test_a_full_server_sends_further_pages_away(door, page):
    door._places = Places(per_key=2, in_all=1)

    async def follow():
        async with aclosing(await open_stream(door, page)) as events:
            await read(events)
            with pytest.raises(TooManyStreams):
                await open_stream(door, page)

    asyncio.run(follow())
