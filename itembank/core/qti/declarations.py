"""Declarations of response, outcome and template variables, with the tables that turn values into scores."""

from collections.abc import Hashable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias

from itembank.core.qti.exact import Number
from itembank.core.qti.shapes import Area
from itembank.core.qti.values import Point, Scalar, Value, comparable, folded, real
from itembank.core.variables import BaseType, Cardinality


class VariableKind(StrEnum):
    """Who gives a variable its values: the candidate, the scoring or the drawing of the item."""

    RESPONSE = "response"
    OUTCOME = "outcome"
    TEMPLATE = "template"


@dataclass(frozen=True, slots=True, kw_only=True)
class MapEntry:
    """One line of a mapping; `key` is None for the empty text, which stands for no response."""

    key: Scalar | None
    mapped: Fraction
    case_sensitive: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """Numbers for the values of a response variable."""

    entries: tuple[MapEntry, ...]
    default: Fraction = Fraction(0)
    lower: Fraction | None = None
    upper: Fraction | None = None

    def apply(self, value: Value | None) -> Value | None:
        """Return the sum over the different values of `value`; NULL counts as one value that has no entry."""
        if value is None:
            return real(_clamped(self, next((one.mapped for one in self.entries if one.key is None), self.default)))
        different = {comparable(value.base_type, scalar): scalar for scalar in value.scalars}
        places = [_found(self.entries, value.base_type, scalar) for scalar in different.values()]
        total = sum((self.entries[place].mapped for place in set(places) if place is not None), start=Fraction(0))
        return real(_clamped(self, total + places.count(None) * self.default))


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaMapEntry:
    """One area of a picture and what a point in it is worth."""

    area: Area
    mapped: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaMapping:
    """Numbers for the points of a response variable; the first area that holds a point counts, and only once."""

    entries: tuple[AreaMapEntry, ...]
    default: Fraction = Fraction(0)
    lower: Fraction | None = None
    upper: Fraction | None = None

    def apply(self, value: Value | None) -> Value | None:
        """Return the sum over the areas that hold a point, and the default for each point outside."""
        if value is None:
            return real(_clamped(self, self.default))
        points = {scalar for scalar in value.scalars if isinstance(scalar, Point)}
        places = [_area_of(self.entries, point) for point in points]
        total = sum((self.entries[place].mapped for place in set(places) if place is not None), start=Fraction(0))
        return real(_clamped(self, total + places.count(None) * self.default))


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchTable:
    """Values for whole numbers."""

    entries: tuple[tuple[int, Value | None], ...]
    default: Value | None = None

    def look_up(self, number: Number) -> Value | None:
        """Return the value that stands beside `number`, or the default."""
        return next((value for source, value in self.entries if source == number), self.default)


@dataclass(frozen=True, slots=True, kw_only=True)
class InterpolationEntry:
    """The value from `source` on; without the boundary only above it."""

    source: Fraction
    value: Value | None
    include_boundary: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class InterpolationTable:
    """Values for ranges of numbers; the first entry whose source is reached decides."""

    entries: tuple[InterpolationEntry, ...]
    default: Value | None = None

    def look_up(self, number: Number) -> Value | None:
        """Return the value of the first range that holds `number`, or the default."""
        for entry in self.entries:
            if number > entry.source or (entry.include_boundary and number == entry.source):
                return entry.value
        return self.default


LookupTable: TypeAlias = MatchTable | InterpolationTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """One variable of an item: its name, the kind of value it holds, and what is known of it beforehand."""

    kind: VariableKind
    identifier: str
    cardinality: Cardinality = Cardinality.SINGLE
    base_type: BaseType | None = None
    default: Value | None = None
    correct: Value | None = None
    mapping: Mapping | None = None
    area_mapping: AreaMapping | None = None
    table: LookupTable | None = None
    external: bool = False

    def initial(self) -> Value | None:
        """Return the value before any processing: the default; a number that is an outcome starts at 0.

        An outcome that is scored from outside is NULL until it is: its default is nobody's verdict.
        """
        if self.external:
            return None
        if self.default is not None or self.kind is not VariableKind.OUTCOME:
            return self.default
        if self.cardinality is not Cardinality.SINGLE or self.base_type not in {BaseType.INTEGER, BaseType.FLOAT}:
            return None
        zero: Number = 0 if self.base_type is BaseType.INTEGER else Fraction(0)
        return Value(cardinality=Cardinality.SINGLE, base_type=self.base_type, scalars=(zero,))


def _clamped(limits: Mapping | AreaMapping, number: Fraction) -> Fraction:
    if limits.lower is not None:
        number = max(number, limits.lower)
    return number if limits.upper is None else min(number, limits.upper)


def _found(entries: tuple[MapEntry, ...], base_type: BaseType | None, scalar: Scalar) -> int | None:
    key = comparable(base_type, scalar)
    for place, entry in enumerate(entries):
        if entry.key is None:
            continue
        known = comparable(base_type, entry.key)
        if known == key or (not entry.case_sensitive and _folded(known) == _folded(key)):
            return place
    return None


def _folded(key: Hashable) -> Hashable:
    match key:
        case ("text", str(text)):
            return folded(text)
        case _:
            return key


def _area_of(entries: tuple[AreaMapEntry, ...], point: Point) -> int | None:
    return next((place for place, entry in enumerate(entries) if entry.area.contains(point)), None)
