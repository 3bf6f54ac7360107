"""Supply against demand: every shortage of a blueprint in a bank and every rule that it cannot keep, by name."""

from dataclasses import dataclass

from cbt.kernel.errors import Problem
from itembank.core.allotment import Allotment, Signature
from itembank.core.bank import BankView, signatures
from itembank.core.blueprint import Blueprint, Demand, demands
from itembank.core.drawing.board import Board, lay
from itembank.core.drawing.search import Witness, find_witness
from itembank.core.places import place_of
from itembank.core.rule_check import conflicts, rule_problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """A blueprint laid over a bank: why no form can be drawn, or one choice of items that keeps every rule.

    `witness` is empty for a board that needs none: without rules each draw succeeds.
    """

    board: Board
    problems: tuple[Problem, ...] = ()
    witness: Witness = ()


def check(blueprint: Blueprint, bank: BankView) -> tuple[Problem, ...]:
    """Return every reason why no form can be drawn; none means that each draw succeeds."""
    return survey(blueprint, bank).problems


def survey(blueprint: Blueprint, bank: BankView) -> Survey:
    """Return the board with every reason why no form can be drawn, or with a proof that there is one."""
    wanted = tuple(demands(blueprint))
    supply = signatures(wanted, bank)
    available = [sum(1 for signature in supply if index in signature) for index in range(len(wanted))]
    short = [
        _shortage(blueprint, demand, have, bank)
        for demand, have in zip(wanted, available, strict=True)
        if have < demand.count
    ]
    board = lay(blueprint, bank)
    problems = (
        *short,
        *_contests(blueprint, wanted, supply, available),
        *rule_problems(blueprint, board, available),
    )
    if problems or not board.ruled:
        return Survey(board=board, problems=problems)
    witness = find_witness(board)
    if witness is None:
        return Survey(board=board, problems=conflicts(blueprint, bank))
    return Survey(board=board, witness=witness)


def _shortage(blueprint: Blueprint, demand: Demand, available: int, bank: BankView) -> Problem:
    where = place_of(blueprint, demand)
    if bank.areas and demand.area not in bank.areas:
        hint = f"the bank has no content area {demand.area!r} (wanted {demand.count}, available 0)"
        return Problem(where=where, code="unknown-area", hint=hint)
    return Problem(
        where=where, code="shortage", hint=f"wanted {demand.count}, available {available}{_unknown(demand, bank)}"
    )


def _unknown(demand: Demand, bank: BankView) -> str:
    if not demand.known_only:
        return ""
    unknown = sum(1 for one in bank.candidates if demand.area in one.areas and one.expected is None)
    return f" ({unknown} more have no known difficulty, which an expected score needs)" if unknown else ""


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
