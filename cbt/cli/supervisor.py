"""Keeps the parts of the server running: starts them in order, starts again what dies, ends them in reverse order.

Knows nothing of what the parts do. A part that dies is started again after 0.2 s, then twice as long each time up to
5 s; after 30 s of life it counts as well again. All children die with this process (`cbt.cli.child`).
"""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cbt.cli.logfiles import LogFile
from cbt.kernel.errors import Unavailable

FIRST_REST_S: Final = 0.2
LONGEST_REST_S: Final = 5.0
WELL_AFTER_S: Final = 30.0
_TRIES_AT_START: Final = 3
_POLL_S: Final = 0.1
_READ_BYTES: Final = 65536


class PartFailed(Unavailable):
    """A part of the server does not start."""

    code = "part-failed"


async def _nothing() -> None:
    return None


async def _at_once() -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One process to keep: its command, what is cleared away before each start, and how to see that it serves."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    before: Callable[[], Awaitable[None]] = _nothing
    serves: Callable[[], Awaitable[bool]] = _at_once
    start_patience_s: float = 5.0
    needed: bool = True  # the start waits for it, and fails without it
    hasty_end: signal.Signals = signal.SIGTERM
    echo: bool = True


class _Kept:
    """A part and its present process."""

    def __init__(self, part: Part, log: LogFile) -> None:
        self.part = part
        self.log = log
        self.process: Process | None = None
        self.starts = 0
        self.keeper: asyncio.Task[None] | None = None


class Supervisor:
    """All parts of one server."""

    def __init__(self, parts: Sequence[Part], folder: Path, tell: Callable[[str], None]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._tell = tell
        self._kept = [_Kept(part, LogFile(folder / f"{part.name}.log", tell, echo=part.echo)) for part in parts]
        self._asked = asyncio.Event()
        self._hasty = False

    async def run(self, ready: Callable[[], None]) -> None:
        """Start all parts, call `ready`, keep them until SIGTERM or SIGINT, end them; raises PartFailed."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:  # nohup ignores it
                loop.add_signal_handler(number, self._ask, number)
        try:
            for kept in self._kept:
                kept.keeper = asyncio.create_task(self._keep(kept))
                await self._started(kept)
            if not self._asked.is_set():
                ready()
            await self._asked.wait()
        finally:
            for kept in reversed(self._kept):
                await self._end(kept)

    def _ask(self, number: signal.Signals) -> None:
        """End; in a hurry when the terminal asks, and at once when it asks twice."""
        if self._asked.is_set():
            for kept in self._kept:
                _signal(kept.process, signal.SIGKILL)
        self._hasty = number == signal.SIGINT
        self._asked.set()

    async def _keep(self, kept: _Kept) -> None:
        loop = asyncio.get_running_loop()
        rest_s = FIRST_REST_S
        while not self._asked.is_set():
            await kept.part.before()
            began = loop.time()
            kept.process = await _spawn(kept.part)
            kept.starts += 1
            await _drain(kept.process, kept.log)
            code = await kept.process.wait()
            if self._asked.is_set():
                return
            rest_s = FIRST_REST_S if loop.time() - began > WELL_AFTER_S else rest_s
            self._tell(f"[{kept.part.name}] ended ({_reason(code)}); starting it again")
            await asyncio.sleep(rest_s)
            rest_s = min(2 * rest_s, LONGEST_REST_S)

    async def _started(self, kept: _Kept) -> None:
        """Wait until the part serves; a needed part that cannot raises PartFailed with its last words."""
        loop = asyncio.get_running_loop()
        until = loop.time() + kept.part.start_patience_s
        while loop.time() < until and kept.starts <= _TRIES_AT_START and not self._asked.is_set():
            if kept.process is not None and kept.process.returncode is None and await kept.part.serves():
                return
            if kept.keeper is not None and kept.keeper.done():
                kept.keeper.result()  # the command itself could not be run
            await asyncio.sleep(_POLL_S)
        if kept.part.needed and not self._asked.is_set():
            raise PartFailed(f"{kept.part.name} does not start; see {kept.log.path}:\n{kept.log.tail(8)}")

    async def _end(self, kept: _Kept) -> None:
        self._asked.set()
        if kept.keeper is None:
            return
        _signal(kept.process, kept.part.hasty_end if self._hasty else signal.SIGTERM)
        try:
            async with asyncio.timeout(kept.part.start_patience_s):
                await _finished(kept)
        except TimeoutError:
            _signal(kept.process, signal.SIGKILL)
            await _finished(kept)


async def _spawn(part: Part) -> Process:
    wrapper = (sys.executable, "-m", "cbt.cli.child", str(os.getpid()))
    return await asyncio.create_subprocess_exec(
        *wrapper,
        *part.command,
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=STDOUT,
        env={**os.environ, **part.env},
        start_new_session=True,  # the terminal's Ctrl-C is for the supervisor, which ends the parts in order
    )


async def _drain(process: Process, log: LogFile) -> None:
    if process.stdout is None:
        return
    while data := await process.stdout.read(_READ_BYTES):
        log.feed(data)


async def _finished(kept: _Kept) -> None:
    """Wait for the end of the part's process, and of its keeper, which may be resting between two starts."""
    if kept.process is not None:
        await kept.process.wait()
    if kept.keeper is not None:
        kept.keeper.cancel()
        with suppress(asyncio.CancelledError):
            await kept.keeper


def _signal(process: Process | None, number: signal.Signals) -> None:
    if process is not None and process.returncode is None:
        with suppress(ProcessLookupError):
            process.send_signal(number)


def _reason(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"
