"""Rows of keys, apart from all else: only grading and the bank's own pages come here."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from sqlalchemy import select

from cbt.kernel.canonical import decode
from cbt.kernel.runtime import Transaction
from itembank.core.documents import key_from
from itembank.core.keys import ItemKey
from itembank.store.visible import newest_key
from itembank.tables import KeyVersionRow

_CHUNK: Final = 500


def keys(tx: Transaction, key_version_ids: Iterable[UUID]) -> dict[UUID, ItemKey]:
    """Return the keys under these ids of key versions; an unknown id is left out."""
    wanted = sorted(set(key_version_ids))
    found: dict[UUID, ItemKey] = {}
    for start in range(0, len(wanted), _CHUNK):
        statement = select(KeyVersionRow.id, KeyVersionRow.content).where(
            KeyVersionRow.id.in_(wanted[start : start + _CHUNK])
        )
        found |= {key_id: key_from(decode(content)) for key_id, content in tx.session.execute(statement)}
    return found


def newest(tx: Transaction, item_version_id: UUID) -> tuple[int, ItemKey] | None:
    """Return number and key of the newest key version of an item version, or None."""
    key = newest_key()
    row = tx.session.execute(select(key.number, key.content).where(key.item_version_id == item_version_id)).first()
    return None if row is None else (row[0], key_from(decode(row[1])))
