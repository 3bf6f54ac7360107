"""Rows of content areas as a person edits them one by one, and the area that an item lies in."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update

from cbt.kernel.db import for_update
from cbt.kernel.ids import new_id
from cbt.kernel.runtime import Transaction
from cbt.kernel.titles import Title
from cbt.people.store.unique import unique
from itembank.core.records import Area, AreaId, BankId
from itembank.store.visible import published_loads
from itembank.tables import AreaRow, BankRow, ItemVersionRow, LoadRow


def lock_bank(tx: Transaction, bank_id: BankId) -> None:
    """Lock a bank, so that its tree of areas stays."""
    tx.session.execute(for_update(select(BankRow.id).where(BankRow.id == bank_id)))


def load_is_running(tx: Transaction, bank_id: BankId) -> bool:
    """Return whether there is a load that is not published: it may use any area."""
    waiting = select(LoadRow.id).where(LoadRow.bank_id == bank_id, LoadRow.published_at.is_(None))
    return tx.session.scalar(waiting.limit(1)) is not None


def add(tx: Transaction, now: datetime, bank_id: BankId, area: tuple[str, AreaId | None, Title]) -> None:
    """Write a new area (code, area above, names) as the last one; raises TakenMeanwhile when its code is there."""
    code, parent_id, title = area
    load_id = new_id(now)
    tx.session.execute(
        insert(LoadRow), [{"id": load_id, "bank_id": bank_id, "touched_at": now, "published_at": now, "by_name": ""}]
    )
    values = {
        "id": new_id(now),
        "bank_id": bank_id,
        "load_id": load_id,
        "code": code,
        "parent_id": parent_id,
        "title_ko": title.ko,
        "title_en": title.en,
        "position": (tx.session.scalar(select(func.max(AreaRow.position)).where(AreaRow.bank_id == bank_id)) or 0) + 1,
    }
    with unique():
        tx.session.execute(insert(AreaRow), [values])


def place(tx: Transaction, area_id: AreaId, parent_id: AreaId | None, title: Title) -> None:
    """Replace the names of an area and the area above it."""
    values = {"parent_id": parent_id, "title_ko": title.ko, "title_en": title.en}
    tx.session.execute(update(AreaRow).where(AreaRow.id == area_id).values(**values))


def put_in_order(tx: Transaction, areas: tuple[Area, ...]) -> None:
    """Keep this order of the areas of a bank."""
    for position, area in enumerate(areas):
        tx.session.execute(update(AreaRow).where(AreaRow.id == area.id).values(position=position))


def is_used(tx: Transaction, area_id: AreaId) -> bool:
    """Return whether any version of any item, hidden or old, lies in the area itself."""
    return tx.session.scalar(select(ItemVersionRow.id).where(ItemVersionRow.area_id == area_id).limit(1)) is not None


def drop(tx: Transaction, area_id: AreaId) -> None:
    """Delete an area that nothing refers to."""
    with unique():
        tx.session.execute(delete(AreaRow).where(AreaRow.id == area_id))


def put_item(tx: Transaction, item_id: UUID, area_id: AreaId) -> None:
    """Put all visible versions of an item into an area: it is one item, whatever its version."""
    visible = (ItemVersionRow.item_id == item_id, ItemVersionRow.load_id.in_(published_loads()))
    tx.session.execute(
        update(ItemVersionRow).where(*visible).values(area_id=area_id).execution_options(synchronize_session=False)
    )


def items_by_area(tx: Transaction, bank_id: BankId) -> dict[str, int]:
    """Return how many items of a bank have a version in each area itself; areas without any are left out."""
    statement = (
        select(AreaRow.code, func.count(ItemVersionRow.item_id.distinct()))
        .join(ItemVersionRow, ItemVersionRow.area_id == AreaRow.id)
        .where(AreaRow.bank_id == bank_id)
        .group_by(AreaRow.code)
    )
    return {code: number for code, number in tx.session.execute(statement)}  # noqa: C416 - rows are no pairs
