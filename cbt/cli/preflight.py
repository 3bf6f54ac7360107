"""What must be right before the server starts; each fault is one clear line, told before anything runs."""

import errno
import fcntl
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from alembic.util import CommandError
from sqlalchemy import Engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from cbt.kernel import schema
from cbt.kernel.clock import SystemClock
from cbt.kernel.db import open_engine
from cbt.kernel.errors import Conflict, InvalidInput, Unavailable

LEAST_FREE_BYTES: Final = 200 * 1024 * 1024
_MIB: Final = 1024 * 1024


class HomeUnwritable(Unavailable):
    """The home folder cannot be written."""

    code = "home-unwritable"


class DiskFull(Unavailable):
    """There is too little room on the disk of the home folder."""

    code = "disk-full"


class PortInUse(Conflict):
    """Another program listens on the port."""

    code = "port-in-use"


class AlreadyServing(Conflict):
    """A server runs on this home folder already."""

    code = "already-serving"


class DatabaseUnreachable(Unavailable):
    """The database does not answer."""

    code = "database-unreachable"


class SchemaUnusable(Conflict):
    """The database's schema is not one that this program can bring to the newest."""

    code = "schema-unusable"


class SchemaFrozen(Conflict):
    """Exams are going on: the schema stays until every room is closed. Serve the version that served before."""

    code = "schema-frozen"


class PlainHttpRefused(InvalidInput):
    """Plain http is served on the loopback address only."""

    code = "plain-http-refused"


def require_home(home: Path) -> None:
    """Make the home folder and write a file in it; raises HomeUnwritable or DiskFull."""
    probe = home / ".probe"
    try:
        home.mkdir(mode=0o750, parents=True, exist_ok=True)
        probe.write_bytes(b"cbt")
        probe.unlink()
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise DiskFull(f"the disk of {home} is full", home=str(home)) from error
        raise HomeUnwritable(
            f"the home folder {home} cannot be written ({error.strerror}); set CBT_HOME to one that can",
            home=str(home),
        ) from error


def require_room(home: Path, least_bytes: int = LEAST_FREE_BYTES) -> int:
    """Return the free bytes on the disk of `home`; raises DiskFull below `least_bytes`."""
    free = shutil.disk_usage(home).free
    if free < least_bytes:
        raise DiskFull(
            f"only {free // _MIB} MiB are free at {home}; at least {least_bytes // _MIB} MiB are needed", home=str(home)
        )
    return free


def require_port(host: str, port: int) -> None:
    """See that `host`:`port` is free; raises PortInUse or InvalidInput."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise PortInUse(
                    f"port {port} on {host} is in use; stop what listens there or set CBT_PORT", port=port
                ) from error
            raise InvalidInput(f"cannot listen on {host}:{port} ({error.strerror})", port=port) from error


def require_protection(host: str, *, certificate: Path | None, key: Path | None, proxy: str | None) -> None:
    """See that nobody but this machine is served without https; raises PlainHttpRefused or InvalidInput.

    Without https a browser has no WebCrypto, no service worker and no secure cookie.
    """
    if (certificate is None) != (key is None):
        raise InvalidInput("--certificate and --key belong together: give both")
    if not (certificate or proxy or _is_loopback(host)):
        raise PlainHttpRefused(
            f"plain http is for 127.0.0.1 only: to serve {host}, give --certificate and --key, or --trusted-proxy",
            host=host,
        )


def require_database(url: str) -> None:
    """See that the database answers; raises DatabaseUnreachable, without the password."""
    with _engine(url) as engine:
        try:
            with engine.connect():
                pass
        except SQLAlchemyError as error:
            shown = make_url(url).render_as_string(hide_password=True)
            raise DatabaseUnreachable(f"the database {shown} cannot be reached: {_reason(error)}") from error


def require_schema(url: str) -> str | None:
    """Bring the database to the newest schema and return its step.

    Raises DatabaseUnreachable, SchemaUnusable, and SchemaFrozen where there are steps to take while exams are going on.
    """
    require_database(url)
    with _engine(url) as engine:
        try:
            if schema.step_of(engine) != schema.newest_step() and schema.is_frozen(engine, SystemClock().now()):
                raise SchemaFrozen
            schema.migrate(engine)
        except (SQLAlchemyError, CommandError) as error:
            raise SchemaUnusable(
                f"the database cannot be brought to schema {schema.newest_step()}: {_reason(error)}"
            ) from error
        return schema.step_of(engine)


def require_ready(url: str) -> None:
    """See that a command can work on the database; an empty one gets its schema, an older one is left as it is.

    Raises DatabaseUnreachable, SchemaUnusable.
    """
    require_database(url)
    with _engine(url) as engine:
        present, newest = schema.step_of(engine), schema.newest_step()
    if present is None:
        require_schema(url)
    elif present != newest:
        raise SchemaUnusable(f"the database has schema {present}, this program needs {newest}; run `cbt migrate`")


@contextmanager
def only_server(home: Path) -> Iterator[None]:
    """Hold the lock of `home` while a server runs on it; raises AlreadyServing. The kernel frees it at any end."""
    handle = os.open(home / "serve.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        process = os.read(handle, 20).decode(errors="replace").strip() or "?"
        os.close(handle)
        raise AlreadyServing(f"cbt serves {home} already (process {process})", home=str(home)) from error
    try:
        os.truncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(handle)


@contextmanager
def _engine(url: str) -> Iterator[Engine]:
    engine = open_engine(url, pool_size=1)
    try:
        yield engine
    finally:
        engine.dispose()


def _reason(error: Exception) -> str:
    return str(getattr(error, "orig", error)).strip().splitlines()[0]


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
