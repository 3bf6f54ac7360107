"""F18: what is acknowledged has been synced to the disk: the settings are asserted, and the syncs are counted.

A SIGKILL proves nothing about a power cut, since the kernel keeps what was written; the sync before the answer does.
"""

import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.factories_site import until
from tests.faults.kept import assert_kept
from tests.faults.node import WORKER, seated

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed"),
]
SYNC = re.compile(r"\bf(?:data)?sync\((\d+)")


@contextmanager
def counting(tmp_path, *processes: int) -> Iterator[list[str]]:
    """The syncs of these processes while this lasts."""
    calls: list[str] = []
    log = tmp_path / "strace"
    which = [word for process in processes for word in ("-p", str(process))]
    command = ["strace", "-f", "-qq", "-e", "trace=fsync,fdatasync", "-o", str(log), *which]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as tracing:
        until(lambda: all(traced(process) for process in processes) or tracing.poll() is not None, why="strace")
        if tracing.poll() is not None:
            pytest.skip(f"strace may not look: {tracing.stderr.read().decode()[:200]}")
        try:
            yield calls
        finally:
            time.sleep(0.2)
            tracing.send_signal(signal.SIGINT)
            tracing.wait(10)
            calls += [line for line in log.read_text().splitlines() if SYNC.search(line) and "unfinished" not in line]


def traced(process: int) -> bool:
    """Whether every thread of the process is looked at."""
    return all(
        "TracerPid:\t0\n" not in (task / "status").read_text() for task in Path(f"/proc/{process}/task").iterdir()
    )


def writers(node) -> list[int]:
    """The processes that sync a save: the door itself, or the servers of its connections."""
    if node.rt.write_lock is not None:
        return [node.part(*WORKER[:1], nth=WORKER[1])]
    with node.rt.engine.connect() as connection:
        statement = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        return list(connection.scalars(text(statement)))


def test_f18_the_settings_that_make_a_commit_last_are_found_by_the_self_test(node):
    done = node.cbt("check", "--json")
    assert '"name": "durability", "ok": true' in done.stdout, done.stdout


def test_f18_every_acknowledged_save_was_synced_once(node, tmp_path):
    saves = 24
    with seated(node) as room:
        [person] = room.people
        person.answer(1)  # the connection is there
        with counting(tmp_path, *writers(node)) as calls:
            for save in range(saves):
                person.answer(1 + save % 8, right=save % 2 == 0)
        # A checkpoint of the log syncs once or twice more; another process may write into the same log.
        assert saves <= len(calls) <= saves + 6, calls
        assert_kept(person)


def test_f18_saves_that_come_together_share_a_sync(node, tmp_path):
    people, changes = 8, 10
    with seated(node, people) as room, ThreadPoolExecutor(people) as threads:
        room.busy(1)

        def work(person):
            for change in range(changes):
                person.answer(1 + change % 8)

        with counting(tmp_path, *writers(node)) as calls:
            list(threads.map(work, room.people))
        assert 1 <= len(calls) <= people * changes
        assert_kept(*room.people)
