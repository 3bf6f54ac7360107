"""Who goes first when more pages are asked for than can be made: a bounded queue, the most urgent in front.

Nobody waits without an end: who has waited for `patience_s`, or comes when the queue is full of others at least as
urgent, is told to come again in a moment. That is what keeps an overrun server answering.
"""

import asyncio
from collections.abc import Sequence
from typing import Final

from prometheus_client import Counter, Gauge

from cbt.kernel.errors import Unavailable

WAITING: Final = Gauge("cbt_pages_waiting", "Requests for pages that wait for a thread", ["rank"])
TURNED_AWAY: Final = Counter("cbt_pages_turned_away", "Requests for pages that were told to come again", ["rank"])


class Crowded(Unavailable):
    """Many people ask at once. Nothing is lost; this comes by itself in a moment."""

    code = "crowded"


class Pass:
    """The right to be worked on; given back once, however often it is said."""

    def __init__(self, gate: "Gate") -> None:
        self._gate: Gate | None = gate

    def give_back(self) -> None:
        """Let the next one in; call it on the event loop."""
        gate, self._gate = self._gate, None
        if gate is not None:
            gate.leave()


class Gate:
    """`at_once` requests are worked on; the others wait by rank (0 is the most urgent), then by the order they came."""

    def __init__(self, *, at_once: int, ranks: Sequence[str], most_waiting: int, patience_s: float) -> None:
        self._free = at_once
        self._ranks = tuple(ranks)
        self._most_waiting = most_waiting
        self._patience_s = patience_s
        self._queues: tuple[dict[asyncio.Future[None], None], ...] = tuple({} for _ in ranks)

    @property
    def waiting(self) -> int:
        """Tell how many wait."""
        return sum(len(queue) for queue in self._queues)

    async def enter(self, rank: int) -> Pass:
        """Wait for a pass; raises Crowded."""
        if self._free > 0:
            self._free -= 1
            return Pass(self)
        self._make_room(rank)
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        queue, gauge = self._queues[rank], WAITING.labels(self._ranks[rank])
        queue[turn] = None
        gauge.inc()
        try:
            async with asyncio.timeout(self._patience_s):
                await turn
        except TimeoutError:
            if not _came(turn):
                TURNED_AWAY.labels(self._ranks[rank]).inc()
                raise Crowded from None
        except asyncio.CancelledError:
            if _came(turn):
                self.leave()  # its turn came in the moment in which the client went away
            raise
        finally:
            queue.pop(turn, None)
            gauge.dec()
        return Pass(self)

    def leave(self) -> None:
        """Give the place to the most urgent who waits."""
        for queue in self._queues:
            while queue:
                turn = next(iter(queue))
                del queue[turn]
                if not turn.done():
                    turn.set_result(None)
                    return
        self._free += 1

    def _make_room(self, rank: int) -> None:
        """See that one more may wait: in a full queue the last of the least urgent makes room; raises Crowded."""
        if self.waiting < self._most_waiting:
            return
        for lower in range(len(self._queues) - 1, rank, -1):
            if self._queues[lower]:
                turn, _ = self._queues[lower].popitem()
                turn.set_exception(Crowded())
                TURNED_AWAY.labels(self._ranks[lower]).inc()
                return
        TURNED_AWAY.labels(self._ranks[rank]).inc()
        raise Crowded


def _came(turn: "asyncio.Future[None]") -> bool:
    return turn.done() and not turn.cancelled() and turn.exception() is None
