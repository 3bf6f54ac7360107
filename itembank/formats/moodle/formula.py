"""Formulas of calculated questions to expressions of QTI: `{a}*sin({x})+2`. Nothing of them is ever run as code."""

import re
from dataclasses import dataclass
from typing import Final

from itembank.core.qti.exact import read_float

_TOKEN: Final = re.compile(
    r"\s*(?:(\{[A-Za-z_]\w{0,40}\})|(\d+\.?\d*(?:[eE][+-]?\d{1,3})?|\.\d+)|([A-Za-z]\w*)|(\*\*|.))"
)
_LONGEST: Final = 2000
_DEEPEST: Final = 40
_FUNCTIONS: Final = frozenset(
    {"sin", "cos", "tan", "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh", "exp", "abs", "floor", "ceil"}
)
_NAMED: Final = {"log": "ln", "log10": "log"}
_TWO: Final = 2


class NotAFormula(ValueError):
    """Says what of a formula is not understood."""


def expression_of(formula: str, prefix: str) -> str:
    """Return the QTI expression of a formula, its `{x}` as the variable prefix + x; raises NotAFormula."""
    if len(formula) > _LONGEST:
        raise NotAFormula("it is too long")
    reader = _Reader(_tokens(formula), prefix)
    made = reader.sum(0)
    if reader.place < len(reader.tokens):
        raise NotAFormula(f"{reader.tokens[reader.place]!r} does not belong there")
    return made


def _tokens(formula: str) -> list[str]:
    return [next(part for part in found.groups() if part) for found in _TOKEN.finditer(formula.strip())]


@dataclass(slots=True)
class _Reader:
    tokens: list[str]
    prefix: str
    place: int = 0

    def sum(self, depth: int) -> str:
        """Return the sum that begins here."""
        if depth > _DEEPEST:
            raise NotAFormula("it is nested too deeply")
        made = self._product(depth)
        while (sign := self._next()) in {"+", "-"}:
            self.place += 1
            made = _call("sum" if sign == "+" else "subtract", made, self._product(depth))
        return made

    def _next(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def _product(self, depth: int) -> str:
        made = self._signed(depth)
        while (sign := self._next()) in {"*", "/", "%"}:
            self.place += 1
            name = {"*": "product", "/": "divide", "%": "integer-modulus"}[sign]
            made = _call(name, made, self._signed(depth))
        return made

    def _signed(self, depth: int) -> str:
        negative = False
        while self._next() in {"+", "-"}:
            negative ^= self._next() == "-"
            self.place += 1
        made = self._power(depth)
        return _call("subtract", _number("0"), made) if negative else made

    def _power(self, depth: int) -> str:
        base = self._atom(depth)
        if self._next() != "**":
            return base
        self.place += 1
        if depth > _DEEPEST:
            raise NotAFormula("it is nested too deeply")
        return _call("power", base, self._signed(depth + 1))

    def _atom(self, depth: int) -> str:
        sign = self._next()
        self.place += 1
        if sign == "(":
            return self._closed(self.sum(depth + 1))
        if sign.startswith("{"):
            return f'<qti-variable identifier="{self.prefix}{sign[1:-1]}"/>'
        if sign[:1].isdigit() or (sign[:1] == "." and len(sign) > 1):
            if read_float(sign) is None:
                raise NotAFormula(f"{sign[:20]!r} is no number")
            return _number(sign)
        if sign[:1].isalpha() and self._next() == "(":
            self.place += 1
            return self._function(sign.lower(), depth)
        raise NotAFormula(f"{sign[:20]!r} is not understood" if sign else "it ends too early")

    def _closed(self, made: str) -> str:
        if self._next() != ")":
            raise NotAFormula("a parenthesis is not closed")
        self.place += 1
        return made

    def _function(self, name: str, depth: int) -> str:
        operands: list[str] = []
        while self._next() not in {")", ""}:
            operands.append(self.sum(depth + 1))
            if self._next() == ",":
                self.place += 1
        self._closed("")
        return _function(name, operands)


def _function(name: str, operands: list[str]) -> str:
    if name == "pi" and not operands:
        return '<qti-math-constant name="pi"/>'
    if name == "sqrt" and len(operands) == 1:
        return _call("power", operands[0], _number("0.5"))
    if name == "pow" and len(operands) == _TWO:
        return _call("power", *operands)
    if name in {"min", "max"} and operands:
        return _call(name, *operands)
    known = _NAMED.get(name, name)
    if (known in _FUNCTIONS or name in _NAMED) and len(operands) == (_TWO if name == "atan2" else 1):
        return f'<qti-math-operator name="{known}">{"".join(operands)}</qti-math-operator>'
    raise NotAFormula(f"the function {name[:20]} of {len(operands)} numbers is not known")


def _call(name: str, *operands: str) -> str:
    return f"<qti-{name}>{''.join(operands)}</qti-{name}>"


def _number(text: str) -> str:
    return f'<qti-base-value base-type="float">{text}</qti-base-value>'
