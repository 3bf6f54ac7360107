"""A TCP proxy of our own that does to a line what lines do: delay, drop, cut, reset, slice, starve.

Stands in front of any port (HTTP, database, Redis; also a Unix socket), runs on a loop of its own in a thread, and is
told from the test what to do. Only loopback is ever listened on.
"""

import asyncio
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any, TypeAlias

from cbt.kernel.chance import Chance
from tests.faults.toxics import Bandwidth, Latency, LimitData, ResetPeer, Slicer, SlowClose, Timeout, Toxic, Way

READ_BYTES = 65536
_MOST_WAITING = 64  # pieces on the way in one direction
_PATIENCE_S = 10.0
_LINGER_NOT = struct.pack("ii", 1, 0)  # closing sends a reset


Upstream: TypeAlias = tuple[str, int] | Path


@dataclass(slots=True)
class Tape:
    """What one connection carried, both ways."""

    up: bytearray = field(default_factory=bytearray)
    down: bytearray = field(default_factory=bytearray)


class Cut(Exception):
    """The connection ends here; with a reset where `hard`."""

    def __init__(self, *, hard: bool) -> None:
        super().__init__()
        self.hard = hard


class FaultProxy:
    """One proxied port; use it as a context."""

    def __init__(self, upstream: Upstream, *, seed: str = "line") -> None:
        self.upstream = upstream
        self.port = 0
        self.tapes: list[Tape] = []
        self._toxics: list[Toxic] = []
        self._chance = Chance(seed.encode())
        self._loop = asyncio.new_event_loop()
        self._server: asyncio.Server | None = None
        self._lines: set[_Line] = set()
        self._thread = Thread(target=self._loop.run_forever, name="proxy", daemon=True)

    def __enter__(self) -> "FaultProxy":
        self._thread.start()
        self.up()
        return self

    def __exit__(self, *_error: object) -> None:
        self.clear()
        self.down()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_PATIENCE_S)
        self._loop.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def add(self, toxic: Toxic) -> Toxic:
        """From the next piece on, the line has `toxic` as well."""
        self._do(self._change(toxic, there=True))
        return toxic

    def remove(self, toxic: Toxic) -> None:
        self._do(self._change(toxic, there=False))

    def clear(self) -> None:
        for toxic in tuple(self._toxics):
            self.remove(toxic)

    @contextmanager
    def having(self, *toxics: Toxic) -> Iterator[None]:
        """The line has `toxics` for as long as this lasts."""
        for toxic in toxics:
            self.add(toxic)
        try:
            yield
        finally:
            for toxic in toxics:
                self.remove(toxic)

    def down(self) -> None:
        """The cable is out: what was open is reset, nothing new is taken."""
        self._do(self._close())

    def up(self) -> None:
        """The cable is in again, at the same port."""
        self._do(self._listen())

    @contextmanager
    def cut(self) -> Iterator[None]:
        """The cable is out for as long as this lasts."""
        self.down()
        try:
            yield
        finally:
            self.up()

    def reset_all(self) -> None:
        """Every open connection gets a reset; new ones are taken."""
        self._do(self._reset())

    # What follows runs on the proxy's loop.

    def of(self, way: Way, kind: type[Toxic]) -> Iterator[Any]:
        """The toxics of one kind that hold for one direction now."""
        for toxic in tuple(self._toxics):
            if isinstance(toxic, kind) and toxic.concerns(way):
                yield toxic

    def jitter(self, most_s: float) -> float:
        return most_s * (self._chance.below(2001) - 1000) / 1000

    def _do(self, doing: Any) -> None:
        asyncio.run_coroutine_threadsafe(doing, self._loop).result(_PATIENCE_S)

    async def _change(self, toxic: Toxic, *, there: bool) -> None:
        if there:
            self._toxics.append(toxic)
        elif toxic in self._toxics:
            self._toxics.remove(toxic)
        for line in self._lines:
            line.changed.set()

    async def _listen(self) -> None:
        if self._server is None:
            self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
            self.port = self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        await self._reset()

    async def _reset(self) -> None:
        going = [line.task for line in self._lines if line.task is not None]
        for line in tuple(self._lines):
            line.end(hard=True)
        await asyncio.gather(*going, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = _Line(self, asyncio.current_task())
        line.writers.append(writer)
        self._lines.add(line)
        try:
            await line.run(reader, writer)
        except asyncio.CancelledError:
            line.reset = True
        except OSError:
            pass
        finally:
            self._lines.discard(line)
            line.close()


class _Line:
    """One client's connection and ours to the server."""

    def __init__(self, proxy: FaultProxy, task: "asyncio.Task[None] | None") -> None:
        self.proxy = proxy
        self.task = task
        self.writers: list[asyncio.StreamWriter] = []
        self.changed = asyncio.Event()
        self.reset = False
        self.tape = Tape()

    async def run(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await self._connect()
        self.writers.append(back)
        self.proxy.tapes.append(self.tape)
        hands = [*self._carry(Way.UP, reader, back), *self._carry(Way.DOWN, there, writer)]
        try:
            await asyncio.gather(*hands)
        except Cut as cut:
            self.reset = cut.hard
        finally:
            for hand in hands:
                hand.cancel()
            await asyncio.gather(*hands, return_exceptions=True)

    def end(self, *, hard: bool) -> None:
        self.reset = hard
        if self.task is not None:
            self.task.cancel()

    def close(self) -> None:
        for writer in self.writers:
            if self.reset:
                with suppress(OSError):
                    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
                writer.transport.abort()
            else:
                writer.close()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        upstream = self.proxy.upstream
        if isinstance(upstream, Path):
            return await asyncio.open_unix_connection(upstream)
        return await asyncio.open_connection(*upstream)

    def _carry(
        self, way: Way, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> tuple["asyncio.Task[None]", "asyncio.Task[None]"]:
        """Read and write side by side, so that what is late does not keep the next piece from being late as well."""
        pieces: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(_MOST_WAITING)
        return asyncio.create_task(self._read(way, reader, pieces)), asyncio.create_task(
            self._write(way, writer, pieces)
        )

    async def _read(self, way: Way, reader: asyncio.StreamReader, pieces: "asyncio.Queue[tuple[float, bytes]]") -> None:
        loop = asyncio.get_running_loop()
        while True:
            data = await reader.read(READ_BYTES)
            late_s = sum(
                max(0.0, toxic.delay_s + self.proxy.jitter(toxic.jitter_s)) for toxic in self.proxy.of(way, Latency)
            )
            await pieces.put((loop.time() + late_s, data))
            if not data:
                return

    async def _write(
        self, way: Way, writer: asyncio.StreamWriter, pieces: "asyncio.Queue[tuple[float, bytes]]"
    ) -> None:
        loop = asyncio.get_running_loop()
        tape = self.tape.up if way is Way.UP else self.tape.down
        while True:
            due, data = await pieces.get()
            await asyncio.sleep(max(0.0, due - loop.time()))
            await self._starve(way)
            if not data:
                for toxic in self.proxy.of(way, SlowClose):
                    await asyncio.sleep(toxic.delay_s)
                if writer.can_write_eof():
                    writer.write_eof()
                return
            for piece in self._sliced(way, data):
                await self._pass(way, writer, tape, piece)

    async def _pass(self, way: Way, writer: asyncio.StreamWriter, tape: bytearray, piece: bytes) -> None:
        for limit in self.proxy.of(way, LimitData):
            if len(tape) + len(piece) >= limit.limit:
                await self._put(writer, tape, piece[: max(0, limit.limit - len(tape))])
                limit.happened()
                raise Cut(hard=False)
        for toxic in self.proxy.of(way, ResetPeer):
            if self._is_reached(toxic, tape, piece):
                if way is Way.UP:  # the server gets what has passed so far, and this
                    await self._put(writer, tape, piece[: toxic.after - len(tape)] if not toxic.seen else piece)
                    await asyncio.sleep(0.05)  # a reset overtakes what is still in the buffers
                toxic.happened()
                raise Cut(hard=True)
        for toxic in self.proxy.of(way, Bandwidth):
            await asyncio.sleep(len(piece) / toxic.bytes_per_s)
        await self._put(writer, tape, piece)
        for toxic in self.proxy.of(way, Slicer):
            await asyncio.sleep(toxic.delay_s)

    def _is_reached(self, toxic: ResetPeer, tape: bytearray, piece: bytes) -> bool:
        if toxic.seen:
            return toxic.seen in bytes(tape[-len(toxic.seen) :]) + piece
        return len(tape) + len(piece) >= toxic.after

    def _sliced(self, way: Way, data: bytes) -> list[bytes]:
        sizes = [toxic.size for toxic in self.proxy.of(way, Slicer)]
        size = min(sizes, default=len(data))
        return [data[place : place + size] for place in range(0, len(data), size)]

    async def _starve(self, way: Way) -> None:
        """Hold everything while the line carries nothing."""
        while toxics := list(self.proxy.of(way, Timeout)):
            self.changed.clear()
            limits = [toxic.after_s for toxic in toxics if toxic.after_s is not None]
            try:
                async with asyncio.timeout(min(limits, default=None)):
                    await self.changed.wait()
            except TimeoutError:
                raise Cut(hard=False) from None

    async def _put(self, writer: asyncio.StreamWriter, tape: bytearray, piece: bytes) -> None:
        tape += piece
        writer.write(piece)
        await writer.drain()
