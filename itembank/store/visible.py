"""Which rows count: those whose load was published, and of them the newest."""

from typing import Any

from sqlalchemy import Select, func, or_, select
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
    rank = func.row_number().over(partition_by=ItemVersionRow.item_id, order_by=ItemVersionRow.number.desc())
    inner = select(ItemVersionRow.id, rank.label("place")).where(ItemVersionRow.load_id.in_(published_loads()))
    if approved_only:
        blocked = ItemVersionRow.status == ItemStatus.BLOCKED.value
        inner = inner.where(or_(ItemVersionRow.approved_at.is_not(None), blocked))
    ranked = inner.subquery()
    newest = select(ItemVersionRow).join(ranked, ranked.c.id == ItemVersionRow.id).where(ranked.c.place == 1)
    if approved_only:
        newest = newest.where(ItemVersionRow.status == ItemStatus.APPROVED.value)
    return aliased(ItemVersionRow, newest.subquery())


def newest_key() -> type[KeyVersionRow]:
    """Return the rows that are the newest visible key of their item version."""
    rank = func.row_number().over(partition_by=KeyVersionRow.item_version_id, order_by=KeyVersionRow.number.desc())
    inner = select(KeyVersionRow.id, rank.label("place")).where(KeyVersionRow.load_id.in_(published_loads()))
    ranked = inner.subquery()
    newest = select(KeyVersionRow).join(ranked, ranked.c.id == KeyVersionRow.id).where(ranked.c.place == 1)
    return aliased(KeyVersionRow, newest.subquery())
