"""The hub: hints in, waiting streams woken.

A hint only says that something may have changed; whoever waits reads the database again. A lost hint costs at most
the waiting time, because every wait has an end.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import aclosing, contextmanager, suppress
from typing import Final, TypeAlias

import structlog

from cbt.kernel.broker import Broker

REST_S: Final = 1.0  # after a fault
_log = structlog.get_logger("cbt.hub")
Hear: TypeAlias = Callable[[str], None]


class Bell:
    """What one stream holds: rung by hints on its topic, so that none between two waits is missed."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Wake the waiting stream now, or at its next wait."""
        self._rung.set()

    async def wait(self, timeout_s: float) -> bool:
        """Wait for a hint; return whether one came before `timeout_s` was over."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._rung.wait()
        except TimeoutError:
            return False
        self._rung.clear()
        return True


class Hub:
    """Whoever listens in this process, by topic; used on the event loop."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._hearers: defaultdict[str, list[Hear]] = defaultdict(list)

    @contextmanager
    def hearing(self, topic: str, hear: Hear) -> Iterator[None]:
        """Call `hear` with the message of every hint on `topic`."""
        hearers = self._hearers[topic]
        hearers.append(hear)
        try:
            yield
        finally:
            hearers.remove(hear)
            if not hearers:
                del self._hearers[topic]

    def tell(self, topic: str, message: str) -> None:
        """Pass a hint on to whoever listens to its topic."""
        for hear in tuple(self._hearers.get(topic, ())):
            hear(message)

    async def run(self) -> None:
        """Pass on hints of this process and of all others for ever; a fault in one of them ends nothing."""
        loop = asyncio.get_running_loop()

        def near(topic: str, message: str) -> None:
            with suppress(RuntimeError):  # the loop is closed: nobody listens any more
                loop.call_soon_threadsafe(self.tell, topic, message)

        self._broker.on_publish(near)
        while True:
            try:
                async with aclosing(self._broker.listen()) as hints:
                    async for topic, message in hints:
                        self.tell(topic, message)
            except Exception:  # noqa: BLE001  # whatever it is: streams would hear of other processes' acts late for good
                _log.exception("listening-failed")
            await asyncio.sleep(REST_S)
