"""Evaluates QTI's expressions by one closed table, and checks them before anything runs.

Every expression of QTI 2.2 and 3.0 stands in `OPERATORS` but `custom-operator`: vendor code is never run.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from itembank.core.qti.calls import Attribute, AttributeKind, Call, Expression, Operator, Scope, referenced
from itembank.core.qti.declarations import Declaration
from itembank.core.qti.exact import read_float
from itembank.core.qti.faults import PatternRefused, ScoringFault
from itembank.core.qti.operators import arithmetic, comparing, containers, logic, mathematics, tests, texts, variables
from itembank.core.qti.patterns import compiled
from itembank.core.qti.shapes import read_area
from itembank.core.qti.values import Value, read_scalar
from itembank.core.variables import BaseType

CUSTOM: Final = "custom-operator"
OPERATORS: Final[Mapping[str, Operator]] = MappingProxyType(
    {
        **variables.TABLE,
        **logic.TABLE,
        **comparing.TABLE,
        **arithmetic.TABLE,
        **mathematics.TABLE,
        **containers.TABLE,
        **texts.TABLE,
        **tests.TABLE,
    }
)
_VALUES_A_STEP: Final = 10
_SIGNS_A_STEP: Final = 1000
_FLAGS: Final = frozenset({"true", "false", "1", "0"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing in an expression or rule that cannot be computed: where it stands and what would be right."""

    line: int
    element: str
    code: str
    hint: str


def evaluate(expression: Expression, scope: Scope) -> Value | None:
    """Return the value; raises ScoringFault where the expression cannot be computed, whatever the response."""
    operator = OPERATORS.get(expression.name)
    if operator is None:
        raise ScoringFault(f"There is no expression {expression.name}", line=expression.line)
    scope.spend(operator.cost + expression.burden())

    def operands() -> tuple[Value | None, ...]:
        return tuple(evaluate(one, scope) for one in expression.operands)

    values = () if operator.lazy else operands()
    scope.spend(_burden(values))
    if operator.strict and any(one is None for one in values):
        return None
    return operator.run(Call(expression=expression, operands=values, scope=scope, again=operands))


def _burden(values: tuple[Value | None, ...]) -> int:
    """Return the steps that looking at all of `values` costs."""
    scalars = [scalar for value in values if value is not None for scalar in value.scalars]
    signs = sum(len(scalar) for scalar in scalars if isinstance(scalar, str))
    return len(scalars) // _VALUES_A_STEP + signs // _SIGNS_A_STEP


def check(expression: Expression, known: Mapping[str, Declaration], *, test: bool = False) -> Iterator[Fault]:
    """Yield what keeps `expression` from being computed; `test` admits the variables of a test's items."""
    operator = OPERATORS.get(expression.name)
    if operator is None:
        custom = expression.name == CUSTOM
        code, hint = ("custom-operator", "is vendor code; a person scores this item") if custom else _UNKNOWN
        yield _fault(expression, code, hint)
        return
    count = len(expression.operands)
    if count < operator.least or (operator.most is not None and count > operator.most):
        yield _fault(expression, "wrong-operands", f"takes {_times(operator)} expressions, not {count}")
    for name, attribute in operator.attributes.items():
        yield from _check_attribute(expression, name, attribute, known, test=test)
    yield from _check_more(expression, known)
    for operand in expression.operands:
        yield from check(operand, known, test=test)


_UNKNOWN: Final = ("unknown-expression", "is no expression of QTI")


def _check_attribute(
    expression: Expression, name: str, attribute: Attribute, known: Mapping[str, Declaration], *, test: bool
) -> Iterator[Fault]:
    text = expression.attributes.get(name, "").strip()
    if not text:
        if attribute.required:
            yield _fault(expression, "missing-attribute", f"needs the attribute {name}")
    elif attribute.words and text not in attribute.words:
        yield _fault(expression, "wrong-attribute", f"{name} is one of: {', '.join(sorted(attribute.words))}")
    elif attribute.kind is AttributeKind.VARIABLE and text not in known and not (test and "." in text):
        yield _fault(expression, "unknown-variable", f"names {text}, which is not declared")
    elif not _FITS[attribute.kind](text, known):
        yield _fault(expression, "wrong-attribute", f"{name} cannot be {text[:40]}")


def _check_more(expression: Expression, known: Mapping[str, Declaration]) -> Iterator[Fault]:
    name, attributes = expression.name, expression.attributes
    declared = known.get(attributes.get("identifier", "").strip())
    if name == "base-value" and not _base_value_reads(expression):
        yield _fault(expression, "wrong-value", f"{expression.text.strip()[:40]!r} is no {attributes.get('base-type')}")
    if name == "map-response" and declared is not None and declared.mapping is None:
        yield _fault(expression, "no-mapping", f"{declared.identifier} has no mapping")
    if name == "map-response-point" and declared is not None and declared.area_mapping is None:
        yield _fault(expression, "no-mapping", f"{declared.identifier} has no area mapping")
    if name == "inside" and read_area(attributes.get("shape", ""), attributes.get("coords", "")) is None:
        yield _fault(expression, "wrong-area", "the area cannot be read")
    if name == "equal" and attributes.get("tolerance-mode", "exact") != "exact" and not attributes.get("tolerance"):
        yield _fault(expression, "missing-attribute", "needs the attribute tolerance")
    if name == "pattern-match" and not attributes.get("pattern", "").startswith("{"):
        yield from _check_pattern(expression, attributes.get("pattern", ""))


def _check_pattern(expression: Expression, pattern: str) -> Iterator[Fault]:
    try:
        compiled(pattern.strip())
    except PatternRefused as refusal:
        yield _fault(expression, "wrong-pattern", refusal.message)


def _base_value_reads(expression: Expression) -> bool:
    base_type = expression.attributes.get("base-type", "").strip()
    if base_type not in set(BaseType):
        return True  # said as a wrong attribute
    empty = not expression.text.strip() and BaseType(base_type) in {BaseType.IDENTIFIER, BaseType.STRING}
    return empty or read_scalar(BaseType(base_type), expression.text) is not None


def _is_number(text: str, known: Mapping[str, Declaration]) -> bool:
    return read_float(text) is not None or referenced(text) in known


_FITS: Final[Mapping[AttributeKind, Callable[[str, Mapping[str, Declaration]], bool]]] = MappingProxyType(
    {
        AttributeKind.VARIABLE: lambda _text, _known: True,
        AttributeKind.TEXT: lambda _text, _known: True,
        AttributeKind.NUMBER: _is_number,
        AttributeKind.NUMBERS: lambda text, known: all(_is_number(part, known) for part in text.split()),
        AttributeKind.FLAG: lambda text, _known: text in _FLAGS,
        AttributeKind.BASE_TYPE: lambda text, _known: text in set(BaseType),
    }
)


def _times(operator: Operator) -> str:
    if operator.most is None:
        return f"at least {operator.least}"
    return str(operator.least) if operator.least == operator.most else f"{operator.least} to {operator.most}"


def _fault(expression: Expression, code: str, hint: str) -> Fault:
    return Fault(line=expression.line, element=expression.name, code=code, hint=hint)
