"""How one response of a slot is given: its kind, the names it may use, and how many values it takes.

Names are opaque in a browser and canonical in the journal; this module turns one into the other for one control. What a
candidate typed is never refused for its form: a number that is none is kept as typed, and scores nothing.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from cbt.delivery.core.refusals import PairedTooOften, TooManyChoices, UnknownChoice, UnknownFile

_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
_NO_LIMITS: Final[Mapping[str, int]] = MappingProxyType({})
_DIGEST: Final = re.compile("[0-9a-f]{64}")
_TWO: Final = 2


class ControlKind(StrEnum):
    """How a response is given: `choice` from numbered options, `pick` from places in a text or a list."""

    CHOICE = "choice"
    PICK = "pick"
    ORDER = "order"
    PAIR = "pair"
    POINT = "point"
    TEXT = "text"
    NUMBER = "number"
    FILE = "file"
    COUNT = "count"
    FLAG = "flag"


NAMING: Final = frozenset({ControlKind.CHOICE, ControlKind.PICK, ControlKind.ORDER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One response variable of a slot: canonical `choices` in the order shown, and how many `values` it takes.

    A pair is a choice with a target, or without `targets` two choices. `most` says in how many pairs an identifier may
    stand; one that is not in it may stand in any number.
    """

    response: str
    kind: ControlKind
    values: int = 1
    choices: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    directed: bool = False
    most: Mapping[str, int] = field(default_factory=lambda: _NO_LIMITS)


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedControl:
    """A control with its opaque names: `canonical` and `targets` map each to its identifier, in the order shown."""

    kind: ControlKind
    values: int
    canonical: Mapping[str, str]
    targets: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    directed: bool = False
    most: Mapping[str, int] = field(default_factory=lambda: _NO_LIMITS)

    def to_canonical(self, values: tuple[str, ...]) -> tuple[str, ...]:
        """Return what the browser sent in canonical ids; raises TooManyChoices, UnknownChoice, PairedTooOften."""
        if len(values) > self.values:
            raise TooManyChoices
        if self.kind in NAMING:
            return self._distinct(tuple([_named(self.canonical, value) for value in values]))
        if self.kind is ControlKind.PAIR:
            return self._checked_pairs(tuple([self._pair(value) for value in values]))
        if self.kind is ControlKind.FILE and not all(_DIGEST.fullmatch(value) for value in values):
            raise UnknownFile
        return values

    def to_opaque(self, value: str) -> str:
        """Return the names of a canonical value in this attempt (a typed one is its own); raises UnknownChoice."""
        if self.kind in NAMING:
            return _name_of(self.canonical, value)
        if self.kind is ControlKind.PAIR:
            first, second = _two(value)
            return f"{_name_of(self.canonical, first)} {_name_of(self.targets or self.canonical, second)}"
        return value

    def _pair(self, value: str) -> tuple[str, str]:
        first, second = _two(value)
        return _named(self.canonical, first), _named(self.targets or self.canonical, second)

    def _checked_pairs(self, pairs: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
        self._distinct(tuple([" ".join(pair if self.directed else sorted(pair)) for pair in pairs]))
        if self.most:
            used = Counter(name for pair in pairs for name in pair)
            if any(count > self.most.get(name, count) for name, count in used.items()):
                raise PairedTooOften
        return tuple([f"{first} {second}" for first, second in pairs])

    def _distinct(self, values: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(values)) != len(values):
            raise TooManyChoices
        return values


def _two(value: str) -> tuple[str, str]:
    parts = value.split()
    if len(parts) != _TWO:
        raise UnknownChoice
    return parts[0], parts[1]


def _named(names: Mapping[str, str], name: str) -> str:
    identifier = names.get(name)
    if identifier is None:
        raise UnknownChoice
    return identifier


def _name_of(names: Mapping[str, str], identifier: str) -> str:
    for name, named in names.items():
        if named == identifier:
            return name
    raise UnknownChoice
