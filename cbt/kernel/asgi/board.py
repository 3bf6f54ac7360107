"""The board: values that many streams watch, read for all of them at once.

A hint on a key's topic leads to a reading, and so does `reread_s` without one; readings are never less than `gap_s`
apart, and one reads every key that needs it. So a thousand streams cost as many readings as one.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from typing import Final, Generic, TypeAlias, TypeVar

import structlog

from cbt.kernel.asgi.hub import Bell, Hub
from cbt.kernel.asgi.pool import Pool
from cbt.kernel.errors import Unavailable

LARGEST_READING: Final = 500
REST_S: Final = 1.0  # after a reading that failed
_log = structlog.get_logger("cbt.board")
Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")
#: The messages of the hints on each key since it was read last; none where it is only read again.
Heard: TypeAlias = Mapping[Key, frozenset[str]]


class Watched(Generic[Value]):
    """A key's latest value (None before its first reading), and whether it could not be read the last time."""

    def __init__(self) -> None:
        self.value: Value | None = None
        self.away = False
        self.read_at = float("-inf")
        self.heard: set[str] = set()
        self.bells: set[Bell] = set()
        self.topic = ExitStack()

    def take(self, value: Value | None) -> None:
        """Keep a new value (None: it could not be read) and wake the streams that have something to tell."""
        changed = value is None or self.away or value != self.value
        self.value, self.away = (self.value, True) if value is None else (value, False)
        if changed:
            for bell in self.bells:
                bell.ring()


class Board(Generic[Key, Value]):
    """The watched values of one kind in this process: used on the event loop, read in the threads of `pool`."""

    def __init__(
        self,
        hub: Hub,
        pool: Pool,
        *,
        topic_of: Callable[[Key], str],
        read: Callable[[Heard[Key]], Mapping[Key, Value]],
        gap_s: float,
        reread_s: float,
    ) -> None:
        self._hub = hub
        self._pool = pool
        self._topic_of = topic_of
        self._read = read
        self._gap_s = gap_s
        self._reread_s = reread_s
        self._watched: OrderedDict[Key, Watched[Value]] = OrderedDict()  # whoever was read longest ago first
        self._touched: OrderedDict[Key, None] = OrderedDict()
        self._wake = asyncio.Event()
        self._worker: asyncio.Task[None] | None = None

    @contextmanager
    def watching(self, key: Key, bell: Bell) -> Iterator[Watched[Value]]:
        """Give what is known of `key`; `bell` rings whenever that has changed, and when it cannot be read."""
        watched = self._watched.get(key) or self._begin(key)
        watched.bells.add(bell)
        try:
            yield watched
        finally:
            watched.bells.discard(bell)
            if not watched.bells:
                watched.topic.close()
                del self._watched[key]
                self._touched.pop(key, None)

    def close(self) -> None:
        """Read nothing more."""
        if self._worker is not None:
            self._worker.cancel()

    def _begin(self, key: Key) -> Watched[Value]:
        watched = self._watched[key] = Watched()
        self._watched.move_to_end(key, last=False)
        watched.topic.enter_context(self._hub.hearing(self._topic_of(key), lambda message: self._touch(key, message)))
        self._touch(key)
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())
        return watched

    def _touch(self, key: Key, message: str = "") -> None:
        if message:
            self._watched[key].heard.add(message)
        self._touched[key] = None
        self._wake.set()

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        while self._watched:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._reread_s / 4):  # so that what is due is read in four portions
                    await self._wake.wait()
            self._wake.clear()
            if due := self._due(loop.time()):
                await asyncio.sleep(self._gap_s if await self._read_now(due, loop.time()) else REST_S)

    def _due(self, now: float) -> dict[Key, Watched[Value]]:
        due: dict[Key, Watched[Value]] = {}
        while self._touched and len(due) < LARGEST_READING:
            key, _ = self._touched.popitem(last=False)
            due[key] = self._watched[key]
        for key, watched in self._watched.items():
            if len(due) >= LARGEST_READING:
                self._wake.set()
                break
            if now - watched.read_at < self._reread_s:
                break
            due[key] = watched
        return due

    async def _read_now(self, due: Mapping[Key, Watched[Value]], now: float) -> bool:
        """Read what is due and pass it on; return whether that was possible."""
        heard = {key: frozenset(watched.heard) for key, watched in due.items()}
        for key, watched in due.items():
            watched.heard.clear()
            watched.read_at = now
            self._watched.move_to_end(key)
        values: Mapping[Key, Value] = {}
        try:
            values = await self._pool.run(self._read, heard)
        except Exception as error:  # noqa: BLE001  # whatever it is: the streams outlast it, and it is read again
            if not isinstance(error, Unavailable):
                _log.exception("reading-failed")
            for key in due.keys() & self._watched.keys():
                due[key].heard |= heard[key]  # a hint that could not be followed is not forgotten
                self._touch(key)
        for key, watched in due.items():
            watched.take(values.get(key))
        return bool(values)
