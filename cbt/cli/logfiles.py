"""Where the parts' words go: each part's lines into its file under `var/log`, its warnings to the terminal as well."""

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

LARGEST_BYTES: Final = 20 * 1024 * 1024
_LOUD: Final = frozenset({"warning", "error", "critical"})
_KNOWN: Final = frozenset({"event", "level", "logger", "timestamp", "exception"})


class LogFile:
    """One part's log: appended to, turned over once when it is large, never a reason to stop serving."""

    def __init__(self, path: Path, tell: Callable[[str], None], *, echo: bool = True) -> None:
        self.path = path
        self._tell = tell
        self._echo = echo
        self._rest = b""

    def feed(self, data: bytes) -> None:
        """Take what the part wrote, in pieces of any length."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        if not lines:
            return
        self._append(b"\n".join(lines) + b"\n")
        if self._echo:
            for line in lines:
                if (loud := loud_line(line.decode(errors="replace"))) is not None:
                    self._tell(f"[{self.path.stem}] {loud}")

    def tail(self, lines: int) -> str:
        """Return the last lines of the file."""
        with suppress(OSError):
            return "\n".join(self.path.read_text(errors="replace").splitlines()[-lines:])
        return ""

    def _append(self, data: bytes) -> None:
        with suppress(OSError):  # a full disk must not end the exam
            if self.path.exists() and self.path.stat().st_size > LARGEST_BYTES:
                self.path.replace(self.path.with_suffix(".log.1"))
            with self.path.open("ab") as stream:
                stream.write(data)


def loud_line(line: str) -> str | None:
    """Return what the terminal shows of a log line: warnings and worse, and whatever has no structure; else None."""
    if not line.strip():
        return None
    try:
        record = json.loads(line)
    except ValueError:
        return line
    if not isinstance(record, dict) or record.get("level") not in _LOUD:
        return None
    facts = " ".join(f"{name}={value}" for name, value in record.items() if name not in _KNOWN)
    fault = str(record.get("exception", "")).strip().rpartition("\n")[2]
    return " ".join(part for part in (f"{record['level']}: {record.get('event', '')}", facts, fault) if part)
