"""A real `cbt serve` in its own home, for tests that kill its parts."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from click.testing import CliRunner, Result

from cbt.cli.main import main

PATIENCE_S = 120.0
ROOT = Path(__file__).resolve().parents[2]
CLEARED = [name for name in os.environ if name.startswith("CBT_")]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def until(condition: Callable[[], object], what: str) -> None:
    """Wait until `condition` holds."""
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(0.05)


def children(process: int) -> list[int]:
    """Return the processes that `process` started."""
    try:
        return [int(each) for each in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except FileNotFoundError:
        return []


def command_of(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except FileNotFoundError:
        return ""


def is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


class Served:
    """One home, and the server that runs on it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.env = {"CBT_HOME": str(home), "CBT_PORT": str(self.port)}

    def run(self, *arguments: str, check: bool = True) -> Result:
        """Run a `cbt` command on this home to its end, in this process."""
        done = CliRunner().invoke(main, arguments, env={**dict.fromkeys(CLEARED), **self.env})
        assert not check or done.exit_code == 0, done.stderr
        return done

    def begin(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a `cbt` command on this home."""
        command = [sys.executable, "-m", "cbt.cli.main", *arguments]
        return subprocess.Popen(
            command, cwd=ROOT, env=self._whole_env(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def start(self) -> None:
        """Serve, and wait for the banner."""
        said = self.home / "serve.out"
        with said.open("wb") as stream:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "cbt.cli.main", "serve"],
                cwd=ROOT,
                env=self._whole_env(),
                stdout=stream,
                stderr=stream,
            )
        until(lambda: "Ctrl-C ends it" in said.read_text() or self._has_ended(), "the server")
        assert not self._has_ended(), said.read_text()

    def stop(self) -> None:
        """End the server in order."""
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(PATIENCE_S)
            self.process = None

    def part(self, name: str) -> int:
        """Return the process of a part: valkey, door (the master), worker (below it) or work."""
        words = {"valkey": "valkey-server", "door": "gunicorn_settings", "work": "cbt.cli.main work"}
        if name == "worker":
            return children(self.part("door"))[0]
        assert self.process is not None
        return next(each for each in children(self.process.pid) if words[name] in command_of(each))

    def has(self, name: str) -> bool:
        try:
            return is_alive(self.part(name))
        except (StopIteration, IndexError):
            return False

    def entries(self) -> int:
        """Return how many entries the journals hold."""
        with closing(sqlite3.connect(f"file:{self.home / 'cbt.sqlite3'}?mode=ro", uri=True)) as database:
            count: int = database.execute("SELECT count(*) FROM delivery_entry").fetchone()[0]
            return count

    def sitting(self) -> str:
        """Return the code of the sitting with forty candidates."""
        made = json.loads(self.run("demo", "--json").stdout)
        return next(each["code"] for each in made["sittings"] if each["registered"] == 40)

    def _whole_env(self) -> dict[str, str]:
        return {name: value for name, value in os.environ.items() if name not in CLEARED} | self.env

    def _has_ended(self) -> bool:
        return self.process is None or self.process.poll() is not None
