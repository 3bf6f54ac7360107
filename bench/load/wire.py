"""A cheap HTTP/1.1 client for load: one kept connection, prepared bytes out, the body in; nothing else."""

import asyncio
from typing import Final, cast

_END: Final = b"\r\n\r\n"
_LENGTH: Final = b"content-length: "


class Line(asyncio.Protocol):
    """One connection; one request at a time."""

    def __init__(self) -> None:
        self._held = b""
        self._needed = 0
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way out."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's own, which is registered as none

    def ask(self, request: bytes) -> "asyncio.Future[tuple[int, bytes]]":
        """Send a whole request; the future gives status and body, or ConnectionError."""
        answer: asyncio.Future[tuple[int, bytes]] = asyncio.get_running_loop().create_future()
        self._answer = answer
        if self._transport is None or self._transport.is_closing():
            answer.set_exception(ConnectionError("closed"))
        else:
            self._transport.write(request)
        return answer

    def data_received(self, data: bytes) -> None:
        """Collect one answer."""
        held = self._held = self._held + data if self._held else data
        if not self._needed:
            head = held.find(_END)
            if head < 0:
                return
            self._needed = head + len(_END) + _length(held[:head])
        if len(held) < self._needed:
            return
        body = held[held.index(_END) + len(_END) : self._needed]
        self._held, self._needed = held[self._needed :], 0
        if self._answer is not None and not self._answer.done():
            self._answer.set_result((int(held[9:12]), body))

    def connection_lost(self, _exc: Exception | None) -> None:
        """Tell whoever waits."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(ConnectionError("lost"))

    def close(self) -> None:
        """Close the connection."""
        if self._transport is not None:
            self._transport.close()


def _length(head: bytes) -> int:
    at = head.lower().find(_LENGTH)
    if at < 0:
        raise ValueError("an answer without a length")
    end = head.find(b"\r\n", at)
    return int(head[at + len(_LENGTH) : end if end >= 0 else None])


async def connect(port: int) -> Line:
    """Return a connection to this machine's server."""
    loop = asyncio.get_running_loop()
    _, line = await loop.create_connection(Line, "127.0.0.1", port)
    return line


def post(path: str, token: str, body: bytes) -> bytes:
    """Return the bytes of a request as a browser's fetch() would send them, but for what the server never reads."""
    return (
        f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {token}\r\n"
        f"content-type: application/json\r\naccept: */*\r\naccept-language: ko\r\n"
        f"user-agent: Mozilla/5.0 (X11; Linux x86_64) bench\r\ncontent-length: {len(body)}\r\n\r\n"
    ).encode() + body


def get(path: str, token: str) -> bytes:
    """Return the bytes of a request without a body."""
    return (
        f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {token}\r\n"
        "accept: text/event-stream\r\nuser-agent: Mozilla/5.0 (X11; Linux x86_64) bench\r\n\r\n"
    ).encode()
