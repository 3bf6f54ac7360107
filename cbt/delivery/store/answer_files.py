"""Rows of uploaded answer files: kept sealed, the same bytes once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import insert, select, update

from cbt.delivery.tables import AnswerFileRow, AttemptRow
from cbt.kernel.db import for_update
from cbt.kernel.errors import NotFound
from cbt.kernel.runtime import Transaction
from cbt.scheduling.tables import RegistrationRow


class NoSuchAnswerFile(NotFound):
    """There is no such answer file."""

    code = "no-such-answer-file"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """An uploaded file; `merged_at` is None until its entries are in the journal."""

    id: UUID
    attempt_id: UUID
    sha256: bytes
    name: str
    payload: bytes
    uploaded_at: datetime
    uploaded_by: str
    merged_at: datetime | None = None
    merged_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedFile:
    """An uploaded file as a list shows it, without its content."""

    id: UUID
    name: str
    uploaded_at: datetime
    uploaded_by: str
    merged_at: datetime | None
    merged_by: str | None


_LISTED: Final = tuple(getattr(AnswerFileRow, name) for name in ListedFile.__slots__)


def find_by_digest(tx: Transaction, sha256: bytes) -> StoredFile | None:
    """Return the file with these bytes, or None."""
    row = tx.session.scalar(select(AnswerFileRow).where(AnswerFileRow.sha256 == sha256))
    return None if row is None else _stored(row)


def add(tx: Transaction, stored: StoredFile) -> None:
    """Keep a file; the unique digest refuses the same one twice."""
    columns = {name: getattr(stored, name) for name in stored.__slots__}
    tx.session.execute(insert(AnswerFileRow), [columns])


def lock(tx: Transaction, file_id: UUID) -> StoredFile:
    """Return a file and hold its row; raises NoSuchAnswerFile."""
    row = tx.session.scalar(for_update(select(AnswerFileRow).where(AnswerFileRow.id == file_id)))
    if row is None:
        raise NoSuchAnswerFile(file=file_id)
    return _stored(row)


def get(tx: Transaction, file_id: UUID) -> StoredFile:
    """Return a file; raises NoSuchAnswerFile."""
    row = tx.session.get(AnswerFileRow, file_id)
    if row is None:
        raise NoSuchAnswerFile(file=file_id)
    return _stored(row)


def of_room(tx: Transaction, sitting_room_id: UUID) -> tuple[ListedFile, ...]:
    """Return the files of those who sit in a room now, the latest first."""
    statement = (
        select(*_LISTED)
        .join(AttemptRow, AttemptRow.id == AnswerFileRow.attempt_id)
        .join(RegistrationRow, RegistrationRow.id == AttemptRow.registration_id)
        .where(RegistrationRow.sitting_room_id == sitting_room_id)
        .order_by(AnswerFileRow.uploaded_at.desc(), AnswerFileRow.id)
    )
    rows = tx.session.execute(statement)
    return tuple(ListedFile(**dict(zip(ListedFile.__slots__, row, strict=True))) for row in rows)


def set_merged(tx: Transaction, file_id: UUID, now: datetime, by: str) -> None:
    """Note that the entries of a file are in the journal."""
    chosen = update(AnswerFileRow).where(AnswerFileRow.id == file_id)
    tx.session.execute(chosen.values(merged_at=now, merged_by=by))


def _stored(row: AnswerFileRow) -> StoredFile:
    return StoredFile(
        id=row.id,
        attempt_id=row.attempt_id,
        sha256=row.sha256,
        name=row.name,
        payload=row.payload,
        uploaded_at=row.uploaded_at,
        uploaded_by=row.uploaded_by,
        merged_at=row.merged_at,
        merged_by=row.merged_by,
    )
