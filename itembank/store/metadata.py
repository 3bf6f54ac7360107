"""Rows of what is known of items beside their content: metadata, enemy sets, exposure."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, func, insert, select

from cbt.kernel.canonical import decode, encode
from cbt.kernel.runtime import Transaction
from itembank.core.documents import metadata_document, metadata_from
from itembank.core.metadata import ItemMetadata
from itembank.core.records import BankId
from itembank.store.visible import newest_version
from itembank.tables import (
    BlueprintRow,
    BlueprintVersionRow,
    EnemyRow,
    FormItemRow,
    FormRow,
    ItemRow,
    ItemVersionRow,
    MetadataRow,
)

_CHUNK: Final = 500
_QUANTUM: Final = Decimal("0.001")


def find(tx: Transaction, item_id: UUID) -> ItemMetadata:
    """Return the metadata of an item; empty when nothing is known."""
    row = tx.session.get(MetadataRow, item_id, populate_existing=True)
    return ItemMetadata() if row is None else metadata_from(decode(row.content))


def of_bank(tx: Transaction, bank_id: BankId) -> dict[UUID, ItemMetadata]:
    """Return the metadata of the items of a bank by item; items of which nothing is known are left out."""
    statement = (
        select(MetadataRow.item_id, MetadataRow.content)
        .join(ItemRow, ItemRow.id == MetadataRow.item_id)
        .where(ItemRow.bank_id == bank_id)
    )
    return {item_id: metadata_from(decode(content)) for item_id, content in tx.session.execute(statement)}


def of_items(tx: Transaction, item_ids: Iterable[UUID]) -> dict[UUID, ItemMetadata]:
    """Return the metadata of these items; items of which nothing is known are left out."""
    wanted = sorted(set(item_ids))
    found: dict[UUID, ItemMetadata] = {}
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        statement = select(MetadataRow.item_id, MetadataRow.content).where(MetadataRow.item_id.in_(chunk))
        found |= {item_id: metadata_from(decode(content)) for item_id, content in tx.session.execute(statement)}
    return found


def put(tx: Transaction, now: datetime, metadata: Mapping[UUID, ItemMetadata]) -> None:
    """Replace the metadata of items."""
    ids = sorted(metadata)
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        tx.session.execute(delete(MetadataRow).where(MetadataRow.item_id.in_(chunk)))
        tx.session.execute(delete(EnemyRow).where(EnemyRow.item_id.in_(chunk)))
        tx.session.execute(insert(MetadataRow), [_row(now, one, metadata[one]) for one in chunk])
        enemies = [{"item_id": one, "label": label} for one in chunk for label in sorted(metadata[one].enemies)]
        if enemies:
            tx.session.execute(insert(EnemyRow), enemies)


def drop(tx: Transaction, item_ids: Iterable[UUID]) -> None:
    """Delete the metadata of items that are being deleted themselves."""
    ids = list(item_ids)
    tx.session.execute(delete(MetadataRow).where(MetadataRow.item_id.in_(ids)))
    tx.session.execute(delete(EnemyRow).where(EnemyRow.item_id.in_(ids)))


def known_p(metadata: ItemMetadata) -> float | None:
    """Return the share that is right: observed, else the author's estimate."""
    return metadata.p_estimate if metadata.p_observed is None else metadata.p_observed


def exposure(tx: Transaction, bank_id: BankId) -> dict[UUID, int]:
    """Return on how many frozen forms each item of a bank stands; items on none are left out."""
    counted = (
        select(FormItemRow.item_version_id, func.count().label("forms"))
        .group_by(FormItemRow.item_version_id)
        .subquery()
    )
    statement = (
        select(ItemVersionRow.item_id, func.sum(counted.c.forms))
        .join(counted, counted.c.item_version_id == ItemVersionRow.id)
        .join(ItemRow, ItemRow.id == ItemVersionRow.item_id)
        .where(ItemRow.bank_id == bank_id)
        .group_by(ItemVersionRow.item_id)
    )
    return {item_id: int(forms) for item_id, forms in tx.session.execute(statement)}


def exposure_of(tx: Transaction, item_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Return on how many frozen forms these items stand; items on none are left out."""
    statement = (
        select(ItemVersionRow.item_id, func.count())
        .join(FormItemRow, FormItemRow.item_version_id == ItemVersionRow.id)
        .where(ItemVersionRow.item_id.in_(list(item_ids)))
        .group_by(ItemVersionRow.item_id)
    )
    return {item_id: forms for item_id, forms in tx.session.execute(statement)}  # noqa: C416 - rows are no pairs


def forms_of_bank(tx: Transaction, bank_id: BankId) -> int:
    """Return how many forms were frozen from a bank."""
    statement = (
        select(func.count())
        .select_from(FormRow)
        .join(BlueprintVersionRow, BlueprintVersionRow.id == FormRow.blueprint_version_id)
        .join(BlueprintRow, BlueprintRow.id == BlueprintVersionRow.blueprint_id)
        .where(BlueprintRow.bank_id == bank_id)
    )
    return tx.session.scalar(statement) or 0


def enemies_of_bank(tx: Transaction, bank_id: BankId) -> tuple[tuple[str, str, str], ...]:
    """Return label, item code and title for each item in an enemy set of a bank, by label and code."""
    version = newest_version()
    statement = (
        select(EnemyRow.label, ItemRow.code, version.title)
        .join(ItemRow, ItemRow.id == EnemyRow.item_id)
        .join(version, version.item_id == ItemRow.id)
        .where(ItemRow.bank_id == bank_id)
        .order_by(EnemyRow.label, ItemRow.code)
    )
    return tuple((label, code, title) for label, code, title in tx.session.execute(statement))


def _row(now: datetime, item_id: UUID, metadata: ItemMetadata) -> dict[str, Any]:
    p = known_p(metadata)
    return {
        "item_id": item_id,
        "level": metadata.level,
        "stimulus": metadata.stimulus,
        "p": None if p is None else Decimal(str(p)).quantize(_QUANTUM),
        "content": encode(metadata_document(metadata)),
        "changed_at": now,
    }
