"""A blueprint while it is edited: supply beside demand, saving, and a form drawn to look at."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from cbt.kernel.errors import Problem
from cbt.kernel.runtime import Runtime
from cbt.kernel.titles import Title
from cbt.people.core.actors import Actor
from itembank.core.areas import counted
from itembank.core.bank import meets
from itembank.core.blueprint import Blueprint, Part, demands
from itembank.core.blueprint_edit import Edited, FieldProblem, read_edit, row_id, sound_rows
from itembank.core.check import check
from itembank.core.draw import draw
from itembank.core.forms import Form
from itembank.core.records import AreaCount, Bank, StoredBlueprint
from itembank.core.supply import Cover, covers
from itembank.services.blueprints import save_blueprint
from itembank.store import banks as bank_store
from itembank.store import blueprints as blueprint_store
from itembank.store import items as item_store
from itembank.store import listing as store

# These are said at the rows themselves.
_BESIDE_ROWS: Final = frozenset({"shortage", "unknown-area"})
_MEANWHILE: Final = {
    "changed-meanwhile": "somebody else has saved a newer version; open it and repeat the change",
    "code-taken": "this code is in use already",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """A blueprint being edited beside its bank: a cover for each row that can be looked up, and who is in want."""

    rows: dict[str, Cover]
    contests: tuple[Problem, ...]

    @property
    def possible(self) -> bool:
        """Return whether the rows that were looked up can be drawn."""
        return not self.contests and not any(cover.missing for cover in self.rows.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedEdit:
    """What saving did: the stored version, or what keeps it from being stored; `short` when the bank lacks items."""

    stored: StoredBlueprint | None = None
    fresh: bool = False
    short: bool = False
    problems: tuple[FieldProblem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedForm:
    """A form drawn to look at, with title and area of each item by the id of its version; it is not kept."""

    stored: StoredBlueprint
    form: Form
    places: dict[UUID, tuple[str, str]]


def examine(rt: Runtime, bank_code: str, typed: Edited) -> Examined:
    """Return supply beside demand for the rows of an editor, as far as they can be read; raises NoSuchBank."""
    rows = sound_rows(typed)
    cells = [tuple(cell for place, cell in rows if place[0] == part) for part in range(len(typed.parts))]
    draft = Blueprint(
        code="draft",
        title=Title(ko="", en=""),
        parts=tuple(
            Part(code=part.code or str(number), title=Title(ko="", en=""), cells=of_part)
            for number, (part, of_part) in enumerate(zip(typed.parts, cells, strict=True), start=1)
        ),
    )
    with rt.reading() as tx:
        view = item_store.bank_view(tx, bank_store.get(tx, bank_code).id)
    found = covers(
        [
            (demand.count, sum(1 for one in view.candidates if meets(one, demand)), demand.area in view.areas)
            for demand in demands(draft)
        ]
    )
    return Examined(
        rows={row_id(*place): cover for (place, _), cover in zip(rows, found, strict=True)},
        contests=tuple(
            problem for problem in check(read_edit(typed).blueprint or draft, view) if problem.code not in _BESIDE_ROWS
        ),
    )


def save_edit(rt: Runtime, bank_code: str, typed: Edited, *, seen: int, by: Actor) -> SavedEdit:
    """Save what was typed as a new version, when `seen` is still the newest one (0: there is none yet).

    Raises NoSuchBank, BlueprintOfAnotherBank.
    """
    read = read_edit(typed)
    if read.blueprint is None:
        return SavedEdit(problems=read.problems)
    newest = find_blueprint(rt, read.blueprint.code)
    if (newest.number if newest else 0) != seen:
        code, field = ("changed-meanwhile", "form") if seen else ("code-taken", "code")
        return SavedEdit(problems=(FieldProblem(field=field, code=code, hint=_MEANWHILE[code]),))
    saved = save_blueprint(rt, bank_code, read.blueprint, by)
    return SavedEdit(stored=saved.stored, fresh=saved.fresh, short=bool(saved.problems))


def find_blueprint(rt: Runtime, code: str) -> StoredBlueprint | None:
    """Return the newest version of the blueprint under this code, or None."""
    with rt.reading() as tx:
        return blueprint_store.find_newest(tx, code)


def areas_of(rt: Runtime, bank_code: str) -> tuple[Bank, tuple[AreaCount, ...]]:
    """Return a bank with its tree of areas, each with its approved items; raises NoSuchBank."""
    with rt.reading() as tx:
        bank = bank_store.get(tx, bank_code)
        return bank, counted(bank_store.list_areas(tx, bank.id), bank_store.approved_by_area(tx, bank.id))


def try_form(rt: Runtime, code: str, seed: bytes) -> TriedForm:
    """Return the form of `seed` without keeping it; raises NoSuchBlueprint, BlueprintImpossible."""
    with rt.reading() as tx:
        stored = blueprint_store.get_newest(tx, code)
        form = draw(stored.blueprint, item_store.bank_view(tx, stored.bank.id), seed=seed)
        places = store.places(tx, (slot.item_version_id for slot in form.slots))
    return TriedForm(stored=stored, form=form, places=places)
