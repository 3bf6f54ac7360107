"""Rows of pictures."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table, select
from sqlalchemy.dialects import postgresql, sqlite

from cbt.kernel.runtime import Transaction
from itembank.core.records import NoSuchAsset, StoredAsset
from itembank.tables import AssetRow, VersionAssetRow


def add(tx: Transaction, now: datetime, assets: Iterable[StoredAsset]) -> None:
    """Write pictures that are not there yet; the same picture from another load at the same moment is no conflict."""
    values = [
        {
            "sha256": bytes.fromhex(asset.sha256),
            "media_type": asset.media_type,
            "payload": asset.payload,
            "created_at": now,
        }
        for asset in assets
    ]
    if values:
        tx.session.execute(_insert_new(tx), values)


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


def shown_by(tx: Transaction, version_ids: Iterable[UUID]) -> frozenset[str]:
    """Return the digests in hex of the pictures that candidates see of these item versions."""
    statement = select(VersionAssetRow.sha256).where(
        VersionAssetRow.item_version_id.in_(tuple(version_ids)), VersionAssetRow.in_body
    )
    return frozenset(digest.hex() for digest in tx.session.scalars(statement))


def _insert_new(tx: Transaction) -> Any:
    dialect = postgresql if tx.session.get_bind().dialect.name == "postgresql" else sqlite
    table = AssetRow.__table__
    assert isinstance(table, Table)  # noqa: S101 - for the type checker; declarative says FromClause
    return dialect.insert(table).on_conflict_do_nothing(index_elements=["sha256"])
