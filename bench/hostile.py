"""Hostile files: how long the slowest of them keeps a reader busy before it is refused."""

import tempfile
import time
from pathlib import Path
from typing import Final

from bench.figures import Limit
from itembank.formats.bank_file import read_bank
from tests.hostile_files import xml_files, zip_files

_MOST_SECONDS: Final = 1


def run() -> tuple[Limit, ...]:
    """Return the processor time of the slowest file and how many were not refused."""
    seconds: dict[str, float] = {}
    accepted = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, payload in (*xml_files(), *zip_files()):
            path = Path(folder) / name
            path.write_bytes(payload)
            began = time.process_time()
            accepted += len(read_bank(path).items)
            seconds[name] = time.process_time() - began
    slowest = max(seconds, key=lambda name: seconds[name])
    return (
        Limit(
            name=f"slowest of {len(seconds)} hostile files ({slowest})",
            value=seconds[slowest],
            most=_MOST_SECONDS,
            unit="s",
        ),
        Limit(name="hostile files with items", value=accepted, most=0),
    )
