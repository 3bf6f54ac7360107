"""Runs the rules of response, template and outcome processing over the memory of one run."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, StrEnum, auto
from fractions import Fraction
from typing import Final, TypeAlias

from itembank.core.qti.calls import Expression, Scope, single_number, truth
from itembank.core.qti.declarations import Declaration, VariableKind
from itembank.core.qti.exact import read_float
from itembank.core.qti.expressions import Fault, check, evaluate
from itembank.core.qti.faults import ScoringFault
from itembank.core.qti.values import Scalar, Value, read_scalar, scalar_text
from itembank.core.variables import BaseType, Cardinality

MOST_TRIES: Final = 100  # of a template constraint, as the standard asks at least
_ENTRIES_A_STEP: Final = 10


class Target(StrEnum):
    """What a rule sets: the value of a variable, or what is known of it beforehand."""

    OUTCOME = "set-outcome-value"
    TEMPLATE = "set-template-value"
    CORRECT = "set-correct-response"
    DEFAULT = "set-default-value"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetValue:
    """Gives a variable the value of an expression."""

    target: Target
    identifier: str
    expression: Expression
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUp:
    """Gives an outcome variable what its table holds for the number of an expression."""

    identifier: str
    expression: Expression
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """Rules that are followed when `test` is true; without a test they always are."""

    test: Expression | None
    rules: tuple["Rule", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """If, else if, else: the first branch whose test is true is followed, NULL is not true."""

    branches: tuple[Branch, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """Ends the processing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """Sends template processing back to its beginning unless the expression is true."""

    expression: Expression


Rule: TypeAlias = SetValue | LookUp | Condition | Leave | Constraint


class _Flow(Enum):
    ON = auto()
    LEFT = auto()
    AGAIN = auto()


def run(rules: Sequence[Rule], scope: Scope) -> None:
    """Follow `rules` to their end or an exit; raises ScoringFault when one cannot be followed."""
    _follow(rules, scope)


def run_template(rules: Sequence[Rule], scope: Scope) -> None:
    """Follow the rules that draw an item; a constraint that is not met begins them anew, at most `MOST_TRIES` times.

    After the last try the variables keep their declared values, and the rules behind the constraint are followed.
    """
    start = (dict(scope.values), dict(scope.correct), dict(scope.defaults))
    for _ in range(MOST_TRIES):
        if _follow(rules, scope) is not _Flow.AGAIN:
            return
        scope.values, scope.correct, scope.defaults = (dict(one) for one in start)
    last = max(place for place, rule in enumerate(rules) if _constrains(rule))
    _follow(rules[last + 1 :], scope)


def faults_of(rules: Sequence[Rule], known: Mapping[str, Declaration], *, test: bool = False) -> Iterator[Fault]:
    """Yield what keeps `rules` from being followed."""
    for rule in rules:
        match rule:
            case SetValue() | LookUp():
                yield from _target_faults(rule, known)
                yield from check(rule.expression, known, test=test)
            case Condition():
                for branch in rule.branches:
                    yield from () if branch.test is None else check(branch.test, known, test=test)
                    yield from faults_of(branch.rules, known, test=test)
            case Constraint():
                yield from check(rule.expression, known, test=test)
            case Leave():
                continue


def targets_of(rules: Sequence[Rule]) -> Iterator[str]:
    """Yield the identifiers of the variables that `rules` may set."""
    for rule in rules:
        match rule:
            case SetValue() | LookUp():
                yield rule.identifier
            case Condition():
                for branch in rule.branches:
                    yield from targets_of(branch.rules)
            case _:
                continue


def fitted(value: Value | None, declaration: Declaration) -> Value | None:
    """Return `value` in the cardinality and base type of the variable; raises ScoringFault when it does not fit."""
    if value is None or (declaration.base_type is value.base_type and declaration.cardinality is value.cardinality):
        return value
    if Cardinality.RECORD in {declaration.cardinality, value.cardinality}:
        if declaration.cardinality is value.cardinality:
            return value
        raise ScoringFault(f"{declaration.identifier} holds a {declaration.cardinality}, not a {value.cardinality}")
    cardinality = declaration.cardinality
    if cardinality is Cardinality.SINGLE and len(value.scalars) > 1:
        if declaration.base_type is not BaseType.IDENTIFIER:
            raise ScoringFault(f"{declaration.identifier} holds one value, not {len(value.scalars)}")
        cardinality = Cardinality.MULTIPLE  # real items show two feedbacks by one variable; no score is in doubt
    base_type = declaration.base_type or value.base_type
    scalars = tuple(_converted(scalar, value.base_type, declaration) for scalar in value.scalars)
    return replace(value, cardinality=cardinality, base_type=base_type, scalars=scalars)


