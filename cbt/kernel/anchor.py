"""One clock for all processes of a boot: the anchor lies in the home folder, written by the process that comes first.

A process that is started again in mid-exam carries on the same time as the others, whatever was done to the wall clock
meanwhile. Machines that share a home folder have an anchor each.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from cbt.kernel.clock import SystemClock, anchor_ns

BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")
_KEPT: Final = 16  # boots; more than machines will ever share one home


def shared_clock(home: Path) -> SystemClock:
    """Return the clock of this boot, anchored now by whoever comes first; one of its own where that cannot be kept."""
    try:
        boot = BOOT_ID.read_text().strip()
        with _alone(home):
            return SystemClock(_shared(home / "clock.json", boot))
    except OSError:
        return SystemClock()


def _shared(path: Path, boot: str) -> int:
    anchors = _read(path)
    if boot not in anchors:
        kept = list(anchors.items())[-(_KEPT - 1) :]
        anchors = {**dict(kept), boot: anchor_ns()}
        draft = path.with_suffix(".draft")
        draft.write_text(json.dumps(anchors, indent=1))
        draft.replace(path)
    return anchors[boot]


def _read(path: Path) -> dict[str, int]:
    """Return the anchors by boot; those of a file that was cut off by a power cut are of no use any more."""
    try:
        found = json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
    anchors = found.items() if isinstance(found, dict) else ()
    return {boot: anchor for boot, anchor in anchors if isinstance(anchor, int)}


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
