"""How an expression meets its operator: the expression as written, the working memory, and one call.

`Scope` is the memory of one run of rules; it is made for the run and thrown away with it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Final

from cbt.kernel.chance import Chance
from itembank.core.qti.declarations import Declaration
from itembank.core.qti.exact import Number, read_float, read_integer
from itembank.core.qti.faults import ScoringFault, ScoringLimit
from itembank.core.qti.results import ItemInTest
from itembank.core.qti.values import Value, as_number
from itembank.core.variables import BaseType

MOST_STEPS: Final = 100_000
MOST_VALUES: Final = 10_000
_SIGNS_A_STEP: Final = 200
_TRUE: Final = frozenset({"true", "1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """One expression as the item writes it, in QTI 3.0's words without the prefix (`base-value`)."""

    name: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    operands: tuple["Expression", ...] = ()
    text: str = ""
    line: int = 0

    def burden(self) -> int:
        """Return the steps that reading its own text costs."""
        return (len(self.text) + sum(map(len, self.attributes.values()))) // _SIGNS_A_STEP


class Scope:
    """The variables of one run with their correct and default values, its chance, and the steps that are left."""

    def __init__(self, declarations: Mapping[str, Declaration], chance: Chance, *, steps: int = MOST_STEPS) -> None:
        self.declarations = declarations
        self.chance = chance
        self.values: dict[str, Value | None] = {name: one.initial() for name, one in declarations.items()}
        self.correct: dict[str, Value | None] = {name: one.correct for name, one in declarations.items()}
        self.defaults: dict[str, Value | None] = {name: one.default for name, one in declarations.items()}
        self.test: tuple[ItemInTest, ...] | None = None
        self.steps = steps

    def declaration(self, identifier: str) -> Declaration:
        """Return the declaration; raises ScoringFault when there is none."""
        if identifier not in self.declarations:
            raise ScoringFault(f"There is no variable {identifier}", identifier=identifier)
        return self.declarations[identifier]

    def spend(self, steps: int = 1) -> None:
        """Take steps from what is left; raises ScoringLimit at the end."""
        self.steps -= steps
        if self.steps < 0:
            raise ScoringLimit("The processing takes too many steps")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One use of an operator: its expression, the values of its operands, and the memory of the run."""

    expression: Expression
    operands: tuple[Value | None, ...]
    scope: Scope
    again: Callable[[], tuple[Value | None, ...]]  # the operands once more, with new chance

    def given(self) -> tuple[Value, ...]:
        """Return the operands that are not NULL."""
        return tuple(one for one in self.operands if one is not None)

    def text(self, name: str, default: str = "") -> str:
        """Return the attribute."""
        return self.expression.attributes.get(name, default).strip()

    def flag(self, name: str, *, default: bool) -> bool:
        """Return the attribute as a boolean."""
        text = self.text(name)
        return text in _TRUE if text else default

    def integer(self, name: str, default: int | None = None) -> int | None:
        """Return the attribute as a whole number, read from the variable that it names if it names one."""
        number = self.number(name, default)
        return None if number is None or number.denominator != 1 else int(number)

    def number(self, name: str, default: Number | None = None) -> Number | None:
        """Return the attribute as a number, read from the variable that it names if it names one."""
        text = self.text(name)
        return self.resolve(text) if text else default

    def resolve(self, text: str) -> Number | None:
        """Return the number that `text` writes, or that the variable it names holds."""
        literal = read_integer(text)
        if literal is not None:
            return literal
        exact = read_float(text)
        if exact is not None:
            return exact
        name = referenced(text)
        if name not in self.scope.values:
            raise ScoringFault(f"There is no variable {name}", identifier=name)
        value = self.scope.values[name]
        return None if value is None else as_number(value)


class AttributeKind(StrEnum):
    """What an attribute holds, for the check before anything runs."""

    VARIABLE = "variable"
    NUMBER = "number"  # or the name of a variable that holds it
    NUMBERS = "numbers"
    FLAG = "flag"
    BASE_TYPE = "base type"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """An attribute that an expression may have; `words` closes a vocabulary."""

    kind: AttributeKind = AttributeKind.TEXT
    required: bool = False
    words: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """What one expression does: `run` for its value, how many operands it takes, and which attributes.

    A strict operator is NULL as soon as one operand is; the others meet their NULLs themselves.
    """

    run: Callable[[Call], Value | None]
    least: int = 0
    most: int | None = 0
    strict: bool = False
    lazy: bool = False  # asks for its operands itself, by `again`
    cost: int = 1  # steps
    attributes: Mapping[str, Attribute] = field(default_factory=dict)


REFERENCE: Final = Attribute(kind=AttributeKind.VARIABLE, required=True)
FLAG: Final = Attribute(kind=AttributeKind.FLAG)
NUMBER: Final = Attribute(kind=AttributeKind.NUMBER)
NEEDED_NUMBER: Final = Attribute(kind=AttributeKind.NUMBER, required=True)


def referenced(text: str) -> str:
    """Return the name of the variable that an attribute refers to (braces around it are QTI 2's)."""
    return text.strip().removeprefix("{").removesuffix("}")


def single_number(value: Value) -> Number | None:
    """Return the number of a numeric operand, None for text that is none; raises ScoringFault for anything else."""
    if len(value.scalars) == 1 and value.base_type in {BaseType.BOOLEAN, BaseType.PAIR, BaseType.POINT, None}:
        raise ScoringFault(f"A number is needed, not a {value.base_type or 'record'}")
    if len(value.scalars) != 1:
        raise ScoringFault("One number is needed, not a container")
    return as_number(value)


def truth(value: Value | None) -> bool | None:
    """Return the truth of a boolean operand, None for NULL; raises ScoringFault for anything else."""
    if value is None:
        return None
    if len(value.scalars) == 1 and isinstance(value.scalars[0], bool):
        return value.scalars[0]
    raise ScoringFault("A boolean is needed")


def whole(number: Number | None) -> int | None:
    """Return the number when it is a whole one."""
    return int(number) if number is not None and number.denominator == 1 else None


def fraction(number: Number) -> Fraction:
    """Return the number as a fraction."""
    return Fraction(number)
