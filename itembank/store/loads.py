"""Rows of loads: written hidden in chunks, published by one row, swept away when they died."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update

from cbt.kernel.db import for_update
from cbt.kernel.ids import new_id
from cbt.kernel.runtime import Transaction
from cbt.people.core.actors import Actor
from itembank.core.marks import marks_of
from itembank.core.metadata import ItemMetadata
from itembank.core.qti.scoring import ScoredBy
from itembank.core.records import (
    AreaId,
    BankId,
    ChangeKind,
    ItemEntry,
    ItemId,
    ItemStatus,
    KnownItem,
    LoadRunning,
    content_bytes,
)
from itembank.store import assets as asset_store
from itembank.store import duplicates as duplicate_store
from itembank.store import metadata as metadata_store
from itembank.store.visible import newest_key, newest_version
from itembank.tables import AreaRow, BankRow, ItemRow, ItemVersionRow, KeyVersionRow, LoadRow, VersionAssetRow

_CHUNK: Final = 500
# A load touches its row with every chunk; after this silence it is dead.
_DEAD_AFTER: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One item of a load with what the bank holds of it, and what is to be written."""

    kind: ChangeKind
    entry: ItemEntry
    known: KnownItem | None


def begin(tx: Transaction, now: datetime, bank_id: BankId, by: Actor | None = None) -> UUID:
    """Write a new, hidden load and sweep dead ones away; raises LoadRunning while another one lives.

    `by` becomes the author of all versions that the load writes. The bank is locked, so that of two who begin at once,
    or give one number to two new items, the second one sees the first.
    """
    tx.session.execute(for_update(select(BankRow.id).where(BankRow.id == bank_id)))
    waiting = select(LoadRow).where(LoadRow.bank_id == bank_id, LoadRow.published_at.is_(None))
    for row in tuple(tx.session.scalars(waiting)):
        if row.touched_at > now - _DEAD_AFTER:
            raise LoadRunning(bank=bank_id)
        sweep(tx, row.id)
    load_id = new_id(now)
    author = {"by_id": by.id if by else None, "by_name": by.name if by else ""}
    values = {"id": load_id, "bank_id": bank_id, "touched_at": now, "published_at": None, **author}
    tx.session.execute(insert(LoadRow), [values])
    return load_id


def touch(tx: Transaction, load_id: UUID, now: datetime) -> None:
    """Say that the load lives."""
    tx.session.execute(update(LoadRow).where(LoadRow.id == load_id).values(touched_at=now))


def publish(tx: Transaction, load_id: UUID, now: datetime) -> None:
    """Make all rows of the load count."""
    tx.session.execute(update(LoadRow).where(LoadRow.id == load_id).values(published_at=now))


def is_published(tx: Transaction, load_id: UUID) -> bool:
    """Tell whether the rows of the load count."""
    published = select(LoadRow.id).where(LoadRow.id == load_id, LoadRow.published_at.is_not(None))
    return tx.session.scalar(published) is not None


def sweep(tx: Transaction, load_id: UUID) -> None:
    """Delete what an unpublished load wrote."""
    versions = select(ItemVersionRow.id).where(ItemVersionRow.load_id == load_id)
    duplicate_store.drop(tx, load_id)
    tx.session.execute(delete(KeyVersionRow).where(KeyVersionRow.load_id == load_id))
    tx.session.execute(delete(VersionAssetRow).where(VersionAssetRow.item_version_id.in_(versions)))
    items = tuple(tx.session.scalars(select(ItemVersionRow.item_id).where(ItemVersionRow.load_id == load_id)))
    tx.session.execute(delete(ItemVersionRow).where(ItemVersionRow.load_id == load_id))
    for chunk in _chunks(items):
        gone = _without_versions(tx, chunk)
        metadata_store.drop(tx, gone)
        tx.session.execute(delete(ItemRow).where(ItemRow.id.in_(gone)))
    tx.session.execute(update(AreaRow).where(AreaRow.load_id == load_id).values(parent_id=None))
    tx.session.execute(delete(AreaRow).where(AreaRow.load_id == load_id))
    tx.session.execute(delete(LoadRow).where(LoadRow.id == load_id))


