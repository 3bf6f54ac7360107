"""What response processing of QTI 1.2 says, as values: outcomes, tests on responses, and what follows from them."""

from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from itembank.core.qti.shapes import Area


@dataclass(frozen=True, slots=True, kw_only=True)
class VarEqual:
    """The response is, or holds, this value; `place` is its place in an ordered response, from 1."""

    response: str
    value: str
    case_sensitive: bool = False
    place: int | None = None
    margin: str = ""
    relative: bool = False
    figures: int | None = None
    decimals: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class InOrder:
    """The ordered response is exactly these values."""

    response: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """The number is `lt`, `lte`, `gt` or `gte` than this one."""

    response: str
    operator: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """The point lies in this area."""

    response: str
    area: Area


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOf:
    """The response holds one of these values; `exactly` all of them and nothing else."""

    response: str
    values: tuple[str, ...]
    exactly: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Holds:
    """The text contains this one, or with `pattern` matches it as a whole; `sample` is a text that should."""

    response: str
    value: str
    case_sensitive: bool = False
    pattern: bool = False
    sample: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """Nothing was given."""

    response: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """No condition before this one held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Every:
    """All of these hold."""

    tests: tuple["Test", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Either:
    """One of these holds."""

    tests: tuple["Test", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    """The test does not hold."""

    test: "Test"


Leaf: TypeAlias = VarEqual | InOrder | Compared | Inside | OneOf | Holds | Unanswered
Test: TypeAlias = Leaf | Other | Every | Either | Not


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Sets an outcome to `amount`, or adds, subtracts, multiplies by or divides by it."""

    outcome: str
    action: str
    amount: Fraction

    @property
    def idle(self) -> bool:
        """Whether it leaves the outcome as it is."""
        return (self.action in {"add", "subtract"} and self.amount == 0) or (
            self.action in {"multiply", "divide"} and self.amount == 1
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RespCondition:
    """One respcondition: with `ends` no condition behind it is looked at when it held (None: the file does not say)."""

    test: Test
    assignments: tuple[Assignment, ...] = ()
    feedback: tuple[str, ...] = ()
    ends: bool | None = None
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A declared outcome with its first value and its limits, where they are given."""

    name: str
    default: Fraction = Fraction(0)
    least: Fraction | None = None
    most: Fraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Processing:
    """All response processing of an item; `unread` says why it cannot be followed, if it cannot."""

    outcomes: tuple[Outcome, ...] = ()
    conditions: tuple[RespCondition, ...] = ()
    by_person: bool = False
    unread: tuple[str, ...] = ()


def leaves(test: Test) -> tuple[Leaf, ...]:
    """Return the tests on responses inside `test`, in order."""
    match test:
        case Every() | Either():
            return tuple(leaf for one in test.tests for leaf in leaves(one))
        case Not():
            return leaves(test.test)
        case Other():
            return ()
        case _:
            return (test,)


def has_other(test: Test) -> bool:
    """Tell whether `test` asks if other conditions held."""
    match test:
        case Every() | Either():
            return any(has_other(one) for one in test.tests)
        case Not():
            return has_other(test.test)
        case Other():
            return True
        case _:
            return False
