"""Delivery's paths through the door: record entries, beat, tell the time, stream the status.

The token is checked without the database; everything else is the recorder's and the services'.
"""

import asyncio
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID

from cbt.delivery.core.attempt import ENDED, Attempt
from cbt.delivery.core.batch import parse_batch
from cbt.delivery.core.token import TokenFacts, read_token
from cbt.delivery.recorder import Recorder
from cbt.delivery.services.reading import read_attempts, status_document
from cbt.delivery.services.recording import RecordRequest
from cbt.delivery.services.seating import TOKEN_PURPOSE
from cbt.delivery.services.writing import attempt_topic
from cbt.kernel import canonical
from cbt.kernel.asgi.board import Board, Watched
from cbt.kernel.asgi.http import Answer, Call, Events, comment, event
from cbt.kernel.asgi.hub import Bell, Hub
from cbt.kernel.asgi.places import Places
from cbt.kernel.asgi.pool import Pool
from cbt.kernel.runtime import Runtime

PRESENT_FOR: Final = timedelta(minutes=30)
STREAMS_PER_ATTEMPT: Final = 2  # the page, and the one that it is just being replaced by
MOST_STREAMS: Final = 4000
STREAM_GAP_S: Final = 0.1
STREAM_REREAD_S: Final = 5.0
STREAM_COMMENT_S: Final = 15.0
# What goes on by itself, and what the page learns from its own receipts.
_PASSING: Final = frozenset({"now", "remaining_s", "answered", "next"})


class DeliveryDoor:
    """The handlers of one process."""

    def __init__(self, rt: Runtime, hub: Hub) -> None:
        self._rt = rt
        self._recorder = Recorder(rt.for_saving())
        self._readers = Pool("candidate-streams", 1)
        self._attempts: Board[UUID, Attempt] = Board(
            hub,
            self._readers,
            topic_of=attempt_topic,
            read=partial(read_attempts, rt),
            gap_s=STREAM_GAP_S,
            reread_s=STREAM_REREAD_S,
        )
        self._places = Places(per_key=STREAMS_PER_ATTEMPT, in_all=MOST_STREAMS)
        self._token_key = rt.keys.derive(TOKEN_PURPOSE)

    async def entries(self, call: Call) -> Answer:
        """Record a batch of entries; the answer is the signed receipt."""
        facts = self._facts(call)
        batch = parse_batch(call.document())
        recorded = await self._recorder.record(RecordRequest(facts=facts, batch=batch))
        return Answer(document=recorded.document)

    async def beat(self, call: Call) -> Answer:
        """Note that the candidate is there and tell the time."""
        facts = self._facts(call)
        now = self._rt.clock.now()
        await asyncio.to_thread(self._rt.broker.mark_present, attempt_topic(facts.attempt_id), now, PRESENT_FOR)
        return await self.clock(call)

    async def clock(self, _call: Call) -> Answer:
        """Tell the time."""
        return Answer(document={"now": canonical.instant_text(self._rt.clock.now())})

    async def stream(self, call: Call) -> Events:
        """Stream the attempt's status: at once, and after every change; raises TooManyStreams."""
        facts = self._facts(call)
        self._places.require_one()
        return self._statuses(facts)

    def close(self) -> None:
        """End the threads."""
        self._attempts.close()
        self._recorder.close()
        self._readers.close()

    def _facts(self, call: Call) -> TokenFacts:
        return read_token(self._token_key, call.bearer(), self._rt.clock.now())

    async def _statuses(self, facts: TokenFacts) -> Events:
        """Yield until the exam has ended, the token's time is over, or newer pages have taken the place."""
        bell = Bell()
        with (
            self._attempts.watching(facts.attempt_id, bell) as watched,
            self._places.taken(attempt_topic(facts.attempt_id), bell) as place,
        ):
            last: dict[str, Any] = {}
            quiet_s = 0.0
            await bell.wait(STREAM_REREAD_S)
            while not place.lost and (now := self._rt.clock.now()) < facts.expires_at:
                status = _status(watched, now)
                if status is None:
                    yield comment("the database is away")
                elif _lasting(status) != _lasting(last):
                    last, quiet_s = status, 0.0
                    yield event("status", status)
                    if status["state"] in ENDED:
                        return
                elif quiet_s >= STREAM_COMMENT_S:
                    quiet_s = 0.0
                    yield comment("still here")
                if not await bell.wait(STREAM_REREAD_S):
                    quiet_s += STREAM_REREAD_S


def _status(watched: Watched[Attempt], now: datetime) -> dict[str, Any] | None:
    """Return the status now, or None while it cannot be read: the stream outlasts that."""
    return None if watched.away or watched.value is None else status_document(watched.value, now)


def _lasting(status: dict[str, Any]) -> dict[str, Any]:
    """Return what of the status is news to the page."""
    lasting = {key: value for key, value in status.items() if key not in _PASSING}
    if (part := status.get("part")) is not None:
        lasting["part"] = {key: value for key, value in part.items() if key not in _PASSING}
    return lasting
