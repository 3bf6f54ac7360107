"""Drawing: blueprint, bank and seed to a form. Pure: the same three always give the same form, on any machine.

Without rules the demands are sampled, or matched where they compete. With rules a random filling is repaired by
random swaps, restarted when that fails. Whole sittings are drawn in one go, each item's exposure under its cap.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from cbt.kernel.chance import ALGORITHM as CHANCE_ALGORITHM
from cbt.kernel.chance import Chance
from cbt.kernel.errors import Conflict, Problem
from itembank.core.bank import BankView
from itembank.core.blueprint import Blueprint
from itembank.core.check import survey
from itembank.core.drawing.board import ALONE, Board
from itembank.core.drawing.draft import Draft
from itembank.core.drawing.exposure import Exposure, greatest_share
from itembank.core.drawing.paper import Laid, Picked, lay_out
from itembank.core.drawing.plain import PlainPool, pick_plainly, plain_pools
from itembank.core.drawing.search import Witness, search
from itembank.core.forms import Form

PLAIN: Final = f"stratified/1 {CHANCE_ALGORITHM}"
CHOSEN: Final = f"assembled/1 {CHANCE_ALGORITHM}"
RULED: Final = f"stratified-repair/1 {CHANCE_ALGORITHM}"


class BlueprintImpossible(Conflict):
    """The bank does not hold what the blueprint asks for."""

    code = "blueprint-impossible"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{problem.where}: {problem.hint}" for problem in problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A blueprint laid over a bank: what is the same for all seeds, worked out once.

    `ruled`: a rule could make a difference, so the draw is more than sampling. `counts` and `forms` are the exposure
    before the first form; `share` is the cap on it.
    """

    blueprint: Blueprint
    blueprint_digest: bytes
    board: Board
    ruled: bool
    plain: tuple[PlainPool, ...]
    witness: Witness
    share: Fraction | None
    counts: tuple[int, ...]
    forms: int

    @property
    def algorithm(self) -> str:
        """Return the name of the way its forms are drawn."""
        return RULED if self.ruled else PLAIN


def draw(blueprint: Blueprint, bank: BankView, *, seed: bytes) -> Form:
    """Return the form of `seed`; raises BlueprintImpossible with every shortage when there is none."""
    return draw_planned(plan(blueprint, bank), seed=seed)


def plan(blueprint: Blueprint, bank: BankView) -> Plan:
    """Return the plan for many draws from the same bank; raises BlueprintImpossible."""
    found = survey(blueprint, bank)
    if found.problems:
        raise BlueprintImpossible(found.problems)
    board = found.board
    share = greatest_share(blueprint, board)
    ruled = board.ruled or share is not None
    return Plan(
        blueprint=blueprint,
        blueprint_digest=blueprint.digest(),
        board=board,
        ruled=ruled,
        plain=() if ruled else plain_pools(board),
        witness=found.witness,
        share=share,
        counts=tuple(one.exposure for one in board.candidates),
        forms=bank.forms,
    )


def draw_planned(prepared: Plan, *, seed: bytes) -> Form:
    """Return the form of `seed` from a plan."""
    return Sitting(prepared).draw(seed)


def draw_sitting(prepared: Plan, seeds: Iterable[bytes]) -> tuple[Form, ...]:
    """Return the forms of `seeds`, with no item on more of them than the cap allows."""
    sitting = Sitting(prepared)
    return tuple(sitting.draw(seed) for seed in seeds)


def form_of_items(prepared: Plan, items: Sequence[int], *, seed: bytes) -> Form:
    """Return the form of items (of the board, by slot) that something else has chosen, in the order of `seed`."""
    draft, chance = Draft(prepared.board, bytes(len(prepared.board.candidates))), Chance(seed)
    for slot, item in enumerate(items):
        draft.put(slot, item)
    laid = lay_out(prepared.blueprint, _by_part(draft, chance), chance, quick=True)
    return replace(_form(prepared, seed, laid, None), algorithm=CHOSEN)


class Sitting:
    """The forms of one sitting: each depends on its seed, and on the items that the forms before it have worn out."""

    def __init__(self, prepared: Plan) -> None:
        self._plan = prepared
        self._exposure = Exposure(prepared.share, prepared.counts, prepared.forms)
        self._places: dict[str, int] = {}

    def draw(self, seed: bytes) -> Form:
        """Return the next form, and count its items."""
        prepared, chance = self._plan, Chance(seed)
        if not prepared.ruled:
            return _form(prepared, seed, _plainly(prepared, chance), None)
        draft = search(prepared.board, prepared.witness, self._exposure.closings(), chance)
        laid = lay_out(prepared.blueprint, _by_part(draft, chance), chance, quick=True)
        closed = self._exposure.digest()
        self._exposure.used(draft.items)
        return _form(prepared, seed, laid, closed)

    def count(self, form: Form) -> None:
        """Count the items of a form that was drawn before; items that the bank lost since are passed over."""
        if not self._places:
            self._places = {one.item_code: place for place, one in enumerate(self._plan.board.candidates)}
        codes = (slot.item_code for slot in form.slots)
        self._exposure.used(self._places[code] for code in codes if code in self._places)


def _plainly(prepared: Plan, chance: Chance) -> Laid:
    demands = prepared.board.demands
    picked = [one for pool in prepared.plain for one in pick_plainly(demands, pool, chance)]
    by_part = (
        chance.shuffled([one for one in picked if one[0].part == part]) for part in range(len(prepared.blueprint.parts))
    )
    return lay_out(prepared.blueprint, by_part, chance, quick=False)


def _by_part(draft: Draft, chance: Chance) -> Iterator[list[Picked]]:
    """Yield the items of each part in random order, those of one stimulus beside each other in the bank's order."""
    board = draft.board
    for rules in board.parts:
        blocks: dict[int, list[Picked]] = {}
        for slot in sorted(rules.slots, key=draft.items.__getitem__) if board.layouts else rules.slots:
            item = draft.items[slot]
            group = board.group[item]
            block = item if group == ALONE else -1 - group
            blocks.setdefault(block, []).append((board.demands[board.slot_demand[slot]], board.candidates[item]))
        yield [picked for block in chance.shuffled(list(blocks.values())) for picked in block]


def _form(prepared: Plan, seed: bytes, laid: Laid, closed: bytes | None) -> Form:
    return Form(
        blueprint_code=prepared.blueprint.code,
        blueprint_digest=prepared.blueprint_digest,
        seed=seed,
        algorithm=prepared.algorithm,
        parts=laid.parts,
        slots=laid.slots,
        closed=closed,
    )
