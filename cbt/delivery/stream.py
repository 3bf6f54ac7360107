"""Delivery's paths through the door: record entries, beat, tell the time, stream the status.

The token is checked without the database; everything else is the recorder's and the services'.
"""

import asyncio
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from cbt.delivery.core.attempt import ENDED
from cbt.delivery.core.batch import parse_batch
from cbt.delivery.core.token import TokenFacts, read_token
from cbt.delivery.recorder import Recorder
from cbt.delivery.services.reading import status_of_attempt
from cbt.delivery.services.recording import RecordRequest
from cbt.delivery.services.seating import TOKEN_PURPOSE
from cbt.delivery.services.writing import attempt_topic
from cbt.kernel import canonical
from cbt.kernel.asgi.http import Answer, Call, Events, comment, event
from cbt.kernel.asgi.hub import Hub
from cbt.kernel.asgi.places import Places
from cbt.kernel.asgi.pool import Pool
from cbt.kernel.errors import Unavailable
from cbt.kernel.runtime import Runtime

PRESENT_FOR: Final = timedelta(minutes=30)
STREAM_THREADS: Final = 2
STREAMS_PER_ATTEMPT: Final = 2  # the page, and the one that it is just being replaced by
MOST_STREAMS: Final = 4000
STREAM_REREAD_S: Final = 5.0
STREAM_COMMENT_S: Final = 15.0


class DeliveryDoor:
    """The handlers of one process."""

    def __init__(self, rt: Runtime, hub: Hub) -> None:
        self._rt = rt
        self._hub = hub
        self._recorder = Recorder(rt)
        self._readers = Pool("candidate-streams", STREAM_THREADS)
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
        self._recorder.close()
        self._readers.close()

    def _facts(self, call: Call) -> TokenFacts:
        return read_token(self._token_key, call.bearer(), self._rt.clock.now())

    async def _statuses(self, facts: TokenFacts) -> Events:
        """Yield until the exam has ended, the token's time is over, or newer pages have taken the place."""
        topic = attempt_topic(facts.attempt_id)
        last: dict[str, Any] = {}
        quiet_s = 0.0
        with self._hub.listening(topic) as bell, self._places.taken(topic, bell) as place:
            while not place.lost and self._rt.clock.now() < facts.expires_at:
                status = await self._status(facts.attempt_id)
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

    async def _status(self, attempt_id: UUID) -> dict[str, Any] | None:
        """Return the status, or None while the database is away: the stream outlasts that."""
        try:
            return await self._readers.run(status_of_attempt, self._rt, attempt_id)
        except Unavailable:
            return None


def _lasting(status: dict[str, Any]) -> dict[str, Any]:
    """Return the status without what changes by itself as time goes by."""
    return {key: value for key, value in status.items() if key not in ("now", "remaining_s")}
