"""From a board to a draft that keeps every rule: restarts, and when they fail a walk from a draft known to be good."""

from collections.abc import Iterable
from typing import Final

from cbt.kernel.chance import Chance
from itembank.core.drawing.board import Board
from itembank.core.drawing.draft import Draft, holds
from itembank.core.drawing.exact import complete
from itembank.core.drawing.filling import fill
from itembank.core.drawing.repair import repair, wander

Witness = tuple[int, ...]
"""The items of a draft that keeps every rule, by slot."""

_RESTARTS: Final = 6
_TRIES: Final = 400
_WITNESS_RESTARTS: Final = 24
_WITNESS_TRIES: Final = 2000
_STEPS_A_SLOT: Final = 12


def search(board: Board, witness: Witness, closings: Iterable[bytes], chance: Chance) -> Draft:
    """Return a random draft that keeps every rule and leaves out what the first possible one of `closings` marks."""
    for closed in closings:
        for _ in range(_RESTARTS):
            draft = attempt(board, closed, chance, _TRIES)
            if draft is not None:
                return draft
    return _walk(board, witness, chance)


def find_witness(board: Board) -> Witness | None:
    """Return the items of one draft that keeps every rule, or None when none was found.

    None is certain for small boards, which are searched to the end.
    """
    chance, nothing = Chance(b"witness"), bytes(len(board.candidates))
    for _ in range(_WITNESS_RESTARTS):
        draft = attempt(board, nothing, chance, _WITNESS_TRIES)
        if draft is not None:
            return tuple(draft.items)
    found = complete(board)
    return None if found is None else tuple(found.items)


def attempt(board: Board, closed: bytes, chance: Chance, tries: int) -> Draft | None:
    """Return a random draft without closed items that keeps every rule, or None when this one came to nothing."""
    draft = fill(board, closed, chance)
    if draft is None:
        return None
    return draft if all(repair(draft, part, chance, tries) for part in range(len(board.parts))) else None


def _walk(board: Board, witness: Witness, chance: Chance) -> Draft:
    draft = Draft(board, bytes(len(board.candidates)))
    for slot, item in enumerate(witness):
        draft.put(slot, item)
    for part, rules in enumerate(board.parts):
        wander(draft, part, chance, _STEPS_A_SLOT * len(rules.slots), slack=rules.tolerance)
    if not holds(draft):
        raise AssertionError("a walk among good drafts left them")
    return draft
