"""Drawing: blueprint, bank and seed to a form. Pure: the same three always give the same form, on any machine.

Demands that share no items are sampled each for itself; those that compete are served together by a matching that
takes items in random order. Then each part's items are shuffled, and the options of each item.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from cbt.kernel.chance import ALGORITHM as CHANCE_ALGORITHM
from cbt.kernel.chance import Chance
from cbt.kernel.errors import Conflict, Problem
from itembank.core.allotment import Allotment, Signature
from itembank.core.bank import BankView, Candidate, OptionSet
from itembank.core.blueprint import Blueprint, Demand, demands
from itembank.core.check import check, signatures
from itembank.core.forms import Form, FormPart, Slot

ALGORITHM: Final = f"stratified/1 {CHANCE_ALGORITHM}"


class BlueprintImpossible(Conflict):
    """The bank does not hold what the blueprint asks for."""

    code = "blueprint-impossible"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{problem.where}: {problem.hint}" for problem in problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Demands that compete with each other (by index) and the candidates that any of them could use."""

    demands: tuple[int, ...]
    candidates: tuple[Candidate, ...]
    signatures: tuple[Signature, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A blueprint laid over a bank: what is the same for all seeds, worked out once."""

    blueprint: Blueprint
    blueprint_digest: bytes
    demands: tuple[Demand, ...]
    pools: tuple[Pool, ...]


Picked = tuple[Demand, Candidate]


def draw(blueprint: Blueprint, bank: BankView, *, seed: bytes) -> Form:
    """Return the form of `seed`; raises BlueprintImpossible with every shortage when there is none."""
    return draw_planned(plan(blueprint, bank), seed=seed)


def plan(blueprint: Blueprint, bank: BankView) -> Plan:
    """Return the plan for many draws from the same bank; raises BlueprintImpossible."""
    problems = check(blueprint, bank)
    if problems:
        raise BlueprintImpossible(problems)
    wanted = tuple(demands(blueprint))
    # By code, so that the order in which a database returns items cannot change a form.
    ordered = BankView(candidates=tuple(sorted(bank.candidates, key=lambda one: one.item_code)), areas=bank.areas)
    return Plan(
        blueprint=blueprint,
        blueprint_digest=blueprint.digest(),
        demands=wanted,
        pools=_pools(len(wanted), ordered.candidates, signatures(wanted, ordered)),
    )


def draw_planned(prepared: Plan, *, seed: bytes) -> Form:
    """Return the form of `seed` from a plan."""
    chance = Chance(seed)
    picked = [one for pool in prepared.pools for one in _pick(prepared.demands, pool, chance)]
    parts: list[FormPart] = []
    slots: list[Slot] = []
    for index, part in enumerate(prepared.blueprint.parts):
        of_part = chance.shuffled([one for one in picked if one[0].part == index])
        first = len(slots) + 1
        slots += [
            _slot(first + offset, one, chance, shuffle=prepared.blueprint.shuffle_options)
            for offset, one in enumerate(of_part)
        ]
        parts.append(FormPart(code=part.code, title=part.title, first=first, last=len(slots)))
    return Form(
        blueprint_code=prepared.blueprint.code,
        blueprint_digest=prepared.blueprint_digest,
        seed=seed,
        algorithm=ALGORITHM,
        parts=tuple(parts),
        slots=tuple(slots),
    )


def option_order(options: OptionSet, chance: Chance) -> tuple[str, ...]:
    """Return the choices shuffled, pinned ones in their places."""
    moving = [choice for choice in options.choices if choice not in options.pinned]
    shuffled = iter(chance.shuffled(moving))
    return tuple(choice if choice in options.pinned else next(shuffled) for choice in options.choices)


def _slot(number: int, picked: Picked, chance: Chance, *, shuffle: bool) -> Slot:
    demand, candidate = picked
    return Slot(
        number=number,
        part=demand.part,
        item_code=candidate.item_code,
        item_version_id=candidate.item_version_id,
        key_version_id=candidate.key_version_id,
        option_order={
            options.response: option_order(options, chance) if shuffle and options.shuffle else options.choices
            for options in candidate.option_sets
        },
        points=demand.points,
    )


def _pick(wanted: Sequence[Demand], pool: Pool, chance: Chance) -> Iterator[Picked]:
    if len(pool.demands) == 1:
        demand = wanted[pool.demands[0]]
        yield from ((demand, candidate) for candidate in chance.sample(pool.candidates, demand.count))
        return
    allotment = Allotment([wanted[index].count if index in pool.demands else 0 for index in range(len(wanted))])
    hopeless: set[Signature] = set()
    for item in _in_random_order(len(pool.candidates), chance):
        if not allotment.missing:
            break
        signature = pool.signatures[item]
        if signature not in hopeless and not allotment.offer(item, chance.shuffled(sorted(signature))):
            hopeless.add(signature)
    for index in pool.demands:
        yield from ((wanted[index], pool.candidates[item]) for item in allotment.served[index])


def _in_random_order(count: int, chance: Chance) -> Iterator[int]:
    # Lazily, because a small form from a large bank looks at few items.
    order = list(range(count))
    for place in range(count):
        other = place + chance.below(count - place)
        order[place], order[other] = order[other], order[place]
        yield order[place]


def _pools(count: int, candidates: tuple[Candidate, ...], supply: tuple[Signature, ...]) -> tuple[Pool, ...]:
    root = list(range(count))

    def find(index: int) -> int:
        while root[index] != index:
            root[index] = root[root[index]]
            index = root[index]
        return index

    for signature in set(supply):
        first, *others = sorted(signature) or [-1]
        for other in others:
            low, high = sorted((find(first), find(other)))
            root[high] = low
    members: dict[int, list[int]] = {}
    for index in range(count):
        members.setdefault(find(index), []).append(index)
    return tuple(_pool(tuple(group), candidates, supply) for group in members.values())


def _pool(group: tuple[int, ...], candidates: tuple[Candidate, ...], supply: tuple[Signature, ...]) -> Pool:
    inside = [place for place, signature in enumerate(supply) if not signature.isdisjoint(group)]
    return Pool(
        demands=group,
        candidates=tuple(candidates[place] for place in inside),
        signatures=tuple(supply[place] for place in inside),
    )
