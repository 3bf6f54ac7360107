"""The group commit, one per purpose and process: requests that wait while a commit runs share the next one.

An idle one writes at once. A fault splits the batch and tries each request alone, so that neither one bad request nor
one row that somebody holds can take its neighbours down; a database that is away is told to all at once. Every
request gets its own answer or its own refusal.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final, Generic, TypeVar

from prometheus_client import Counter, Histogram

from cbt.kernel.asgi.gate import Crowded
from cbt.kernel.asgi.pool import Pool
from cbt.kernel.errors import CbtError, Unavailable
from cbt.kernel.runtime import TryAgain

LARGEST_BATCH: Final = 200
MOST_WAITING: Final = 5_000  # more would be answered later than their senders wait
ALONE_S: Final = 10.0  # a row that is held costs five seconds, and all others wait
REQUESTS: Final = Counter("cbt_recorder_requests", "Requests that were done or refused", ["group", "outcome"])
COMMIT_SECONDS: Final = Histogram(
    "cbt_recorder_commit_seconds",
    "Time of one group commit",
    ["group"],
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2),
)
BATCH_SIZE: Final = Histogram(
    "cbt_recorder_batch_requests", "Requests in one group commit", ["group"], buckets=(1, 2, 5, 10, 20, 50, 100, 200)
)
Request = TypeVar("Request")
Done = TypeVar("Done")


class GroupCommit(Generic[Request, Done]):
    """Collects requests on the event loop and has them done, many in one transaction, in a thread of its own.

    `work` takes the waiting requests and returns one outcome for each, in order.
    """

    def __init__(self, name: str, work: Callable[[list[Request]], Sequence[Done | CbtError]]) -> None:
        self._work = work
        self._size = BATCH_SIZE.labels(name)
        self._seconds = COMMIT_SECONDS.labels(name)
        self._done, self._refused = (REQUESTS.labels(name, outcome) for outcome in ("done", "refused"))
        self._thread = Pool(name, 1)  # its own: it waits for nothing but the commit before it
        self._waiting: deque[tuple[Request, asyncio.Future[Done]]] = deque()
        self._worker: asyncio.Task[None] | None = None

    async def do(self, request: Request) -> Done:
        """Return what was done once it is committed; raises CbtError where it was refused, Crowded where many wait."""
        if len(self._waiting) >= MOST_WAITING:
            raise Crowded
        answer: asyncio.Future[Done] = asyncio.get_running_loop().create_future()
        self._waiting.append((request, answer))
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._serve())
        return await answer

    def close(self) -> None:
        """Finish the commit that runs; who still waits for another one gets no answer, and asks again."""
        self._thread.close()

    async def _serve(self) -> None:
        while self._waiting:
            size = min(LARGEST_BATCH, len(self._waiting))
            batch = [self._waiting.popleft() for _ in range(size)]
            outcomes = await self._outcomes([request for request, _ in batch])
            for (_, answer), outcome in zip(batch, outcomes, strict=True):
                self._settle(answer, outcome)

    async def _outcomes(self, requests: list[Request]) -> list[Done | Exception]:
        self._size.observe(len(requests))
        try:
            with self._seconds.time():
                return [*await self._thread.run(self._work, requests)]
        except Exception as error:  # noqa: BLE001  # whatever it is, each waiting request must get its answer
            if len(requests) == 1 or _concerns_all(error):
                return [error] * len(requests)
            return await self._one_by_one(requests)

    async def _one_by_one(self, requests: list[Request]) -> list[Done | Exception]:
        """Try each request alone; those for whom `ALONE_S` is not enough are asked to try again."""
        loop = asyncio.get_running_loop()
        until = loop.time() + ALONE_S
        outcomes: list[Done | Exception] = []
        while len(outcomes) < len(requests):
            left = len(requests) - len(outcomes)
            if loop.time() >= until:
                return [*outcomes, *[TryAgain()] * left]
            [outcome] = await self._outcomes([requests[-left]])
            if _concerns_all(outcome):
                return [*outcomes, *[outcome] * left]
            outcomes.append(outcome)
        return outcomes

    def _settle(self, answer: "asyncio.Future[Done]", outcome: "Done | Exception") -> None:
        (self._refused if isinstance(outcome, Exception) else self._done).inc()
        if answer.done():  # the connection went away; what was committed is committed all the same
            return
        if isinstance(outcome, Exception):
            answer.set_exception(outcome)
        else:
            answer.set_result(outcome)


def _concerns_all(outcome: object) -> bool:
    """Tell whether the database is away for everybody; a row that is held is held for its own request only."""
    return isinstance(outcome, Unavailable) and not isinstance(outcome, TryAgain)
