"""Many at once at the door: starts that share a commit, pages that share a reading, two browsers for one seat."""

import asyncio
from contextlib import aclosing, contextmanager
from datetime import timedelta
from uuid import UUID

from sqlalchemy import event

from cbt.delivery import stream as streams
from cbt.delivery.core.seat_token import read_seat_token
from cbt.delivery.services.seat import SEAT_PURPOSE, read_rooms, seat_document
from cbt.delivery.services.starting import StartMemory, read_start, start_many
from cbt.delivery.services.writing import attempt_topic, room_topic
from cbt.delivery.stream import StartDoor
from cbt.kernel.asgi.http import Call
from cbt.kernel.asgi.hub import Hub
from cbt.kernel.errors import CbtError
from cbt.scheduling.services.attendance import undo_check_in_in
from tests.factories_exam import make_world, sit_down
from tests.factories_races import both

DEVICE = "a browser"


def test_many_starts_share_one_transaction(any_rt):
    world = make_world(any_rt, candidates=3)
    requests = [request(world, place) for place in range(3)]
    outcomes = start_many(any_rt, StartMemory(any_rt.keys), [*requests, requests[0]])
    assert [outcome.document["lease"] for outcome in outcomes] == [1, 1, 1, 1]
    assert outcomes[0].document["key"] == outcomes[3].document["key"]
    assert len({outcome.document["key"] for outcome in outcomes}) == 3


def test_a_rush_of_starts_asks_the_database_no_more_often_than_one_start(rt):
    world = make_world(rt, candidates=6)
    memory = StartMemory(rt.keys)
    start_many(rt, memory, [request(world, 0)])  # what never changes is read with the first one
    asked = []
    rush = [request(world, place) for place in range(1, 6)]
    with statements(rt, asked):
        start_many(rt, memory, rush[:1])
    one = len(asked)
    asked.clear()
    with statements(rt, asked):
        outcomes = start_many(rt, memory, rush[1:])
    assert [outcome.document["state"] for outcome in outcomes] == ["running"] * 4
    assert len(asked) == one <= 8
    assert not any(table in " ".join(asked) for table in ("people_staff", "itembank_", "delivery_release"))


def test_pages_that_come_back_together_are_read_together(rt):
    world = make_world(rt, candidates=4)
    memory = StartMemory(rt.keys)
    pages = [sit_down(world, place, DEVICE) for place in range(4)]
    for page in pages:
        page.send(page.answer(1), page.answer(2))
    again = [request(world, place) for place in range(4)]
    start_many(rt, memory, again[:1])
    asked = []
    with statements(rt, asked):
        start_many(rt, memory, again[:1])
    one = len(asked)
    asked.clear()
    with statements(rt, asked):
        outcomes = start_many(rt, memory, again)
    assert [sorted(outcome.document["responses"]) for outcome in outcomes] == [["1", "2"]] * 4
    assert len(asked) == one


def test_of_two_browsers_that_start_at_once_one_holds_the_exam(any_rt):
    world = make_world(any_rt)
    first, second = request(world, device="one"), request(world, device="another")
    one, other = both(
        any_rt,
        lambda: start_many(any_rt, StartMemory(any_rt.keys), [first])[0],
        lambda: start_many(any_rt, StartMemory(any_rt.keys), [second])[0],
    )
    assert one.result().document["lease"] == 1
    assert other.result().code == "seat-taken"


def test_pages_that_wait_in_one_room_share_a_reading(rt, monkeypatch):
    world = make_world(rt, candidates=3, opened=False)
    readings = []

    def reading(rt, heard):
        readings.append(len(heard))
        return read_rooms(rt, heard)

    monkeypatch.setattr(streams, "read_rooms", reading)
    door = StartDoor(rt, Hub(rt.broker))
    tokens = [seat_document(rt, world.registration(place), f"{DEVICE} {place}")["seat_token"] for place in range(3)]
    calls = [Call(parameter="", headers={b"authorization": f"Bearer {one}".encode()}, body=b"") for one in tokens]

    async def wait_together():
        waiting = [await door.wait(call) for call in calls]
        told = await asyncio.gather(*(anext(events) for events in waiting))
        for events in waiting:
            await events.aclose()
        return told

    told = asyncio.run(wait_together())
    door.close()
    assert all(b'"state":"checked-in"' in chunk for chunk in told)
    assert readings == [1]


def test_who_waits_in_a_busy_room_is_kept_present(rt, monkeypatch):
    monkeypatch.setattr(streams, "STREAM_REREAD_S", 60)  # every wait ends with the bell
    monkeypatch.setattr(streams, "STREAM_COMMENT_S", 1e-9)
    world = make_world(rt, opened=False)
    hub = Hub(rt.broker)
    door = StartDoor(rt, hub)
    seat = seat_document(rt, world.registration(), DEVICE)
    call = Call(parameter="", headers={b"authorization": f"Bearer {seat['seat_token']}".encode()}, body=b"")

    def go_away():
        rt.clock.advance(timedelta(seconds=20))
        with rt.transaction() as tx:
            undo_check_in_in(tx, rt.clock.now(), world.registration(1), by=world.staff)

    async def wait():
        async with asyncio.timeout(10), aclosing(await door.wait(call)) as events:
            told = [await anext(events), await anext(events)]
            await asyncio.to_thread(go_away)
            hub.tell(room_topic(world.room_id), "1")
            return [*told, await anext(events)]

    told = asyncio.run(wait())
    door.close()
    assert told[1:] == [b": still here\n\n"] * 2
    topic = attempt_topic(UUID(seat["attempt"]))
    assert rt.broker.presence([topic]) == {topic: rt.clock.now()}


@contextmanager
def statements(rt, asked):
    """Note every statement that the database is asked meanwhile."""

    def note(_connection, _cursor, statement, *_more):
        asked.append(statement)

    event.listen(rt.engine, "before_cursor_execute", note)
    try:
        yield
    finally:
        event.remove(rt.engine, "before_cursor_execute", note)


def test_one_refused_start_takes_nobody_down(any_rt):
    world = make_world(any_rt, candidates=3)
    requests = [request(world, place) for place in range(3)]
    with any_rt.transaction() as tx:
        undo_check_in_in(tx, any_rt.clock.now(), world.registration(1), by=world.staff)
    first, refused, third = start_many(any_rt, StartMemory(any_rt.keys), requests)
    assert isinstance(refused, CbtError)
    assert refused.code == "not-admitted"
    assert [first.document["state"], third.document["state"]] == ["running", "running"]


def request(world, place=0, *, device=DEVICE):
    rt = world.rt
    token = seat_document(rt, world.registration(place), device)["seat_token"]
    return read_start(read_seat_token(rt.keys.derive(SEAT_PURPOSE), token, rt.clock.now()), {})
