"""What the bank's own pages ask for, each in one transaction: lists with facets, one item, a blueprint being edited."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from cbt.kernel.errors import Problem
from cbt.kernel.runtime import Runtime
from cbt.kernel.titles import Title
from cbt.people.core.actors import Actor
from cbt.people.core.inputs import Fields, InputRefused, refuse
from cbt.people.services.audit import audit_in
from itembank.core.areas import counted
from itembank.core.bank import meets
from itembank.core.blueprint import Blueprint, Part, demands
from itembank.core.blueprint_edit import Edited, row_id, sound_rows
from itembank.core.check import check
from itembank.core.draw import draw
from itembank.core.forms import Form
from itembank.core.keys import ItemKey
from itembank.core.listing import BankLine, Facets, ItemQuery, ListedItem, bank_code_problem
from itembank.core.records import Area, AreaCount, Bank, ItemLine, NoSuchItem, StoredBlueprint, StoredVersion
from itembank.core.supply import Cover, covers
from itembank.store import banks as bank_store
from itembank.store import blueprints as blueprint_store
from itembank.store import items as item_store
from itembank.store import keys as key_store
from itembank.store import listing as store

PAGE: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemListing:
    """One page of a search in a bank, with the counts of every facet."""

    bank: Bank
    items: tuple[ListedItem, ...]
    total: int
    page: int
    facets: Facets

    @property
    def first(self) -> int:
        """Return the place of the first item shown, from 1 (0 when there is none)."""
        return (self.page - 1) * PAGE + 1 if self.items else 0

    @property
    def last(self) -> int:
        """Return the place of the last item shown."""
        return (self.page - 1) * PAGE + len(self.items)

    @property
    def area_titles(self) -> dict[str, Title]:
        """Return the names of the areas by code."""
        return {one.area.code: one.area.title for one in self.facets.areas}


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemSheet:
    """One item for its page: the version shown with its newest key, and all versions, the newest first."""

    bank: Bank
    line: ItemLine
    shown: StoredVersion
    key: ItemKey | None
    key_number: int
    versions: tuple[StoredVersion, ...]
    areas: tuple[Area, ...]
    before: str
    after: str


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
class TriedForm:
    """A form drawn to look at, with title and area of each item by the id of its version; it is not kept."""

    stored: StoredBlueprint
    form: Form
    places: dict[UUID, tuple[str, str]]


def list_bank_lines(rt: Runtime) -> tuple[BankLine, ...]:
    """Return all banks with their counts."""
    with rt.reading() as tx:
        areas = store.areas_by_bank(tx)
        return tuple(
            BankLine(summary=summary, areas=areas.get(summary.bank.id, 0)) for summary in bank_store.list_summaries(tx)
        )


def create_bank(rt: Runtime, raw: Mapping[str, str], by: Actor) -> str:
    """Make an empty bank from typed fields (code, title_ko, title_en) and return its code; raises InputRefused."""
    now = rt.clock.now()
    fields = Fields(raw)
    title, code = fields.title("title"), fields.raw("code")
    wrong = (bank_code_problem(code), *fields.problems())
    if problems := tuple(problem for problem in wrong if problem is not None):
        raise InputRefused(problems)
    with rt.transaction() as tx:
        if bank_store.find(tx, code) is not None:
            raise refuse("code", "code-taken")
        store.add_bank(tx, now, code, title)
        audit_in(tx, now, by=by, act="itembank.bank-created", subject=code, details={"title": title.to_document()})
    return code


def look_through(rt: Runtime, bank_code: str, wanted: ItemQuery, *, page: int) -> ItemListing:
    """Return page `page` (from 1) of the items that `wanted` admits; raises NoSuchBank."""
    with rt.reading() as tx:
        bank = bank_store.get(tx, bank_code)
        return ItemListing(
            bank=bank,
            items=store.search(tx, bank.id, wanted, offset=(page - 1) * PAGE, limit=PAGE),
            total=store.count(tx, bank.id, wanted),
            page=page,
            facets=store.facets(tx, bank.id),
        )


def look_at_item(rt: Runtime, bank_code: str, item_code: str, number: int | None = None) -> ItemSheet:
    """Return an item in version `number` (else the newest); raises NoSuchBank, NoSuchItem."""
    with rt.reading() as tx:
        bank = bank_store.get(tx, bank_code)
        line = item_store.get_line(tx, bank.id, item_code)
        versions = item_store.versions(tx, line.item_id)
        shown = next((one for one in versions if number in {None, one.number}), None)
        if shown is None:
            raise NoSuchItem(bank=bank_code, item=item_code, version=number)
        key_number, key = key_store.newest(tx, shown.id) or (0, None)
        before, after = item_store.neighbours(tx, bank.id, item_code)
        return ItemSheet(
            bank=bank,
            line=line,
            shown=shown,
            key=key,
            key_number=key_number,
            versions=versions,
            areas=_path(bank_store.list_areas(tx, bank.id), shown.area_code),
            before=before,
            after=after,
        )


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
        contests=tuple(problem for problem in check(draft, view) if problem.code == "shared-shortage"),
    )


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


def _path(areas: tuple[Area, ...], code: str) -> tuple[Area, ...]:
    by_code = {area.code: area for area in areas}
    found: list[Area] = []
    while code in by_code and by_code[code] not in found:
        found.insert(0, by_code[code])
        code = by_code[code].parent
    return tuple(found)
