"""Rows of banks and content areas."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, insert, select, update

from cbt.kernel.ids import new_id
from cbt.kernel.runtime import Transaction
from cbt.kernel.titles import Title
from itembank.core.records import Area, AreaId, Bank, BankId, BankSummary, ItemStatus, NoSuchArea, NoSuchBank
from itembank.store.visible import newest_version, published_loads
from itembank.tables import AreaRow, BankRow, BlueprintRow, ItemRow


def bank(row: BankRow) -> Bank:
    """Return the bank of a row."""
    return Bank(id=BankId(row.id), code=row.code, title=Title(ko=row.title_ko, en=row.title_en))


def find(tx: Transaction, code: str) -> Bank | None:
    """Return the bank under this code, or None."""
    row = tx.session.scalar(select(BankRow).where(BankRow.code == code))
    return None if row is None else bank(row)


def get(tx: Transaction, code: str) -> Bank:
    """Return the bank under this code; raises NoSuchBank."""
    found = find(tx, code)
    if found is None:
        raise NoSuchBank(bank=code)
    return found


def add(tx: Transaction, now: datetime, code: str, title: Title) -> Bank:
    """Write a new bank."""
    bank_id = BankId(new_id(now))
    values = {"id": bank_id, "code": code, "title_ko": title.ko, "title_en": title.en, "created_at": now}
    tx.session.execute(insert(BankRow), [values])
    return Bank(id=bank_id, code=code, title=title)


def retitle(tx: Transaction, bank_id: BankId, title: Title) -> None:
    """Replace the names of a bank."""
    tx.session.execute(update(BankRow).where(BankRow.id == bank_id).values(title_ko=title.ko, title_en=title.en))


def list_summaries(tx: Transaction) -> tuple[BankSummary, ...]:
    """Return all banks by code, with their counts."""
    newest = newest_version()
    counted = (
        select(ItemRow.bank_id, newest.status, func.count())
        .join(newest, newest.item_id == ItemRow.id)
        .group_by(ItemRow.bank_id, newest.status)
    )
    items = {(bank_id, status): count for bank_id, status, count in tx.session.execute(counted)}
    plans = select(BlueprintRow.bank_id, func.count()).group_by(BlueprintRow.bank_id)
    blueprints = {bank_id: count for bank_id, count in tx.session.execute(plans)}  # noqa: C416 - rows are no pairs
    return tuple(
        BankSummary(
            bank=bank(row),
            items=sum(items.get((row.id, status.value), 0) for status in ItemStatus),
            approved=items.get((row.id, ItemStatus.APPROVED.value), 0),
            blueprints=blueprints.get(row.id, 0),
        )
        for row in tx.session.scalars(select(BankRow).order_by(BankRow.code))
    )


def list_areas(tx: Transaction, bank_id: BankId) -> tuple[Area, ...]:
    """Return the visible areas of a bank in their order."""
    statement = (
        select(AreaRow)
        .where(AreaRow.bank_id == bank_id, AreaRow.load_id.in_(published_loads()))
        .order_by(AreaRow.position, AreaRow.code)
    )
    rows = tuple(tx.session.scalars(statement))
    codes = {row.id: row.code for row in rows}
    return tuple(_area(row, codes) for row in rows)


def get_area(tx: Transaction, bank_id: BankId, code: str) -> Area:
    """Return one visible area; raises NoSuchArea."""
    found = next((area for area in list_areas(tx, bank_id) if area.code == code), None)
    if found is None:
        raise NoSuchArea(bank=bank_id, area=code)
    return found


def area_ids(tx: Transaction, bank_id: BankId) -> dict[str, AreaId]:
    """Return the ids of all areas of a bank by code, hidden ones included."""
    rows = tx.session.execute(select(AreaRow.code, AreaRow.id).where(AreaRow.bank_id == bank_id))
    return {code: AreaId(area_id) for code, area_id in rows}


def add_areas(
    tx: Transaction, now: datetime, bank_id: BankId, load_id: UUID, areas: Sequence[tuple[str, str, Title]]
) -> None:
    """Write new areas (code, parent's code or empty, title), those above before those below."""
    ids = area_ids(tx, bank_id)
    first = len(ids)
    for position, (code, parent, title) in enumerate(areas, start=first):
        ids[code] = AreaId(new_id(now))
        values = {
            "id": ids[code],
            "bank_id": bank_id,
            "load_id": load_id,
            "code": code,
            "parent_id": ids.get(parent) if parent else None,
            "title_ko": title.ko,
            "title_en": title.en,
            "position": position,
        }
        tx.session.execute(insert(AreaRow), [values])


def change_areas(tx: Transaction, bank_id: BankId, areas: Iterable[tuple[str, str, Title]]) -> None:
    """Replace parent and title of areas that are there."""
    ids = area_ids(tx, bank_id)
    for code, parent, title in areas:
        values = {"parent_id": ids.get(parent), "title_ko": title.ko, "title_en": title.en}
        tx.session.execute(update(AreaRow).where(AreaRow.id == ids[code]).values(values))


def approved_by_area(tx: Transaction, bank_id: BankId) -> Mapping[str, int]:
    """Return how many items of each area have an approved newest version."""
    newest = newest_version()
    statement = (
        select(AreaRow.code, func.count())
        .join(newest, newest.area_id == AreaRow.id)
        .where(AreaRow.bank_id == bank_id, newest.status == ItemStatus.APPROVED.value)
        .group_by(AreaRow.code)
    )
    return {code: count for code, count in tx.session.execute(statement)}  # noqa: C416 - rows are no pairs


def _area(row: AreaRow, codes: Mapping[UUID, str]) -> Area:
    parent = codes.get(row.parent_id, "") if row.parent_id else ""
    return Area(id=AreaId(row.id), code=row.code, parent=parent, title=Title(ko=row.title_ko, en=row.title_en))
