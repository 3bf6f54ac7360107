"""Rows of the files that candidates handed in."""

from collections.abc import Container
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, insert, select

from cbt.delivery.core.files import FileFacts
from cbt.delivery.tables import FileRow
from cbt.kernel.errors import NotFound
from cbt.kernel.runtime import Transaction


class NoSuchFile(NotFound):
    """The attempt has no such file."""

    code = "no-such-file"


def total_bytes(tx: Transaction, attempt_id: UUID) -> int:
    """Return how many bytes the files of an attempt have together."""
    statement = select(func.coalesce(func.sum(FileRow.size), 0)).where(FileRow.attempt_id == attempt_id)
    return int(tx.session.scalar(statement) or 0)


def add(  # noqa: PLR0913 - one column each, all by name
    tx: Transaction, now: datetime, attempt_id: UUID, facts: FileFacts, *, slot: int, response: str, payload: bytes
) -> None:
    """Write a file; the same bytes in the same response are there once, and count as the newest again."""
    digest = bytes.fromhex(facts.sha256)
    same = (FileRow.attempt_id == attempt_id, FileRow.sha256 == digest)
    tx.session.execute(delete(FileRow).where(*same))
    columns = {
        "attempt_id": attempt_id,
        "sha256": digest,
        "slot": slot,
        "response": response,
        "name": facts.name,
        "media_type": facts.media_type,
        "size": facts.size,
        "payload": payload,
        "sent_at": now,
    }
    tx.session.execute(insert(FileRow), [columns])


def drop_older(
    tx: Transaction, attempt_id: UUID, slot: int, response: str, *, keep: int, named: Container[str]
) -> None:
    """Drop all but the newest `keep` files of a response and those that are `named`, by their digests in hex."""
    own = (FileRow.attempt_id == attempt_id, FileRow.slot == slot, FileRow.response == response)
    newest = select(FileRow.sha256).where(*own).order_by(FileRow.sent_at.desc(), FileRow.sha256)
    old = [one for one in list(tx.session.scalars(newest))[keep:] if one.hex() not in named]
    if old:
        tx.session.execute(delete(FileRow).where(*own, FileRow.sha256.in_(old)))


def get_facts(tx: Transaction, attempt_id: UUID, sha256: str) -> FileFacts:
    """Return what is known of a file; raises NoSuchFile."""
    row = _find(tx, attempt_id, sha256)
    return FileFacts(sha256=sha256, name=row.name, media_type=row.media_type, size=row.size)


def get(tx: Transaction, attempt_id: UUID, sha256: str) -> tuple[FileFacts, bytes]:
    """Return a file with its bytes; raises NoSuchFile."""
    return get_facts(tx, attempt_id, sha256), _find(tx, attempt_id, sha256).payload


def _find(tx: Transaction, attempt_id: UUID, sha256: str) -> FileRow:
    try:
        row = tx.session.get(FileRow, (attempt_id, bytes.fromhex(sha256)))
    except ValueError as error:
        raise NoSuchFile(sha256=sha256[:64]) from error
    if row is None:
        raise NoSuchFile(sha256=sha256[:64])
    return row
