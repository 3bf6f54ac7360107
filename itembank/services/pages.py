"""What the bank's own pages ask for, each in one transaction: banks with counts, lists with facets, one item."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cbt.kernel.runtime import Runtime
from cbt.kernel.titles import Title
from cbt.people.core.actors import Actor
from cbt.people.core.inputs import Fields, InputRefused, refuse
from cbt.people.services.audit import audit_in
from itembank.core.bank_fields import BankField
from itembank.core.keys import ItemKey
from itembank.core.listing import BankLine, Facets, ItemQuery, ListedItem, bank_code_problem
from itembank.core.marks import AnswerKind, Feature, Mark, Scoring
from itembank.core.records import Area, Bank, ItemLine, NoSuchItem, StoredVersion
from itembank.store import bank_fields as field_store
from itembank.store import banks as bank_store
from itembank.store import items as item_store
from itembank.store import keys as key_store
from itembank.store import listing as store
from itembank.store import search as search_store

PAGE: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemListing:
    """One page of a search in a bank, with the counts of every facet."""

    bank: Bank
    items: tuple[ListedItem, ...]
    total: int
    page: int
    facets: Facets
    fields: tuple[BankField, ...]

    @property
    def first(self) -> int:
        """Return the place of the first item shown, from 1 (0 when there is none)."""
        return (self.page - 1) * PAGE + 1 if self.items else 0

    @property
    def last(self) -> int:
        """Return the place of the last item shown."""
        return (self.page - 1) * PAGE + len(self.items)

    @property
    def choices(self) -> dict[str, tuple[Mark, ...]]:
        """Return the marks of each facet by its name in the address."""
        return {"shows": tuple(Feature), "answer": tuple(AnswerKind), "scored": tuple(Scoring)}

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
        facets = store.facets(tx, bank.id)
        return ItemListing(
            bank=bank,
            items=search_store.search(tx, bank.id, wanted, offset=(page - 1) * PAGE, limit=PAGE),
            total=search_store.count(tx, bank.id, wanted) if wanted.narrows else facets.items,
            page=page,
            facets=facets,
            fields=field_store.list_fields(tx, bank.id),
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


def _path(areas: tuple[Area, ...], code: str) -> tuple[Area, ...]:
    by_code = {area.code: area for area in areas}
    found: list[Area] = []
    while code in by_code and by_code[code] not in found:
        found.insert(0, by_code[code])
        code = by_code[code].parent
    return tuple(found)
