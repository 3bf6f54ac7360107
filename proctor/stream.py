"""The live room through the door: the whole room first, then only the seats that changed.

A hint on the room's topic, or two seconds, leads to a reading; never more than four a second for one stream. An event
goes out at least every five seconds, so that the page can tell a quiet room from a dead line.
"""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import suppress
from typing import Any, Final
from uuid import UUID

from cbt.delivery.services.writing import room_topic
from cbt.kernel.asgi.http import Call, Events, comment, event
from cbt.kernel.asgi.hub import Hub
from cbt.kernel.asgi.pool import Pool
from cbt.kernel.errors import Forbidden, NotFound, SignInNeeded, Unavailable
from cbt.kernel.runtime import Runtime
from cbt.kernel.web.cookies import STAFF, cookie_name
from cbt.people.core.actors import Role
from cbt.people.services.staff import look_at_session
from proctor.core.rooms import RoomSnapshot
from proctor.core.seats import changed_seats
from proctor.core.wire import incident_document, room_document, seat_documents, state_document
from proctor.services.rooms import RoomReader

STREAM_THREADS: Final = 4
REREAD_S: Final = 2.0
GAP_S: Final = 0.25
SETTLE_S: Final = 0.02  # streams that one hint woke ask for the same reading
SHARED_S: Final = 0.2  # without a hint a reading of a moment ago is good enough
SILENCE_S: Final = 5.0
SESSION_CHECK_S: Final = 60.0
WATCHERS: Final = frozenset({Role.PROCTOR, Role.ADMIN})


class ProctorDoor:
    """The handlers of one process."""

    def __init__(self, rt: Runtime, hub: Hub) -> None:
        self._rt = rt
        self._hub = hub
        self._reader = RoomReader(rt)
        self._pool = Pool("room-streams", STREAM_THREADS)

    async def stream(self, call: Call) -> Events:
        """Stream a room to staff who may watch it; raises SignInNeeded, Forbidden, NoSuchSittingRoom."""
        token = call.cookie(cookie_name(self._rt.settings, STAFF))
        await self._pool.run(admit, self._rt, token)
        room_id = _room_id(call.parameter)
        first = await self._pool.run(self._reader.read, room_id)
        return self._while_signed_in(token, room_events(self._reader, self._hub, self._pool, first))

    def close(self) -> None:
        """End the threads."""
        self._pool.close()

    async def _while_signed_in(self, token: str, events: AsyncGenerator[bytes, None]) -> Events:
        """Pass events on until the session ends: a page left open must not outlive its sign-in."""
        loop = asyncio.get_running_loop()
        checked_at = loop.time()
        try:
            async for chunk in events:
                if loop.time() - checked_at >= SESSION_CHECK_S:
                    with suppress(Unavailable):  # who could not be asked about is asked about a minute later
                        await self._pool.run(admit, self._rt, token)
                    checked_at = loop.time()
                yield chunk
        except (SignInNeeded, Forbidden):
            return
        finally:
            await events.aclose()


def admit(rt: Runtime, token: str) -> None:
    """Raise SignInNeeded unless `token` is a session, Forbidden unless its holder may watch rooms.

    A stream goes on by itself, so it does not keep the session from ending idle. Whoever has a password that somebody
    else knows must choose another one first, as on every page.
    """
    session = look_at_session(rt, token)
    if session is None or session.password_temporary:
        raise SignInNeeded
    if not session.roles & WATCHERS:
        raise Forbidden


async def room_events(reader: RoomReader, hub: Hub, pool: Pool, first: RoomSnapshot) -> AsyncGenerator[bytes, None]:
    """Yield the room `first` as a whole, then its changes as they are read, for ever."""
    room_id = first.head.id
    loop = asyncio.get_running_loop()
    with hub.listening(room_topic(room_id)) as bell:
        yield event("room", room_document(first))
        shown, spoke_at = first, loop.time()
        while True:
            await asyncio.sleep(GAP_S - SETTLE_S)
            hinted = await bell.wait(REREAD_S - GAP_S)
            needed_at = time.monotonic() - (0 if hinted else SHARED_S)
            await asyncio.sleep(SETTLE_S)
            try:
                snapshot = await pool.run(reader.read, room_id, needed_at=needed_at)
            except Unavailable:
                yield comment("the database is away")
                continue
            chunks = _changes(shown, snapshot)
            if not chunks and loop.time() - spoke_at >= SILENCE_S - REREAD_S:
                chunks = [event("clock", state_document(snapshot))]
            shown = snapshot
            for chunk in chunks:
                spoke_at = loop.time()
                yield chunk


def _changes(before: RoomSnapshot, after: RoomSnapshot) -> list[bytes]:
    """Return the events that lead from one picture to the next."""
    if _frame(before) != _frame(after):
        return [event("room", room_document(after))]
    chunks: list[bytes] = []
    seats = changed_seats(before.seats, after.seats)
    if seats:
        chunks.append(event("seats", {**state_document(after), "seats": seat_documents(seats, after.now)}))
    if before.incidents != after.incidents:
        incidents = [incident_document(each) for each in after.incidents]
        chunks.append(event("incidents", {**state_document(after), "incidents": incidents}))
    return chunks


def _frame(snapshot: RoomSnapshot) -> Any:
    """Return what only a whole new picture can show: the room itself, and who sits where."""
    return snapshot.head, snapshot.empty, tuple(seat.sitter.registration for seat in snapshot.seats)


def _room_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound(room=text) from error
