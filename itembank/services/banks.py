"""Reading the bank: banks, areas, lists of items, one item with all its versions, pictures."""

from dataclasses import dataclass
from typing import Final

from cbt.kernel.runtime import Runtime
from cbt.kernel.titles import Title
from cbt.people.core.actors import Actor
from cbt.people.services.audit import audit_in
from itembank.core.areas import counted
from itembank.core.keys import ItemKey
from itembank.core.records import (
    AreaCount,
    Bank,
    BankSummary,
    ItemFilter,
    ItemLine,
    ItemStatus,
    StoredAsset,
    StoredVersion,
)
from itembank.store import assets as asset_store
from itembank.store import banks as bank_store
from itembank.store import items as store
from itembank.store import keys as key_store

PAGE: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPage:
    """One page of a search, with the counts of the whole bank by state."""

    items: tuple[ItemLine, ...]
    total: int
    page: int
    statuses: dict[ItemStatus, int]

    @property
    def first(self) -> int:
        """Return the place of the first item shown, from 1 (0 when there is none)."""
        return (self.page - 1) * PAGE + 1 if self.items else 0

    @property
    def last(self) -> int:
        """Return the place of the last item shown."""
        return (self.page - 1) * PAGE + len(self.items)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDetail:
    """One item for the bank's own pages: all versions, the newest first, and the newest key of the newest version."""

    bank: Bank
    line: ItemLine
    versions: tuple[StoredVersion, ...]
    key: ItemKey | None
    key_number: int
    before: str
    after: str


def list_banks(rt: Runtime) -> tuple[BankSummary, ...]:
    """Return all banks with their counts."""
    with rt.reading() as tx:
        return bank_store.list_summaries(tx)


def get_bank(rt: Runtime, code: str) -> Bank:
    """Return one bank; raises NoSuchBank."""
    with rt.reading() as tx:
        return bank_store.get(tx, code)


def list_areas(rt: Runtime, bank_code: str) -> tuple[AreaCount, ...]:
    """Return the tree of areas from the top, each with its approved items; raises NoSuchBank."""
    with rt.reading() as tx:
        bank = bank_store.get(tx, bank_code)
        return counted(bank_store.list_areas(tx, bank.id), bank_store.approved_by_area(tx, bank.id))


def list_items(rt: Runtime, bank_code: str, wanted: ItemFilter, *, page: int = 1) -> ItemPage:
    """Return page `page` (from 1) of the items that `wanted` admits; raises NoSuchBank."""
    with rt.reading() as tx:
        bank = bank_store.get(tx, bank_code)
        return ItemPage(
            items=store.search(tx, bank.id, wanted, offset=(max(page, 1) - 1) * PAGE, limit=PAGE),
            total=store.count(tx, bank.id, wanted),
            page=max(page, 1),
            statuses=dict(store.statuses(tx, bank.id)),
        )


def get_item(rt: Runtime, bank_code: str, item_code: str) -> ItemDetail:
    """Return one item with its versions and key; raises NoSuchBank, NoSuchItem."""
    with rt.reading() as tx:
        bank = bank_store.get(tx, bank_code)
        line = store.get_line(tx, bank.id, item_code)
        versions = store.versions(tx, line.item_id)
        found = key_store.newest(tx, versions[0].id)
        before, after = store.neighbours(tx, bank.id, item_code)
        return ItemDetail(
            bank=bank,
            line=line,
            versions=versions,
            key=found[1] if found else None,
            key_number=found[0] if found else 0,
            before=before,
            after=after,
        )


def get_asset(rt: Runtime, sha256: str) -> StoredAsset:
    """Return a picture by its digest in hex, for the bank's own pages; raises NoSuchAsset."""
    with rt.reading() as tx:
        return asset_store.get(tx, sha256)


def rename_area(rt: Runtime, bank_code: str, area_code: str, title: Title, by: Actor) -> None:
    """Give an area other names; raises NoSuchBank, NoSuchArea."""
    now = rt.clock.now()
    with rt.transaction() as tx:
        bank = bank_store.get(tx, bank_code)
        area = bank_store.get_area(tx, bank.id, area_code)
        bank_store.change_areas(tx, bank.id, [(area.code, area.parent, title)])
        details = {"area": area.code, "before": area.title.to_document(), "after": title.to_document()}
        audit_in(tx, now, by=by, act="itembank.area-renamed", subject=bank.code, details=details)
