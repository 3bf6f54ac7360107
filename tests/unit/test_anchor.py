"""The clock that all processes of a boot share."""

import json
from datetime import timedelta

import pytest

from cbt.kernel import anchor, clock
from cbt.kernel.anchor import shared_clock
from cbt.kernel.clock import STEP_ALARM, SystemClock

HOUR_NS = 3600 * 10**9


class Machine:
    """A machine that is booted and whose wall clock is stepped by hand; its time since boot stands still."""

    def __init__(self, boot_id):
        self._boot_id = boot_id
        self.wall_ns = 1_795_000_000 * 10**9

    def boot(self, name):
        self._boot_id.write_text(f"{name}\n")

    def tell_no_boot(self):
        self._boot_id.unlink()

    def time_ns(self):
        return self.wall_ns

    def monotonic_ns(self):
        return 5_000


@pytest.fixture
def machine(tmp_path, monkeypatch):
    made = Machine(tmp_path / "boot_id")
    made.boot("first")
    monkeypatch.setattr(anchor, "BOOT_ID", tmp_path / "boot_id")
    monkeypatch.setattr(clock, "time", made)
    return made


def test_a_process_that_starts_after_a_step_carries_on_the_time_of_the_others(home, machine):
    first = shared_clock(home)
    machine.wall_ns += HOUR_NS
    late = shared_clock(home)
    assert late.now() == first.now()
    assert late.drift() == first.drift() == timedelta(hours=1) > STEP_ALARM


def test_a_new_boot_begins_with_the_wall_clock(home, machine):
    before = shared_clock(home).now()
    machine.boot("second")
    machine.wall_ns += HOUR_NS
    assert shared_clock(home).now() == before + timedelta(hours=1)


def test_machines_that_share_a_home_keep_an_anchor_each(home, machine):
    here = shared_clock(home)
    machine.wall_ns += HOUR_NS
    machine.boot("another machine")
    shared_clock(home)
    machine.boot("first")
    assert shared_clock(home).now() == here.now()


def test_anchors_of_old_boots_are_forgotten(home, machine):
    for number in range(40):
        machine.boot(f"boot {number}")
        shared_clock(home)
    kept = json.loads((home / "clock.json").read_text())
    assert list(kept) == [f"boot {number}" for number in range(24, 40)]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"first": "noon"}', "\udcff"])
def test_a_broken_file_is_written_anew(home, machine, content):
    (home / "clock.json").write_text(content, errors="surrogateescape")
    first = shared_clock(home)
    machine.wall_ns += HOUR_NS
    assert shared_clock(home).now() == first.now()


def test_without_a_boot_to_name_each_process_reads_the_clock(home, machine):
    machine.tell_no_boot()
    machine.wall_ns += HOUR_NS
    assert shared_clock(home).now() == SystemClock().now()
    assert not (home / "clock.json").exists()


def test_the_real_clock_is_the_wall_clock(home):
    assert abs(shared_clock(home).drift()) < STEP_ALARM
