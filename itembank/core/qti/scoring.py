"""Scores one QTI item: `start` draws it from a seed, `respond` turns an attempt's responses into outcomes.

Nothing here reads a clock, XML or a database; the state is a value, so an adaptive item is a chain of `respond` calls.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import Final

from cbt.kernel.chance import Chance
from itembank.core.qti.calls import Scope
from itembank.core.qti.declarations import Declaration, VariableKind
from itembank.core.qti.processing import Rule, run, run_template, targets_of
from itembank.core.qti.values import Value, single
from itembank.core.variables import BaseType

COMPLETION: Final = "completionStatus"
ATTEMPTS: Final = "numAttempts"
DURATION: Final = "duration"


class ScoredBy(StrEnum):
    """Who turns responses into outcomes."""

    RULES = "rules"
    NOBODY = "nobody"  # the item has no response processing: its outcomes keep their defaults
    HUMAN = "human"  # vendor code, or outcomes that are declared to be scored from outside
    REFUSED = "refused"  # the processing cannot be followed; its problems say why


BUILT_IN: Final = (
    Declaration(kind=VariableKind.RESPONSE, identifier=ATTEMPTS, base_type=BaseType.INTEGER),
    Declaration(kind=VariableKind.RESPONSE, identifier=DURATION, base_type=BaseType.DURATION),
    Declaration(
        kind=VariableKind.OUTCOME,
        identifier=COMPLETION,
        base_type=BaseType.IDENTIFIER,
        default=single(BaseType.IDENTIFIER, "unknown"),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoringItem:
    """What of an item decides its outcomes; not `drawn_by_rules` when its template processing cannot be followed."""

    identifier: str
    declarations: tuple[Declaration, ...]
    template_rules: tuple[Rule, ...] = ()
    response_rules: tuple[Rule, ...] = ()
    scored_by: ScoredBy = ScoredBy.RULES
    drawn_by_rules: bool = True
    adaptive: bool = False

    def known(self) -> Mapping[str, Declaration]:
        """Return all variables by name, the built-in ones included."""
        return {one.identifier: one for one in (*BUILT_IN, *self.declarations)}

    def of_kind(self, kind: VariableKind) -> tuple[str, ...]:
        """Return the names of the variables of that kind, in the order of the item."""
        return tuple(name for name, one in self.known().items() if one.kind is kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemState:
    """How far one candidate is with an item: the drawn values and the outcomes so far."""

    seed: bytes
    values: Mapping[str, Value | None]
    correct: Mapping[str, Value | None]
    defaults: Mapping[str, Value | None]
    attempts: int = 0

    def outcomes(self, item: ScoringItem) -> Mapping[str, Value | None]:
        """Return every outcome variable."""
        return {name: self.values.get(name) for name in item.of_kind(VariableKind.OUTCOME)}


def start(item: ScoringItem, seed: bytes) -> ItemState:
    """Return the item as drawn from `seed`; raises ScoringFault when that shows to be impossible on the way."""
    scope = Scope(item.known(), Chance(seed + b"/template"))
    if item.drawn_by_rules:
        run_template(item.template_rules, scope)
    return ItemState(seed=seed, values=scope.values, correct=scope.correct, defaults=scope.defaults)


def respond(
    item: ScoringItem,
    state: ItemState,
    responses: Mapping[str, Value | None],
    *,
    held: Mapping[str, Value | None] | None = None,
) -> ItemState:
    """Return the state after one more attempt with `responses`; raises ScoringFault.

    Outcomes in `held` were given from outside (a person, a machine) and no rule changes them. Unless the rules score
    the item, what they would set is NULL: nothing here guesses a score.
    """
    known = dict(item.known())
    for name in held or {}:
        if name in known:
            known[name] = replace(known[name], external=True)
    attempts = state.attempts + 1
    scope = Scope(known, Chance(state.seed + b"/response/%d" % attempts))
    scope.correct, scope.defaults = dict(state.correct), dict(state.defaults)
    scope.values = _before(item, state, responses, attempts) | dict(held or {})
    if item.scored_by is ScoredBy.RULES:
        run(item.response_rules, scope)
    elif item.scored_by is not ScoredBy.NOBODY:
        scope.values |= dict.fromkeys(_unknowable(item) - set(held or {}))
    return replace(state, values=scope.values, attempts=attempts)


def _before(
    item: ScoringItem, state: ItemState, responses: Mapping[str, Value | None], attempts: int
) -> dict[str, Value | None]:
    """Return the values at the beginning of response processing; only an adaptive item remembers its outcomes."""
    values = dict(state.values)
    for name, declaration in item.known().items():
        if declaration.kind is VariableKind.RESPONSE:
            values[name] = responses.get(name)
        elif declaration.kind is VariableKind.OUTCOME and not item.adaptive:
            values[name] = replace(declaration, default=state.defaults.get(name, declaration.default)).initial()
    values[ATTEMPTS] = responses.get(ATTEMPTS) or single(BaseType.INTEGER, attempts)
    values[DURATION] = responses.get(DURATION) or single(BaseType.DURATION, Fraction(0))
    return values


def _unknowable(item: ScoringItem) -> set[str]:
    """Return the outcomes that nobody knows before a person has scored the item."""
    targets = set(targets_of(item.response_rules))
    known = item.known()
    return {name for name in item.of_kind(VariableKind.OUTCOME) if name in targets or known[name].default is None}
