"""Many rows in one statement, without a mapped object for any of them: for the paths that machines hammer.

PostgreSQL gets each column as one array, so that any number of rows is one prepared statement; SQLite's driver runs its
statement row by row in C. Values go through the types of `cbt.kernel.db` as everywhere else.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any, Final, TypeAlias

from sqlalchemy import Column, Connection
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeDecorator, TypeEngine

from cbt.kernel.arrays import Packed, element_of
from cbt.kernel.db import Base

Rows: TypeAlias = Sequence[Sequence[Any]]
_Turn: TypeAlias = Callable[[Any], Any] | None
_ANY: Final = sqlite_dialect()  # our types mean the same on both, so they never ask


class _Columns:
    """The columns of a statement, and how a value becomes what is stored and comes back."""

    def __init__(self, row: type[Base], names: Sequence[str]) -> None:
        self.table = row.__tablename__
        columns: list[Column[Any]] = [row.metadata.tables[self.table].columns[name] for name in names]
        self.names = tuple(names)
        self._made_of = columns

    # A foreign key has no type of its own until the table is known that it points to, which may come later.
    @cached_property
    def _stored(self) -> list[_Turn]:
        return [_turn(column.type, "process_bind_param") for column in self._made_of]

    @cached_property
    def _read(self) -> list[_Turn]:
        return [_turn(column.type, "process_result_value") for column in self._made_of]

    @cached_property
    def _elements(self) -> list[tuple[int, str]]:
        return [element_of(_plain(column.type)) for column in self._made_of]

    @property
    def arrays(self) -> str:
        """The parameters, one array for each column."""
        return ", ".join(f"%s::{name}" for _, name in self._elements)

    def packed(self, rows: Rows) -> tuple[Packed, ...]:
        """Return `rows` as one array for each column."""
        return tuple(
            [
                Packed(element, values if turn is None else [turn(value) for value in values])
                for (element, _), turn, values in zip(
                    self._elements, self._stored, zip(*rows, strict=True), strict=True
                )
            ]
        )

    def stored(self, rows: Rows) -> list[tuple[Any, ...]]:
        """Return `rows` as SQLite's driver takes them."""
        turns = self._stored
        return [
            tuple([value if turn is None else turn(value) for turn, value in zip(turns, row, strict=True)])
            for row in rows
        ]

    def read(self, row: Sequence[Any]) -> tuple[Any, ...]:
        """Return a row as it came from the driver, its values as they are meant."""
        return tuple([value if turn is None else turn(value) for turn, value in zip(self._read, row, strict=True)])


class Insert:
    """Adds rows: `run(session, rows)`, each row the values of `names` in order."""

    def __init__(self, row: type[Base], names: Sequence[str]) -> None:
        self._columns = _Columns(row, names)
        into = f"INSERT INTO {row.__tablename__} ({', '.join(names)})"
        self._arrays = f"{into} SELECT * FROM unnest({self._columns.arrays})"  # noqa: S608  # names of our own columns
        self._each = f"{into} VALUES ({', '.join('?' * len(names))})"

    def run(self, session: Session, rows: Rows) -> None:
        """Write the rows."""
        _write(session.connection(), self._columns, (self._arrays, self._each), rows)


class Update:
    """Changes rows that a key names: `run(session, rows)`, each row the new values of `names`, then the key."""

    def __init__(self, row: type[Base], names: Sequence[str], *, key: str) -> None:
        self._columns = _Columns(row, [*names, key])
        table = row.__tablename__
        changes = ", ".join(f"{name} = new.{name}" for name in names)
        self._arrays = (
            f"UPDATE {table} SET {changes} FROM unnest({self._columns.arrays}) "  # noqa: S608
            f"AS new ({', '.join(self._columns.names)}) WHERE {table}.{key} = new.{key}"
        )
        self._each = f"UPDATE {table} SET {', '.join(f'{name} = ?' for name in names)} WHERE {key} = ?"  # noqa: S608

    def run(self, session: Session, rows: Rows) -> None:
        """Write the changes."""
        _write(session.connection(), self._columns, (self._arrays, self._each), rows)


class Lookup:
    """Reads rows by a key, in its order and then in that of `then`.

    With `lock` they stay ours until the end of the transaction.
    """

    def __init__(
        self, row: type[Base], names: Sequence[str], *, key: str, then: Sequence[str] = (), lock: bool = False
    ) -> None:
        self._columns = _Columns(row, names)
        self._key = _Columns(row, [key])
        self._select = f"SELECT {', '.join(names)} FROM {row.__tablename__} WHERE {key}"  # noqa: S608
        self._order = f" ORDER BY {', '.join((key, *then))}"
        self._lock = " FOR NO KEY UPDATE" if lock else ""

    def run(self, session: Session, keys: Iterable[Any]) -> list[tuple[Any, ...]]:
        """Return the rows whose key is among `keys`."""
        rows = [(key,) for key in keys]
        if not rows:
            return []
        connection = session.connection()
        if connection.dialect.name == "sqlite":
            wanted = [stored for (stored,) in self._key.stored(rows)]
            statement = f"{self._select} IN ({', '.join('?' * len(wanted))}){self._order}"
            found = connection.exec_driver_sql(statement, tuple(wanted))
        else:
            statement = f"{self._select} = ANY({self._key.arrays}){self._order}{self._lock}"
            found = connection.exec_driver_sql(statement, self._key.packed(rows))
        return [self._columns.read(row) for row in found]


def _write(connection: Connection, columns: _Columns, statements: tuple[str, str], rows: Rows) -> None:
    arrays, each = statements
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(each, columns.stored(rows))
    else:
        connection.exec_driver_sql(arrays, columns.packed(rows))


def _plain(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    return kind.impl_instance if isinstance(kind, TypeDecorator) else kind


def _turn(kind: TypeEngine[Any], name: str) -> _Turn:
    """Return what a column type does to a value on its way, or None where it leaves it alone."""
    if not isinstance(kind, TypeDecorator) or getattr(type(kind), name) is getattr(TypeDecorator, name):
        return None
    process = getattr(kind, name)
    return lambda value: process(value, _ANY)
