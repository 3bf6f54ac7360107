"""Rows of bands: which items of a bank may read like a text. The words decide in the end, not the bands."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import delete, insert, select

from cbt.kernel.runtime import Transaction
from itembank.core.records import BankId
from itembank.core.similarity import bands, shingles
from itembank.store.visible import newest_version
from itembank.tables import BandRow, ItemRow, ItemVersionRow

_CHUNK: Final = 400


def reading(words: str) -> str:
    """Return what a version reads like: its words for the search without the item's code before them."""
    return words.partition(" ")[2]


def add(tx: Transaction, words: Mapping[UUID, str]) -> None:
    """Write the bands of new versions."""
    rows = [
        {"item_version_id": version_id, "number": number}
        for version_id, text in words.items()
        for number in bands(shingles(reading(text)))
    ]
    if rows:
        tx.session.execute(insert(BandRow), rows)


def drop(tx: Transaction, load_id: UUID) -> None:
    """Delete the bands of the versions of a load that is being swept away."""
    versions = select(ItemVersionRow.id).where(ItemVersionRow.load_id == load_id)
    tx.session.execute(delete(BandRow).where(BandRow.item_version_id.in_(versions)))


def candidates(tx: Transaction, bank_id: BankId, numbers: Iterable[int]) -> dict[str, str]:
    """Return what the items of a bank read like whose newest version has one of these bands, by item code."""
    wanted: Sequence[int] = sorted(set(numbers))
    found: dict[str, str] = {}
    version = newest_version()
    for start in range(0, len(wanted), _CHUNK):
        sharing = select(BandRow.item_version_id).where(BandRow.number.in_(wanted[start : start + _CHUNK]))
        statement = (
            select(ItemRow.code, version.words)
            .join(version, version.item_id == ItemRow.id)
            .where(ItemRow.bank_id == bank_id, version.id.in_(sharing))
        )
        found |= {code: reading(words) for code, words in tx.session.execute(statement)}
    return found


def all_words(tx: Transaction, bank_id: BankId) -> dict[str, str]:
    """Return what the newest versions of all items of a bank read like, by item code."""
    version = newest_version()
    statement = select(ItemRow.code, version.words).join(version, version.item_id == ItemRow.id)
    rows = tx.session.execute(statement.where(ItemRow.bank_id == bank_id))
    return {code: reading(words) for code, words in rows}
