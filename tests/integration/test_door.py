"""The door: its own paths, and what it does before it hands a request to Flask."""

import asyncio

import pytest

from cbt.door import FLASK_THREADS, Door
from cbt.kernel.asgi import bodies
from tests.factories_door import Reply, ask, scope


@pytest.fixture
def door(rt):
    return Door(rt.settings, rt)


def echo(door, seen):
    """Let the pages behind the door be ones that keep what they are sent."""

    async def app(_scope, receive, send, **_rank):
        whole, more = b"", True
        while more:
            message = await receive()
            whole, more = whole + message["body"], message["more_body"]
        seen.append(whole)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    door._pages = app
    return door


def test_slow_senders_do_not_keep_pages_from_others(door):
    async def visit():
        slow = [
            asyncio.create_task(ask(door, "POST", "/staff/sign-in", [b"login=", ...])) for _ in range(FLASK_THREADS + 1)
        ]
        async with asyncio.timeout(10):
            reply = await ask(door, "GET", "/health/live")
        for each in slow:
            each.cancel()
        await asyncio.gather(*slow, return_exceptions=True)
        return reply

    assert asyncio.run(visit()).status == 200


@pytest.mark.parametrize("path", ["/staff/sign-in", "/delivery/entries"])
def test_a_body_that_does_not_come_in_time_is_refused(door, monkeypatch, path):
    monkeypatch.setattr(bodies, "SMALL_BODY_S", 0)
    reply = asyncio.run(ask(door, "POST", path, [b"login=", ...]))
    assert (reply.status, reply.code) == (408, "too-slow")


def test_a_large_body_has_more_time_than_a_small_one(door, monkeypatch):
    monkeypatch.setattr(bodies, "LARGE_BODY_S", 0)
    large = b"x" * (bodies.SMALL_BODY_BYTES + 1)
    reply = asyncio.run(ask(door, "POST", "/staff/sign-in", [large, ...]))
    assert (reply.status, reply.code) == (408, "too-slow")


@pytest.mark.parametrize("sizes", [(0,), (5, 0), (70_000, 70_000), (1024 * 1024, 1), (900_000, 900_000, 900_000)])
def test_a_page_gets_the_body_as_it_was_sent(door, sizes):
    sent = [bytes([65 + place]) * size for place, size in enumerate(sizes)]
    seen = []
    assert asyncio.run(ask(echo(door, seen), "POST", "/", sent)).status == 200
    assert seen == [b"".join(sent)]


def test_a_body_beyond_the_limit_is_refused_before_any_page_sees_it(door):
    seen = []
    echo(door, seen)._intake = bodies.Intake(10)
    reply = asyncio.run(ask(door, "POST", "/", [b"123456", b"78901", ...]))
    assert (reply.status, reply.code, seen) == (413, "too-large", [])


def test_only_so_many_large_bodies_come_in_at_once(door):
    seen = []
    large = b"x" * (bodies.SMALL_BODY_BYTES + 1)
    echo(door, seen)._intake = bodies.Intake(10 * len(large), large_at_once=1)

    async def visit():
        first = asyncio.create_task(ask(door, "POST", "/", [large, ...]))
        while door._intake._places:
            await asyncio.sleep(0)
        replies = [await ask(door, "POST", "/", [large]), await ask(door, "POST", "/", [b"small"])]
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        return [*replies, await ask(door, "POST", "/", [large])]

    second, small, third = asyncio.run(visit())
    assert (second.status, second.code) == (503, "too-many-uploads")
    assert (small.status, third.status) == (200, 200)


def test_a_request_that_breaks_off_is_no_fault(door):
    async def receive():
        return {"type": "http.disconnect"}

    reply = Reply()
    asyncio.run(door(scope("POST", "/staff/sign-in"), receive, reply.send))
    assert reply.status == 400


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("GET", "/delivery/entries", "POST"),
        ("POST", "/delivery/stream", "GET"),
        ("DELETE", "/proctor/rooms/018f/stream", "GET"),
    ],
)
def test_a_known_path_says_which_method_it_takes(door, method, path, allow):
    reply = asyncio.run(ask(door, method, path))
    assert (reply.status, reply.code, reply.headers["allow"]) == (405, "wrong-method", allow)


def test_a_web_socket_is_closed(door):
    sent = []

    async def receive():
        return {"type": "websocket.connect"}

    async def send(message):
        sent.append(message["type"])

    asyncio.run(door({"type": "websocket", "path": "/delivery/stream"}, receive, send))
    assert sent == ["websocket.close"]
