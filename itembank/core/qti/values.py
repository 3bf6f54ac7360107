"""QTI's values: base types, cardinalities, NULL, and when two values are the same.

NULL is `None`. An empty container and an empty string are NULL too (the standard says so), so a `Value` is never empty.
"""

import unicodedata
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from types import MappingProxyType
from typing import Final, TypeAlias

from itembank.core.qti.exact import Number, number_text, read_float, read_integer
from itembank.core.variables import BaseType, Cardinality

_TRUE: Final = frozenset({"true", "1"})
_FALSE: Final = frozenset({"false", "0"})
_TEXTS: Final = frozenset({BaseType.IDENTIFIER, BaseType.STRING, BaseType.URI, BaseType.FILE})
_NUMBERS: Final = frozenset({BaseType.INTEGER, BaseType.FLOAT, BaseType.DURATION})
_PARTS: Final = 2


@dataclass(frozen=True, slots=True)
class Pair:
    """Two identifiers; whether their order counts is said by the base type."""

    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Point:
    """A place on a picture, in pixels from its upper left corner."""

    x: int
    y: int


Scalar: TypeAlias = bool | int | Fraction | str | Pair | Point


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """What a variable holds or an expression gives, when it is not NULL: one or more scalars, or named fields."""

    cardinality: Cardinality
    base_type: BaseType | None
    scalars: tuple[Scalar, ...] = ()
    fields: tuple[tuple[str, "Value"], ...] = ()

    def field(self, name: str) -> "Value | None":
        """Return the field of a record, or NULL."""
        return next((value for known, value in self.fields if known == name), None)


def single(base_type: BaseType, scalar: Scalar) -> Value | None:
    """Return the value that holds `scalar` (NULL for the empty string)."""
    if scalar == "":
        return None
    return Value(cardinality=Cardinality.SINGLE, base_type=base_type, scalars=(scalar,))


def container(cardinality: Cardinality, base_type: BaseType | None, scalars: Sequence[Scalar]) -> Value | None:
    """Return the container of `scalars`, or NULL when there are none."""
    return Value(cardinality=cardinality, base_type=base_type, scalars=tuple(scalars)) if scalars else None


def record(fields: Sequence[tuple[str, Value | None]]) -> Value | None:
    """Return the record of those fields that are not NULL, or NULL when all are."""
    kept = tuple((name, value) for name, value in fields if value is not None)
    return Value(cardinality=Cardinality.RECORD, base_type=None, fields=kept) if kept else None


def integer(number: int) -> Value | None:
    """Return a single integer."""
    return single(BaseType.INTEGER, number)


def real(number: Fraction | None) -> Value | None:
    """Return a single float, or NULL."""
    return None if number is None else single(BaseType.FLOAT, number)


def boolean(truth: bool | None) -> Value | None:  # noqa: FBT001 - the truth is what the value holds
    """Return a single boolean, or NULL."""
    return None if truth is None else TRUE if truth else FALSE


TRUE: Final = Value(cardinality=Cardinality.SINGLE, base_type=BaseType.BOOLEAN, scalars=(True,))
FALSE: Final = Value(cardinality=Cardinality.SINGLE, base_type=BaseType.BOOLEAN, scalars=(False,))


def read_scalar(base_type: BaseType, text: str) -> Scalar | None:
    """Return what `text` says in that base type, or None when it says nothing in it."""
    return _READERS[base_type](text)


def scalar_text(scalar: Scalar) -> str:
    """Return `scalar` as QTI value text."""
    match scalar:
        case bool():
            return "true" if scalar else "false"
        case int() | Fraction():
            return number_text(scalar)
        case Pair():
            return f"{scalar.first} {scalar.second}"
        case Point():
            return f"{scalar.x} {scalar.y}"
        case _:
            return scalar


def as_number(value: Value) -> Number | None:
    """Return the number that a single value holds or writes, or None (numeric text counts: real items compare it)."""
    if len(value.scalars) != 1:
        return None
    scalar = value.scalars[0]
    if isinstance(scalar, str):
        return read_float(scalar)
    return scalar if isinstance(scalar, int | Fraction) and not isinstance(scalar, bool) else None


