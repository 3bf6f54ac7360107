"""The start minute: everybody asks for the key of the paper that lies there already, and opens it.

`python -m bench.load.rush JOB.json`. What opening costs is the candidate's PC's; it is told apart from the waiting.
"""

import asyncio
import base64
import json
import sys
import time
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import uvloop

from bench.load.client import pause
from bench.load.wire import Line, connect, post
from cbt.delivery.core.sealing import open_paper

_START: Final = "/delivery/start"
_CONNECTS_AT_ONCE: Final = 100
_OK: Final = 200


class Rush:
    """Those who start, each on a connection that was open while they waited."""

    def __init__(self, job: dict[str, Any]) -> None:
        self.job = job
        self.notes: list[dict[str, Any]] = []
        self._lines: list[Line] = []

    async def gather(self) -> None:
        """Connect everybody."""
        count = len(self.job["people"])
        while len(self._lines) < count:
            some = min(_CONNECTS_AT_ONCE, count - len(self._lines))
            self._lines += await asyncio.gather(*(connect(self.job["port"]) for _ in range(some)))

    async def start(self) -> None:
        """Let all of them start within the job's seconds."""
        waiting = zip(self.job["people"], self._lines, strict=True)
        await asyncio.gather(*(self._begin(place, *each) for place, each in enumerate(waiting)))

    async def _begin(self, place: int, person: dict[str, Any], line: Line) -> None:
        await asyncio.sleep(place / len(self._lines) * self.job["seconds"])
        began = time.perf_counter()
        status, body = await line.ask(post(_START, person["token"], b"{}"))
        waited_s = time.perf_counter() - began
        worked = time.process_time()
        opened = status == _OK and _opens(person, json.loads(body))
        self.notes.append(
            {"status": status, "opened": opened, "waited_s": waited_s, "opening_s": time.process_time() - worked}
        )


def _opens(person: dict[str, Any], answer: dict[str, Any]) -> bool:
    """Tell whether the key opens the paper, and whether it is this candidate's."""
    key = base64.urlsafe_b64decode(answer["key"] + "=" * (-len(answer["key"]) % 4))
    sealed, attempt = bytes.fromhex(person["sealed"]), UUID(person["attempt"])
    paper = json.loads(open_paper(key, sealed, attempt, bytes.fromhex(person["form"])))
    return bool(paper["attempt"] == person["attempt"] and len(paper["slots"]) == person["slots"])


async def main(job: dict[str, Any]) -> None:
    """Do the job."""
    rush = Rush(job)
    await rush.gather()
    await pause("begin")
    await rush.start()
    await pause("end")
    Path(job["notes"]).write_text(json.dumps({"people": rush.notes}))


if __name__ == "__main__":
    uvloop.run(main(json.loads(Path(sys.argv[1]).read_text())))
