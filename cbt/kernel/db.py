"""Storage: the column types that mean the same on SQLite and PostgreSQL, and how each of the two is opened.

SQLite turns `Numeric` into floats, drops time zones and knows no row lock, so every column goes through the types
here: scores as integer thousandths, instants as integer microseconds UTC, ids as 16 bytes, documents as bytes.
"""

import zlib
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar, Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    Dialect,
    Engine,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Select,
    Table,
    Text,
    UniqueConstraint,
    create_engine,
    event,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.types import TypeDecorator

from cbt.kernel.score import Score
from cbt.kernel.settings import POOL_SIZE

__all__ = [
    "Base",
    "CheckConstraint",
    "Deflated",
    "ForeignKey",
    "Index",
    "Mapped",
    "UniqueConstraint",
    "for_update",
    "insert_new",
    "mapped_column",
    "open_engine",
]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_THOUSAND: Final = 1000
_DEFLATED: Final = b"\x01"
_WINDOW: Final = -11  # 2 KiB, without zlib's own header: rows are short
_LITTLE_MEMORY: Final = 2
SQLITE_PRAGMAS: Final[Mapping[str, str]] = {
    "journal_mode": "WAL",
    "synchronous": "FULL",
    "foreign_keys": "ON",
    "busy_timeout": "10000",
    "cache_size": "-65536",
}
RESERVED_SIZE: Final = 2  # and these for the saving of answers alone
POOL_TIMEOUT_S: Final = 5


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept as microseconds since 1970 UTC; a naive one is refused."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Return the stored number."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Return the instant, UTC."""
        return None if value is None else _EPOCH + timedelta(microseconds=value)


class Duration(TypeDecorator[timedelta]):
    """A length of time, kept as microseconds."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: timedelta | None, dialect: Dialect) -> int | None:
        """Return the stored number."""
        return None if value is None else value // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> timedelta | None:
        """Return the duration."""
        return None if value is None else timedelta(microseconds=value)


class Thousandths(TypeDecorator[Decimal]):
    """A score, kept as an integer number of thousandths."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """Return the stored number; raises ValueError for a finer quantum."""
        if value is None:
            return None
        over, under = value.as_integer_ratio()  # exact; a product is rounded to the context's 28 digits
        thousandths, rest = divmod(over * _THOUSAND, under)
        if rest:
            raise ValueError(f"{value} is finer than 0.001")
        return thousandths

    def process_result_value(self, value: int | None, dialect: Dialect) -> Score | None:
        """Return the exact score."""
        return None if value is None else Score(Decimal(value).scaleb(-3))


class Id(TypeDecorator[UUID]):
    """A UUID as its 16 bytes."""

    impl = LargeBinary(16)
    cache_ok = True

    def process_bind_param(self, value: UUID | None, dialect: Dialect) -> bytes | None:
        """Return the 16 bytes."""
        return None if value is None else value.bytes

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> UUID | None:
        """Return the UUID."""
        return None if value is None else UUID(bytes=bytes(value))


class Bytes(TypeDecorator[bytes]):
    """Bytes, always as `bytes` (PostgreSQL's driver may give a memoryview)."""

    impl = LargeBinary
    cache_ok = True

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Return plain bytes."""
        return None if value is None else bytes(value)


class Deflated(TypeDecorator[bytes]):
    """Bytes that say much the same in every row, deflated against `words` that are known beforehand.

    The first byte of what is stored tells: 1, and the rest is deflated; anything else is the bytes as they are. What
    cannot be inflated is given as it lies there: whoever checks it will find it broken.
    """

    impl = LargeBinary
    cache_ok = True

    def __init__(self, words: bytes) -> None:
        super().__init__()
        self.words = words
        self._empty = zlib.compressobj(zlib.Z_DEFAULT_COMPRESSION, zlib.DEFLATED, _WINDOW, _LITTLE_MEMORY, zdict=words)

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Return the shorter of the two forms."""
        if value is None:
            return None
        press = self._empty.copy()
        stored = _DEFLATED + press.compress(value) + press.flush()
        return stored if len(stored) < len(value) or value.startswith(_DEFLATED) else value

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Return the bytes."""
        if value is None:
            return None
        stored = bytes(value)
        if not stored.startswith(_DEFLATED):
            return stored
        try:
            inflater = zlib.decompressobj(_WINDOW, zdict=self.words)
            return inflater.decompress(stored[1:]) + inflater.flush()
        except zlib.error:
            return stored


class Base(DeclarativeBase):
    """The root of all rows: one naming convention for constraints and one type for each Python type."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[Mapping[Any, Any]] = {
        UUID: Id,
        datetime: Instant,
        timedelta: Duration,
        Score: Thousandths,
        Decimal: Thousandths,
        bytes: Bytes,
        str: Text,
        # SQLite gives a row number only to a column that is exactly INTEGER PRIMARY KEY.
        int: BigInteger().with_variant(Integer(), "sqlite"),
        bool: Boolean(create_constraint=False),
        date: Date,
    }


def open_engine(url: str, *, pool_size: int = POOL_SIZE) -> Engine:
    """Return the engine of `url` with the durability and isolation that the system relies on.

    It opens at most `pool_size` connections; whoever asks for one more waits `POOL_TIMEOUT_S` and is then refused.

    SQLite: WAL, synchronous FULL, transactions begun by the runtime (BEGIN IMMEDIATE for writers), because a
    deferred BEGIN fails the moment two writers meet. PostgreSQL: READ COMMITTED, synchronous_commit on, row locks.
    """
    if url.startswith("sqlite"):
        engine = create_engine(url, pool_size=pool_size, max_overflow=0, pool_timeout=POOL_TIMEOUT_S)
        event.listen(engine, "connect", _prepare_sqlite)
        return engine
    plain = url.replace("postgresql://", "postgresql+psycopg://", 1)
    return create_engine(
        plain,
        isolation_level="READ COMMITTED",
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=POOL_TIMEOUT_S,
        pool_pre_ping=True,
        connect_args={"options": "-c synchronous_commit=on -c lock_timeout=5000", "connect_timeout": 5},
    )


def for_update(statement: Select[Any]) -> Select[Any]:
    """Return `statement` with FOR NO KEY UPDATE, which SQLite (one writer at a time) leaves out.

    What the session has read before is read anew: it may have changed until the lock was granted.
    """
    return statement.with_for_update(key_share=True).execution_options(populate_existing=True)


def insert_new(session: Session, row: type[Base]) -> Any:
    """Return an INSERT into the table of `row` that leaves out what is there already, by whichever unique key."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    table = row.__table__
    assert isinstance(table, Table)  # noqa: S101 - for the type checker; declarative says FromClause
    return dialect.insert(table).on_conflict_do_nothing()


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver must not begin transactions by itself
    cursor = connection.cursor()
    for name, value in SQLITE_PRAGMAS.items():
        cursor.execute(f"PRAGMA {name} = {value}")
    cursor.close()
