"""F33: two builds beside each other on one database: no room opens until all live nodes run the same program."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cbt.delivery.core.nodes import NodesDiffer
from cbt.delivery.services.nodes import NodeDesk, live_nodes, this_node
from cbt.delivery.services.preparing import prepare
from cbt.delivery.store import nodes as store
from cbt.kernel.build import FOLDERS, ROOT
from cbt.kernel.runtime import Runtime
from cbt.scheduling.core.sittings import RoomState
from cbt.scheduling.services.sittings import get_sitting_room_in
from proctor.core.orders import Order, OrderKind
from proctor.services.orders import give_order
from tests.factories_exam import make_world
from tests.factories_http import service
from tests.factories_scheduling import SYSTEM, register
from tests.factories_site import until

OPEN = Order(kind=OrderKind.OPEN_ROOM)
# A server process as `cbt serve` runs it below gunicorn: the door begins, announces itself, and waits for its end.
SERVE = """
import asyncio, os
from cbt.door import Door
from cbt.kernel.settings import Settings

async def main():
    door, said = Door(Settings.from_env(os.environ)), asyncio.Event()
    messages = iter([{"type": "lifespan.startup"}])
    async def receive():
        for message in messages:
            return message
        await asyncio.Event().wait()
    async def send(message):
        print(message["type"], flush=True)
    await door({"type": "lifespan"}, receive, send)

asyncio.run(main())
"""


@contextmanager
def node(rt: Runtime, code: Path, home: Path) -> Iterator[int]:
    """A server process that runs the program in the folder `code`; ended by SIGKILL, as a node that breaks down."""
    settings = {"CBT_HOME": str(home), "CBT_DATABASE_URL": rt.settings.database_url}
    env = {name: value for name, value in os.environ.items() if not name.startswith("CBT_")} | settings
    env |= {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(code)}
    process = subprocess.Popen([sys.executable, "-c", SERVE], env=env, cwd=code, stdout=subprocess.DEVNULL)
    try:
        until(lambda: _announced(rt, process.pid), patience_s=60, why="the node has announced itself")
        yield process.pid
    finally:
        process.kill()
        process.wait()


def _announced(rt: Runtime, pid: int) -> bool:
    with rt.reading() as tx:
        return any(node.name.endswith(f":{pid}") for node in store.list_nodes(tx))


@pytest.fixture
def real_rt(postgres_rt) -> Iterator[Runtime]:
    """A runtime by the real clock, as the processes have it."""
    rt = Runtime.start(postgres_rt.settings)
    yield rt
    rt.close()


@pytest.fixture
def other_build(tmp_path) -> Path:
    """A second checkout, one line further."""
    code = tmp_path / "checkout"
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, code / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shuffling = code / "cbt" / "kernel" / "chance.py"
    shuffling.write_text(shuffling.read_text() + "\n# patched on one server only\n")
    return code


def open_room(world):
    return give_order(world.rt, world.room_id, OPEN, by=world.staff)


def room_state(world) -> RoomState:
    with world.rt.reading() as tx:
        return get_sitting_room_in(tx, world.room_id).sitting_room.state


@pytest.mark.slow
@pytest.mark.postgresql
def test_f33_two_processes_of_two_builds_keep_the_room_shut(real_rt, other_build, tmp_path) -> None:
    rt = real_rt
    world = make_world(rt, opened=False)
    with node(rt, ROOT, tmp_path / "one") as same:
        with node(rt, other_build, tmp_path / "two") as other:
            with pytest.raises(NodesDiffer) as caught:
                open_room(world)
            assert f":{other} (" in caught.value.message
            assert f":{same} (" not in caught.value.message
        assert room_state(world) is RoomState.WAITING


def test_f33_nodes_of_one_build_open_the_room(any_rt) -> None:
    world = make_world(any_rt, opened=False)
    desks = [NodeDesk.open(any_rt), NodeDesk.open(any_rt)]
    for desk in desks:
        desk.announce()
    assert len(live_nodes(any_rt)) == 2
    open_room(world)
    assert room_state(world) is RoomState.OPEN
    for desk in desks:
        desk.leave()
    assert live_nodes(any_rt) == ()


def test_f33_silent_node_keeps_nothing_shut(rt) -> None:
    world = make_world(rt, opened=False)
    with rt.transaction() as tx:
        older = replace(this_node(rt.clock.now()), id=world.staff.id, name="old:1", version="0.0.9+0000")
        store.announce(tx, older)
    with pytest.raises(NodesDiffer, match="old:1"):
        open_room(world)
    rt.clock.advance(timedelta(seconds=34))
    with pytest.raises(NodesDiffer):
        open_room(world)
    rt.clock.advance(timedelta(seconds=1))
    open_room(world)
    assert room_state(world) is RoomState.OPEN


@pytest.mark.postgresql
def test_f33_node_that_reads_other_forms_keeps_the_room_shut(any_rt) -> None:
    if any_rt.write_lock is not None:
        pytest.skip("one process serves on SQLite")
    world = make_world(any_rt, opened=False)
    sitting_id = world.people[0].sitting.id
    desk = NodeDesk.open(any_rt)
    desk.announce()
    [own] = live_nodes(any_rt)
    assert set(own.forms) == {sitting_id}
    others = replace(own.forms[sitting_id], digest=bytes(32))
    with any_rt.transaction() as tx:
        store.announce(tx, replace(own, id=world.staff.id, name="other:2", forms={sitting_id: others}))
    with pytest.raises(NodesDiffer, match="other:2"):
        open_room(world)
    desk.announce()
    with any_rt.transaction() as tx:
        store.announce(tx, replace(own, id=world.staff.id, name="other:2"))
    open_room(world)
    assert room_state(world) is RoomState.OPEN


@pytest.mark.postgresql
def test_f33_paper_that_was_made_since_the_nodes_looked_keeps_no_room_shut(any_rt) -> None:
    if any_rt.write_lock is not None:
        pytest.skip("one process serves on SQLite")
    world = make_world(any_rt, opened=False)
    NodeDesk.open(any_rt).announce()
    [own] = live_nodes(any_rt)
    register(any_rt, world.people[0].sitting.id, "2611-1999,홍길동후,1999-03-14,,")
    prepare(any_rt, world.people[0].sitting.id, by=SYSTEM)
    open_room(world)
    assert [forms.papers for forms in own.forms.values()] == [len(world.people)]
    assert room_state(world) is RoomState.OPEN


@pytest.mark.parametrize(("version", "words"), [(None, "1, one program"), ("0.0.9+0000", "1, not the same program")])
def test_f33_start_dialog_tells_of_the_servers(rt, version, words) -> None:
    world = make_world(rt, opened=False)
    mine = this_node(rt.clock.now())
    with rt.transaction() as tx:
        store.announce(tx, replace(mine, id=world.staff.id, version=version or mine.version))
    with service(rt) as web:
        page = web.staff("proctor1").get(f"/proctor/rooms/{world.room_id}").text
        assert f'data-servers="{words}"' in page
        order = {"order": "open-room", "registrations": []}
        proctor = web.staff("proctor1")
        headers = {"X-CSRFToken": proctor.token(f"/proctor/rooms/{world.room_id}"), "Referer": rt.settings.public_url}
        answer = proctor.ask("POST", f"/proctor/rooms/{world.room_id}/orders", json=order, headers=headers)
        assert answer.status_code == (200 if version is None else 409), answer.text
        if version is not None:
            assert answer.json()["error"]["code"] == "nodes-differ"
            assert version in answer.json()["error"]["message"]
