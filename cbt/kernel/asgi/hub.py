"""The hub: hints in, waiting streams woken.

A hint only says that something may have changed; whoever waits reads the database again. A lost hint costs at most
the waiting time, because every wait has an end.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from cbt.kernel.broker import Broker


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
    """All bells of this process, by topic."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._bells: defaultdict[str, set[Bell]] = defaultdict(set)

    @contextmanager
    def listening(self, topic: str) -> Iterator[Bell]:
        """Give a bell that hints on `topic` ring."""
        bell = Bell()
        self._bells[topic].add(bell)
        try:
            yield bell
        finally:
            self._bells[topic].discard(bell)
            if not self._bells[topic]:
                del self._bells[topic]

    def ring(self, topic: str) -> None:
        """Ring every bell of `topic`; call it on the event loop."""
        for bell in tuple(self._bells.get(topic, ())):
            bell.ring()

    async def run(self) -> None:
        """Pass on hints of this process and of all others for ever."""
        loop = asyncio.get_running_loop()

        def near(topic: str) -> None:
            with suppress(RuntimeError):  # the loop is closed: nobody listens any more
                loop.call_soon_threadsafe(self.ring, topic)

        self._broker.on_publish(near)
        async for topic, _message in self._broker.listen():
            self.ring(topic)
