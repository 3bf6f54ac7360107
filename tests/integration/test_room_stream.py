"""The live room over the door: the whole room, then changes only, to those who may watch."""

import asyncio
import json
from contextlib import aclosing, contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event

from cbt.delivery.services.writing import attempt_topic
from cbt.kernel.asgi import board as boards
from cbt.kernel.asgi.http import Call
from cbt.kernel.asgi.hub import Hub
from cbt.kernel.asgi.pool import Pool
from cbt.kernel.canonical import instant_text
from cbt.kernel.errors import Forbidden, NotFound, SignInNeeded
from cbt.kernel.runtime import DatabaseUnavailable
from cbt.kernel.web.cookies import STAFF, cookie_name
from cbt.people.core.actors import Actor, Role
from cbt.people.core.staff import IDLE_LIMIT
from cbt.people.services.staff import create_staff, find_session, sign_in
from proctor import stream as streams
from proctor.core.incidents import IncidentCategory
from proctor.core.orders import Order, OrderKind
from proctor.core.seats import changed_seats
from proctor.core.wire import clock_document
from proctor.services.orders import give_order
from proctor.services.rooms import RoomReader
from proctor.stream import ProctorDoor, admit, room_events, watched_rooms
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
    hub, pool = Hub(world.rt.broker), Pool("test", 1)
    rooms = watched_rooms(world.rt, hub, pool)
    async with asyncio.timeout(8), aclosing(room_events(rooms, world.room_id)) as events:
        got = [read(await anext(events))]
        await asyncio.to_thread(act)
        hub.tell(f"room:{world.room_id}", "something")
        for _ in range(count):
            got.append(read(await anext(events)))  # noqa: PERF401
    rooms.close()
    pool.close()
    return got


@contextmanager
def listening_to(engine, hear):
    """Give every statement that reaches the database to `hear`."""

    def heard(_connection, _cursor, statement, *_more):
        hear(statement)

    event.listen(engine, "before_cursor_execute", heard)
    yield
    event.remove(engine, "before_cursor_execute", heard)


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
        give_order(rt, world.room_id, Order(kind=OrderKind.CLOSE_ROOM, anyway=True), by=world.staff)

    _, (kind, document) = asyncio.run(next_events(world, close))
    assert (kind, document["state"]) == ("room", "closed")


def test_a_quiet_room_still_tells_the_time(rt, monkeypatch):
    monkeypatch.setattr(streams, "CLOCK_S", 0.4)
    monkeypatch.setattr(streams, "REREAD_S", 0.2)
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


def test_a_room_outlasts_a_database_that_is_away(rt, monkeypatch):
    world = make_world(rt)
    monkeypatch.setattr(boards, "REST_S", 0.01)
    faults, read_rows = iter([None, DatabaseUnavailable()]), RoomReader.read

    def flickering(reader, heard):
        if (fault := next(faults, None)) is not None:
            raise fault
        return read_rows(reader, heard)

    monkeypatch.setattr(RoomReader, "read", flickering)
    hub, pool = Hub(rt.broker), Pool("test", 1)

    async def follow():
        rooms = watched_rooms(rt, hub, pool)
        async with asyncio.timeout(8), aclosing(room_events(rooms, world.room_id)) as events:
            got = [await anext(events)]
            await asyncio.to_thread(sit_down, world)
            hub.tell(f"room:{world.room_id}", "something")
            got += [await anext(events), await anext(events)]
        rooms.close()
        pool.close()
        return got

    _, away, change = asyncio.run(follow())
    assert away == b": the database is away\n\n"
    assert read(change)[0] == "seats"


def test_a_hint_that_names_an_attempt_leads_to_a_reading_of_that_attempt_alone(rt):
    world = make_world(rt)
    page = sit_down(world)
    reader = RoomReader(rt)
    attempt = str(page.facts.attempt_id)

    def statements():
        asked = []
        with listening_to(rt.engine, asked.append):
            found = reader.read({world.room_id: frozenset({attempt})})
        return [each.partition("FROM")[2].split()[0] for each in asked if "FROM" in each], found[world.room_id]

    whole, before = statements()
    page.send(page.answer(1))
    narrow, after = statements()
    assert "scheduling_registration" in whole
    assert set(narrow) == {"delivery_attempt", "delivery_seat_claim", "delivery_recovered"}
    assert [seat.progress.answered for seat in (before.seats[0], after.seats[0])] == [0, 1]
    assert before.seats[1] is after.seats[1]


def test_that_somebody_was_heard_again_is_told_with_the_time_only(rt, clock):
    world = make_world(rt)
    attempt_id = sit_down(world).facts.attempt_id
    reader = RoomReader(rt)
    first = reader.read({world.room_id: frozenset()})[world.room_id]
    clock.advance(timedelta(seconds=5))
    rt.broker.mark_present(attempt_topic(attempt_id), clock.now(), timedelta(minutes=1))
    second = RoomReader(rt).read({world.room_id: frozenset()})[world.room_id]
    assert changed_seats(first.seats, second.seats) == ()
    assert clock_document(second)["contacts"][str(world.registration())] == instant_text(clock.now())
