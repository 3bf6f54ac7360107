"""Rows of the fields of metadata that a bank has of its own."""

from datetime import datetime

from sqlalchemy import delete, func, insert, select, update

from cbt.kernel.canonical import decode, encode
from cbt.kernel.ids import new_id
from cbt.kernel.runtime import Transaction
from cbt.kernel.titles import Title
from cbt.people.store.unique import unique
from itembank.core.bank_fields import BankField, FieldKind
from itembank.core.records import BankId
from itembank.tables import FieldRow


def list_fields(tx: Transaction, bank_id: BankId) -> tuple[BankField, ...]:
    """Return the fields of a bank in their order."""
    statement = select(FieldRow).where(FieldRow.bank_id == bank_id).order_by(FieldRow.position, FieldRow.code)
    return tuple(
        BankField(
            id=row.id,
            code=row.code,
            title=Title(ko=row.title_ko, en=row.title_en),
            kind=FieldKind(row.kind),
            choices=tuple(decode(row.choices)),
        )
        for row in tx.session.scalars(statement)
    )


def add(tx: Transaction, now: datetime, bank_id: BankId, field: BankField) -> None:
    """Write a new field, the last of its bank; raises TakenMeanwhile when its code is there already."""
    last = tx.session.scalar(select(func.max(FieldRow.position)).where(FieldRow.bank_id == bank_id))
    place = {"id": new_id(now), "bank_id": bank_id, "code": field.code, "position": (last or 0) + 1}
    with unique():
        tx.session.execute(insert(FieldRow), [place | _values(field)])


def change(tx: Transaction, bank_id: BankId, field: BankField) -> None:
    """Replace title, kind and choices of the field under its code."""
    own = (FieldRow.bank_id == bank_id, FieldRow.code == field.code)
    tx.session.execute(update(FieldRow).where(*own).values(**_values(field)))


def drop(tx: Transaction, bank_id: BankId, code: str) -> None:
    """Delete a field."""
    tx.session.execute(delete(FieldRow).where(FieldRow.bank_id == bank_id, FieldRow.code == code))


def _values(field: BankField) -> dict[str, object]:
    return {
        "title_ko": field.title.ko,
        "title_en": field.title.en,
        "kind": field.kind.value,
        "choices": encode(list(field.choices)),
    }
