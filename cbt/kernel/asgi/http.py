"""Requests and answers of the door: JSON in and out, event streams, one shape for every refusal."""

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from werkzeug.sansio.http import parse_cookie

from cbt.kernel.canonical import refuse_constant
from cbt.kernel.errors import CbtError, InvalidInput, Unavailable, WrongMethod, status_of
from cbt.kernel.web.refusals import RETRY_AFTER_S, error_document

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Headers: TypeAlias = list[tuple[bytes, bytes]]
Events: TypeAlias = AsyncGenerator[bytes, None]

_JSON: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_JSON_TYPE: Final = (b"content-type", b"application/json")
EVENT_STREAM: Final[Headers] = [(b"content-type", b"text/event-stream; charset=utf-8"), (b"x-accel-buffering", b"no")]
_DECODER: Final = json.JSONDecoder(parse_constant=refuse_constant)


class NotJson(InvalidInput):
    """The body is not a JSON object."""

    code = "not-json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request at the door: its path's parameter, its headers and its whole body."""

    parameter: str
    headers: Mapping[bytes, bytes]
    body: bytes

    def bearer(self) -> str:
        """Return the bearer token, or an empty text."""
        kind, _, token = self.headers.get(b"authorization", b"").decode("latin-1").partition(" ")
        return token.strip() if kind.lower() == "bearer" else ""

    def cookie(self, name: str) -> str:
        """Return the cookie `name`, or an empty text.

        Read as Flask reads it: whatever another program on this host has set must not hide ours.
        """
        return parse_cookie(self.headers.get(b"cookie", b"").decode("latin-1")).get(name, "")

    def document(self) -> dict[str, Any]:
        """Return the body as a JSON object; raises NotJson."""
        try:
            found = _DECODER.decode(self.body.decode())
        except (ValueError, RecursionError) as error:
            raise NotJson from error
        if not isinstance(found, dict):
            raise NotJson
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One JSON answer."""

    document: Mapping[str, Any]
    status: int = 200
    headers: Headers = field(default_factory=list)


Handler: TypeAlias = Callable[[Call], Awaitable[Answer | Events]]


def refusal(error: CbtError) -> Answer:
    """Return the answer to a refused call; `expected` tells the browser which number comes next."""
    document: dict[str, Any] = error_document(error.code, error.message)
    if "expected" in error.ids:
        document["expected"] = error.ids["expected"]
    headers: Headers = []
    if isinstance(error, Unavailable):
        headers.append((b"retry-after", str(RETRY_AFTER_S).encode()))
    if isinstance(error, WrongMethod):
        headers.append((b"allow", f"{error.ids['allow']}".encode()))
    return Answer(document=document, status=status_of(error), headers=headers)


async def close_websocket(receive: Receive, send: Send) -> None:
    """Refuse a web socket: nothing here speaks it."""
    await receive()
    await send({"type": "websocket.close"})


async def send_answer(send: Send, answer: Answer, headers: Headers) -> None:
    """Send `answer` with the common `headers`."""
    body = _JSON.encode(answer.document).encode()
    own = [_JSON_TYPE, (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": answer.status, "headers": [*own, *answer.headers, *headers]})
    await send({"type": "http.response.body", "body": body})


async def send_events(events: Events, receive: Receive, send: Send, headers: Headers) -> None:
    """Send `events` as they come until the reader goes away or they end; closes them either way."""
    await send({"type": "http.response.start", "status": 200, "headers": [*EVENT_STREAM, *headers]})
    gone = asyncio.ensure_future(_until_gone(receive))
    running: list[asyncio.Future[Any]] = [gone]
    try:
        while not gone.done():
            chunk = asyncio.ensure_future(anext(events, None))
            running[1:] = [chunk]
            await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            if not chunk.done():
                return
            body = chunk.result()
            await send({"type": "http.response.body", "body": body or b"", "more_body": body is not None})
            if body is None:
                return
    finally:
        for each in running:
            each.cancel()
        await asyncio.gather(*running, return_exceptions=True)  # events that still run cannot be closed
        await events.aclose()


def event(name: str, document: Mapping[str, Any]) -> bytes:
    """Return one server-sent event."""
    return f"event: {name}\ndata: {_JSON.encode(document)}\n\n".encode()


def comment(words: str) -> bytes:
    """Return a line that readers skip: a sign of life."""
    return f": {words}\n\n".encode()


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue
