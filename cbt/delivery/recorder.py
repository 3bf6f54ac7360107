"""The group commit, one per process: requests that wait while a commit runs share the next one.

An idle recorder writes at once. A fault splits the batch and tries each request alone, so that neither one bad request
nor one attempt that an order holds can take its neighbours down; a database that is away is told to all at once. Every
request gets its own receipt or its own refusal.
"""

import asyncio
from collections import deque
from typing import Final

from prometheus_client import Counter, Histogram

from cbt.delivery.services.recording import ChoiceMaps, Outcome, Recorded, RecordRequest, record
from cbt.kernel.asgi.pool import Pool
from cbt.kernel.errors import Unavailable
from cbt.kernel.runtime import Runtime, TryAgain

LARGEST_BATCH: Final = 200
ALONE_S: Final = 10.0  # a row that is held costs five seconds, and all others wait
REQUESTS: Final = Counter("cbt_recorder_requests", "Requests that were recorded or refused", ["outcome"])
COMMIT_SECONDS: Final = Histogram(
    "cbt_recorder_commit_seconds", "Time of one group commit", buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2)
)
BATCH_SIZE: Final = Histogram(
    "cbt_recorder_batch_requests", "Requests in one group commit", buckets=(1, 2, 5, 10, 20, 50, 100, 200)
)


class Recorder:
    """Collects requests on the event loop and records them in a thread."""

    def __init__(self, rt: Runtime) -> None:
        self._rt = rt
        self._thread = Pool("recorder", 1)  # its own: saving waits for nothing but the commit before it
        self._maps = ChoiceMaps()
        self._waiting: deque[tuple[RecordRequest, asyncio.Future[Recorded]]] = deque()
        self._worker: asyncio.Task[None] | None = None

    async def record(self, request: RecordRequest) -> Recorded:
        """Return what was recorded once it is committed; raises CbtError for a refusal of the whole request."""
        answer: asyncio.Future[Recorded] = asyncio.get_running_loop().create_future()
        self._waiting.append((request, answer))
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())
        return await answer

    def close(self) -> None:
        """Finish the commit that runs; who still waits for another one has no receipt, and sends again."""
        self._thread.close()

    async def _work(self) -> None:
        while self._waiting:
            size = min(LARGEST_BATCH, len(self._waiting))
            batch = [self._waiting.popleft() for _ in range(size)]
            outcomes = await self._outcomes([request for request, _ in batch])
            for (_, answer), outcome in zip(batch, outcomes, strict=True):
                _settle(answer, outcome)

    async def _outcomes(self, requests: list[RecordRequest]) -> list[Outcome | Exception]:
        BATCH_SIZE.observe(len(requests))
        try:
            with COMMIT_SECONDS.time():
                return [*await self._thread.run(record, self._rt, self._maps, requests)]
        except Exception as error:  # noqa: BLE001  # whatever it is, each waiting request must get its answer
            if len(requests) == 1 or _concerns_all(error):
                return [error] * len(requests)
            return await self._one_by_one(requests)

    async def _one_by_one(self, requests: list[RecordRequest]) -> list[Outcome | Exception]:
        """Try each request alone; those for whom `ALONE_S` is not enough are asked to try again."""
        loop = asyncio.get_running_loop()
        until = loop.time() + ALONE_S
        outcomes: list[Outcome | Exception] = []
        while len(outcomes) < len(requests):
            left = len(requests) - len(outcomes)
            if loop.time() >= until:
                return [*outcomes, *[TryAgain()] * left]
            [outcome] = await self._outcomes([requests[-left]])
            if _concerns_all(outcome):
                return [*outcomes, *[outcome] * left]
            outcomes.append(outcome)
        return outcomes


def _concerns_all(outcome: object) -> bool:
    """Tell whether the database is away for everybody; a row that is held is held for its own request only."""
    return isinstance(outcome, Unavailable) and not isinstance(outcome, TryAgain)


def _settle(answer: "asyncio.Future[Recorded]", outcome: "Outcome | Exception") -> None:
    REQUESTS.labels("refused" if isinstance(outcome, Exception) else "recorded").inc()
    if answer.done():  # the candidate's connection went away; the entry is recorded all the same
        return
    if isinstance(outcome, Exception):
        answer.set_exception(outcome)
    else:
        answer.set_result(outcome)
