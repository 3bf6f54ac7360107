"""The supervisor keeps real processes: it starts them again, ends them in order, and leaves none behind."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cbt.cli.supervisor import Part, PartFailed, Supervisor

PATIENCE_S = 20.0
ROOT = Path(__file__).resolve().parents[2]
# Says who it is, then lives until it is told to end, and says that too.
LIVES = """
import os, signal, sys
def end(number, frame):
    with open(sys.argv[1], "a") as stream: stream.write(f"ended {sys.argv[2]}\\n")
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
signal.signal(signal.SIGINT, end)
with open(sys.argv[1], "a") as stream: stream.write(f"began {sys.argv[2]} {os.getpid()}\\n")
print("plain words of " + sys.argv[2], flush=True)
signal.pause()
"""


class Diary:
    def __init__(self, path):
        self.path = path

    def lines(self):
        return self.path.read_text().splitlines() if self.path.exists() else []

    def processes(self, name):
        return [int(line.split()[2]) for line in self.lines() if line.startswith(f"began {name}")]


@pytest.fixture
def diary(tmp_path):
    return Diary(tmp_path / "diary")


def lives(diary, name):
    return Part(name=name, command=(sys.executable, "-c", LIVES, str(diary.path), name))


async def until(condition):
    async with asyncio.timeout(PATIENCE_S):
        while not condition():
            await asyncio.sleep(0.01)


def wait_until(condition):
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def is_alive(process):
    try:
        return Path(f"/proc/{process}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


def run_with(supervisor, act):
    """Run the supervisor; once all parts serve, do `act`, then ask for the end."""

    async def both():
        ready = asyncio.Event()
        running = asyncio.create_task(supervisor.run(ready.set))
        await ready.wait()
        await act()
        os.kill(os.getpid(), signal.SIGTERM)
        async with asyncio.timeout(PATIENCE_S):
            await running

    asyncio.run(both())


def test_a_killed_part_is_started_again(diary, tmp_path):
    told: list[str] = []
    supervisor = Supervisor([lives(diary, "one")], tmp_path / "log", told.append)

    async def act():
        await until(lambda: len(diary.processes("one")) == 1)
        os.kill(diary.processes("one")[0], signal.SIGKILL)
        await until(lambda: len(diary.processes("one")) == 2)

    run_with(supervisor, act)
    assert "[one] ended (SIGKILL); starting it again" in told
    assert not any(is_alive(process) for process in diary.processes("one"))


def test_parts_end_in_reverse_order(diary, tmp_path):
    supervisor = Supervisor([lives(diary, "first"), lives(diary, "second")], tmp_path / "log", lambda _line: None)

    async def act():
        await until(lambda: diary.processes("first") and diary.processes("second"))

    run_with(supervisor, act)
    assert [line for line in diary.lines() if line.startswith("ended")] == ["ended second", "ended first"]


def test_words_go_to_the_log_file(diary, tmp_path):
    supervisor = Supervisor([lives(diary, "one")], tmp_path / "log", lambda _line: None)

    async def act():
        log = tmp_path / "log" / "one.log"
        await until(lambda: log.exists() and "plain words of one" in log.read_text())

    run_with(supervisor, act)


def test_a_part_that_cannot_start_fails_the_start(tmp_path):
    broken = Part(name="broken", command=(sys.executable, "-c", "raise SystemExit('no such thing')"), serves=never)
    supervisor = Supervisor([broken], tmp_path / "log", lambda _line: None)
    with pytest.raises(PartFailed, match="no such thing"):
        asyncio.run(supervisor.run(lambda: None))


async def never():
    return False


def test_a_part_that_is_not_needed_does_not_hold_up_the_start(diary, tmp_path):
    broken = Part(
        name="broken", command=(sys.executable, "-c", "raise SystemExit(3)"), serves=never, needed=False,
    )  # fmt: skip
    supervisor = Supervisor([broken, lives(diary, "one")], tmp_path / "log", lambda _line: None)

    async def act():
        await until(lambda: diary.processes("one"))

    run_with(supervisor, act)


KEEPER = """
import asyncio, pathlib, sys
from cbt.cli.supervisor import Part, Supervisor
part = Part(name="one", command=(sys.executable, "-c", sys.argv[1], sys.argv[2], "one"))
asyncio.run(Supervisor([part], pathlib.Path(sys.argv[3]), print).run(lambda: None))
"""


def test_f12_a_killed_supervisor_leaves_no_orphan(diary, tmp_path):
    command = [sys.executable, "-c", KEEPER, LIVES, str(diary.path), str(tmp_path / "log")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as keeper:
        wait_until(lambda: diary.processes("one"))
        keeper.kill()
    wait_until(lambda: not is_alive(diary.processes("one")[0]))
    assert not any(line.startswith("ended") for line in diary.lines())
