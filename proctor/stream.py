"""The live room through the door: the whole room first, then only the seats that changed.

All watched rooms of a process are read together: at once on a hint, never more than four times a second, and every two
seconds without one. An event goes out at least every five seconds, so that the page can tell a quiet room from a dead
line; it also tells when each seat was heard.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from typing import Any, Final
from uuid import UUID

from cbt.delivery.services.writing import room_topic
from cbt.kernel.asgi.board import Board
from cbt.kernel.asgi.http import Call, Events, comment, event
from cbt.kernel.asgi.hub import Bell, Hub
from cbt.kernel.asgi.pool import Pool
from cbt.kernel.errors import Forbidden, NotFound, SignInNeeded, Unavailable
from cbt.kernel.runtime import Runtime
from cbt.kernel.web.cookies import STAFF, cookie_name
from cbt.people.core.actors import Role
from cbt.people.services.staff import look_at_session
from proctor.core.rooms import RoomSnapshot
from proctor.core.seats import changed_seats
from proctor.core.wire import clock_document, incident_document, room_document, seat_documents, state_document
from proctor.services.rooms import RoomReader, require_room

SESSION_THREADS: Final = 2
REREAD_S: Final = 2.0
GAP_S: Final = 0.25
CLOCK_S: Final = 4.0
SESSION_CHECK_S: Final = 60.0
WATCHERS: Final = frozenset({Role.PROCTOR, Role.ADMIN})


class ProctorDoor:
    """The handlers of one process."""

    def __init__(self, rt: Runtime, hub: Hub) -> None:
        self._rt = rt
        self._pool = Pool("staff-sessions", SESSION_THREADS)
        self._readers = Pool("room-streams", 1)
        self._rooms = watched_rooms(rt, hub, self._readers)

    async def stream(self, call: Call) -> Events:
        """Stream a room to staff who may watch it; raises SignInNeeded, Forbidden, NoSuchSittingRoom."""
        token = call.cookie(cookie_name(self._rt.settings, STAFF))
        await self._pool.run(admit, self._rt, token)
        room_id = _room_id(call.parameter)
        await self._pool.run(require_room, self._rt, room_id)
        return self._while_signed_in(token, room_events(self._rooms, room_id))

    def close(self) -> None:
        """End the threads."""
        self._rooms.close()
        self._readers.close()
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


def watched_rooms(rt: Runtime, hub: Hub, pool: Pool) -> Board[UUID, RoomSnapshot]:
    """Return the board of the rooms that pages watch."""
    return Board(hub, pool, topic_of=room_topic, read=RoomReader(rt).read, gap_s=GAP_S, reread_s=REREAD_S)


async def room_events(rooms: Board[UUID, RoomSnapshot], room_id: UUID) -> AsyncGenerator[bytes, None]:
    """Yield the room as a whole, then its changes as they are read, for ever."""
    loop = asyncio.get_running_loop()
    bell = Bell()
    with rooms.watching(room_id, bell) as watched:
        shown: RoomSnapshot | None = watched.value
        if shown is not None:
            yield event("room", room_document(shown))
        clock_at = loop.time()
        while True:
            await bell.wait(REREAD_S)
            if watched.away or watched.value is None:
                yield comment("the database is away")
                continue
            before, shown = shown, watched.value
            for chunk in _changes(before, shown):
                yield chunk
            if loop.time() - clock_at >= CLOCK_S:
                clock_at = loop.time()
                yield event("clock", clock_document(shown))


def _changes(before: RoomSnapshot | None, after: RoomSnapshot) -> list[bytes]:
    """Return the events that lead from one picture to the next."""
    if before is None or _frame(before) != _frame(after):
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
