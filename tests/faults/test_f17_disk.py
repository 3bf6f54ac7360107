"""F17: no room on the disk: nothing is receipted that is not stored, and everything goes on once there is room."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest
from sqlalchemy import event

from cbt.kernel.runtime import DatabaseUnavailable
from tests.factories_exam import make_world, sit_down
from tests.faults.invariants import all_hold
from tests.faults.kept import assert_kept, journal_of
from tests.faults.node import running_node, seated

MIB = 1024 * 1024


def limit_pages(rt, pages: int | None) -> None:
    """No connection of this runtime may let the file grow beyond `pages`; None: as it likes."""
    rt.close()  # new connections are told

    @event.listens_for(rt.engine, "connect")
    def limit(connection, _record):
        connection.execute(f"PRAGMA max_page_count = {pages or 1_000_000}")


def test_f17_a_database_without_room_receipts_nothing_and_goes_on_where_it_stood(rt):
    """The same by SQLite's own limit, in this process."""
    page = sit_down(make_world(rt))
    page.send(page.answer(1))
    with rt.reading() as tx:
        pages = tx.session.connection().exec_driver_sql("PRAGMA page_count").scalar()
    limit_pages(rt, pages)
    stored = 0
    while stored < 500:  # what is free in the pages that there are is used up first
        try:
            page.send({"kind": "hand-raised", "words": "x" * 400})
        except DatabaseUnavailable:
            break
        stored += 1
    assert stored < 500, "the limit does not hold"
    assert len(journal_of(rt, page.facts.attempt_id)[1]) == 2 + stored + 0
    limit_pages(rt, None)
    page.send(page.answer(2))
    page.send({"kind": "submitted"})
    all_hold(rt, graded=False)


@contextmanager
def small_disk(folder: Path, mib: int) -> Iterator[Path]:
    """A disk of its own in memory; needs the right to mount."""
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={mib}m", "tmpfs", folder], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip("mounts are not allowed here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def fill(folder: Path) -> Path:
    """Take all the room that is left."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (MIB, 4096, 1):
            with suppress(OSError):
                while file.write(b"\0" * size):
                    pass
    return filler


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount")
def test_f17_a_full_disk_receipts_nothing_and_the_server_lives_through_it(tmp_path):
    with small_disk(tmp_path / "disk", 320) as disk, running_node(disk / "home") as node, seated(node, 2) as room:
        for person in room.people:
            person.answer(1)
        filler = fill(disk)
        refused = 0
        for _ in range(200):
            person = room.people[0]
            person.write({"kind": "hand-raised", "words": "x" * 400})
            answer = person.post(person.journal.waiting[:10])
            if answer.status_code == 503:
                refused += 1
                assert int(answer.headers["retry-after"]) > 0
                if refused == 5:
                    break
            else:
                assert answer.status_code == 200, answer.text
                person._keep(answer.json())
        assert refused == 5
        for person in room.people:
            assert person.beat().status_code == 200
        assert httpx.get(f"{node.url}/health/live", trust_env=False).status_code == 200
        assert "disk" in node.cbt("check").stdout
        filler.unlink()
        for person in room.people:
            person.answer(2)
            person.hand_in()
        assert_kept(*room.people)
        assert node.part("cbt.cli.main work")
