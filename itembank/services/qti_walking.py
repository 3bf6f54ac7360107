"""Walks one QTI test with the outcomes of its items given: which of them are met, and what the test comes to."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from cbt.kernel.chance import Chance
from cbt.kernel.errors import Problem
from itembank.core.qti.assessment.route import Stop, draw_route, time_limits
from itembank.core.qti.assessment.structure import AssessmentTest, TimeLimits
from itembank.core.qti.assessment.walking import first_stop, next_stop
from itembank.core.qti.calls import Expression, Scope, truth
from itembank.core.qti.expressions import evaluate
from itembank.core.qti.faults import ScoringFault
from itembank.core.qti.outcomes import score_test
from itembank.core.qti.responses import Told, told
from itembank.core.qti.results import ItemInTest
from itembank.core.qti.values import Value, read_scalar, single
from itembank.core.variables import BaseType
from itembank.formats.qti.assessment import Beside, parse_assessment

# What the items of a test came to: for each its outcome variables as numbers or words.
GivenOutcomes = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkReport:
    """The whole route, the stops that were met, the limits of time at each, and the outcomes of the test."""

    test: str = ""
    route: tuple[str, ...] = ()
    met: tuple[str, ...] = ()
    limits: Mapping[str, tuple[tuple[str, TimeLimits], ...]] = field(default_factory=dict)
    outcomes: Mapping[str, Told] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def walk_document(payload: bytes, outcomes: GivenOutcomes, *, seed: bytes, beside: Beside) -> WalkReport:
    """Return the way through the test in `payload` of somebody whose items came to `outcomes`."""
    parsed = parse_assessment(payload, beside)
    if parsed.test is None or parsed.problems:
        return WalkReport(problems=parsed.problems)
    test, route = parsed.test, draw_route(parsed.test, seed)
    facts = WalkReport(
        test=test.identifier,
        route=tuple(stop.name for stop in route),
        limits={stop.name: limits for stop in route if (limits := time_limits(test, stop))},
    )
    try:
        met = _walk(test, route, outcomes)
        results = score_test(test.scoring, _items(route, met, outcomes), seed)
    except ScoringFault as fault:
        problem = Problem(where=f"test {test.identifier}", code=fault.code, hint=fault.message)
        return replace(facts, problems=(problem,))
    return replace(
        facts,
        met=tuple(route[place].name for place in met),
        outcomes={name: told(value) for name, value in results.items()},
    )


def _walk(test: AssessmentTest, route: Sequence[Stop], outcomes: GivenOutcomes) -> list[int]:
    met: list[int] = []
    place = first_stop(route, _asking(test, route, met, outcomes))
    while place < len(route):
        met.append(place)
        place = next_stop(route, place, _asking(test, route, met, outcomes))
    return met


def _asking(
    test: AssessmentTest, route: Sequence[Stop], met: Sequence[int], outcomes: GivenOutcomes
) -> Callable[[Expression], bool]:
    """Return what tells whether an expression holds for what was met so far; outcome processing has run over it."""

    def holds(expression: Expression) -> bool:
        items = _items(route, met, outcomes)
        scope = Scope({one.identifier: one for one in test.scoring.declarations}, Chance(b""))
        scope.test = items
        scope.values = dict(score_test(test.scoring, items))
        return truth(evaluate(expression, scope)) is True

    return holds


def _items(route: Sequence[Stop], met: Sequence[int], outcomes: GivenOutcomes) -> tuple[ItemInTest, ...]:
    return tuple(
        ItemInTest(
            identifier=stop.name,
            sections=frozenset(section.identifier for section in stop.sections),
            categories=stop.item.categories,
            weights=stop.item.weights,
            outcomes=_mapped(stop, outcomes.get(stop.name, {})) if place in met else {},
            presented=place in met,
            responded=place in met and stop.name in outcomes,
        )
        for place, stop in enumerate(route)
    )


def _mapped(stop: Stop, outcomes: Mapping[str, str]) -> dict[str, Value | None]:
    """Return the outcomes under the names that the test has for them."""
    names = stop.item.variable_mappings
    return {names.get(name, name): _value(text) for name, text in outcomes.items()}


def _value(text: str) -> Value | None:
    number = read_scalar(BaseType.FLOAT, text)
    return single(BaseType.IDENTIFIER, text) if number is None else single(BaseType.FLOAT, Fraction(str(number)))
