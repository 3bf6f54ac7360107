"""Processing that is exactly our simple rules: every response counts the same and is right or not."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from itembank.core.interactions import ChoiceInteraction, InlineChoiceInteraction, OrderInteraction
from itembank.core.keys import MatchCorrect, MatchNumber, MatchText, ResponseKey, Rule
from itembank.core.qti.exact import number_text, read_float
from itembank.core.variables import BaseType, Cardinality
from itembank.formats.qti12.asked import Asked
from itembank.formats.qti12.conditions import (
    Compared,
    Either,
    Every,
    InOrder,
    Not,
    OneOf,
    Processing,
    RespCondition,
    Test,
    VarEqual,
    has_other,
    leaves,
)

_NUMERIC: Final = frozenset({BaseType.FLOAT, BaseType.INTEGER})


def simple_rules(processing: Processing, asked: Mapping[str, Asked]) -> tuple[ResponseKey, ...] | None:
    """Return the rules that say the same as `processing`, or None when it says more than rules can."""
    if not _plain(processing, asked):
        return None
    scoring = [one for one in processing.conditions if any(not change.idle for change in one.assignments)]
    amounts = {change.amount for one in scoring for change in one.assignments if not change.idle}
    if len(amounts) != 1 or min(amounts) <= 0 or not _independent(processing, scoring, asked):
        return None
    grouped = {name: [one for one in scoring if leaves(one.test)[0].response == name] for name in asked}
    rules = [(one.names[0], _rule(one, [condition.test for condition in grouped[name]])) for name, one in asked.items()]
    found = tuple(ResponseKey(identifier=name, rule=rule) for name, rule in rules if rule is not None)
    return found if found and len(found) == len(rules) else None


def _plain(processing: Processing, asked: Mapping[str, Asked]) -> bool:
    conditions = processing.conditions
    return not (
        processing.unread
        or processing.by_person
        or any(one.default for one in processing.outcomes)
        or any(one.feedback or has_other(one.test) for one in conditions)
        or any(len({leaf.response for leaf in leaves(one.test)}) != 1 for one in conditions)
        or any(len(one.assignments) > 1 for one in conditions)
        or len({change.outcome for one in conditions for change in one.assignments}) > 1
        or any(len(one.names) > 1 or one.by_person for one in asked.values())
    )


def _independent(processing: Processing, scoring: list[RespCondition], asked: Mapping[str, Asked]) -> bool:
    """Tell whether no condition keeps another one from counting, and none counts twice."""
    if len(asked) == 1:
        only = next(iter(asked.values()))
        values = [_named(one.test) for one in processing.conditions]
        exclusive = only.cardinality is Cardinality.SINGLE and only.base_type is BaseType.IDENTIFIER
        if exclusive and all(values) and len(set().union(*values)) == sum(map(len, values)):
            return all(change.action in {"set", "add"} for one in scoring for change in one.assignments)
        return len(processing.conditions) == 1 or _alternatives(processing)
    by_response = [leaves(one.test)[0].response for one in processing.conditions]
    adding = all(change.action == "add" for one in scoring for change in one.assignments)
    ending = any(one.ends for one in processing.conditions[:-1])
    return adding and not ending and len(set(by_response)) == len(by_response) == len(scoring)


def _alternatives(processing: Processing) -> bool:
    """Tell whether all conditions set the same score: which of them held then makes no difference."""
    changes = [change for one in processing.conditions for change in one.assignments]
    return len(changes) == len(processing.conditions) and all(one.action == "set" for one in changes)


def _named(test: Test) -> frozenset[str]:
    match test:
        case VarEqual():
            return frozenset({test.value})
        case Either():
            parts = [_named(one) for one in test.tests]
            return frozenset().union(*parts) if parts and all(parts) else frozenset()
        case _:
            return frozenset()


def _rule(asked: Asked, tests: list[Test]) -> Rule | None:
    if not tests:
        return None
    if asked.base_type is BaseType.STRING and asked.cardinality is Cardinality.SINGLE:
        return _texts(tests)
    if asked.base_type in _NUMERIC:
        return _number(tests[0] if len(tests) == 1 else Either(tests=tuple(tests)))
    return _correct(asked, tests[0]) if len(tests) == 1 and asked.base_type is BaseType.IDENTIFIER else None


def _texts(tests: list[Test]) -> Rule | None:
    equal = [leaf for one in tests for leaf in leaves(one)]
    shaped = all(isinstance(one, VarEqual) or (isinstance(one, Either) and bool(_named(one))) for one in tests)
    texts = [one for one in equal if isinstance(one, VarEqual)]
    cases = {one.case_sensitive for one in texts}
    if not shaped or len(texts) != len(equal) or len(cases) != 1 or not all(one.value for one in texts):
        return None
    accepted = tuple(dict.fromkeys(one.value for one in texts))
    return MatchText(accepted=accepted, case_sensitive=cases.pop())


def _correct(asked: Asked, test: Test) -> Rule | None:
    interaction = asked.interactions[0]
    values: tuple[str, ...] | None = None
    match interaction, test:
        case ChoiceInteraction() | InlineChoiceInteraction(), VarEqual() if asked.cardinality is Cardinality.SINGLE:
            values = (test.value,)
        case ChoiceInteraction(), Every() | Not() | OneOf(exactly=True):
            values = _whole_set(asked, test)
        case OrderInteraction(), InOrder() if len(test.values) == len(asked.values):
            values = test.values
        case _:
            return None
    if not values or not all(one in asked.values for one in values):
        return None
    return MatchCorrect(correct=tuple(asked.values[one] for one in values))


def _whole_set(asked: Asked, test: Test) -> tuple[str, ...] | None:
    """Return the options that must be chosen when the test says of every option whether it must."""
    if isinstance(test, OneOf):
        return test.values if asked.cardinality is Cardinality.MULTIPLE else None
    parts = test.tests if isinstance(test, Every) else (test,)
    wanted = [one.value for one in parts if isinstance(one, VarEqual)]
    unwanted = [value for one in parts if isinstance(one, Not) for value in _named(one.test)]
    said = [*wanted, *unwanted]
    return tuple(wanted) if len(said) == len(set(said)) and set(said) == set(asked.values) else None


@dataclass(frozen=True, slots=True)
class _Range:
    low: Fraction
    high: Fraction


def _number(test: Test) -> Rule | None:
    span = _range(test)
    if span is None or span.low > span.high:
        return None
    middle, half = (span.low + span.high) / 2, (span.high - span.low) / 2
    return MatchNumber(value=Decimal(number_text(middle)), tolerance=Decimal(number_text(half)))


def _range(test: Test) -> _Range | None:
    """Return the closed range of numbers for which `test` holds, or None when it is no such range."""
    match test:
        case VarEqual(margin="", figures=None):
            value = read_float(test.value)
            return None if value is None else _Range(value, value)
        case Every(tests=(Compared() as one, Compared() as other)):
            bounds = {part.operator: read_float(part.value) for part in (one, other)}
            low, high = bounds.get("gte"), bounds.get("lte")
            return _Range(low, high) if low is not None and high is not None else None
        case Either():
            return _widest([_range(one) for one in test.tests])
        case _:
            return None


def _widest(ranges: list[_Range | None]) -> _Range | None:
    known = [one for one in ranges if one is not None]
    if not known or len(known) != len(ranges):
        return None
    wide = max(known, key=lambda one: one.high - one.low)
    return wide if all(wide.low <= one.low and one.high <= wide.high for one in known) else None
