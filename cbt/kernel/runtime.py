"""What a use case needs: the clock, the database, the hints and the keys, and what a transaction is here.

A function whose first parameter is `rt` opens one transaction and is never called inside another; one whose first
parameter is `tx` joins the caller's. Hints are collected on `tx` and sent only after the commit.
"""

import fcntl
import os
import sqlite3
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock
from typing import Final, Self

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from cbt.kernel.anchor import shared_clock
from cbt.kernel.broker import Broker
from cbt.kernel.clock import STEP_ALARM, Clock
from cbt.kernel.db import RESERVED_SIZE, open_engine
from cbt.kernel.errors import Unavailable
from cbt.kernel.keys import Keyring
from cbt.kernel.settings import Settings

LOCK_PATIENCE_S: Final = 10.0
_LOCK_RETRY_S: Final = 0.0005
# PostgreSQL: lock_not_available, deadlock_detected, serialization_failure
_BUSY: Final = frozenset({"55P03", "40P01", "40001"})
_inside: Final[ContextVar[bool]] = ContextVar("inside_transaction", default=False)


class DatabaseUnavailable(Unavailable):
    """The database cannot be reached or is full; nothing was stored. Try again in a moment."""

    code = "database-unavailable"


class TryAgain(Unavailable):
    """Somebody else is at work on the same records; nothing was stored. Try again in a moment."""

    code = "busy"


@dataclass(slots=True)
class Transaction:
    """One open transaction: the session that stores use, and the hints that go out after the commit.

    `clock_is_sound` is False while the clock that stamps it cannot be believed.
    """

    session: Session
    clock_is_sound: bool
    hints: list[tuple[str, str]] = field(default_factory=list)

    def hint(self, topic: str, message: str) -> None:
        """Send (topic, message) once this transaction is committed."""
        self.hints.append((topic, message))


class WriteLock:
    """One writer at a time on SQLite, across threads and processes; nobody is overtaken for long.

    SQLite's own busy handler waits longer from try to try: several writing processes gave a p99 above 1.2 s, a file
    lock 0.16 s. The kernel's own waiting for a file lock knows no end, so it is asked again and again; whoever asks
    holds a second lock meanwhile, the turn, so that a process that writes without a pause must let others in.
    """

    def __init__(self, path: Path, *, patience_s: float = LOCK_PATIENCE_S) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._patience_s = patience_s
        self._threads = Lock()
        self._file, self._turn = (
            os.open(each, os.O_RDWR | os.O_CREAT, 0o600) for each in (path, path.with_suffix(".turn"))
        )
        for handle in (self._file, self._turn):
            weakref.finalize(self, os.close, handle)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lock; raises DatabaseUnavailable when it cannot be had within `patience_s`."""
        until = time.monotonic() + self._patience_s
        if not self._threads.acquire(timeout=self._patience_s):
            raise DatabaseUnavailable
        try:
            with _locked(self._turn, until):
                _lock(self._file, until)
            try:
                yield
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)
        finally:
            self._threads.release()


@contextmanager
def _locked(handle: int, until: float) -> Iterator[None]:
    _lock(handle, until)
    try:
        yield
    finally:
        fcntl.flock(handle, fcntl.LOCK_UN)


def _lock(handle: int, until: float) -> None:
    while True:
        try:
            return fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() >= until:
                raise DatabaseUnavailable from error
        time.sleep(_LOCK_RETRY_S)


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """Everything that a use case may touch; `reserved` are connections that pages never get."""

    settings: Settings
    clock: Clock
    engine: Engine
    reserved: Engine
    broker: Broker
    keys: Keyring
    write_lock: WriteLock | None

    @classmethod
    def start(cls, settings: Settings, *, clock: Clock | None = None) -> Self:
        """Return a runtime for `settings`; makes the home folder and the master key where they are missing."""
        settings.home.mkdir(mode=0o750, parents=True, exist_ok=True)
        sqlite = settings.database_url.startswith("sqlite")
        return cls(
            settings=settings,
            clock=clock or shared_clock(settings.home),
            engine=open_engine(settings.database_url, pool_size=settings.pool_size),
            reserved=open_engine(settings.database_url, pool_size=RESERVED_SIZE),
            broker=Broker(settings.redis_url),
            keys=Keyring.at_home(settings.home),
            write_lock=WriteLock(settings.home / "write.lock") if sqlite else None,
        )

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Open a writing transaction, commit it at the end, then send its hints.

        Raises RuntimeError inside another transaction, DatabaseUnavailable when the database refuses its service, and
        TryAgain when others hold the rows for too long.
        """
        with _alone():
            with _unavailable(), self._write() as session:
                tx = Transaction(session, self.clock_is_sound())
                yield tx
                session.commit()
            for topic, message in tx.hints:
                self.broker.publish(topic, message)

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """Open a transaction that sees one state of the database and leaves no trace."""
        with _alone(), _unavailable(), Session(self.engine, autoflush=False) as session:
            if self.write_lock is not None:
                session.connection().exec_driver_sql("BEGIN")
            else:  # under READ COMMITTED every statement would see a state of its own
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield Transaction(session, self.clock_is_sound())
            session.rollback()

    def clock_is_sound(self) -> bool:
        """Tell whether the wall clock still goes with the clock of this runtime: nobody has stepped it."""
        return abs(self.clock.drift()) <= STEP_ALARM

    def for_saving(self) -> Self:
        """Return this runtime on the reserved connections: what it does waits for no page that holds one."""
        return replace(self, engine=self.reserved)

    def close(self) -> None:
        """Close the connections."""
        self.engine.dispose()
        self.broker.close()
        self.reserved.dispose()

    @contextmanager
    def _write(self) -> Iterator[Session]:
        if self.write_lock is None:
            with Session(self.engine, autoflush=False) as session:
                yield session
            return
        with self.write_lock.held(), Session(self.engine, autoflush=False) as session:
            session.connection().exec_driver_sql("BEGIN IMMEDIATE")
            yield session


@contextmanager
def _alone() -> Iterator[None]:
    if _inside.get():
        raise RuntimeError(
            "a transaction is open already: call the function that joins it (tx), not the one that opens one"
        )
    token = _inside.set(True)
    try:
        yield
    finally:
        _inside.reset(token)


@contextmanager
def _unavailable() -> Iterator[None]:
    """Turn a database that is away, full or overrun into one refusal, and rows that others hold into another one.

    Faults in our statements stay what they are.
    """
    try:
        yield
    except PoolTimeout as error:
        raise DatabaseUnavailable from error
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) in _BUSY:
            raise TryAgain from error
        if error.connection_invalidated or (isinstance(error, OperationalError) and not _is_our_fault(error)):
            raise DatabaseUnavailable from error
        raise


def _is_our_fault(error: OperationalError) -> bool:
    """Tell whether SQLite means a faulty statement, which it calls operational too."""
    return getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR
