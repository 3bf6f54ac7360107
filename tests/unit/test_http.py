"""Requests and answers of the door: limits, bad input, one shape of refusal, and streams that end with their reader."""

import asyncio
import json
from contextlib import asynccontextmanager

import pytest

from cbt.kernel.asgi import bodies
from cbt.kernel.asgi.bodies import read_body
from cbt.kernel.asgi.http import (
    Answer,
    Call,
    NotJson,
    close_websocket,
    event,
    refusal,
    send_answer,
    send_events,
)
from cbt.kernel.errors import (
    Conflict,
    InvalidInput,
    SignInNeeded,
    TooLarge,
    TooSlow,
    Unavailable,
    WrongMethod,
)
from tests.factories_kernel import Reader

LIMIT = 1000
COMMON = [(b"x-content-type-options", b"nosniff")]


def call(body=b"", **headers):
    return Call(parameter="", headers={name.encode(): value for name, value in headers.items()}, body=body)


def part(body, *, more=False):
    return {"type": "http.request", "body": body, "more_body": more}


def body_of(*parts):
    async def read():
        return await read_body(Reader(*parts).receive, LIMIT)

    return asyncio.run(read())


# --- bodies --------------------------------------------------------------------------------------------------------


def test_a_body_is_put_together():
    assert body_of(part(b"ab", more=True), part(b"", more=True), part(b"c")) == b"abc"
    assert body_of({"type": "http.request"}) == b""


def test_a_body_may_be_as_long_as_the_limit():
    half = b"x" * (LIMIT // 2)
    assert len(body_of(part(half, more=True), part(half))) == LIMIT


@pytest.mark.parametrize("more", [True, False])
def test_a_longer_body_is_refused_before_it_is_read_to_its_end(more):
    reader = Reader(part(b"x" * LIMIT, more=True), part(b"x", more=more), part(b"never read"))

    async def read():
        with pytest.raises(TooLarge):
            await read_body(reader.receive, LIMIT)
        return await reader.receive()

    assert asyncio.run(read())["body"] == b"never read"


def test_a_body_that_is_cut_off_is_refused():
    with pytest.raises(InvalidInput, match="ended early"):
        body_of(part(b"{", more=True), {"type": "http.disconnect"})


def test_a_body_that_does_not_come_is_refused(monkeypatch):
    monkeypatch.setattr(bodies, "SMALL_BODY_S", 0.005)
    with pytest.raises(TooSlow):
        body_of(part(b"{", more=True))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"5",
        b"\xff\xfe{",
        b'{"a":NaN}',
        b'{"a":-Infinity}',
        b'{"a":%s}' % (b"1" * 5000),
        b"[" * 60_000,
    ],
    ids=lambda body: str(body[:12]),
)
def test_a_body_that_is_no_json_object_is_refused(body):
    with pytest.raises(NotJson) as refused:
        call(body).document()
    assert refused.value.code == "not-json"


def test_a_json_object_is_read():
    assert call('{"답":[1,null]}'.encode()).document() == {"답": [1, None]}


# --- headers -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("header", [b"Bearer abc.DEF", b"bearer abc.DEF", b"BEARER   abc.DEF "])
def test_a_bearer_token_is_found(header):
    assert call(authorization=header).bearer() == "abc.DEF"


@pytest.mark.parametrize("header", [b"", b"Bearer", b"Bearer ", b"Basic abc", b"abc", b"\xff\xfe"])
def test_without_a_bearer_token_there_is_none(header):
    assert call(authorization=header).bearer() == ""
    assert call().bearer() == ""


@pytest.mark.parametrize(
    "header",
    [
        b"staff=token",
        b"other=1; staff=token; more=2",
        b'staff="token"',
        b"a/b=1; staff=token",
        b'theme={"dark":true}; staff=token',
        b"=; ;; staff=token",
        b"name=\xea\xb0; staff=token",
        b"staff=token; staff=planted",
    ],
)
def test_a_cookie_is_found_whatever_else_is_set_on_this_host(header):
    assert call(cookie=header).cookie("staff") == "token"


@pytest.mark.parametrize("header", [b"", b"xstaff=1", b"staff", b"other=staff=1", b"STAFF=1"])
def test_without_the_cookie_there_is_none(header):
    assert call(cookie=header).cookie("staff") == ""
    assert call().cookie("staff") == ""


# --- answers -------------------------------------------------------------------------------------------------------


class Gap(Conflict):
    """Entries are missing."""

    code = "entry-gap"


def test_a_refusal_has_one_shape():
    answer = refusal(SignInNeeded(to="/"))
    assert (answer.status, answer.headers) == (401, [])
    assert answer.document == {"error": {"code": "sign-in-needed", "message": "The person must sign in first."}}


