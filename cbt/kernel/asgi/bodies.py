"""Request bodies, read on the event loop before anybody works on them: bounded in size, in time and in memory.

A thread that waits for a slow sender serves nobody; here a slow sender costs a coroutine, and that until its deadline.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from tempfile import SpooledTemporaryFile
from typing import Final

from cbt.kernel.asgi.http import Receive
from cbt.kernel.errors import InvalidInput, TooLarge, TooSlow, Unavailable

LARGEST_BODY_BYTES: Final = 64 * 1024  # on the door's own paths
SMALL_BODY_BYTES: Final = 1024 * 1024  # up to here a body stays in memory
SMALL_BODY_S: Final = 30.0
LARGE_BODY_S: Final = 120.0
LARGE_AT_ONCE: Final = 8  # more would let strangers fill the disk
_CHUNK_BYTES: Final = 64 * 1024


class TooManyUploads(Unavailable):
    """Too many files are coming in at once; try again in a moment."""

    code = "too-many-uploads"


async def read_body(receive: Receive, limit_bytes: int = LARGEST_BODY_BYTES) -> bytes:
    """Return the whole body; raises TooLarge, TooSlow, and InvalidInput when it was cut off."""
    body, more = b"", True
    began = asyncio.get_running_loop().time()
    while more:
        chunk, more = await _next_chunk(receive, began + SMALL_BODY_S)
        body = body + chunk if body else chunk
        if len(body) > limit_bytes:
            raise TooLarge
    return body


class Intake:
    """Takes in whole bodies for those who must not wait for them; the large ones lie in temporary files."""

    def __init__(self, limit_bytes: int, *, large_at_once: int = LARGE_AT_ONCE) -> None:
        self._limit_bytes = limit_bytes
        self._places = large_at_once

    @asynccontextmanager
    async def whole(self, receive: Receive) -> AsyncIterator[Receive]:
        """Read the body and give a `receive` that tells it again without waiting.

        Raises what `read_body` raises, and TooManyUploads.
        """
        size = 0
        with SpooledTemporaryFile(max_size=SMALL_BODY_BYTES) as file:
            try:
                async for chunk in _chunks(receive, self._limit_bytes):
                    before, size = size, size + len(chunk)
                    if size <= SMALL_BODY_BYTES:
                        file.write(chunk)
                        continue
                    if before <= SMALL_BODY_BYTES:
                        self._take_place()
                        file.rollover()  # here, since a thread that did it after the end would leave a file open
                    await asyncio.to_thread(file.write, chunk)  # a slow disk must not hold up the event loop
                file.seek(0)
                yield _told_again(file, size)
            finally:
                if size > SMALL_BODY_BYTES:
                    self._places += 1

    def _take_place(self) -> None:
        self._places -= 1  # given back by whoever has read more than a small body, also when there was none left
        if self._places < 0:
            raise TooManyUploads


async def _chunks(receive: Receive, limit_bytes: int) -> AsyncIterator[bytes]:
    began, size, more = asyncio.get_running_loop().time(), 0, True
    while more:
        patience_s = SMALL_BODY_S if size <= SMALL_BODY_BYTES else LARGE_BODY_S
        chunk, more = await _next_chunk(receive, began + patience_s)
        size += len(chunk)
        if size > limit_bytes:
            raise TooLarge
        yield chunk


async def _next_chunk(receive: Receive, until: float) -> tuple[bytes, bool]:
    try:
        async with asyncio.timeout_at(until):
            message = await receive()
    except TimeoutError as error:
        raise TooSlow from error
    if message["type"] == "http.disconnect":
        raise InvalidInput("The request ended early.")
    return message.get("body", b""), message.get("more_body", False)


def _told_again(file: "SpooledTemporaryFile[bytes]", size: int) -> Receive:
    async def receive() -> dict[str, object]:
        chunk = file.read(_CHUNK_BYTES)
        return {"type": "http.request", "body": chunk, "more_body": file.tell() < size}

    return receive
