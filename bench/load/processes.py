"""What processes used: CPU time and memory of a process and all that it has started, as the kernel counts them."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_TICK_S: Final = 1 / os.sysconf("SC_CLK_TCK")
_PROC: Final = Path("/proc")
# Places in /proc/PID/stat after the name in parentheses: parent, then user and system time of it and of dead children.
_PARENT: Final = 1
_TIMES: Final = slice(11, 15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A process and everything below it."""

    root: int

    def cpu_s(self) -> float:
        """Return the CPU seconds used so far, those of ended children included."""
        return sum(sum(map(int, fields[_TIMES])) for fields in self._stats()) * _TICK_S

    def memory_bytes(self) -> int:
        """Return the private memory of all processes together (what would be free again without them)."""
        return sum(_private_bytes(pid) for pid in self.pids())

    def pids(self) -> tuple[int, ...]:
        """Return the processes that live now, the root first."""
        children: dict[int, list[int]] = {}
        for pid, fields in _all_stats():
            children.setdefault(int(fields[_PARENT]), []).append(pid)
        found = [self.root]
        for pid in found:
            found.extend(children.get(pid, ()))
        return tuple(found)

    def _stats(self) -> Iterable[list[str]]:
        return [fields for pid in self.pids() if (fields := _stat(pid)) is not None]


def _all_stats() -> Iterable[tuple[int, list[str]]]:
    for folder in _PROC.iterdir():
        if folder.name.isdecimal() and (fields := _stat(int(folder.name))) is not None:
            yield int(folder.name), fields


def _stat(pid: int) -> list[str] | None:
    try:
        return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:  # it has ended meanwhile
        return None


def _private_bytes(pid: int) -> int:
    try:
        lines = (_PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith(("Private_Clean", "Private_Dirty")))
