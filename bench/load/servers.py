"""The server under load: gunicorn with the settings of production, in processes of its own, on a free port."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bench.load.processes import Family

ROOT: Final = Path(__file__).resolve().parents[2]
DOOR: Final = ("cbt.door:app",)
_PATIENCE_S: Final = 60.0
_CLIENT_PATIENCE_S: Final = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A running door."""

    port: int
    family: Family


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One run of the client: wall time, CPU seconds of server and client, and what the client noted.

    `memory_bytes` is the server's own memory at the begin, with everybody connected.
    """

    wall_s: float
    server_s: float
    database_s: float
    client_s: float
    memory_bytes: int
    notes: Mapping[str, Any]


def environment(home: Path, database_url: str, port: int, **more: str) -> dict[str, str]:
    """Return the environment of a server."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("CBT_")}
    own = {"CBT_HOME": str(home), "CBT_DATABASE_URL": database_url, "CBT_PORT": str(port), "PYTHONPATH": str(ROOT)}
    return {**plain, **own, "CBT_LOG_LEVEL": "WARNING", **more}


@contextmanager
def serving(home: Path, database_url: str, app: Sequence[str] = DOOR, **more: str) -> Iterator[Server]:
    """Give a running server of `app` (gunicorn's last words); it is ended by its own id afterwards."""
    port = _free_port()
    command = [sys.executable, "-m", "gunicorn", "--config", "python:cbt.cli.gunicorn_settings", *app]
    with (home / "server.log").open("ab") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment(home, database_url, port, **more), stdout=log, stderr=log
        )
    try:
        _until_ready(port, process, home)
        yield Server(port=port, family=Family(root=process.pid))
    finally:
        process.terminate()
        process.wait(_PATIENCE_S)


def drive(
    server: Server, database: Any, job: dict[str, Any], home: Path, client_module: str = "bench.load.client"
) -> Measured:
    """Let the client do `job`; return what it and the server used between its two words."""
    notes, path = home / "notes.json", home / "job.json"
    path.write_text(json.dumps({**job, "port": server.port, "notes": str(notes)}))
    client = subprocess.Popen(
        [sys.executable, "-m", client_module, str(path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    families = Family(root=client.pid)

    def clocks() -> tuple[float, float, float, float]:
        return time.perf_counter(), server.family.cpu_s(), database.cpu_s(), families.cpu_s()

    try:
        before = _at_word(client, "begin", clocks)
        memory_bytes = server.family.memory_bytes()
        after = _at_word(client, "end", clocks)
        client.wait(_CLIENT_PATIENCE_S)
    finally:
        client.kill()
    wall, served, stored, clients = (late - early for early, late in zip(before, after, strict=True))
    return Measured(
        wall_s=wall,
        server_s=served,
        database_s=stored,
        client_s=clients,
        memory_bytes=memory_bytes,
        notes=json.loads(notes.read_text()),
    )


def _at_word(client: "subprocess.Popen[str]", word: str, clocks: Any) -> tuple[float, float, float, float]:
    if client.stdout is None or client.stdin is None or client.stdout.readline().strip() != word:
        raise RuntimeError(f"the client did not come to its {word}")
    read: tuple[float, float, float, float] = clocks()
    client.stdin.write("\n")
    client.stdin.flush()
    return read


def own_home(folder: Path, template: Path) -> Path:
    """Return a home in `folder` with the keys of `template`."""
    home = folder / "home"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir()
    shutil.copytree(template / "keys", home / "keys")
    return home


def _until_ready(port: int, process: "subprocess.Popen[bytes]", home: Path) -> None:
    until = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=2) as answer:
                if answer.status == 200:  # noqa: PLR2004
                    return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError((home / "server.log").read_text()[-2000:])


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
