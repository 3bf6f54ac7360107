"""Issued documents and counters to rows and back."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Row, Select, exists, insert, select, update

from cbt.grading.core.result import ResultStatus
from cbt.grading.tables import ResultRow
from cbt.kernel import canonical
from cbt.kernel.db import for_update
from cbt.kernel.errors import NotFound
from cbt.kernel.runtime import Transaction
from reports.core.facts import Standing
from reports.core.record import SheetRecord
from reports.core.verify_code import VerifyCode
from reports.tables import CounterRow, DocumentRow


class NoDocument(NotFound):
    """There is no such document."""

    code = "no-document"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One issued document without its PDF; `problem` says why it cannot be drawn."""

    id: UUID
    attempt_id: UUID
    standing: Standing
    record: SheetRecord
    drawn: bool
    problem: str | None


def unissued_results(tx: Transaction, limit: int) -> tuple[tuple[UUID, UUID], ...]:
    """Return (result id, attempt id) of standing results that have no document yet, the oldest first."""
    issued = exists().where(DocumentRow.result_id == ResultRow.id)
    statement = (
        select(ResultRow.id, ResultRow.attempt_id)
        .where(ResultRow.status != ResultStatus.SUPERSEDED.value, ~issued)
        .order_by(ResultRow.graded_at)
        .limit(limit)
    )
    return tuple((row[0], row[1]) for row in tx.session.execute(statement))


def is_issued(tx: Transaction, result_id: UUID) -> bool:
    """Tell whether the result has its document."""
    return tx.session.scalar(select(DocumentRow.id).where(DocumentRow.result_id == result_id)) is not None


def next_number(tx: Transaction, name: str) -> int:
    """Return the next number under `name`, from 1; concurrent callers wait for each other."""
    row = tx.session.execute(for_update(select(CounterRow).where(CounterRow.name == name))).scalar_one_or_none()
    value = 1 if row is None else row.value + 1
    if row is None:
        tx.session.execute(insert(CounterRow), [{"name": name, "value": value}])
    else:
        tx.session.execute(update(CounterRow).where(CounterRow.name == name).values(value=value))
    return value


def insert_document(
    tx: Transaction, document_id: UUID, attempt_id: UUID, record: SheetRecord, standing: Standing = Standing.ISSUED
) -> None:
    """Write an issued document, not yet drawn."""
    columns = {
        "id": document_id,
        "result_id": record.origin.result_id,
        "attempt_id": attempt_id,
        "kind": record.kind.value,
        "number": record.number,
        "issue_number": record.issue_number,
        "verify_code": record.verify_code,
        "standing": standing.value,
        "record": canonical.encode(record.to_document()),
        "digest": record.digest,
        "pdf": None,
        "problem": None,
        "issued_at": record.issued_at,
    }
    tx.session.execute(insert(DocumentRow), [columns])


def supersede(tx: Transaction, attempt_id: UUID) -> None:
    """Let every standing document of the attempt be superseded."""
    standing = (DocumentRow.attempt_id == attempt_id) & (DocumentRow.standing == Standing.ISSUED.value)
    tx.session.execute(update(DocumentRow).where(standing).values(standing=Standing.SUPERSEDED.value))


def set_standing(tx: Transaction, document_id: UUID, standing: Standing) -> None:
    """Change how a document stands."""
    tx.session.execute(update(DocumentRow).where(DocumentRow.id == document_id).values(standing=standing.value))


def undrawn(tx: Transaction, limit: int) -> tuple[Document, ...]:
    """Return documents that wait for their PDF, the oldest first."""
    waiting = DocumentRow.pdf.is_(None) & DocumentRow.problem.is_(None)
    rows = tx.session.execute(_select().where(waiting).order_by(DocumentRow.issued_at).limit(limit))
    return tuple(_document(row) for row in rows)


def set_drawn(tx: Transaction, document_id: UUID, pdf: bytes | None, problem: str | None) -> None:
    """Keep the PDF of a document, or why it cannot be drawn."""
    tx.session.execute(update(DocumentRow).where(DocumentRow.id == document_id).values(pdf=pdf, problem=problem))


def find_pdf(tx: Transaction, document_id: UUID) -> bytes | None:
    """Return the PDF of a document, or None while it is not drawn."""
    return tx.session.scalar(select(DocumentRow.pdf).where(DocumentRow.id == document_id))


def find_by_code(tx: Transaction, code: VerifyCode) -> Document | None:
    """Return the document with this verify code, or None."""
    row = tx.session.execute(_select().where(DocumentRow.verify_code == code)).one_or_none()
    return None if row is None else _document(row)


def find_latest(tx: Transaction, attempt_id: UUID) -> Document | None:
    """Return the newest document of an attempt, or None."""
    return latest_of(tx, [attempt_id]).get(attempt_id)


def latest_of(tx: Transaction, attempt_ids: Iterable[UUID]) -> dict[UUID, Document]:
    """Return the newest document of each attempt; attempts without one are left out."""
    wanted = DocumentRow.attempt_id.in_(list(attempt_ids))
    rows = tx.session.execute(_select().where(wanted).order_by(DocumentRow.issued_at, DocumentRow.issue_number))
    return {row.attempt_id: _document(row) for row in rows}


def get_document(tx: Transaction, document_id: UUID) -> Document:
    """Return the document; raises NoDocument."""
    row = tx.session.execute(_select().where(DocumentRow.id == document_id)).one_or_none()
    if row is None:
        raise NoDocument(document=document_id)
    return _document(row)


def _select() -> Select[UUID, UUID, str, bytes, bool, str | None]:
    """Return the query of documents; the PDF itself, which is large, stays where it is."""
    drawn = DocumentRow.pdf.is_not(None).label("drawn")
    row = DocumentRow
    return select(row.id, row.attempt_id, row.standing, row.record, drawn, row.problem)


def _document(row: Row[UUID, UUID, str, bytes, bool, str | None]) -> Document:
    return Document(
        id=row.id,
        attempt_id=row.attempt_id,
        standing=Standing(row.standing),
        record=SheetRecord.from_document(canonical.decode(row.record)),
        drawn=row.drawn,
        problem=row.problem,
    )
