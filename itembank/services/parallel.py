"""Fixed parallel forms, and how many disjoint forms a bank holds; the solver runs as a program of its own."""

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Final

from cbt.kernel.chance import Chance
from cbt.kernel.errors import Conflict, Unavailable
from cbt.kernel.runtime import Runtime
from itembank.core.assembly.disjoint import capacity_model, draw_disjoint, most_forms
from itembank.core.assembly.model import Model, Outcome, Solution, solution_from
from itembank.core.assembly.parallel import MOST_COLUMNS, assembly, even_assembly
from itembank.core.bank import BankView
from itembank.core.draw import Plan, form_of_items, plan
from itembank.core.fairness import Fairness, fairness
from itembank.core.forms import Form
from itembank.core.records import StoredBlueprint
from itembank.store import blueprints as blueprint_store
from itembank.store import items as item_store

MOST_FORMS: Final = 50
_SECONDS: Final = 30.0
_GAP_POINTS: Final = 0.01
_DRAWN_AHEAD: Final = 3
_GRACE_S: Final = 30.0


class NotSoManyForms(Conflict):
    """The bank does not hold so many forms without a common item."""

    code = "not-so-many-forms"


class SolverFailed(Unavailable):
    """The solver gave no answer."""

    code = "solver-failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """A bank holds `at_least` disjoint forms, which were built, and no more than `at_most`."""

    stored: StoredBlueprint
    at_least: int
    at_most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ParallelForms:
    """Forms without a common item, with their figures; `best`: no other choice is more even (to a hundredth point)."""

    stored: StoredBlueprint
    forms: tuple[Form, ...]
    figures: Fairness
    best: bool


def capacity(rt: Runtime, code: str, *, seconds: float = _SECONDS) -> Capacity:
    """Return how many disjoint forms the bank holds; raises NoSuchBlueprint, BlueprintImpossible, SolverFailed.

    Forms drawn one after the other give a number that is surely there; where it is below the linear bound, a model of
    one form more is solved while it is small enough and time is left.
    """
    stored, prepared, _ = _prepare(rt, code)
    board = prepared.board
    most = most_forms(_solved(capacity_model(board), seconds))
    least = len(draw_disjoint(board, Chance(b"capacity"), most))
    while least < most:
        built = assembly(board, most, even=False)
        if len(built.model.lowest) > MOST_COLUMNS:
            break
        solution = _solved(built.model, seconds)
        if solution.values:
            least = most
        elif solution.outcome is Outcome.INFEASIBLE:
            most -= 1
        else:
            break
    return Capacity(stored=stored, at_least=least, at_most=most)


def parallel_forms(rt: Runtime, code: str, *, count: int, seed: str, seconds: float = _SECONDS) -> ParallelForms:
    """Return `count` disjoint forms whose expected scores are as even as could be found in the time; none is kept.

    Raises NoSuchBlueprint, BlueprintImpossible, NotSoManyForms, SolverFailed.
    """
    stored, prepared, view = _prepare(rt, code)
    board = prepared.board
    drawn = draw_disjoint(board, Chance(seed.encode()), _DRAWN_AHEAD * count)
    built = even_assembly(board, count, drawn)
    if len(drawn) < count and len(built.model.lowest) > MOST_COLUMNS:
        raise NotSoManyForms(wanted=count, found=len(drawn))
    solution = _solved(built.model, seconds)
    if not solution.values and len(drawn) < count:
        raise NotSoManyForms(wanted=count, found=len(drawn))
    choices = built.choices(board, solution.values) if solution.values else drawn[:count]
    forms = tuple(
        form_of_items(prepared, items, seed=f"{seed}/{number}".encode()) for number, items in enumerate(choices, 1)
    )
    figures = fairness(stored.blueprint, view, forms)
    return ParallelForms(stored=stored, forms=forms, figures=figures, best=solution.outcome is Outcome.OPTIMAL)


def _prepare(rt: Runtime, code: str) -> tuple[StoredBlueprint, Plan, BankView]:
    with rt.reading() as tx:
        stored = blueprint_store.get_newest(tx, code)
        view = item_store.bank_view(tx, stored.bank.id)
    return stored, plan(stored.blueprint, view), view


def _solved(model: Model, seconds: float) -> Solution:
    document = json.dumps(model.document() | {"seconds": seconds, "gap": _GAP_POINTS})
    command = [sys.executable, "-m", "itembank.services.mip_program"]
    try:
        done = subprocess.run(  # noqa: S603 - our own module, by a fixed name
            command, input=document, capture_output=True, text=True, timeout=seconds + _GRACE_S, check=True
        )
        return solution_from(json.loads(done.stdout))
    except (subprocess.SubprocessError, ValueError, KeyError) as error:
        raise SolverFailed(reason=str(error)[:200]) from error
