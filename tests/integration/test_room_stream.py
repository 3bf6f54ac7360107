"""The live room over the door: the whole room, then changes only, to those who may watch."""

import asyncio
import json
from contextlib import aclosing

import pytest

from cbt.kernel.asgi.http import Call
from cbt.kernel.asgi.hub import Hub
from cbt.kernel.asgi.pool import Pool
from cbt.kernel.errors import Forbidden, NotFound, SignInNeeded
from cbt.kernel.runtime import DatabaseUnavailable
from cbt.kernel.web.cookies import STAFF, cookie_name
from cbt.people.core.actors import Actor, Role
from cbt.people.core.staff import IDLE_LIMIT
from cbt.people.services.staff import create_staff, find_session, sign_in
from proctor.core.incidents import IncidentCategory
from proctor.core.orders import Order, OrderKind
from proctor.services.orders import give_order
from proctor.services.rooms import RoomReader
from proctor.stream import ProctorDoor, admit, room_events
from tests.factories_exam import make_world, sit_down
from tests.factories_scheduling import PASSWORD, make_staff


def call(rt, room_id, token=""):
    name = cookie_name(rt.settings, STAFF)
    return Call(parameter=str(room_id), headers={b"cookie": f"{name}={token}".encode()}, body=b"")


def read(chunk):
    head, body, *_ = chunk.decode().split("\n")
    return head.removeprefix("event: "), json.loads(body.removeprefix("data: "))


async def next_events(world, act, count=1):
    """Return the first event, and `count` more after `act`."""
    hub = Hub(world.rt.broker)
    reader = RoomReader(world.rt)
    first = await asyncio.to_thread(reader.read, world.room_id)
    pool = Pool("test", 1)
    async with asyncio.timeout(8), aclosing(room_events(reader, hub, pool, first)) as events:
        got = [read(await anext(events))]
        await asyncio.to_thread(act)
        hub.ring(f"room:{world.room_id}")
        for _ in range(count):
            got.append(read(await anext(events)))  # noqa: PERF401
    return got


def test_the_first_event_is_the_whole_room_and_then_only_what_changed(rt):
    world = make_world(rt)
    (kind, room), (after, change) = asyncio.run(next_events(world, lambda: sit_down(world)))
    assert (kind, after) == ("room", "seats")
    assert [seat["seat"] for seat in room["seats"]] == ["1", "2"]
    assert room["empty"] == ["3"]
    assert [seat["registration"] for seat in change["seats"]] == [str(world.registration())]
    assert change["seats"][0]["state"] == "running"
    assert change["seats"][0]["remaining_s"] == 600
    assert change["now"].endswith("Z")


def test_an_incident_reaches_every_watcher(rt):
    world = make_world(rt)
    note = Order(kind=OrderKind.INCIDENT, reason="복도 소음", category=IncidentCategory.ENVIRONMENT)

    def write():
        give_order(rt, world.room_id, note, by=world.staff)

    _, (kind, document) = asyncio.run(next_events(world, write))
    assert kind == "incidents"
    assert [each["words"] for each in document["incidents"]] == ["복도 소음"]


def test_closing_the_room_sends_a_whole_new_picture(rt):
    world = make_world(rt)

    def close():
        give_order(rt, world.room_id, Order(kind=OrderKind.CLOSE_ROOM), by=world.staff)

    _, (kind, document) = asyncio.run(next_events(world, close))
    assert (kind, document["state"]) == ("room", "closed")


def test_a_quiet_room_still_tells_the_time(rt):
    world = make_world(rt)
    _, (kind, document) = asyncio.run(next_events(world, lambda: None))
    assert kind == "clock"
    assert document["state"] == "open"


def test_the_stream_is_for_those_who_may_watch_rooms(rt):
    world = make_world(rt)
    door = ProctorDoor(rt, Hub(rt.broker))
    make_staff(rt, "author1", Role.AUTHOR)
    author = sign_in(rt, "author1", PASSWORD, "198.51.100.7")
    proctor = sign_in(rt, "proctor1", PASSWORD, "198.51.100.7")

    async def first(token, room_id=world.room_id):
        async with aclosing(await door.stream(call(rt, room_id, token))) as events:
            return read(await anext(events))

    assert asyncio.run(first(proctor))[0] == "room"
    for token, refusal in (("", SignInNeeded), ("x", SignInNeeded), (author, Forbidden)):
        with pytest.raises(refusal):
            asyncio.run(first(token))
    for unknown in ("no-id", world.registration()):
        with pytest.raises(NotFound):
            asyncio.run(first(proctor, unknown))


def test_no_seat_ever_shows_what_was_answered(rt):
    world = make_world(rt)

    def work():
        page = sit_down(world)
        page.send(page.answer(1))

    (_, room), (_, change) = asyncio.run(next_events(world, work))
    sent = json.dumps([room, change], ensure_ascii=False)
    assert "responses" not in sent
    assert "정답" not in sent


def test_an_open_room_does_not_keep_a_session_alive(rt, clock):
    make_staff(rt, "proctor1", Role.PROCTOR)
    token = sign_in(rt, "proctor1", PASSWORD, "198.51.100.7")
    for _ in range(2):
        clock.advance(IDLE_LIMIT / 3)
        admit(rt, token)
    clock.advance(IDLE_LIMIT / 3)
    with pytest.raises(SignInNeeded):
        admit(rt, token)
    assert find_session(rt, token) is None


def test_a_password_that_somebody_else_knows_opens_no_room(rt):
    create_staff(
        rt,
        login="new1",
        name="새감독",
        password=PASSWORD,
        roles=[Role.PROCTOR],
        by=Actor.system("test"),
        temporary=True,
    )
    token = sign_in(rt, "new1", PASSWORD, "198.51.100.7")
    with pytest.raises(SignInNeeded):
        admit(rt, token)


def test_a_room_outlasts_a_database_that_is_away(rt):
    world = make_world(rt)
    reader, hub, pool = RoomReader(rt), Hub(rt.broker), Pool("test", 1)
    faults = iter([DatabaseUnavailable(), None])

    class Flickering:
        def read(self, room_id, *, needed_at=None):
            if (fault := next(faults)) is not None:
                raise fault
            return reader.read(room_id, needed_at=needed_at)

    async def follow():
        first = reader.read(world.room_id)
        async with asyncio.timeout(8), aclosing(room_events(Flickering(), hub, pool, first)) as events:
            got = [await anext(events)]
            await asyncio.to_thread(sit_down, world)
            for _ in range(2):
                hub.ring(f"room:{world.room_id}")
                got.append(await anext(events))
            return got

    _, away, change = asyncio.run(follow())
    assert away == b": the database is away\n\n"
    assert read(change)[0] == "seats"
