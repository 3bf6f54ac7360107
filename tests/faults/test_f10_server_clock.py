"""F10: somebody sets the server's wall clock by 90 s while an exam runs: its time does not follow, and that is told.

A small library shifts the wall clock of the server's processes alone (`wall_clock.c`); libfaketime breaks the sleep of
Python 3.11. The clock since boot stays as it is, as with NTP or `date -s`.
"""

import json
import os
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from cbt.kernel import canonical
from tests.factories_site import Plan, until
from tests.faults.kept import assert_kept, journal_of
from tests.faults.node import WORKER, kill_part, running_node, seated

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("cc"), reason="no C compiler to make the shifted clock with"),
]
SOON = timedelta(seconds=2)


@pytest.fixture(scope="module")
def shifted(tmp_path_factory):
    """The library, and the file that says by how much."""
    folder = tmp_path_factory.mktemp("clock")
    library, shift = folder / "wall_clock.so", folder / "shift"
    source = Path(__file__).with_name("wall_clock.c")
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True)
    shift.write_text("0")
    return library, shift


def server_time(node, person):
    return canonical.instant(person.beat().json()["now"]) - node.rt.clock.now()


def alarms(node):
    """The lines about a stepped clock in the worker's log."""
    log = node.home / "log/work.log"
    lines = log.read_text().splitlines() if log.exists() else []
    return [json.loads(line) for line in lines if "clock-stepped" in line]


@pytest.mark.parametrize("step_s", [90, -90])
def test_f10_a_step_of_the_wall_clock_moves_no_deadline_and_alarms(tmp_path, shifted, step_s):
    library, shift = shifted
    shift.write_text("0")
    settings = {"LD_PRELOAD": str(library), "WALL_CLOCK_SHIFT": str(shift)}
    with running_node(tmp_path / "home", **settings) as node, seated(node, 2, plan=Plan(minutes=30)) as room:
        person, other = room.people
        person.answer(1)
        before = person.post([person.journal.entries[1]]).json()["state"]
        assert abs(server_time(node, person)) < SOON
        shift.write_text(str(step_s))
        until(lambda: alarms(node), why="an alarm")
        assert round(alarms(node)[0]["drift_s"] / step_s) == 1
        after = person.post([person.journal.entries[1]]).json()["state"]
        assert after["deadline_at"] == before["deadline_at"]
        assert abs(server_time(node, person)) < SOON
        person.answer(2)
        kill_part(node, WORKER)  # a new process carries on the same time, not the wall's
        person.answer(3)
        other.answer(1)
        assert abs(server_time(node, person)) < SOON
        stamps = [entry.at for entry in journal_of(person.rt, person.attempt_id)[1]]
        assert stamps == sorted(stamps)
        assert stamps[-1] - stamps[0] < timedelta(seconds=80)
        shift.write_text("0")
        person.hand_in()
        assert_kept(person, other)


def test_f10_the_shifted_clock_is_what_it_says(shifted):
    library, shift = shifted
    shift.write_text("-90")
    words = "import time; print(time.time(), time.monotonic())"
    env = {**os.environ, "LD_PRELOAD": str(library), "WALL_CLOCK_SHIFT": str(shift)}
    here = subprocess.run(["date", "+%s"], capture_output=True, text=True, check=True)
    there = subprocess.run([shutil.which("python3"), "-c", words], env=env, capture_output=True, text=True, check=True)
    assert -95 < float(there.stdout.split()[0]) - int(here.stdout) < -80
