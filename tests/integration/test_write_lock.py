"""One writer at a time on SQLite, over processes too, and nobody is passed over."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path

from cbt.kernel.runtime import WriteLock

ROOT = Path(__file__).resolve().parents[2]
TURNS = 40
PATIENCE_S = 60.0
# Takes turns on the lock; a mark that only one may make at a time shows whether anybody else is inside.
WRITER = """
import os, sys
from pathlib import Path
from cbt.kernel.runtime import WriteLock
home, name, turns = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
lock = WriteLock(home / "write.lock")
print("ready", flush=True)
sys.stdin.readline()
for turn in range(turns):
    with lock.held():
        mark = os.open(home / "inside", os.O_CREAT | os.O_EXCL)
        diary = os.open(home / "diary", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(diary, name.encode())
        os.fsync(diary)
        os.close(diary)
        os.close(mark)
        os.unlink(home / "inside")
    print(turn, flush=True)
"""
HOLDER = """
import sys
from pathlib import Path
from cbt.kernel.runtime import WriteLock
with WriteLock(Path(sys.argv[1]) / "write.lock").held():
    print("held", flush=True)
    sys.stdin.readline()
"""


def begin(script, *arguments):
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_two_processes_never_write_at_once_but_in_turn(home):
    writers = [begin(WRITER, home, name, TURNS) for name in "ab"]
    assert [writer.stdout.readline() for writer in writers] == ["ready\n"] * 2
    for writer in writers:
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        _, faults = writer.communicate(timeout=PATIENCE_S)
        assert writer.returncode == 0, faults
    diary = (home / "diary").read_text()
    assert (diary.count("a"), diary.count("b")) == (TURNS, TURNS)
    both = diary[: min(diary.rindex("a"), diary.rindex("b")) + 1]  # as long as both had turns to take
    # Who is kept waiting for good has no turn before the other is done; a busy machine gives one of them many in a row.
    assert len([*groupby(both)]) > 3, f"not in turn: {diary}"


def test_the_lock_of_a_killed_process_is_free(home):
    holder = begin(HOLDER, home)
    assert holder.stdout.readline() == "held\n"
    lock = WriteLock(home / "write.lock")
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(hold_briefly, lock)
        assert not waiting.done()
        holder.kill()
        holder.communicate(timeout=PATIENCE_S)
        assert waiting.result(PATIENCE_S) == "held"


def hold_briefly(lock):
    with lock.held():
        return "held"


def test_threads_of_one_process_never_write_at_once(home):
    lock, inside, most = WriteLock(home / "write.lock"), [], []

    def write(number):
        for _ in range(20):
            with lock.held():
                inside.append(number)
                most.append(len(inside))
                os.sched_yield()
                inside.remove(number)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    assert set(most) == {1}
    assert len(most) == 80


def test_a_lock_that_nobody_keeps_closes_its_files(home):
    lock = WriteLock(home / "write.lock")
    assert len(open_below(home)) == 2
    del lock
    assert open_below(home) == []


def open_below(home):
    """The files under `home` that this process has open."""
    with os.scandir("/proc/self/fd") as handles:
        targets = [os.readlink(each.path) for each in handles if os.path.islink(each.path)]  # noqa: PTH114, PTH115
    return [target for target in targets if target.startswith(str(home))]
