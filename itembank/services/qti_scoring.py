"""Scores one QTI document with the responses that are handed in. Reads and writes no bank."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from cbt.kernel.errors import Problem
from itembank.core.qti.declarations import VariableKind
from itembank.core.qti.faults import ScoringFault
from itembank.core.qti.responses import Given, Told, bind, told
from itembank.core.qti.scoring import ItemState, ScoredBy, ScoringItem, respond, start
from itembank.core.qti.values import Value
from itembank.formats.qti.given import read_given
from itembank.formats.qti.item import parse_scoring


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreReport:
    """What an item came to: every outcome and drawn variable as QTI value text, and what stood in the way."""

    item: str = ""
    scored_by: ScoredBy = ScoredBy.REFUSED
    outcomes: Mapping[str, Told] = field(default_factory=dict)
    templates: Mapping[str, Told] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


def score_document(item: bytes, responses: bytes, *, held: bytes = b"{}", seed: bytes = b"0") -> ScoreReport:
    """Return what `responses` (JSON) come to in `item` (XML); `held` (JSON) are outcomes that no rule may change."""
    parsed, given, kept = parse_scoring(item), read_given(responses), read_given(held)
    problems = [*parsed.problems, *given.problems, *kept.problems]
    if parsed.item is None:
        return ScoreReport(problems=tuple(problems))
    warnings = list(parsed.warnings)
    values = _bound(parsed.item, VariableKind.RESPONSE, given.values, (problems, warnings))
    fixed = _bound(parsed.item, VariableKind.OUTCOME, kept.values, (problems, warnings))
    scored, state, fault = _scored(parsed.item, values, fixed, seed)
    return ScoreReport(
        item=scored.identifier,
        scored_by=scored.scored_by,
        outcomes={name: told(value) for name, value in state.outcomes(scored).items()},
        templates={name: told(state.values.get(name)) for name in scored.of_kind(VariableKind.TEMPLATE)},
        problems=(*problems, *fault),
        warnings=tuple(warnings),
    )


def _scored(
    item: ScoringItem, values: Mapping[str, Value | None], held: Mapping[str, Value | None], seed: bytes
) -> tuple[ScoringItem, ItemState, tuple[Problem, ...]]:
    """Return the item with its state; one that shows itself impossible on the way comes back as refused."""
    try:
        return item, respond(item, start(item, seed), values, held=held), ()
    except ScoringFault as fault:
        refused = replace(item, scored_by=ScoredBy.REFUSED, drawn_by_rules=False)
        problem = Problem(where=f"item {item.identifier}", code=fault.code, hint=fault.message)
        return refused, respond(refused, start(refused, seed), values, held=held), (problem,)


def _bound(
    item: ScoringItem,
    kind: VariableKind,
    given: Mapping[str, Given],
    told_to: tuple[list[Problem], list[Problem]],
) -> Mapping[str, Value | None]:
    """Return the values of the named variables; unknown names go to the problems, doubtful texts to the warnings."""
    known, values = item.known(), {}
    problems, warnings = told_to
    for name, raw in given.items():
        if name not in known or known[name].kind is not kind:
            hint = f"the item has no {kind} variable of this name"
            problems.append(Problem(where=repr(name)[:100], code="unknown-variable", hint=hint))
            continue
        bound = bind(known[name], raw)
        values[name] = bound.value
        warnings += _noted(name, bound.note)
    return values


def _noted(name: str, note: str) -> Iterable[Problem]:
    return (Problem(where=name, code="doubtful-value", hint=note),) if note else ()
