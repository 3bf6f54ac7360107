"""Rows of pictures, and of files as they were handed over; both are kept once, by what they hold."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from cbt.kernel.db import insert_new
from cbt.kernel.runtime import Transaction
from itembank.core.records import AssetFacts, NoSuchAsset, StoredAsset, StoredOriginal
from itembank.store.visible import newest_key
from itembank.tables import AssetRow, OriginalRow, VersionAssetRow


def add(tx: Transaction, now: datetime, assets: Iterable[StoredAsset]) -> None:
    """Write pictures that are not there yet; the same picture from another load at the same moment is no conflict."""
    found = {asset.sha256: asset for asset in assets}
    values = [
        {"sha256": bytes.fromhex(sha256), "media_type": asset.media_type, "payload": asset.payload, "created_at": now}
        for sha256, asset in found.items()
    ]
    if values:
        tx.session.execute(insert_new(tx.session, AssetRow), values)


def add_originals(tx: Transaction, now: datetime, originals: Iterable[StoredOriginal]) -> None:
    """Write the files that are not there yet."""
    found = {original.sha256: original for original in originals}
    values = [
        {"sha256": sha256, "media_type": original.media_type, "payload": original.payload, "created_at": now}
        for sha256, original in found.items()
    ]
    if values:
        tx.session.execute(insert_new(tx.session, OriginalRow), values)


def original_of(tx: Transaction, item_version_id: UUID) -> StoredOriginal | None:
    """Return the file that the newest key of an item version was read from, or None."""
    key = newest_key()
    statement = (
        select(key.original_name, OriginalRow.media_type, OriginalRow.payload)
        .join(OriginalRow, OriginalRow.sha256 == key.original)
        .where(key.item_version_id == item_version_id)
    )
    row = tx.session.execute(statement).first()
    return None if row is None else StoredOriginal(name=row[0] or "", media_type=row[1], payload=row[2])


def get(tx: Transaction, sha256: str) -> StoredAsset:
    """Return the picture under this digest in hex; raises NoSuchAsset."""
    try:
        digest = bytes.fromhex(sha256)
    except ValueError as error:
        raise NoSuchAsset(sha256=sha256[:64]) from error
    row = tx.session.get(AssetRow, digest)
    if row is None:
        raise NoSuchAsset(sha256=sha256[:64])
    return StoredAsset(sha256=row.sha256.hex(), media_type=row.media_type, payload=row.payload)


def media_types(tx: Transaction, digests: Iterable[str]) -> dict[str, str]:
    """Return the media types of those files that are there, by digest in hex."""
    wanted = [bytes.fromhex(one) for one in digests]
    statement = select(AssetRow.sha256, AssetRow.media_type).where(AssetRow.sha256.in_(wanted))
    return {digest.hex(): media_type for digest, media_type in tx.session.execute(statement)}


def facts_shown_by(tx: Transaction, version_ids: Iterable[UUID]) -> dict[UUID, tuple[AssetFacts, ...]]:
    """Return what is known of the pictures that candidates see, by item version; versions without any are left out."""
    columns = (VersionAssetRow.item_version_id, AssetRow.sha256, AssetRow.media_type, func.length(AssetRow.payload))
    statement = (
        select(*columns)
        .join(AssetRow, AssetRow.sha256 == VersionAssetRow.sha256)
        .where(VersionAssetRow.item_version_id.in_(tuple(version_ids)), VersionAssetRow.in_body)
        .order_by(VersionAssetRow.item_version_id, AssetRow.sha256)
    )
    found: dict[UUID, tuple[AssetFacts, ...]] = {}
    for version_id, digest, media_type, size in tx.session.execute(statement):
        facts = AssetFacts(sha256=digest.hex(), media_type=media_type, size=size)
        found[version_id] = (*found.get(version_id, ()), facts)
    return found
