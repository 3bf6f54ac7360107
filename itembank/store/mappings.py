"""Rows of remembered mappings of columns."""

from datetime import datetime

from sqlalchemy import select, update

from cbt.kernel.canonical import decode, encode
from cbt.kernel.ids import new_id
from cbt.kernel.runtime import Transaction
from itembank.core.mapping import KnownMapping, mapping_document, mapping_from
from itembank.core.records import BankId
from itembank.tables import ColumnMappingRow


def list_mappings(tx: Transaction, bank_id: BankId) -> tuple[KnownMapping, ...]:
    """Return the mappings of a bank, the newest first."""
    statement = (
        select(ColumnMappingRow)
        .where(ColumnMappingRow.bank_id == bank_id)
        .order_by(ColumnMappingRow.changed_at.desc(), ColumnMappingRow.name)
    )
    return tuple(
        KnownMapping(name=row.name, headers=row.headers, mapping=mapping_from(decode(row.content)))
        for row in tx.session.scalars(statement)
    )


def save(tx: Transaction, now: datetime, bank_id: BankId, known: KnownMapping) -> None:
    """Write a mapping, in the place of the one with its name."""
    values = {"headers": known.headers, "content": encode(mapping_document(known.mapping)), "changed_at": now}
    own = (ColumnMappingRow.bank_id == bank_id, ColumnMappingRow.name == known.name)
    there = tx.session.scalar(select(ColumnMappingRow.id).where(*own))
    if there is not None:
        tx.session.execute(update(ColumnMappingRow).where(ColumnMappingRow.id == there).values(**values))
        return
    tx.session.add(ColumnMappingRow(id=new_id(now), bank_id=bank_id, name=known.name, **values))
