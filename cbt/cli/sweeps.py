"""The sweeps of `cbt work`: what must happen although nobody asks for it.

Each finds its work in the database, so that a lost hint or a killed worker delays it and nothing more. Each is guarded:
a sweep that fails is logged, and the next one runs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog

from cbt.delivery.services.sweeping import expire_overdue
from cbt.grading.services.grading import grade_ended
from cbt.grading.services.late import admit_by_rule, settle_late
from cbt.jobs.services.tidying import tidy_jobs
from cbt.kernel.clock import ClockStepped
from cbt.kernel.disk import room_at
from cbt.kernel.errors import Unavailable
from cbt.kernel.runtime import Runtime
from cbt.people.services.audit import seal_audit
from reports.services.issuing import issue_missing

_log = structlog.get_logger("cbt.work")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """One duty: `run` does a bounded share of it and returns how much it did."""

    name: str
    run: Callable[[Runtime], int]


SWEEPS: Final = (
    Sweep(name="expire-overdue", run=expire_overdue),
    Sweep(name="grade-ended", run=grade_ended),
    Sweep(name="admit-late", run=admit_by_rule),
    Sweep(name="settle-late", run=settle_late),
    Sweep(name="issue-missing", run=issue_missing),
    Sweep(name="seal-audit", run=seal_audit),
    Sweep(name="tidy-jobs", run=tidy_jobs),
)


class ClockWatch:
    """Says it once when the wall clock is stepped, and once when it is right again."""

    def __init__(self, rt: Runtime) -> None:
        self._rt = rt
        self._sound = True

    def look(self) -> None:
        """Compare the clocks."""
        sound = self._rt.clock_is_sound()
        if sound == self._sound:
            return
        self._sound = sound
        if sound:
            _log.warning("clock sound again")
        else:
            _log.error("clock stepped", drift_s=self._rt.clock.drift().total_seconds(), code=ClockStepped.code)


class DiskWatch:
    """Says it once when the disk of the home folder gets full, and once when there is room again."""

    def __init__(self, rt: Runtime) -> None:
        self._home = rt.settings.home
        self._scarce = False

    def look(self) -> None:
        """Look at the disk."""
        room = room_at(self._home)
        if room.is_scarce == self._scarce:
            return
        self._scarce = room.is_scarce
        told = _log.error if room.is_scarce else _log.warning
        told(
            "disk filling" if room.is_scarce else "disk has room again", used=round(room.share, 3), free=room.free_bytes
        )


def sweep_all(rt: Runtime, sweeps: tuple[Sweep, ...] = SWEEPS) -> int:
    """Run each sweep once; return how much was done, so that the caller knows whether more may be waiting."""
    return sum(_guarded(rt, sweep) for sweep in sweeps)


def _guarded(rt: Runtime, sweep: Sweep) -> int:
    try:
        done = sweep.run(rt)
    except Unavailable as error:
        _log.warning("sweep postponed", sweep=sweep.name, code=error.code)
        return 0
    except Exception:  # noqa: BLE001  # one duty that fails must not keep the others from being done
        _log.exception("sweep failed", sweep=sweep.name)
        return 0
    if done:
        _log.info("swept", sweep=sweep.name, count=done)
    return done