def folded(text: str) -> str:
    """Return `text` as it is compared without regard to case; folding may take letters apart that NFC had joined."""
    return unicodedata.normalize("NFC", text.casefold())


def comparable(base_type: BaseType | None, scalar: Scalar) -> Hashable:
    """Return the key by which scalars of one base type are the same: 1 and 1.0, "A B" and "B A" as pairs, NFC texts."""
    match scalar:
        case bool():
            return ("truth", scalar)
        case int() | Fraction():
            return ("number", scalar)
        case Pair() if base_type is BaseType.PAIR:
            return ("pair", tuple(sorted((scalar.first, scalar.second))))
        case str():
            return ("text", unicodedata.normalize("NFC", scalar))
        case _:
            return scalar


def keys(value: Value) -> tuple[Hashable, ...]:
    """Return the comparison keys of all scalars of `value`."""
    return tuple(comparable(value.base_type, scalar) for scalar in value.scalars)


def aligned(left: Value, right: Value) -> tuple[Value, Value]:
    """Return both values, text turned into numbers when only the other side is numeric."""
    if left.base_type in _TEXTS and right.base_type in _NUMBERS:
        return _numeric(left), right
    if right.base_type in _TEXTS and left.base_type in _NUMBERS:
        return left, _numeric(right)
    return left, right


def same(left: Value, right: Value) -> bool:
    """Tell whether two values are the same; a multiple container has no order, and one value is a container of one."""
    if Cardinality.RECORD in {left.cardinality, right.cardinality}:
        return left.cardinality is right.cardinality and dict(left.fields) == dict(right.fields)
    first, second = (keys(side) for side in aligned(left, right))
    if len(first) != len(second):
        return False
    if first == second:
        return True
    if left.cardinality is Cardinality.ORDERED and right.cardinality is Cardinality.ORDERED:
        return False
    return _counted(first) == _counted(second)


def with_cardinality(value: Value, cardinality: Cardinality) -> Value:
    """Return `value` as a container of another kind."""
    return replace(value, cardinality=cardinality)


def _counted(items: tuple[Hashable, ...]) -> dict[Hashable, int]:
    counts: dict[Hashable, int] = {}
    for item in items:
        counts[item] = counts.get(item, 0) + 1
    return counts


def _numeric(value: Value) -> Value:
    numbers = [read_float(scalar) if isinstance(scalar, str) else None for scalar in value.scalars]
    scalars = tuple(text if number is None else number for text, number in zip(value.scalars, numbers, strict=True))
    return replace(value, scalars=scalars)


def _read_boolean(text: str) -> bool | None:
    plain = text.strip().lower()
    return True if plain in _TRUE else False if plain in _FALSE else None


def _read_point(text: str) -> Point | None:
    numbers = [read_float(part) for part in text.replace(",", " ").split()]
    if len(numbers) != _PARTS or numbers[0] is None or numbers[1] is None:
        return None
    # Browsers give positions with fractions of a pixel on dense screens; QTI's points are whole.
    return Point(int(numbers[0]), int(numbers[1]))


def _read_pair(text: str) -> Pair | None:
    parts = text.split()
    return Pair(*parts) if len(parts) == _PARTS else None


def _read_token(text: str) -> str | None:
    return text.strip() or None


_READERS: Final[Mapping[BaseType, Callable[[str], Scalar | None]]] = MappingProxyType(
    {
        BaseType.IDENTIFIER: _read_token,
        BaseType.STRING: str,
        BaseType.INTEGER: read_integer,
        BaseType.FLOAT: read_float,
        BaseType.BOOLEAN: _read_boolean,
        BaseType.PAIR: _read_pair,
        BaseType.DIRECTED_PAIR: _read_pair,
        BaseType.POINT: _read_point,
        BaseType.DURATION: read_float,
        BaseType.FILE: _read_token,
        BaseType.URI: _read_token,
    }
)
