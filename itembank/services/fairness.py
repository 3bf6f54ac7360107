"""The fairness of forms: draw a set of them to look at, as a sitting would be drawn, and give its figures."""

from dataclasses import dataclass
from typing import Final

from cbt.kernel.progress import Tell, quiet
from cbt.kernel.runtime import Runtime
from itembank.core.draw import Sitting, plan
from itembank.core.fairness import Fairness, Tally
from itembank.core.records import StoredBlueprint
from itembank.store import blueprints as blueprint_store
from itembank.store import items as item_store

MOST_FORMS: Final = 10_000
PHASE: Final = "Forms drawn"
_TELL_EVERY: Final = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class FairnessReport:
    """The figures of `count` forms that were drawn from a blueprint with seeds `<seed>/1`, `<seed>/2`, and so on."""

    stored: StoredBlueprint
    count: int
    seed: str
    algorithm: str
    figures: Fairness


def fairness_of(rt: Runtime, code: str, *, count: int, seed: str, tell: Tell = quiet) -> FairnessReport:
    """Return the figures of `count` forms of the newest version; none of them is kept.

    Raises NoSuchBlueprint, BlueprintImpossible with every shortage.
    """
    with rt.reading() as tx:
        stored = blueprint_store.get_newest(tx, code)
        view = item_store.bank_view(tx, stored.bank.id)
    prepared = plan(stored.blueprint, view)
    sitting, tally = Sitting(prepared), Tally(stored.blueprint, view)
    for number in range(1, count + 1):
        tally.add(sitting.draw(f"{seed}/{number}".encode()))
        if number % _TELL_EVERY == 0:
            tell(number, count, PHASE)
    return FairnessReport(stored=stored, count=count, seed=seed, algorithm=prepared.algorithm, figures=tally.report())
