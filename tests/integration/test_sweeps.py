"""The sweeps of the worker: each is guarded, and what they do is what nobody asked for."""

from datetime import timedelta

import structlog
from structlog.testing import capture_logs

from cbt.cli import sweeps
from cbt.cli.sweeps import SWEEPS, ClockWatch, DiskWatch, Sweep, sweep_all
from cbt.kernel.disk import Room
from cbt.kernel.errors import Unavailable
from cbt.people.core.actors import Actor
from cbt.people.services.audit import audit_head, audit_in


def broken(_rt):
    raise ValueError("a fault in one sweep")


def away(_rt):
    raise Unavailable


def test_a_sweep_that_fails_does_not_keep_the_next_from_running(rt):
    structlog.reset_defaults()
    done: list[str] = []

    def note(_rt):
        done.append("next")
        return len(done)

    sweeps = (
        Sweep(name="broken", run=broken),
        Sweep(name="away", run=away),
        Sweep(name="next", run=note),
    )
    with capture_logs() as logs:
        assert sweep_all(rt, sweeps) == 1
    assert done == ["next"]
    assert [(line["event"], line["sweep"]) for line in logs] == [
        ("sweep failed", "broken"),
        ("sweep postponed", "away"),
        ("swept", "next"),
    ]


def test_the_audit_trail_is_sealed_without_being_asked(rt, clock):
    with rt.transaction() as tx:
        audit_in(tx, clock.now(), by=Actor.system("test"), act="test.act", subject="x")
    assert sweep_all(rt) == 1
    assert audit_head(rt)[0] == 1
    assert sweep_all(rt) == 0


def test_sweeps_have_names_of_their_own():
    assert len({sweep.name for sweep in SWEEPS}) == len(SWEEPS)


def test_a_stepped_clock_is_told_once_and_so_is_its_end(rt, clock):
    structlog.reset_defaults()
    watch = ClockWatch(rt)
    with capture_logs() as logs:
        for stepped in (0, 1, -90, -90, 1):
            clock.stepped = timedelta(seconds=stepped)
            watch.look()
    assert [(line["log_level"], line["event"]) for line in logs] == [
        ("error", "clock stepped"),
        ("warning", "clock sound again"),
    ]
    assert logs[0]["drift_s"] == -90


def test_f17_a_disk_that_gets_full_is_told_once_and_so_is_its_end(rt, monkeypatch):
    structlog.reset_defaults()
    watch = DiskWatch(rt)
    gib = 1024**3
    with capture_logs() as logs:
        for free in (50, 5, 4, 50):
            monkeypatch.setattr(
                sweeps, "room_at", lambda _home, free=free: Room(used_bytes=50 * gib, free_bytes=free * gib)
            )
            watch.look()
    assert [(line["log_level"], line["event"]) for line in logs] == [
        ("error", "disk filling"),
        ("warning", "disk has room again"),
    ]
    assert logs[0]["free"] == 5 * gib
