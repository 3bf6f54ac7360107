"""Supply against demand: every shortage of a blueprint in a bank, by name, before anybody draws from it."""

from cbt.kernel.errors import Problem
from itembank.core.allotment import Allotment, Signature
from itembank.core.bank import BankView, meets
from itembank.core.blueprint import Blueprint, Demand, demands


def check(blueprint: Blueprint, bank: BankView) -> tuple[Problem, ...]:
    """Return every reason why no form can be drawn; none means that each draw succeeds."""
    wanted = tuple(demands(blueprint))
    supply = signatures(wanted, bank)
    available = [sum(1 for signature in supply if index in signature) for index in range(len(wanted))]
    lone = [
        _shortage(blueprint, demand, have, bank)
        for demand, have in zip(wanted, available, strict=True)
        if have < demand.count
    ]
    return (*lone, *_contests(blueprint, wanted, supply, available))


def signatures(wanted: tuple[Demand, ...], bank: BankView) -> tuple[Signature, ...]:
    """Return for each candidate of `bank` which of the demands it could serve."""
    by_area: dict[str, list[int]] = {}
    for index, demand in enumerate(wanted):
        by_area.setdefault(demand.area, []).append(index)
    return tuple(
        frozenset(
            index for area in candidate.areas for index in by_area.get(area, ()) if meets(candidate, wanted[index])
        )
        for candidate in bank.candidates
    )


def place_of(blueprint: Blueprint, demand: Demand) -> str:
    """Return the words that name `demand`: part, cell, area and difficulty."""
    place = f"part {blueprint.parts[demand.part].code}, cell {demand.cell + 1}, area {demand.area}"
    band = demand.difficulty
    return place if band is None else f"{place}, difficulty {band.low_logit} to {band.high_logit}"


def _shortage(blueprint: Blueprint, demand: Demand, available: int, bank: BankView) -> Problem:
    where = place_of(blueprint, demand)
    if bank.areas and demand.area not in bank.areas:
        hint = f"the bank has no content area {demand.area!r} (wanted {demand.count}, available 0)"
        return Problem(where=where, code="unknown-area", hint=hint)
    return Problem(where=where, code="shortage", hint=f"wanted {demand.count}, available {available}")


def _contests(
    blueprint: Blueprint, wanted: tuple[Demand, ...], supply: tuple[Signature, ...], available: list[int]
) -> tuple[Problem, ...]:
    # Cells that are short by themselves are named already; here they ask for no more than there is.
    capped = [min(demand.count, have) for demand, have in zip(wanted, available, strict=True)]
    allotment = Allotment(capped)
    hopeless: set[Signature] = set()
    for item, signature in enumerate(supply):
        # An item that does not fit will not fit later either, nor will one that serves the same demands.
        if signature and signature not in hopeless and not allotment.offer(item, sorted(signature)):
            hopeless.add(signature)
    contests = dict.fromkeys(allotment.rivals(demand) for demand in allotment.short())
    return tuple(_contest(blueprint, wanted, supply, capped, members) for members in contests)


def _contest(
    blueprint: Blueprint,
    wanted: tuple[Demand, ...],
    supply: tuple[Signature, ...],
    capped: list[int],
    members: frozenset[int],
) -> Problem:
    there = sum(1 for signature in supply if not signature.isdisjoint(members))
    together = sum(capped[index] for index in members)
    where = "; ".join(place_of(blueprint, wanted[index]) for index in sorted(members))
    hint = f"these cells share their items: together wanted {together}, available {there}"
    return Problem(where=where, code="shared-shortage", hint=hint)
