"""Rows of files: pieces in bundles, added one by one, dropped some at a time."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert, select, update

from cbt.jobs.core.jobs import ENDED
from cbt.jobs.tables import BundleRow, JobRow, PieceRow
from cbt.kernel.db import for_update
from cbt.kernel.runtime import Transaction

_ENDED = tuple(state.value for state in ENDED)


def add_bundle(tx: Transaction, bundle_id: UUID, drop_at: datetime) -> None:
    """Begin a bundle."""
    tx.session.execute(insert(BundleRow), [{"id": bundle_id, "drop_at": drop_at}])


def add_piece(tx: Transaction, bundle_id: UUID, name: str, number: int, payload: bytes) -> None:
    """Add the next piece of a file."""
    values = {"bundle_id": bundle_id, "name": name, "number": number, "payload": payload}
    tx.session.execute(insert(PieceRow), [values])


def clear_some(tx: Transaction, bundle_id: UUID, name: str, limit: int) -> bool:
    """Delete the last few pieces of a file; tell whether there were any."""
    of_file = (PieceRow.bundle_id == bundle_id, PieceRow.name == name)
    last = tx.session.scalar(select(PieceRow.number).where(*of_file).order_by(PieceRow.number.desc()).limit(1))
    if last is None:
        return False
    tx.session.execute(delete(PieceRow).where(*of_file, PieceRow.number > last - limit))
    return True


def find_piece(tx: Transaction, bundle_id: UUID, name: str, number: int) -> bytes | None:
    """Return a piece of a file, or None behind its end."""
    return tx.session.scalar(
        select(PieceRow.payload).where(
            PieceRow.bundle_id == bundle_id, PieceRow.name == name, PieceRow.number == number
        )
    )


def drop_at(tx: Transaction, bundle_id: UUID, instant: datetime) -> None:
    """Say when a bundle may go, once no job that has not ended needs it."""
    tx.session.execute(update(BundleRow).where(BundleRow.id == bundle_id).values(drop_at=instant))


def pieces(tx: Transaction, bundle_id: UUID, name: str) -> Iterator[bytes]:
    """Yield the pieces of a file in their order."""
    statement = select(PieceRow.payload).where(PieceRow.bundle_id == bundle_id, PieceRow.name == name)
    yield from tx.session.scalars(statement.order_by(PieceRow.number))


def names(tx: Transaction, bundle_id: UUID) -> tuple[str, ...]:
    """Return the names of the files in a bundle."""
    statement = select(PieceRow.name).where(PieceRow.bundle_id == bundle_id, PieceRow.number == 0)
    return tuple(tx.session.scalars(statement.order_by(PieceRow.name)))


def find_unwanted(tx: Transaction, now: datetime) -> UUID | None:
    """Return a bundle that nobody needs any more, or None."""
    live = select(JobRow.id).where(JobRow.bundle_id == BundleRow.id, JobRow.state.not_in(_ENDED))
    unwanted = select(BundleRow.id).where(BundleRow.drop_at <= now, ~live.exists()).limit(1)
    return tx.session.scalar(unwanted)


def is_unwanted(tx: Transaction, bundle_id: UUID, now: datetime) -> bool:
    """Tell whether nobody needs a bundle any more, and lock it: nobody can take it over from here on."""
    row = tx.session.scalar(for_update(select(BundleRow).where(BundleRow.id == bundle_id)))
    live = select(JobRow.id).where(JobRow.bundle_id == bundle_id, JobRow.state.not_in(_ENDED))
    return row is not None and row.drop_at <= now and tx.session.scalar(live.limit(1)) is None


def drop_some(tx: Transaction, bundle_id: UUID, limit: int) -> bool:
    """Delete a few pieces of a bundle, or the bundle itself once it is empty; tell whether it is gone."""
    tx.session.execute(update(JobRow).where(JobRow.bundle_id == bundle_id).values(bundle_id=None))
    statement = select(PieceRow.name, PieceRow.number).where(PieceRow.bundle_id == bundle_id).limit(limit)
    found = tuple(tx.session.execute(statement))
    if not found:
        tx.session.execute(delete(BundleRow).where(BundleRow.id == bundle_id))
        return True
    for name, number in found:
        one = (PieceRow.bundle_id == bundle_id, PieceRow.name == name, PieceRow.number == number)
        tx.session.execute(delete(PieceRow).where(*one))
    return False
