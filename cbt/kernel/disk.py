"""How full the disk of the home folder is: told long before it is full, since then no answer can be saved."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ALARM_SHARE: Final = 0.8
PLENTY_BYTES: Final = 20 * 1024**3  # a fifth of a large disk is no reason to worry


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """The room on one disk, as `df` tells it: what only root may use counts for neither."""

    used_bytes: int
    free_bytes: int

    @property
    def share(self) -> float:
        """Return which part of the disk is used, from 0 to 1."""
        whole = self.used_bytes + self.free_bytes
        return self.used_bytes / whole if whole else 1.0

    @property
    def is_scarce(self) -> bool:
        """Tell whether somebody should make room now."""
        return self.share >= ALARM_SHARE and self.free_bytes < PLENTY_BYTES


def room_at(home: Path) -> Room:
    """Return the room on the disk of `home`; raises OSError."""
    found = shutil.disk_usage(home)
    return Room(used_bytes=found.used, free_bytes=found.free)
