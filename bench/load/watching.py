"""A national hour that is watched: the load of `client`, with a stream for each candidate and one for each room.

`python -m bench.load.watching JOB.json`. For every save it notes how long it took from sending it until the bytes that
tell of it had reached the room's page.
"""

import asyncio
import json
import sys
import time
from bisect import bisect_left
from collections import defaultdict
from functools import partial
from pathlib import Path
from typing import Any, Final, cast

import uvloop

from bench.load.client import Run, pause
from bench.load.wire import get

_DATA: Final = b"data: "
_END: Final = b"\n\n"
_CONNECTS_AT_ONCE: Final = 100
_STARTED: Final = 1  # the journal's first row, before the first answer of the lease
_SETTLED_S: Final = 2.0


class Stream(asyncio.Protocol):
    """One open stream: what comes is counted, and each whole event handed on."""

    def __init__(self, request: bytes) -> None:
        self._request = request
        self._held = b""
        self.bytes = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the stream."""
        cast("asyncio.Transport", transport).write(self._request)

    def data_received(self, data: bytes) -> None:
        """Take what came."""
        self.bytes += len(data)
        *events, self._held = (self._held + data).split(_END)
        at = time.perf_counter()
        for event in events:
            _, found, document = event.partition(_DATA)
            if found:
                self.take(document, at)

    def take(self, document: bytes, at: float) -> None:
        """Nothing is done with a candidate's own events."""


class RoomStream(Stream):
    """A room's stream: when each seat was first shown with how many rows in its journal."""

    def __init__(self, request: bytes, seen: dict[str, list[tuple[int, float]]]) -> None:
        super().__init__(request)
        self._seen = seen

    def take(self, document: bytes, at: float) -> None:
        """Note the heads that an event tells."""
        for seat in json.loads(document).get("seats", ()):
            self._seen[seat["registration"]].append((seat["head"], at))


class Watched(Run):
    """A run with streams."""

    def __init__(self, job: dict[str, Any]) -> None:
        super().__init__(job)
        self._registrations = [person.pop("registration") for person in job["people"]]
        self._seen: dict[str, list[tuple[int, float]]] = defaultdict(list)
        self._streams: list[Stream] = []

    async def watch(self) -> None:
        """Open every stream and wait until all have told where they begin."""
        port = self.job["port"]
        loop = asyncio.get_running_loop()
        asked: list[Stream] = [
            RoomStream(_as_staff(room, self.job["cookie"]), self._seen) for room in self.job["rooms"]
        ]
        if self.job["own_streams"]:
            asked += [Stream(get("/delivery/stream", one.token)) for one in self.candidates]
        for start in range(0, len(asked), _CONNECTS_AT_ONCE):
            some = asked[start : start + _CONNECTS_AT_ONCE]
            await asyncio.gather(*(loop.create_connection(partial(_same, one), "127.0.0.1", port) for one in some))
        self._streams = asked
        while not all(stream.bytes for stream in self._streams):
            await asyncio.sleep(0.05)

    async def national(self) -> None:
        """Go at the national rates, and wait a moment for what is still to be shown."""
        await super().national()
        if self.job["rooms"]:
            await asyncio.sleep(_SETTLED_S)

    def notes(self) -> dict[str, Any]:
        """Return the notes of the run, and how long each save took to be seen."""
        waits, unseen = [], 0
        if self.job["rooms"]:
            for candidate, registration in zip(self.candidates, self._registrations, strict=True):
                shown = self._seen[registration]
                heads = [head for head, _ in shown]
                for (number, _, _), sent_at in zip(candidate.sent, candidate.sent_at_s, strict=True):
                    place = bisect_left(heads, number + _STARTED)
                    if place == len(heads):
                        unseen += 1
                    else:
                        waits.append(shown[place][1] - sent_at)
        streamed = sum(stream.bytes for stream in self._streams)
        return {**super().notes(), "seen_s": waits, "unseen": unseen, "streamed_bytes": streamed}


def _same(stream: Stream) -> Stream:
    return stream


def _as_staff(room: str, cookie: str) -> bytes:
    return (
        f"GET /proctor/rooms/{room}/stream HTTP/1.1\r\nhost: 127.0.0.1\r\ncookie: {cookie}\r\n"
        "accept: text/event-stream\r\nuser-agent: Mozilla/5.0 (X11; Linux x86_64) bench\r\n\r\n"
    ).encode()


async def main(job: dict[str, Any]) -> None:
    """Do the job."""
    run = Watched(job)
    await run.gather()
    await run.watch()
    await pause("begin")
    await run.national()
    await pause("end")
    Path(job["notes"]).write_text(json.dumps(run.notes()))


if __name__ == "__main__":
    uvloop.run(main(json.loads(Path(sys.argv[1]).read_text())))
