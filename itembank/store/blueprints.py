"""Rows of blueprints and their versions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, insert, select

from cbt.kernel.canonical import decode, encode
from cbt.kernel.db import for_update
from cbt.kernel.ids import new_id
from cbt.kernel.runtime import Transaction
from itembank.core.blueprint import Blueprint, blueprint_document, blueprint_from
from itembank.core.records import BankId, NoSuchBlueprint, StoredBlueprint
from itembank.store.banks import bank
from itembank.tables import BankRow, BlueprintRow, BlueprintVersionRow

_Joined = Select[BlueprintVersionRow, BankRow]


def lock_or_add(tx: Transaction, now: datetime, bank_id: BankId, code: str) -> tuple[UUID, BankId]:
    """Return id and bank of the blueprint under this code, its row locked; a new one is written."""
    row = tx.session.scalar(for_update(select(BlueprintRow).where(BlueprintRow.code == code)))
    if row is not None:
        return row.id, BankId(row.bank_id)
    blueprint_id = new_id(now)
    values = {"id": blueprint_id, "bank_id": bank_id, "code": code, "created_at": now}
    tx.session.execute(insert(BlueprintRow), [values])
    return blueprint_id, bank_id


def add_version(tx: Transaction, now: datetime, blueprint_id: UUID, blueprint: Blueprint) -> UUID:
    """Write the next version of a blueprint."""
    highest = tx.session.scalar(
        select(func.max(BlueprintVersionRow.number)).where(BlueprintVersionRow.blueprint_id == blueprint_id)
    )
    version_id = new_id(now)
    values = {
        "id": version_id,
        "blueprint_id": blueprint_id,
        "number": (highest or 0) + 1,
        "content": encode(blueprint_document(blueprint)),
        "digest": blueprint.digest(),
        "created_at": now,
    }
    tx.session.execute(insert(BlueprintVersionRow), [values])
    return version_id


def find_newest(tx: Transaction, code: str) -> StoredBlueprint | None:
    """Return the newest version of the blueprint under this code, or None."""
    statement = _joined().where(BlueprintRow.code == code).order_by(BlueprintVersionRow.number.desc()).limit(1)
    found = tx.session.execute(statement).first()
    return None if found is None else _stored(*found)


def get_newest(tx: Transaction, code: str) -> StoredBlueprint:
    """Return the newest version of the blueprint under this code; raises NoSuchBlueprint."""
    found = find_newest(tx, code)
    if found is None:
        raise NoSuchBlueprint(blueprint=code)
    return found


def get_version(tx: Transaction, version_id: UUID) -> StoredBlueprint:
    """Return one version by its id; raises NoSuchBlueprint."""
    found = tx.session.execute(_joined().where(BlueprintVersionRow.id == version_id)).first()
    if found is None:
        raise NoSuchBlueprint(blueprint_version=version_id)
    return _stored(*found)


def list_newest(tx: Transaction, bank_id: BankId | None) -> tuple[StoredBlueprint, ...]:
    """Return the newest version of each blueprint (of one bank, when asked), by code."""
    newest = (
        select(BlueprintVersionRow.blueprint_id, func.max(BlueprintVersionRow.number).label("number"))
        .group_by(BlueprintVersionRow.blueprint_id)
        .subquery()
    )
    statement = _joined().join(
        newest,
        (newest.c.blueprint_id == BlueprintVersionRow.blueprint_id) & (newest.c.number == BlueprintVersionRow.number),
    )
    if bank_id is not None:
        statement = statement.where(BlueprintRow.bank_id == bank_id)
    return tuple(_stored(*row) for row in tx.session.execute(statement.order_by(BlueprintRow.code)))


def list_versions(tx: Transaction, code: str) -> tuple[StoredBlueprint, ...]:
    """Return all versions of one blueprint, the newest first."""
    statement = _joined().where(BlueprintRow.code == code).order_by(BlueprintVersionRow.number.desc())
    return tuple(_stored(*row) for row in tx.session.execute(statement))


def _joined() -> _Joined:
    return (
        select(BlueprintVersionRow, BankRow)
        .join(BlueprintRow, BlueprintRow.id == BlueprintVersionRow.blueprint_id)
        .join(BankRow, BankRow.id == BlueprintRow.bank_id)
    )


def _stored(row: BlueprintVersionRow, bank_row: BankRow) -> StoredBlueprint:
    return StoredBlueprint(
        version_id=row.id,
        bank=bank(bank_row),
        number=row.number,
        blueprint=blueprint_from(decode(row.content)),
        digest=row.digest,
        created_at=row.created_at,
    )
