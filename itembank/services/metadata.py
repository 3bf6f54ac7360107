"""What is known of items beside their content: metadata, enemy sets, the bank's own fields.

It belongs to the item and not to a version: changing it makes no new version. The audit trail keeps what it was.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cbt.kernel.runtime import Runtime, Transaction
from cbt.people.core.actors import Actor
from cbt.people.core.inputs import InputRefused, refuse
from cbt.people.services.audit import audit_in
from itembank.core.bank_fields import BankField, FieldInUse, FieldKind, label_problem, read_field, read_metadata
from itembank.core.bulk import AddEnemy, MetadataAct, RemoveEnemy, changed
from itembank.core.documents import metadata_document
from itembank.core.metadata import ItemMetadata
from itembank.core.records import Bank, BankId, NoSuchBank
from itembank.store import bank_fields as field_store
from itembank.store import banks as bank_store
from itembank.store import items as item_store
from itembank.store import metadata as store
from itembank.store import reviews as review_store


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of an item: metadata, the bank's own fields, the forms it stands on."""

    metadata: ItemMetadata
    fields: tuple[BankField, ...]
    forms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EnemySet:
    """A set of items that never meet on one form: code and title of each."""

    label: str
    items: tuple[tuple[str, str], ...]


def known_of(rt: Runtime, bank_code: str, item_code: str) -> Known:
    """Return what is known of an item; raises NoSuchBank, NoSuchItem."""
    with rt.reading() as tx:
        bank = bank_store.get(tx, bank_code)
        item_id = item_store.get_line(tx, bank.id, item_code).item_id
        return Known(
            metadata=store.find(tx, item_id),
            fields=field_store.list_fields(tx, bank.id),
            forms=store.exposure_of(tx, [item_id]).get(item_id, 0),
        )


def save_metadata(rt: Runtime, bank_code: str, item_code: str, raw: Mapping[str, str], by: Actor) -> bool:
    """Keep what was typed of an item (see `read_metadata`), and return whether it differs from what was there.

    Raises NoSuchBank, NoSuchItem, InputRefused.
    """
    now = rt.clock.now()
    with rt.transaction() as tx:
        bank = bank_store.get(tx, bank_code)
        item_id = review_store.lock_item(tx, bank.id, item_code)
        before = store.find(tx, item_id)
        after = read_metadata(raw, field_store.list_fields(tx, bank.id), before)
        return put_in(tx, now, item_code, (item_id, before, after), by)


def change_in(tx: Transaction, now: datetime, bank_id: BankId, item_code: str, act: MetadataAct, *, by: Actor) -> bool:
    """Carry out one change, and return whether it made a difference; raises NoSuchItem."""
    item_id = review_store.lock_item(tx, bank_id, item_code)
    before = store.find(tx, item_id)
    return put_in(tx, now, item_code, (item_id, before, changed(before, act)), by)


def put_in(
    tx: Transaction, now: datetime, item_code: str, change: tuple[UUID, ItemMetadata, ItemMetadata], by: Actor
) -> bool:
    """Keep metadata after `change` (item, before, after) with an audit row, unless nothing differs."""
    item_id, before, after = change
    if before == after:
        return False
    store.put(tx, now, {item_id: after})
    old, new = metadata_document(before), metadata_document(after)
    differing = sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
    details = {
        "before": {name: old.get(name) for name in differing},
        "after": {name: new.get(name) for name in differing},
    }
    audit_in(tx, now, by=by, act="itembank.metadata-changed", subject=item_code, details=details)
    return True


def list_enemy_sets(rt: Runtime, bank_code: str) -> tuple[Bank, tuple[EnemySet, ...]]:
    """Return a bank with its enemy sets by label; raises NoSuchBank."""
    with rt.reading() as tx:
        bank = bank_store.get(tx, bank_code)
        sets: dict[str, list[tuple[str, str]]] = {}
        for label, code, title in store.enemies_of_bank(tx, bank.id):
            sets.setdefault(label, []).append((code, title))
        return bank, tuple(EnemySet(label=label, items=tuple(items)) for label, items in sets.items())


def change_enemies(rt: Runtime, bank_code: str, act: AddEnemy | RemoveEnemy, codes: tuple[str, ...], by: Actor) -> int:
    """Put items into a set or take them out, and return how many changed; raises NoSuchItem, InputRefused."""
    if isinstance(act, AddEnemy) and (problem := label_problem(act.label)) is not None:
        raise InputRefused((problem,))
    now = rt.clock.now()
    with rt.transaction() as tx:
        bank = bank_store.get(tx, bank_code)
        return sum(change_in(tx, now, bank.id, code, act, by=by) for code in sorted(set(codes)))


def list_fields(rt: Runtime, bank_code: str) -> tuple[Bank, tuple[BankField, ...]]:
    """Return a bank with its own fields; raises NoSuchBank."""
    with rt.reading() as tx:
        bank = bank_store.get(tx, bank_code)
        return bank, field_store.list_fields(tx, bank.id)


def save_field(rt: Runtime, bank_code: str, raw: Mapping[str, str], by: Actor) -> BankField:
    """Add a field, or change the one under the code; raises NoSuchBank, InputRefused.

    The kind of a field that is there stays, and so do its choices that items have.
    """
    field = read_field(raw)
    now = rt.clock.now()
    with rt.transaction() as tx:
        bank = bank_store.get(tx, bank_code)
        there = next((one for one in field_store.list_fields(tx, bank.id) if one.code == field.code), None)
        if there is None:
            field_store.add(tx, now, bank.id, field)
        else:
            _check_change(there, field, _values(tx, bank.id, field.code))
            field_store.change(tx, bank.id, field)
        details = {"field": field.code, "kind": field.kind, "title": field.title.to_document()}
        details["choices"] = list(field.choices)
        audit_in(tx, now, by=by, act="itembank.field-saved", subject=bank.code, details=details)
    return field


def drop_field(rt: Runtime, bank_code: str, code: str, by: Actor) -> None:
    """Delete a field that no item has a value in; raises NoSuchBank, FieldInUse."""
    now = rt.clock.now()
    with rt.transaction() as tx:
        bank = bank_store.get(tx, bank_code)
        if code not in {one.code for one in field_store.list_fields(tx, bank.id)}:
            raise NoSuchBank(bank=bank_code, field=code)
        if _values(tx, bank.id, code):
            raise FieldInUse(field=code)
        field_store.drop(tx, bank.id, code)
        audit_in(tx, now, by=by, act="itembank.field-dropped", subject=bank.code, details={"field": code})


def _check_change(there: BankField, field: BankField, values: frozenset[str]) -> None:
    if there.kind is not field.kind:
        raise refuse("kind", "bad-choice")
    if field.kind is FieldKind.CHOICE and not values <= set(field.choices):
        raise FieldInUse(field=field.code)


def _values(tx: Transaction, bank_id: BankId, code: str) -> frozenset[str]:
    found = (metadata.fields.get(code, "") for metadata in store.of_bank(tx, bank_id).values())
    return frozenset(value for value in found if value)