def test_a_refusal_may_say_which_number_comes_next():
    assert refusal(Gap(expected=7)).document == {
        "error": {"code": "entry-gap", "message": "Entries are missing."},
        "expected": 7,
    }


def test_who_finds_a_part_away_is_told_to_try_again():
    answer = refusal(Unavailable())
    assert (answer.status, answer.headers) == (503, [(b"retry-after", b"2")])


def test_a_wrong_method_is_told_the_right_ones():
    answer = refusal(WrongMethod(allow="GET, HEAD"))
    assert (answer.status, answer.headers) == (405, [(b"allow", b"GET, HEAD")])


def test_a_web_socket_is_closed():
    reader = Reader({"type": "websocket.connect"})
    asyncio.run(close_websocket(reader.receive, reader.send))
    assert reader.heard == [{"type": "websocket.close"}]


def test_an_answer_is_sent_with_its_length_and_the_common_headers():
    reader = Reader()
    answer = Answer(document={"답": "가"}, status=409, headers=[(b"retry-after", b"2")])
    asyncio.run(send_answer(reader.send, answer, COMMON))
    start, body = reader.heard
    assert start["status"] == 409
    assert body["body"] == '{"답":"가"}'.encode()
    assert dict(start["headers"]) == {
        b"content-type": b"application/json",
        b"content-length": str(len(body["body"])).encode(),
        b"retry-after": b"2",
        b"x-content-type-options": b"nosniff",
    }


def test_an_event_is_one_line_of_data_whatever_the_text_holds():
    written = event("status", {"words": "a\nb\r\n\u2028가"})
    name, data, *end = written.decode().split("\n")
    assert (name, end) == ("event: status", ["", ""])
    assert json.loads(data.removeprefix("data: ")) == {"words": "a\nb\r\n\u2028가"}


# --- event streams -------------------------------------------------------------------------------------------------


class Source:
    """Events that are released one by one; notes that it was closed."""

    def __init__(self, *chunks, ends=False):
        self.chunks, self.ends, self.closed = chunks, ends, False

    async def events(self):
        try:
            for chunk in self.chunks:
                yield chunk
            if not self.ends:
                await asyncio.Event().wait()
        finally:
            self.closed = True


@asynccontextmanager
async def sending(source, reader):
    task = asyncio.ensure_future(send_events(source.events(), reader.receive, reader.send, COMMON))
    yield task
    async with asyncio.timeout(5):
        await asyncio.gather(task, return_exceptions=True)
    assert source.closed
    assert asyncio.all_tasks() == {asyncio.current_task()}, "nothing is left running"


def test_events_are_sent_until_they_end():
    source, reader = Source(b"one", b"two", ends=True), Reader(part(b""))

    async def run():
        async with sending(source, reader):
            pass

    asyncio.run(run())
    start, *chunks = reader.heard
    assert start["status"] == 200
    assert (b"content-type", b"text/event-stream; charset=utf-8") in start["headers"]
    assert COMMON[0] in start["headers"]
    assert [(chunk["body"], chunk["more_body"]) for chunk in chunks] == [(b"one", True), (b"two", True), (b"", False)]


def test_a_stream_closes_when_its_reader_goes():
    source, reader = Source(b"one"), Reader(part(b""))

    async def run():
        async with sending(source, reader) as task:
            await reader.until(2)
            reader.go()
        assert task.exception() is None

    asyncio.run(run())
    assert [message.get("body") for message in reader.heard] == [None, b"one"]


def test_a_stream_closes_when_the_server_stops():
    source, reader = Source(b"one"), Reader()

    async def run():
        async with sending(source, reader) as task:
            await reader.until(2)
            task.cancel()
        assert task.cancelled()

    asyncio.run(run())


def test_a_stream_closes_when_sending_fails():
    class Broken(Reader):
        async def send(self, message):
            if message["type"] == "http.response.body":
                raise ConnectionResetError

    source, reader = Source(b"one"), Broken()

    async def run():
        async with sending(source, reader) as task:
            pass
        assert isinstance(task.exception(), ConnectionResetError)

    asyncio.run(run())


def test_a_fault_of_the_events_ends_the_stream():
    reader = Reader()

    class Faulty(Source):
        async def events(self):
            try:
                yield b"one"
                raise LookupError
            finally:
                self.closed = True

    async def run():
        async with sending(Faulty(), reader) as task:
            pass
        assert isinstance(task.exception(), LookupError)

    asyncio.run(run())
    assert [message.get("body") for message in reader.heard] == [None, b"one"]
