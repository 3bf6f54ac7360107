"""Rows of the life of item versions: their state under lock, the log of moves, comments, and who saw them."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from cbt.kernel.db import for_update
from cbt.kernel.ids import new_id
from cbt.kernel.runtime import Transaction
from cbt.people.core.actors import Actor
from itembank.core.records import BankId, ItemStatus, NoSuchItem
from itembank.core.review import VersionFacts
from itembank.core.review_log import Comment, Moved, Seen, SeenHow, Step
from itembank.store.visible import newest_version, published_loads
from itembank.tables import AreaRow, CommentRow, ItemRow, ItemVersionRow, ReviewRow, SeenRow

_HOUR: Final = timedelta(hours=1)
MOST_SEEN: Final = 100


def lock_item(tx: Transaction, bank_id: BankId, code: str) -> UUID:
    """Lock an item, so that the states of its versions stay, and return its id; raises NoSuchItem."""
    statement = for_update(select(ItemRow).where(ItemRow.bank_id == bank_id, ItemRow.code == code))
    found: ItemRow | None = tx.session.scalar(statement)
    if found is None:
        raise NoSuchItem(bank=bank_id, item=code)
    return found.id


def facts(tx: Transaction, item_id: UUID) -> dict[int, tuple[UUID, VersionFacts]]:
    """Return id and facts of all visible versions of an item by number."""
    version = ItemVersionRow
    statement = (
        select(version.number, version.id, version.status, version.author_id, version.approved_at)
        .where(version.item_id == item_id, version.load_id.in_(published_loads()))
        .order_by(version.number.desc())
    )
    found: dict[int, tuple[UUID, VersionFacts]] = {}
    superseded = False
    for number, version_id, status, author_id, approved_at in tx.session.execute(statement):
        known = VersionFacts(status=ItemStatus(status), author_id=author_id, newest=not found, superseded=superseded)
        found[number] = (version_id, known)
        superseded = superseded or approved_at is not None
    return found


def area_of(tx: Transaction, item_id: UUID) -> str:
    """Return the code of the area that the newest visible version of an item lies in, or nothing."""
    version = newest_version()
    statement = select(AreaRow.code).join(version, version.area_id == AreaRow.id).where(version.item_id == item_id)
    return tx.session.scalar(statement) or ""


def move(tx: Transaction, now: datetime, version_id: UUID, moved: Moved) -> None:
    """Write a move: the version's new state, and a row of the log."""
    values: dict[str, Any] = {"status": moved.after.value}
    if moved.after is ItemStatus.APPROVED:
        values["approved_at"] = now
    tx.session.execute(update(ItemVersionRow).where(ItemVersionRow.id == version_id).values(**values))
    row = {
        "id": new_id(now),
        "item_version_id": version_id,
        "from_status": moved.before.value,
        "to_status": moved.after.value,
        "by_id": moved.by.id,
        "by_name": moved.by.name,
        "at": now,
        "words": moved.words,
    }
    tx.session.execute(insert(ReviewRow), [row])


def add_comment(tx: Transaction, now: datetime, version_id: UUID, by: Actor, words: str) -> None:
    """Write a comment; it stays."""
    row = {
        "id": new_id(now),
        "item_version_id": version_id,
        "by_id": by.id,
        "by_name": by.name,
        "at": now,
        "words": words,
    }
    tx.session.execute(insert(CommentRow), [row])


def moves(tx: Transaction, item_id: UUID) -> tuple[Step, ...]:
    """Return the moves of all versions of an item, the oldest first."""
    statement = (
        select(ItemVersionRow.number, ReviewRow)
        .join(ReviewRow, ReviewRow.item_version_id == ItemVersionRow.id)
        .where(ItemVersionRow.item_id == item_id)
        .order_by(ReviewRow.at, ReviewRow.id)
    )
    return tuple(
        Step(
            number=number,
            before=ItemStatus(row.from_status),
            after=ItemStatus(row.to_status),
            by_name=row.by_name,
            at=row.at,
            words=row.words,
        )
        for number, row in tx.session.execute(statement)
    )


def comments(tx: Transaction, item_id: UUID) -> tuple[Comment, ...]:
    """Return the comments on all versions of an item, the oldest first."""
    statement = (
        select(ItemVersionRow.number, CommentRow)
        .join(CommentRow, CommentRow.item_version_id == ItemVersionRow.id)
        .where(ItemVersionRow.item_id == item_id)
        .order_by(CommentRow.at, CommentRow.id)
    )
    return tuple(
        Comment(number=number, by_name=row.by_name, at=row.at, words=row.words)
        for number, row in tx.session.execute(statement)
    )


def see(tx: Transaction, now: datetime, version_id: UUID, by: Actor, how: SeenHow) -> None:
    """Write that somebody saw a version, unless this hour has it already."""
    row = {
        "item_version_id": version_id,
        "staff_id": by.id,
        "hour": hour_of(now),
        "staff_name": by.name,
        "how": how.value,
        "at": now,
    }
    postgres = tx.session.get_bind().dialect.name == "postgresql"
    statement = postgres_insert(SeenRow) if postgres else sqlite_insert(SeenRow)
    tx.session.execute(statement.values(**row).on_conflict_do_nothing())


def was_seen(tx: Transaction, now: datetime, version_id: UUID, staff_id: UUID) -> bool:
    """Return whether this hour has the row already."""
    return tx.session.get(SeenRow, (version_id, staff_id, hour_of(now))) is not None


def readers(tx: Transaction, item_id: UUID) -> tuple[Seen, ...]:
    """Return who saw any version of an item, the newest first, at most MOST_SEEN of them."""
    statement = (
        select(ItemVersionRow.number, SeenRow)
        .join(SeenRow, SeenRow.item_version_id == ItemVersionRow.id)
        .where(ItemVersionRow.item_id == item_id)
        .order_by(SeenRow.at.desc(), SeenRow.staff_name)
        .limit(MOST_SEEN)
    )
    return tuple(
        Seen(number=number, by_name=row.staff_name, at=row.at, how=SeenHow(row.how))
        for number, row in tx.session.execute(statement)
    )


def hour_of(at: datetime) -> int:
    """Return the hour counted from 1970 that `at` lies in."""
    return int(at.timestamp() // _HOUR.total_seconds())