def _without_versions(tx: Transaction, item_ids: Sequence[UUID]) -> tuple[UUID, ...]:
    versionless = ~select(ItemVersionRow.id).where(ItemVersionRow.item_id == ItemRow.id).exists()
    return tuple(tx.session.scalars(select(ItemRow.id).where(ItemRow.id.in_(item_ids), versionless)))


def known_items(tx: Transaction, bank_id: BankId, codes: Iterable[str]) -> dict[str, KnownItem]:
    """Return what the bank holds under these codes, hidden rows counted in the highest numbers only."""
    found: dict[str, KnownItem] = {}
    for chunk in _chunks(tuple(codes)):
        highest = (
            select(ItemRow.code, ItemRow.id, func.max(ItemVersionRow.number))
            .outerjoin(ItemVersionRow, ItemVersionRow.item_id == ItemRow.id)
            .where(ItemRow.bank_id == bank_id, ItemRow.code.in_(chunk))
            .group_by(ItemRow.code, ItemRow.id)
        )
        for code, item_id, number in tx.session.execute(highest):
            found[code] = KnownItem(item_id=ItemId(item_id), highest=number or 0)
        for code, known in _visible(tx, bank_id, chunk):
            found[code] = _joined(found[code], known)
    return found


def write_chunk(
    tx: Transaction, now: datetime, load_id: UUID, bank_id: BankId, status: ItemStatus, changes: Sequence[Change]
) -> None:
    """Write the items, versions and keys of some changes, hidden, with their pictures and original files."""
    asset_store.add(tx, now, (picture for change in changes for picture in change.entry.pictures))
    originals = (change.entry.original for change in changes)
    asset_store.add_originals(tx, now, (one for one in originals if one is not None))
    areas = _area_ids(tx, bank_id)
    life, unsure = (_life(tx, now, load_id, one) for one in (status, _unsure(status)))
    items: list[dict[str, Any]] = []
    versions: list[dict[str, Any]] = []
    keys: list[dict[str, Any]] = []
    pictures: list[dict[str, Any]] = []
    metadata: dict[UUID, ItemMetadata] = {}
    for change in changes:
        entry, known = change.entry, change.known
        if known is None:
            known = KnownItem(item_id=ItemId(new_id(now)), highest=0)
            items.append({"id": known.item_id, "bank_id": bank_id, "code": entry.code, "created_at": now})
        version_id, highest_key = known.version_id, known.highest_key
        if entry.metadata is not None:
            metadata[known.item_id] = entry.metadata
        if change.kind is not ChangeKind.REKEYED or version_id is None:
            version = _version(now, load_id, entry, known) | {"area_id": areas[entry.area_code]}
            version |= unsure if entry.unsure else life
            versions.append(version)
            version_id, highest_key = version["id"], 0
            pictures += _pictures(version["id"], entry)
        keys.append(_key(now, load_id, entry, version_id, highest_key))
    for row, values in (
        (ItemRow, items),
        (ItemVersionRow, versions),
        (KeyVersionRow, keys),
        (VersionAssetRow, pictures),
    ):
        if values:
            tx.session.execute(insert(row), values)
    metadata_store.put(tx, now, metadata)
    duplicate_store.add(tx, {version["id"]: version["words"] for version in versions})
    _mark_anew(tx, changes)


def _unsure(status: ItemStatus) -> ItemStatus:
    """Return what an item begins as that was not understood in full: nobody draws it before a person has looked."""
    return ItemStatus.DRAFT if status is ItemStatus.APPROVED else status


def _life(tx: Transaction, now: datetime, load_id: UUID, status: ItemStatus) -> dict[str, Any]:
    author = select(LoadRow.by_id, LoadRow.by_name).where(LoadRow.id == load_id)
    by_id, by_name = tx.session.execute(author).one()
    approved_at = now if status is ItemStatus.APPROVED else None
    return {"status": status.value, "author_id": by_id, "author_name": by_name, "approved_at": approved_at}


