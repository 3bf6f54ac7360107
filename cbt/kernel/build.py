"""Which program this is: its version, and a digest over the files that it runs, so that two builds are told apart."""

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
FOLDERS: Final = ("cbt", "itembank", "proctor", "reports", "migrations")
KINDS: Final = frozenset({".py", ".html", ".js", ".css", ".po", ".toml"})
_SHOWN: Final = 12


@cache
def code_version(root: Path = ROOT) -> str:
    """Return version and digest of the program below `root`, such as 0.1.0+9f2c6b1e77aa; read once in a process."""
    try:
        number = version("cbt")
    except PackageNotFoundError:
        number = "0"
    return f"{number}+{code_digest(root)[:_SHOWN]}"


def code_digest(root: Path) -> str:
    """Return the SHA-256 (hex) over the names and contents of all files that the program consists of."""
    digest = hashlib.sha256()
    for path in sorted(path for folder in FOLDERS for path in (root / folder).rglob("*")):
        if path.suffix in KINDS and "__pycache__" not in path.parts:
            content = path.read_bytes()
            digest.update(f"{path.relative_to(root).as_posix()}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()
