"""When more pages are asked for than can be made: the exam goes first, the rest waits or comes again by itself."""

import asyncio
import re
from contextlib import contextmanager
from threading import Event

import pytest

from cbt.door import FLASK_THREADS, Door, Rank, rank_of
from cbt.kernel.asgi.gate import Gate
from tests.factories_door import ask, body, scope

PAGE = (b"accept", b"text/html,application/xhtml+xml")
CANDIDATE, STAFF = (b"cookie", b"candidate=x"), (b"cookie", b"staff=x; language=en")
STAND_STILL = "/staff/sign-in"


@contextmanager
def busy(door, *, most_waiting=100, patience_s=20.0):
    """The door with all its threads at work on pages that take for ever, until the event is set."""
    go, order = Event(), []
    flask = door._pages._app

    def app(environ, start_response):
        if environ["PATH_INFO"] == STAND_STILL:
            go.wait(30)
        else:
            order.append(environ["PATH_INFO"])
        return flask(environ, start_response)

    door._pages._app = app
    ranks = [rank.name for rank in Rank]
    door._pages._gate = Gate(at_once=FLASK_THREADS, ranks=ranks, most_waiting=most_waiting, patience_s=patience_s)
    try:
        yield go, order
    finally:
        go.set()


@pytest.fixture
def door(rt):
    return Door(rt.settings, rt)


def visit(door, path, *headers, method="GET"):
    return asyncio.create_task(ask(door, method, path, headers=headers))


async def occupied(door):
    tasks = [visit(door, STAND_STILL) for _ in range(FLASK_THREADS)]
    while door._pages._gate._free:
        await asyncio.sleep(0.001)
    return tasks


@pytest.mark.parametrize(
    ("path", "cookie", "rank"),
    [
        ("/delivery/state", CANDIDATE, Rank.RUNNING),
        ("/exam/paper", CANDIDATE, Rank.RUNNING),
        ("/health/live", PAGE, Rank.RUNNING),
        ("/delivery/seat", CANDIDATE, Rank.START),
        ("/delivery/sealed/assets/00", CANDIDATE, Rank.START),
        ("/static/exam.css", PAGE, Rank.START),
        ("/proctor/rooms/1", STAFF, Rank.ROOM),
        ("/admin/results", STAFF, Rank.STAFF),
        ("/admin/results", CANDIDATE, Rank.STRANGER),
        ("/delivery/state", STAFF, Rank.STAFF),
        ("/exam/paper", PAGE, Rank.STRANGER),
        ("/", CANDIDATE, Rank.STRANGER),
        ("/staff/sign-in", PAGE, Rank.STRANGER),
    ],
)
def test_who_goes_before_whom(rt, path, cookie, rank):
    assert rank_of(rt.settings, scope("GET", path, headers=[cookie])) is rank


def test_whoever_sits_at_an_exam_goes_before_whoever_came_earlier(door):
    async def run():
        with busy(door) as (go, order):
            standing = await occupied(door)
            paths = [("/", PAGE), ("/admin/", STAFF), ("/proctor/", STAFF), ("/exam/wait", CANDIDATE)]
            waiting = [visit(door, *one) for one in [*paths, ("/delivery/state", CANDIDATE)]]
            while door._pages._gate.waiting < len(waiting):
                await asyncio.sleep(0.001)
            go.set()
            replies = await asyncio.gather(*waiting)
            await asyncio.gather(*standing)
        assert sorted(order[:2]) == sorted(["/delivery/state", "/exam/wait"])
        assert order[-1] == "/"
        assert all(reply.status < 500 for reply in replies)

    asyncio.run(run())


def test_the_clock_and_saves_wait_for_no_page(door):
    async def run():
        with busy(door, most_waiting=1) as (_go, _order):
            standing = await occupied(door)
            reply = await ask(door, "GET", "/delivery/clock")
            refused = await ask(door, "POST", "/delivery/entries", [b"{}"])
            assert (reply.status, refused.status) == (200, 401)
        await asyncio.gather(*standing)

    asyncio.run(run())


@pytest.mark.parametrize(
    ("language", "words"), [(b"ko-KR,ko;q=0.9", "잠시만 기다려 주세요"), (b"en-GB,en;q=0.8", "One moment, please")]
)
def test_whoever_is_turned_away_gets_a_calm_page_that_comes_again_by_itself(door, language, words):
    async def run():
        with busy(door, most_waiting=0):
            standing = await occupied(door)
            reply = await ask(door, "GET", "/verify", headers=[PAGE, (b"accept-language", language)])
        await asyncio.gather(*standing)
        return reply

    reply = asyncio.run(run())
    assert reply.status == 503
    assert words in reply.body.decode()
    assert re.fullmatch("[2-6]", reply.headers["retry-after"])
    assert reply.headers["refresh"] == reply.headers["retry-after"]
    assert reply.headers["cache-control"] == "no-store"
    assert "content-security-policy" in reply.headers
    assert b"csrf" not in reply.body


def test_a_form_that_was_turned_away_leads_back_to_its_page(door):
    async def run(referer):
        with busy(door, most_waiting=0):
            standing = await occupied(door)
            reply = await ask(door, "POST", "/exam/start", headers=[PAGE, (b"referer", referer)])
        await asyncio.gather(*standing)
        return reply.headers["refresh"].partition("; ")[2]

    assert asyncio.run(run(b"http://127.0.0.1:8000/exam/wait?x=1")) == "url=/exam/wait?x=1"


def test_a_program_that_is_turned_away_is_told_when_to_come_again(door):
    async def run():
        with busy(door, most_waiting=0):
            standing = await occupied(door)
            reply = await ask(door, "GET", "/delivery/state", headers=[(b"accept", b"application/json")])
        await asyncio.gather(*standing)
        return reply

    reply = asyncio.run(run())
    assert (reply.status, reply.code) == (503, "crowded")
    assert int(reply.headers["retry-after"]) >= 2


def test_whoever_waited_too_long_is_asked_to_come_again(door):
    async def run():
        with busy(door, patience_s=0.01):
            standing = await occupied(door)
            reply = await ask(door, "GET", "/verify", headers=[PAGE])
        await asyncio.gather(*standing)
        return reply

    assert asyncio.run(run()).status == 503


def test_a_reader_who_is_slow_holds_no_place(door):
    """The page is made, its reader takes it when it likes; others are served meanwhile."""

    async def run():
        read_on = asyncio.Event()

        async def slow(_message):
            await read_on.wait()

        readers = [asyncio.create_task(door(scope("GET", "/verify"), body(), slow)) for _ in range(2 * FLASK_THREADS)]
        async with asyncio.timeout(10):
            reply = await ask(door, "GET", "/verify")
        assert reply.status == 200
        read_on.set()
        await asyncio.gather(*readers)

    asyncio.run(run())


def test_a_fault_in_a_page_gives_its_place_back(door):
    async def run():
        def broken(_environ, _start_response):
            raise RuntimeError("broken")

        whole, door._pages._app = door._pages._app, broken
        for _ in range(3 * FLASK_THREADS):
            with pytest.raises(RuntimeError):
                await ask(door, "GET", "/verify")
        door._pages._app = whole
        assert (await ask(door, "GET", "/verify")).status == 200

    asyncio.run(run())
