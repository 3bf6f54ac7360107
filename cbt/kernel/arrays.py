"""Whole columns as PostgreSQL's arrays, packed here in their binary form: one parameter for any number of rows."""

import struct
from collections.abc import Callable, Sequence
from typing import Any, Final

import psycopg
from psycopg.abc import Buffer
from psycopg.adapt import Dumper
from psycopg.pq import Format
from sqlalchemy.types import BigInteger, LargeBinary, Text, TypeEngine

_BYTEA, _INT8, _TEXT = 17, 20, 25
_HEADER: Final = struct.Struct("!iiIii")  # dimensions, whether there are NULLs, element type, length, lower bound
_LENGTH: Final = struct.Struct("!i")
_WHOLE: Final = struct.Struct("!iq")
_NULL: Final = _LENGTH.pack(-1)


class Packed:
    """An array as the server reads it; psycopg's own way of writing lists takes ten times as long."""

    __slots__ = ("content",)

    def __init__(self, element: int, values: Sequence[Any]) -> None:
        write = _WRITERS[element]
        parts = [_NULL if value is None else write(value) for value in values]
        self.content = b"".join((_HEADER.pack(1, None in values, element, len(parts), 1), *parts))


class _PackedDumper(Dumper):
    format = Format.BINARY

    def dump(self, obj: Packed) -> Buffer:
        return obj.content


psycopg.adapters.register_dumper(Packed, _PackedDumper)


def element_of(kind: TypeEngine[Any]) -> tuple[int, str]:
    """Return the number and the array's name of a column type of `cbt.kernel.db`; raises TypeError for others."""
    for base, element, name in _ELEMENTS:
        if isinstance(kind, base):
            return element, name
    raise TypeError(f"no array is packed of {kind!r}")


def _bytes(value: bytes) -> bytes:
    return _LENGTH.pack(len(value)) + value


def _text(value: str) -> bytes:
    return _bytes(value.encode())


def _whole(value: int) -> bytes:
    return _WHOLE.pack(8, value)


_WRITERS: Final[dict[int, Callable[[Any], bytes]]] = {_BYTEA: _bytes, _INT8: _whole, _TEXT: _text}
_ELEMENTS: Final = ((LargeBinary, _BYTEA, "bytea[]"), (BigInteger, _INT8, "int8[]"), (Text, _TEXT, "text[]"))