def _version(now: datetime, load_id: UUID, entry: ItemEntry, known: KnownItem) -> dict[str, Any]:
    return {
        "id": new_id(now),
        "item_id": known.item_id,
        "load_id": load_id,
        "number": known.highest + 1,
        "title": entry.content.title,
        "words": entry.words,
        "marks": marks_of(entry.content, _scored_by(entry)),
        "language": entry.content.language,
        "difficulty": entry.difficulty,
        "content": entry.content_bytes,
        "digest": entry.content_digest,
        "created_at": now,
    }


def _key(now: datetime, load_id: UUID, entry: ItemEntry, version_id: UUID, highest: int) -> dict[str, Any]:
    return {
        "id": new_id(now),
        "item_version_id": version_id,
        "load_id": load_id,
        "number": highest + 1,
        "content": entry.key_bytes,
        "digest": entry.key_digest,
        "original": None if entry.original is None else entry.original.sha256,
        "original_name": None if entry.original is None else entry.original.name,
        "created_at": now,
    }


def _mark_anew(tx: Transaction, changes: Sequence[Change]) -> None:
    """Mark items anew that got a new key: it may change who scores them."""
    for change in changes:
        if change.kind is ChangeKind.REKEYED and change.known is not None:
            version = ItemVersionRow.id == change.known.version_id
            marks = marks_of(change.entry.content, _scored_by(change.entry))
            tx.session.execute(update(ItemVersionRow).where(version).values(marks=marks))


def _scored_by(entry: ItemEntry) -> ScoredBy:
    # A mark that only the canonical spelling leaves: a quotation mark of the program's own text is escaped in it.
    return ScoredBy.HUMAN if b'"scored_by":"human"' in entry.key_bytes else ScoredBy.RULES


def _pictures(version_id: UUID, entry: ItemEntry) -> list[dict[str, Any]]:
    if not entry.assets:
        return []
    # What only the key shows is no candidate's to see, whatever the reader of the file put beside the content.
    shown = content_bytes(replace(entry.content, assets=()))
    return [
        {
            "item_version_id": version_id,
            "sha256": bytes.fromhex(sha256),
            "name": name,
            "in_body": sha256.encode() in shown,
        }
        for sha256, name in entry.assets.items()
    ]


def _visible(tx: Transaction, bank_id: BankId, codes: Sequence[str]) -> list[tuple[str, KnownItem]]:
    version, key = newest_version(), newest_key()
    statement = (
        select(ItemRow.code, version, AreaRow.code, key.digest)
        .join(version, version.item_id == ItemRow.id)
        .join(AreaRow, AreaRow.id == version.area_id)
        .join(key, key.item_version_id == version.id)
        .where(ItemRow.bank_id == bank_id, ItemRow.code.in_(codes))
    )
    rows = tuple(tx.session.execute(statement))
    highest = _highest_keys(tx, [row.id for _, row, _, _ in rows])
    return [
        (
            code,
            KnownItem(
                item_id=ItemId(row.item_id),
                highest=row.number,
                version_id=row.id,
                content_digest=row.digest,
                area_code=area_code,
                difficulty=row.difficulty,
                highest_key=highest[row.id],
                key_digest=key_digest,
            ),
        )
        for code, row, area_code, key_digest in rows
    ]


def _highest_keys(tx: Transaction, version_ids: Sequence[UUID]) -> dict[UUID, int]:
    statement = (
        select(KeyVersionRow.item_version_id, func.max(KeyVersionRow.number))
        .where(KeyVersionRow.item_version_id.in_(version_ids))
        .group_by(KeyVersionRow.item_version_id)
    )
    return {version_id: number for version_id, number in tx.session.execute(statement)}  # noqa: C416 - rows, not pairs


def _joined(all_rows: KnownItem, visible: KnownItem) -> KnownItem:
    return KnownItem(
        item_id=visible.item_id,
        highest=all_rows.highest,
        version_id=visible.version_id,
        content_digest=visible.content_digest,
        area_code=visible.area_code,
        difficulty=visible.difficulty,
        highest_key=visible.highest_key,
        key_digest=visible.key_digest,
    )


def _area_ids(tx: Transaction, bank_id: BankId) -> Mapping[str, AreaId]:
    rows = tx.session.execute(select(AreaRow.code, AreaRow.id).where(AreaRow.bank_id == bank_id))
    return {code: AreaId(area_id) for code, area_id in rows}


def _chunks(values: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK))
