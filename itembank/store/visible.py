"""Which rows count: those whose load was published, and of them the newest."""

from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased

from itembank.core.records import ItemStatus
from itembank.tables import ItemVersionRow, KeyVersionRow, LoadRow


def published_loads() -> Select[Any]:
    """Return the query of the ids of all published loads."""
    return select(LoadRow.id).where(LoadRow.published_at.is_not(None))


def newest_version(*, approved_only: bool = False) -> type[ItemVersionRow]:
    """Return the rows that are the newest visible version of their item.

    With `approved_only` those that may be drawn: `itembank.core.review.drawn_number` is the rule.
    """
    version = ItemVersionRow
    newest = select(version).where(version.load_id.in_(published_loads()), ~_newer(version, decisive=approved_only))
    if approved_only:
        newest = newest.where(_decides(version), version.status == ItemStatus.APPROVED.value)
    return aliased(ItemVersionRow, newest.subquery())


def _newer(version: type[ItemVersionRow], *, decisive: bool) -> ColumnElement[bool]:
    # Asked of each row over the unique key (item, number): twice as fast as ranking all rows of all banks.
    other = aliased(ItemVersionRow)
    newer = select(other.id).where(
        other.item_id == version.item_id, other.number > version.number, other.load_id.in_(published_loads())
    )
    return (newer.where(_decides(other)) if decisive else newer).exists()


def _decides(version: type[ItemVersionRow]) -> ColumnElement[bool]:
    return or_(version.approved_at.is_not(None), version.status == ItemStatus.BLOCKED.value)


def newest_key() -> type[KeyVersionRow]:
    """Return the rows that are the newest visible key of their item version."""
    rank = func.row_number().over(partition_by=KeyVersionRow.item_version_id, order_by=KeyVersionRow.number.desc())
    inner = select(KeyVersionRow.id, rank.label("place")).where(KeyVersionRow.load_id.in_(published_loads()))
    ranked = inner.subquery()
    newest = select(KeyVersionRow).join(ranked, ranked.c.id == KeyVersionRow.id).where(ranked.c.place == 1)
    return aliased(KeyVersionRow, newest.subquery())
