"""What scores one response, in the words that exchange formats share: fractions of the part's points, exact.

A fraction of 1 is all points of the response, a negative one takes points away. `key` turns these into an item's key,
`reading` turns a key back into them.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from itembank.core.interactions import Interaction
from itembank.core.qti.shapes import Area
from itembank.core.variables import ResponseDeclaration


@dataclass(frozen=True, slots=True, kw_only=True)
class Exactly:
    """All or nothing: the response is exactly these values (in this order where order counts)."""

    correct: tuple[str, ...]

    def fractions(self) -> tuple[Fraction, ...]:
        """Return the fractions of the points that it deals in."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """Each value that is given adds its fraction: options, or pairs such as `A B`; several together from 0 to 1."""

    values: tuple[tuple[str, Fraction], ...]

    def fractions(self) -> tuple[Fraction, ...]:
        """Return the fractions of the points that it deals in."""
        return tuple(fraction for _, fraction in self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Each option in its right place of the order earns the same."""

    order: tuple[str, ...]

    def fractions(self) -> tuple[Fraction, ...]:
        """Return the fractions of the points that it deals in."""
        return (Fraction(1, max(1, len(self.order))),)


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedText:
    r"""A text and what it earns; `*` in it stands for any characters, `\*` for the star itself."""

    text: str
    fraction: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """The first of these that the typed text matches decides."""

    accepted: tuple[AcceptedText, ...]
    case_sensitive: bool = False

    def fractions(self) -> tuple[Fraction, ...]:
        """Return the fractions of the points that it deals in."""
        return tuple(one.fraction for one in self.accepted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Numbers from `low` to `high`, both included, and what they earn; without bounds any number."""

    low: Decimal | None
    high: Decimal | None
    fraction: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranges:
    """The first of these that holds the typed number decides."""

    accepted: tuple[Range, ...]

    def fractions(self) -> tuple[Fraction, ...]:
        """Return the fractions of the points that it deals in."""
        return tuple(one.fraction for one in self.accepted)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComputedNumber:
    """A drawn variable, how far from it a number may be (`absolute`, or `relative` in percent), and what it earns."""

    variable: str
    tolerance: Decimal
    relative: bool = False
    fraction: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Computed:
    """The first of these that the typed number is near enough to decides."""

    accepted: tuple[ComputedNumber, ...]

    def fractions(self) -> tuple[Fraction, ...]:
        """Return the fractions of the points that it deals in."""
        return tuple(one.fraction for one in self.accepted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Areas:
    """Each area of a picture that holds a point adds its fraction."""

    areas: tuple[tuple[Area, Fraction], ...]

    def fractions(self) -> tuple[Fraction, ...]:
        """Return the fractions of the points that it deals in."""
        return tuple(fraction for _, fraction in self.areas)


@dataclass(frozen=True, slots=True, kw_only=True)
class ByPerson:
    """A person says what the response earns."""

    def fractions(self) -> tuple[Fraction, ...]:
        """Return the fractions of the points that it deals in."""
        return ()


Scoring: TypeAlias = Exactly | Mapped | Placed | Texts | Ranges | Computed | Areas | ByPerson


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredPart:
    """A response variable with what scores it; weights say how the parts of one item share its points."""

    declaration: ResponseDeclaration
    scoring: Scoring
    weight: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One response of an item as a reader of some format makes it: what is asked, and what scores it."""

    interaction: Interaction
    declaration: ResponseDeclaration
    scoring: Scoring
    weight: Fraction = Fraction(1)

    def part(self) -> ScoredPart:
        """Return what scores it."""
        return ScoredPart(declaration=self.declaration, scoring=self.scoring, weight=self.weight)
