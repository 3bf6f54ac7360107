"""A slow disk: a small library before the C library puts a delay into every fsync of what is started meanwhile."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.load.databases import PLACE

SOURCE: Final = Path(__file__).with_name("slow_disk.c")


@dataclass(frozen=True, slots=True)
class Delay:
    """The switch of the delay."""

    switch: Path

    def on(self) -> None:
        """Let the disk be slow from here on."""
        self.switch.touch()

    def off(self) -> None:
        """Let it be as fast as it is."""
        self.switch.unlink(missing_ok=True)


def has_compiler() -> bool:
    """Tell whether the library can be made on this machine."""
    return shutil.which("cc") is not None


@contextmanager
def slow_disk(delay_ms: int) -> Iterator[Delay]:
    """Give the switch; what is started inside this context has the delay once it is on."""
    folder = Path(tempfile.mkdtemp(prefix="cbt-slow-", dir=PLACE))
    folder.chmod(0o755)
    library, switch = folder / "slow_disk.so", folder / "on"
    words = ("-shared", "-fPIC", "-O1", f'-DSWITCH="{switch}"', f"-DDELAY_US={delay_ms * 1000}")
    subprocess.run(["cc", *words, "-o", str(library), str(SOURCE), "-ldl"], check=True)  # noqa: S607
    before = os.environ.get("LD_PRELOAD")
    os.environ["LD_PRELOAD"] = str(library)
    try:
        yield Delay(switch)
    finally:
        if before is None:
            del os.environ["LD_PRELOAD"]
        else:
            os.environ["LD_PRELOAD"] = before
        shutil.rmtree(folder, ignore_errors=True)
