"""F12, F13, F19: whatever is killed in the middle of an exam, what was receipted is graded."""

import json
import os
import signal
import subprocess
from collections.abc import Callable

import pytest

from tests.faults.serving import Served, children, is_alive, until

pytestmark = pytest.mark.xdist_group("kills")  # one server for all of them

MORE_ENTRIES = 40


def drill(served: Served, *, candidates: int, during: list[str]) -> dict[str, object]:
    """Drill candidates and kill `during`, one after the other, each while answers are coming in."""
    code = served.sitting()
    arguments = ("--candidates", str(candidates), "--pace", "0.12", "--stay", "1", "--json")
    running = served.begin("drill", "--sitting", code, *arguments)
    for part in during:
        until(more_answers(served, running), f"answers before {part}")
        assert running.poll() is None, "the drill was over before everything was killed"
        kill(served, part)
    out, err = running.communicate(timeout=180)
    assert running.returncode == 0, out + err
    report: dict[str, object] = json.loads(out)
    return report


def more_answers(served: Served, running: subprocess.Popen[str]) -> Callable[[], bool]:
    enough = served.entries() + MORE_ENTRIES
    return lambda: served.entries() >= enough or running.poll() is not None


def kill(served: Served, part: str) -> None:
    if part == "supervisor":
        assert served.process is not None
        family = [served.process.pid, *children(served.process.pid), served.part("worker")]
        os.kill(served.process.pid, signal.SIGKILL)
        served.process.wait()
        until(lambda: not any(is_alive(each) for each in family), "the orphans' end")
        served.start()
        return
    process = served.part(part)
    os.kill(process, signal.SIGKILL)
    until(lambda: not is_alive(process) and served.has(part), f"a new {part}")


def test_f12_kills_in_mid_exam_lose_nothing_that_was_receipted(served):
    report = drill(served, candidates=8, during=["worker", "door", "valkey", "work", "supervisor"])
    assert report["whole"] is True
    assert report["handed_in"] == 7
    assert report["answers_acknowledged"] == 800
    assert json.loads(served.run("check", "--json").stdout)["ok"] is True


@pytest.mark.slow
@pytest.mark.parametrize("part", ["worker", "door", "supervisor"])
def test_f12_kills_again_and_again_lose_nothing(served, part):
    report = drill(served, candidates=8, during=[part] * 6)
    assert report["whole"] is True
    assert report["answers_acknowledged"] == 800
