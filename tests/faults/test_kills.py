"""F12, F13, F19: whatever is killed in the middle of an exam, what was receipted is graded."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing

import pytest

from tests.factories_site import ROOT, Plan, Site, until

SAMPLE = Plan(blueprint="practitioner-written", minutes=150)
ITEMS = 100
MORE_ENTRIES = 40
PARTS = {"worker": ("gunicorn_settings", 1), "door": ("gunicorn_settings", 0), "valkey": ("valkey-server", 0)}


def drill(site: Site, *, candidates: int, during: list[str]) -> dict[str, object]:
    """Drill candidates and kill `during`, one after the other, each while answers are coming in."""
    words = ("--sitting", site.hall(SAMPLE, candidates).code, "--candidates", str(candidates), "--pace", "0.12")
    command = [sys.executable, "-m", "cbt.cli.main", "drill", *words, "--stay", "1", "--json"]
    with subprocess.Popen(
        command, cwd=ROOT, env=site.env(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        for part in during:
            until(more_answers(site, running), patience_s=90, why=f"answers before {part}")
            assert running.poll() is None, "the drill was over before everything was killed"
            kill(site, part)
        out, err = running.communicate(timeout=180)
    assert running.returncode == 0, out + err
    report: dict[str, object] = json.loads(out)
    return report


def more_answers(site: Site, running: subprocess.Popen[str]) -> Callable[[], bool]:
    enough = entries(site) + MORE_ENTRIES
    return lambda: entries(site) >= enough or running.poll() is not None


def entries(site: Site) -> int:
    """How many entries the journals hold."""
    with closing(sqlite3.connect(f"file:{site.home / 'cbt.sqlite3'}?mode=ro", uri=True)) as database:
        count: int = database.execute("SELECT count(*) FROM delivery_entry").fetchone()[0]
        return count


def kill(site: Site, part: str) -> None:
    """kill -9 of a part; returns when there is a new one."""
    if part == "supervisor":
        site.kill()
        site.start()
        return
    words, nth = PARTS.get(part, ("cbt.cli.main work", 0))
    old = site.part(words, nth=nth)
    os.kill(old, signal.SIGKILL)
    until(lambda: site.part(words, nth=nth) not in (0, old), why=f"a new {part}")


@pytest.mark.slow
def test_f12_kills_in_mid_exam_lose_nothing_that_was_receipted(site):
    report = drill(site, candidates=8, during=["worker", "door", "valkey", "work", "supervisor"])
    assert report["whole"] is True
    assert report["handed_in"] == 7
    assert report["answers_acknowledged"] == 8 * ITEMS
    findings = json.loads(site.cbt("check", "--json").stdout)["findings"]
    # Other tests of this site keep records by clocks of their own, some ahead of the machine's.
    assert [one for one in findings if not one["ok"] and one["name"] != "clock"] == []


@pytest.mark.slow
@pytest.mark.parametrize("part", ["worker", "door", "supervisor"])
def test_f12_kills_again_and_again_lose_nothing(site, part):
    report = drill(site, candidates=8, during=[part] * 6)
    assert report["whole"] is True
    assert report["answers_acknowledged"] == 8 * ITEMS
