"""What the items of a test have come to, as test-level expressions ask for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from itembank.core.qti.values import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemInTest:
    """One item of a test: where it stands, what it weighs, and the outcomes of its session."""

    identifier: str
    sections: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    weights: Mapping[str, Fraction] = field(default_factory=dict)
    outcomes: Mapping[str, Value | None] = field(default_factory=dict)
    maxima: Mapping[str, Fraction] = field(default_factory=dict)
    minima: Mapping[str, Fraction] = field(default_factory=dict)
    selected: bool = True
    presented: bool = True
    responded: bool = True
    correct: bool | None = None