def _follow(rules: Sequence[Rule], scope: Scope) -> _Flow:
    for rule in rules:
        scope.spend()
        flow = _follow_one(rule, scope)
        if flow is not _Flow.ON:
            return flow
    return _Flow.ON


def _follow_one(rule: Rule, scope: Scope) -> _Flow:
    match rule:
        case SetValue():
            _set(rule, scope)
        case LookUp():
            _look_up(rule, scope)
        case Condition():
            for branch in rule.branches:
                if branch.test is None or truth(evaluate(branch.test, scope)):
                    return _follow(branch.rules, scope)
        case Constraint():
            return _Flow.ON if truth(evaluate(rule.expression, scope)) else _Flow.AGAIN
        case Leave():
            return _Flow.LEFT
    return _Flow.ON


def _set(rule: SetValue, scope: Scope) -> None:
    declaration = scope.declaration(rule.identifier)
    value = fitted(evaluate(rule.expression, scope), declaration)
    match rule.target:
        case Target.CORRECT:
            scope.correct[rule.identifier] = value
        case Target.DEFAULT:
            scope.defaults[rule.identifier] = value
            scope.values[rule.identifier] = value
        case _:
            if not declaration.external:
                scope.values[rule.identifier] = value


def _look_up(rule: LookUp, scope: Scope) -> None:
    declaration = scope.declaration(rule.identifier)
    if declaration.table is None:
        raise ScoringFault(f"{rule.identifier} has no table to look up", identifier=rule.identifier)
    source = evaluate(rule.expression, scope)
    number = None if source is None else single_number(source)
    scope.spend(len(declaration.table.entries) // _ENTRIES_A_STEP)
    found = declaration.table.default if number is None else declaration.table.look_up(number)
    if not declaration.external:
        scope.values[rule.identifier] = fitted(found, declaration)


def _target_faults(rule: SetValue | LookUp, known: Mapping[str, Declaration]) -> Iterator[Fault]:
    element = rule.target.value if isinstance(rule, SetValue) else "lookup-outcome-value"
    declared = known.get(rule.identifier)
    if declared is None:
        hint = f"sets {rule.identifier or 'no variable'}, which is not declared"
        yield Fault(line=rule.line, element=element, code="unknown-variable", hint=hint)
    elif isinstance(rule, LookUp) and declared.table is None:
        hint = f"{rule.identifier} has no table"
        yield Fault(line=rule.line, element=element, code="no-table", hint=hint)
    elif declared.kind not in _SETTABLE.get(element, frozenset(VariableKind)):
        hint = f"cannot set {rule.identifier}, a {declared.kind} variable"
        yield Fault(line=rule.line, element=element, code="wrong-variable", hint=hint)


_SETTABLE: Final[Mapping[str, frozenset[VariableKind]]] = {
    Target.OUTCOME.value: frozenset({VariableKind.OUTCOME}),
    Target.TEMPLATE.value: frozenset({VariableKind.TEMPLATE}),
    Target.CORRECT.value: frozenset({VariableKind.RESPONSE}),
    "lookup-outcome-value": frozenset({VariableKind.OUTCOME}),
}


def _constrains(rule: Rule) -> bool:
    if isinstance(rule, Condition):
        return any(_constrains(inner) for branch in rule.branches for inner in branch.rules)
    return isinstance(rule, Constraint)


def _converted(scalar: Scalar, base_type: BaseType | None, declaration: Declaration) -> Scalar:
    wanted = declaration.base_type
    if wanted is None or wanted is base_type:
        return scalar
    number = read_float(scalar) if isinstance(scalar, str) else scalar
    if wanted in {BaseType.FLOAT, BaseType.DURATION} and isinstance(number, int | Fraction):
        return Fraction(number)
    if wanted is BaseType.INTEGER and isinstance(number, int | Fraction) and number.denominator == 1:
        return int(number)
    read = None if wanted in _NUMERIC else read_scalar(wanted, scalar_text(scalar))
    if read is None:
        raise ScoringFault(f"{declaration.identifier} holds a {wanted}, not a {base_type}")
    return read


_NUMERIC: Final = frozenset({BaseType.INTEGER, BaseType.FLOAT, BaseType.DURATION})
