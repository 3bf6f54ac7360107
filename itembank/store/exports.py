"""Rows for the writing of a bank into a file: which versions, all that belongs to them, and who got them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from cbt.kernel.canonical import decode
from cbt.kernel.runtime import Transaction
from cbt.people.core.actors import Actor
from itembank.core.areas import paths
from itembank.core.documents import content_from, key_from
from itembank.core.items import ItemContent
from itembank.core.keys import ItemKey
from itembank.core.records import BankId, ItemStatus
from itembank.core.review_log import SeenHow
from itembank.store.banks import list_areas
from itembank.store.reviews import hour_of
from itembank.store.visible import newest_key, newest_version
from itembank.tables import AreaRow, ItemRow, ItemVersionRow, KeyVersionRow, SeenRow


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportLine:
    """One version that is to be written."""

    version_id: UUID
    item_id: UUID
    code: str
    area_code: str
    status: str
    difficulty_logit: Decimal | None


def lines(tx: Transaction, bank_id: BankId, *, area: str, status: ItemStatus | None) -> tuple[ExportLine, ...]:
    """Return the newest version of each item by code; of approved ones that which is drawn.

    With `area` those of that area and below it, with `status` those in that state.
    """
    version = newest_version(approved_only=status is ItemStatus.APPROVED)
    statement = (
        select(ItemRow.id, ItemRow.code, version.id, version.status, version.difficulty, AreaRow.code)
        .join(version, version.item_id == ItemRow.id)
        .join(AreaRow, AreaRow.id == version.area_id)
        .where(ItemRow.bank_id == bank_id)
        .order_by(ItemRow.code)
    )
    if status is not None:
        statement = statement.where(version.status == status.value)
    if area:
        above = paths({one.code: one.parent for one in list_areas(tx, bank_id)})
        statement = statement.where(AreaRow.code.in_([code for code, path in above.items() if area in path]))
    return tuple(
        ExportLine(
            version_id=version_id,
            item_id=item_id,
            code=code,
            area_code=area_code,
            status=state,
            difficulty_logit=difficulty,
        )
        for item_id, code, version_id, state, difficulty, area_code in tx.session.execute(statement)
    )


def contents(tx: Transaction, version_ids: Sequence[UUID]) -> dict[UUID, tuple[ItemContent, ItemKey]]:
    """Return content and newest key of these versions."""
    key: type[KeyVersionRow] = newest_key()
    statement = (
        select(ItemVersionRow.id, ItemVersionRow.content, key.content)
        .outerjoin(key, key.item_version_id == ItemVersionRow.id)
        .where(ItemVersionRow.id.in_(version_ids))
    )
    rows: Any = tx.session.execute(statement)  # the key of an outer join may be None, which its type does not say
    return {
        version_id: (content_from(decode(content)), ItemKey() if kept is None else key_from(decode(kept)))
        for version_id, content, kept in rows
    }


def see_all(tx: Transaction, now: datetime, version_ids: Sequence[UUID], by: Actor) -> None:
    """Write that somebody got these versions in a file; what this hour has already stays."""
    hour = hour_of(now)
    known = (SeenRow.item_version_id.in_(version_ids), SeenRow.staff_id == by.id, SeenRow.hour == hour)
    there = set(tx.session.scalars(select(SeenRow.item_version_id).where(*known)))
    rows: list[dict[str, Any]] = [
        {
            "item_version_id": version_id,
            "staff_id": by.id,
            "hour": hour,
            "staff_name": by.name,
            "how": SeenHow.EXPORT.value,
            "at": now,
        }
        for version_id in version_ids
        if version_id not in there
    ]
    postgres = tx.session.get_bind().dialect.name == "postgresql"
    statement = postgres_insert(SeenRow) if postgres else sqlite_insert(SeenRow)
    if rows:
        tx.session.execute(statement.on_conflict_do_nothing(), rows)
