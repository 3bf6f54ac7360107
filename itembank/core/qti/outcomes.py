"""Outcome processing: what a whole test comes to, from the outcomes of its items."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cbt.kernel.chance import Chance
from itembank.core.qti.calls import Scope
from itembank.core.qti.declarations import Declaration
from itembank.core.qti.processing import Rule, run
from itembank.core.qti.results import ItemInTest
from itembank.core.qti.values import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeTest:
    """What of a test decides its outcomes; `items` say where each item stands, without outcomes yet."""

    identifier: str
    declarations: tuple[Declaration, ...]
    rules: tuple[Rule, ...] = ()
    items: tuple[ItemInTest, ...] = ()


def score_test(test: WholeTest, items: Sequence[ItemInTest], seed: bytes = b"") -> Mapping[str, Value | None]:
    """Return every outcome of the test for `items` with their outcomes; raises ScoringFault."""
    scope = Scope({one.identifier: one for one in test.declarations}, Chance(seed + b"/outcome"))
    scope.test = tuple(items)
    run(test.rules, scope)
    return {one.identifier: scope.values[one.identifier] for one in test.declarations}
