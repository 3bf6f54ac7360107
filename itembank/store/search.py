"""The search in a bank: which items a query admits, in its order, a page at a time."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select

from cbt.kernel.runtime import Transaction
from itembank.core.areas import paths
from itembank.core.listing import ItemQuery, ListedItem, Order
from itembank.core.marks import Mark, wanted_bits
from itembank.core.records import BankId, ItemId, ItemStatus
from itembank.store.banks import list_areas
from itembank.store.metadata import exposure_of
from itembank.store.visible import newest_version
from itembank.tables import AreaRow, EnemyRow, FormItemRow, ItemRow, ItemVersionRow, MetadataRow

_MOST_WORDS: Final = 8
_AnySelect = Select[*tuple[Any, ...]]
_Version = type[ItemVersionRow]
_Condition = ColumnElement[bool]


def search(tx: Transaction, bank_id: BankId, wanted: ItemQuery, *, offset: int, limit: int) -> tuple[ListedItem, ...]:
    """Return the items that `wanted` admits, in its order; equal ones by code."""
    version = newest_version()
    columns = select(
        ItemRow.id,
        ItemRow.code,
        version.number,
        version.status,
        AreaRow.code,
        version.title,
        version.created_at,
        version.marks,
        version.author_name,
        MetadataRow.level,
        MetadataRow.p,
    )
    statement = _matching(tx, bank_id, wanted, version, columns)
    rows = tuple(tx.session.execute(_ordered(statement, wanted, version).offset(offset).limit(limit)))
    forms = exposure_of(tx, [row[0] for row in rows])
    return tuple(
        ListedItem(
            id=ItemId(item_id),
            code=code,
            number=number,
            status=ItemStatus(status),
            area_code=area_code,
            title=title,
            changed_at=changed_at,
            marks=marks,
            author_name=author_name,
            level=level or "",
            p=p,
            forms=forms.get(item_id, 0),
        )
        for item_id, code, number, status, area_code, title, changed_at, marks, author_name, level, p in rows
    )


def count(tx: Transaction, bank_id: BankId, wanted: ItemQuery) -> int:
    """Return how many items `wanted` admits."""
    version = newest_version()
    return tx.session.scalar(_matching(tx, bank_id, wanted, version, select(func.count()))) or 0


def codes(tx: Transaction, bank_id: BankId, wanted: ItemQuery, *, limit: int) -> tuple[str, ...]:
    """Return the codes of the items that `wanted` admits, by code, `limit` at most."""
    version = newest_version()
    statement = _matching(tx, bank_id, wanted, version, select(ItemRow.code))
    return tuple(tx.session.scalars(statement.order_by(ItemRow.code).limit(limit)))


def of_bank(bank_id: BankId, version: _Version, statement: _AnySelect) -> _AnySelect:
    """Return `statement` over the items of a bank with their newest version and its area."""
    return (
        statement.select_from(ItemRow)
        .join(version, version.item_id == ItemRow.id)
        .join(AreaRow, AreaRow.id == version.area_id)
        .where(ItemRow.bank_id == bank_id)
    )


def _matching(
    tx: Transaction, bank_id: BankId, wanted: ItemQuery, version: _Version, statement: _AnySelect
) -> _AnySelect:
    joined = of_bank(bank_id, version, statement).outerjoin(MetadataRow, MetadataRow.item_id == ItemRow.id)
    conditions = [*_by_text(wanted, version), *_by_life(wanted, version), *_by_metadata(wanted)]
    if wanted.areas:
        above = paths({area.code: area.parent for area in list_areas(tx, bank_id)})
        inside = [code for code, path in above.items() if not path.isdisjoint(wanted.areas)]
        conditions.append(AreaRow.code.in_(inside))
    return joined.where(*conditions)


def _by_text(wanted: ItemQuery, version: _Version) -> list[_Condition]:
    words = wanted.text.lower().split()[:_MOST_WORDS]
    return [version.words.contains(word, autoescape=True) for word in words]


def _by_life(wanted: ItemQuery, version: _Version) -> list[_Condition]:
    found: list[_Condition] = []
    if wanted.statuses:
        found.append(version.status.in_([status.value for status in wanted.statuses]))
    chosen: tuple[frozenset[Any], ...] = (wanted.features, wanted.answers, wanted.scoring)
    found += [or_(*(_bears(version, mark) for mark in marks)) for marks in chosen if marks]
    if wanted.authors:
        ids = [UUID(hex=one) for one in wanted.authors if one]
        nobody = version.author_id.is_(None) if "" in wanted.authors else None
        known = version.author_id.in_(ids)
        found.append(known if nobody is None else or_(known, nobody))
    return found


def _by_metadata(wanted: ItemQuery) -> list[_Condition]:
    found: list[_Condition] = []
    if wanted.levels:
        found.append(MetadataRow.level.in_(wanted.levels))
    if wanted.enemy:
        in_set = select(EnemyRow.item_id).where(EnemyRow.label == wanted.enemy)
        found.append(ItemRow.id.in_(in_set))
    if wanted.p_from is not None:
        found.append(MetadataRow.p >= wanted.p_from)
    if wanted.p_to is not None:
        found.append(MetadataRow.p <= wanted.p_to)
    if wanted.forms_from:
        found.append(ItemRow.id.in_(_on_forms(wanted.forms_from)))
    if wanted.forms_to is not None:
        found.append(ItemRow.id.not_in(_on_forms(wanted.forms_to + 1)))
    return found


def _on_forms(least: int) -> Select[UUID]:
    """Return the query of the items that stand on so many forms or more, in whatever version."""
    return (
        select(ItemVersionRow.item_id)
        .join(FormItemRow, FormItemRow.item_version_id == ItemVersionRow.id)
        .group_by(ItemVersionRow.item_id)
        .having(func.count() >= least)
    )


def _forms() -> ColumnElement[int]:
    """Return the number of forms that the item stands on, in whatever version."""
    return (
        select(func.count())
        .select_from(FormItemRow)
        .join(ItemVersionRow, ItemVersionRow.id == FormItemRow.item_version_id)
        .where(ItemVersionRow.item_id == ItemRow.id)
        .correlate(ItemRow)
        .scalar_subquery()
    )


def _ordered(statement: _AnySelect, wanted: ItemQuery, version: _Version) -> _AnySelect:
    keys: dict[Order, Callable[[], Any]] = {
        Order.CODE: lambda: ItemRow.code,
        Order.TITLE: lambda: version.title,
        Order.AREA: lambda: AreaRow.code,
        Order.STATE: lambda: version.status,
        Order.AUTHOR: lambda: version.author_name,
        Order.LEVEL: lambda: func.coalesce(MetadataRow.level, ""),
        Order.P: lambda: MetadataRow.p,
        Order.FORMS: _forms,
        Order.CHANGED: lambda: version.created_at,
    }
    key = keys[wanted.order]()
    # Unknown values stand at the end in both directions.
    return statement.order_by((key.desc() if wanted.descending else key.asc()).nulls_last(), ItemRow.code)


def _bears(version: _Version, mark: Mark) -> _Condition:
    bits, there = wanted_bits(mark)
    found = version.marks.bitwise_and(bits)
    return found != 0 if there else found == 0
