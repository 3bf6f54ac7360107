"""Delivery's paths through the door: wait for the start, start, record entries, beat, tell the time, stream the status.

The tokens are checked without the database; everything else is the recorder's and the services'.
"""

import asyncio
from contextlib import aclosing
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID

from cbt.delivery.core.attempt import ENDED, Attempt
from cbt.delivery.core.batch import parse_batch
from cbt.delivery.core.seat_state import WAIT_WORDS, SeatState
from cbt.delivery.core.seat_token import SeatFacts, read_seat_token
from cbt.delivery.core.token import TokenFacts, TokenReader
from cbt.delivery.recorder import Recorder, Starter
from cbt.delivery.services.reading import read_attempts, status_document
from cbt.delivery.services.recording import RecordRequest
from cbt.delivery.services.seat import SEAT_PURPOSE, read_rooms, room_of, wait_word
from cbt.delivery.services.seating import TOKEN_PURPOSE
from cbt.delivery.services.starting import read_start
from cbt.delivery.services.writing import attempt_topic, room_topic
from cbt.delivery.store.starts import RoomWaiting
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
WAIT_GAP_S: Final = 0.2
# What goes on by itself, and what the page learns from its own receipts.
_PASSING: Final = frozenset({"now", "remaining_s", "answered", "next"})
_OVER: Final = WAIT_WORDS[SeatState.ENDED]


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
        self._tokens = TokenReader(rt.keys.derive(TOKEN_PURPOSE))

    async def entries(self, call: Call) -> Answer:
        """Record a batch of entries; the answer is the signed receipt."""
        facts = self._facts(call)
        batch = parse_batch(call.document())
        recorded = await self._recorder.record(RecordRequest(facts=facts, batch=batch))
        return Answer(document=recorded.document)

    async def beat(self, call: Call) -> Answer:
        """Note that the candidate is there and tell the time."""
        _mark_present(self._rt, self._facts(call).attempt_id)
        return await self.clock(call)

    async def clock(self, _call: Call) -> Answer:
        """Tell the time."""
        return Answer(document={"now": canonical.instant_text(self._rt.clock.now())})

    async def stream(self, call: Call) -> Events:
        """Stream the attempt's status: at once, and after every change; raises TooManyStreams."""
        facts = self._facts(call)
        self._places.require_one()
        _mark_present(self._rt, facts.attempt_id)  # the first beat comes only later
        return self._statuses(facts)

    def close(self) -> None:
        """End the threads."""
        self._attempts.close()
        self._recorder.close()
        self._readers.close()

    def _facts(self, call: Call) -> TokenFacts:
        return self._tokens.read(call.bearer(), self._rt.clock.now())

    async def _statuses(self, facts: TokenFacts) -> Events:
        """Yield until the exam has ended, the token's time is over, or newer pages have taken the place."""
        bell = Bell()
        with (
            self._attempts.watching(facts.attempt_id, bell) as watched,
            self._places.taken(attempt_topic(facts.attempt_id), bell) as place,
        ):
            last: dict[str, Any] = {}
            told = _Since()
            await bell.wait(STREAM_REREAD_S)
            while not place.lost and (now := self._rt.clock.now()) < facts.expires_at:
                status = _status(watched, now)
                if status is None:
                    yield comment("the database is away")
                elif _lasting(status) != _lasting(last):
                    last = status
                    told.note()
                    yield event("status", status)
                    if status["state"] in ENDED:
                        return
                elif told.is_due:
                    told.note()
                    yield comment("still here")
                await bell.wait(STREAM_REREAD_S)


class StartDoor:
    """The handlers before the exam: many pages of a room wait by one reading, many starts share one commit."""

    def __init__(self, rt: Runtime, hub: Hub) -> None:
        self._rt = rt
        self._starter = Starter(rt.for_saving())
        self._readers = Pool("waiting-streams", 1)
        self._rooms: Board[UUID, RoomWaiting] = Board(
            hub,
            self._readers,
            topic_of=room_topic,
            read=partial(read_rooms, rt),
            gap_s=WAIT_GAP_S,
            reread_s=STREAM_REREAD_S,
        )
        self._places = Places(per_key=STREAMS_PER_ATTEMPT, in_all=MOST_STREAMS)
        self._token_key = rt.keys.derive(SEAT_PURPOSE)

    async def start(self, call: Call) -> Answer:
        """Start the exam, or go on with it; the answer is the key of the paper and the page's whole state."""
        seat = self._seat(call)
        begun = await self._starter.start(read_start(seat, call.document()))
        return Answer(document=begun.document)

    async def wait(self, call: Call) -> Events:
        """Stream how the seat stands: at once, and after every change; raises TooManyStreams."""
        seat = self._seat(call)
        self._places.require_one()
        return self._words(seat)

    def close(self) -> None:
        """End the threads."""
        self._rooms.close()
        self._starter.close()
        self._readers.close()

    def _seat(self, call: Call) -> SeatFacts:
        return read_seat_token(self._token_key, call.bearer(), self._rt.clock.now())

    async def _words(self, seat: SeatFacts) -> Events:
        """Yield from the candidate's room; when the candidate was given another one meanwhile, from there."""
        room_id: UUID | None = seat.room_id
        before: UUID | None = None
        while room_id is not None and room_id != before:
            async with aclosing(self._words_in(room_id, seat)) as events:
                async for chunk in events:
                    yield chunk
            before, room_id = room_id, await self._readers.run(room_of, self._rt, seat.attempt_id)

    async def _words_in(self, room_id: UUID, seat: SeatFacts) -> Events:
        """Yield until the exam has ended, the time of the token is over, or newer pages or another room take over."""
        bell = Bell()
        key = f"seat:{seat.attempt_id}:{seat.device}"
        with self._rooms.watching(room_id, bell) as watched, self._places.taken(key, bell) as place:
            last, told = "", _Since()
            _mark_present(self._rt, seat.attempt_id)
            await bell.wait(STREAM_REREAD_S)
            while not place.lost and self._rt.clock.now() < seat.expires_at:
                word = (
                    last
                    if watched.away or watched.value is None
                    else wait_word(watched.value, seat, self._rt.clock.now())
                )
                if word is None:
                    return
                if word != last:
                    last = word
                    yield event("wait", {"state": word, "now": canonical.instant_text(self._rt.clock.now())})
                if word == _OVER:
                    return
                if told.is_due:
                    told.note()
                    _mark_present(self._rt, seat.attempt_id)
                    yield comment("still here")
                await bell.wait(STREAM_REREAD_S)


def _mark_present(rt: Runtime, attempt_id: UUID) -> None:
    rt.broker.mark_present(attempt_topic(attempt_id), rt.clock.now(), PRESENT_FOR)


class _Since:
    """How long ago a page was told something: by the clock, since bells that bring it no news ring all the time."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.note()

    @property
    def is_due(self) -> bool:
        """Tell whether the page must have a sign of life."""
        return self._loop.time() - self._at >= STREAM_COMMENT_S

    def note(self) -> None:
        """Begin anew."""
        self._at = self._loop.time()


def _status(watched: Watched[Attempt], now: datetime) -> dict[str, Any] | None:
    """Return the status now, or None while it cannot be read: the stream outlasts that."""
    return None if watched.away or watched.value is None else status_document(watched.value, now)


def _lasting(status: dict[str, Any]) -> dict[str, Any]:
    """Return what of the status is news to the page."""
    lasting = {key: value for key, value in status.items() if key not in _PASSING}
    if (part := status.get("part")) is not None:
        lasting["part"] = {key: value for key, value in part.items() if key not in _PASSING}
    return lasting
