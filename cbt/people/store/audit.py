"""The audit trail's rows: append, search, and the chain."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, TypeVarTuple
from uuid import UUID

from sqlalchemy import Select, delete, func, insert, select

from cbt.kernel.canonical import NotCanonical, decode, encode
from cbt.kernel.runtime import Transaction
from cbt.people.core.actors import Actor, ActorKind
from cbt.people.core.audit import GENESIS, AuditFilter, AuditRecord, Link, link_hash
from cbt.people.tables import AuditRow, AuditSealRow, AuditWaitingRow

_CHUNK = 500
Columns = TypeVarTuple("Columns")


def append(tx: Transaction, record_id: UUID, at: datetime, by: Actor, facts: Mapping[str, Any]) -> None:
    """Write one record; `facts` holds act, subject, reason and details."""
    body = encode({"at": at, "by": by.to_document(), **facts})
    tx.session.execute(
        insert(AuditRow).values(
            id=record_id,
            at=at,
            actor_kind=by.kind.value,
            actor_id=by.id,
            actor_name=by.name,
            act=facts["act"],
            subject=facts["subject"],
            reason=facts["reason"],
            body=body,
        )
    )
    tx.session.execute(insert(AuditWaitingRow).values(audit_id=record_id))


def list_page(tx: Transaction, wanted: AuditFilter, *, offset: int, limit: int) -> tuple[AuditRecord, ...]:
    """Return records, the newest first."""
    statement = (
        _filtered(select(AuditRow, AuditSealRow.number), wanted)
        .outerjoin(AuditSealRow, AuditSealRow.audit_id == AuditRow.id)
        .order_by(AuditRow.at.desc(), AuditRow.id.desc())
        .offset(offset)
        .limit(limit)
    )
    return tuple(_record(row, number) for row, number in tx.session.execute(statement))


def count(tx: Transaction, wanted: AuditFilter) -> int:
    """Return how many records there are."""
    return tx.session.scalar(_filtered(select(func.count()).select_from(AuditRow), wanted)) or 0


def list_acts(tx: Transaction) -> tuple[str, ...]:
    """Return the names of all acts that were written down so far."""
    return tuple(tx.session.scalars(select(AuditRow.act).distinct().order_by(AuditRow.act)))


def has_waiting(tx: Transaction) -> bool:
    """Tell whether a record waits for its seal."""
    return tx.session.scalar(select(AuditWaitingRow.audit_id).limit(1)) is not None


def seal_waiting(tx: Transaction, now: datetime, limit: int) -> int:
    """Chain the oldest waiting records and return how many they were."""
    waiting = tx.session.execute(
        select(AuditRow.id, AuditRow.body)
        .join(AuditWaitingRow, AuditWaitingRow.audit_id == AuditRow.id)
        .order_by(AuditRow.at, AuditRow.id)
        .limit(limit)
    ).all()
    number, previous = head(tx)
    links: list[dict[str, object]] = []
    for record_id, body in waiting:
        number += 1
        previous = link_hash(previous, record_id, number, body)
        links.append({"number": number, "audit_id": record_id, "hash": previous, "sealed_at": now})
    if links:
        tx.session.execute(insert(AuditSealRow), links)
        sealed = [link["audit_id"] for link in links]
        tx.session.execute(delete(AuditWaitingRow).where(AuditWaitingRow.audit_id.in_(sealed)))
    return len(links)


def head(tx: Transaction) -> tuple[int, bytes]:
    """Return number and hash of the last link (0 and the genesis before the first)."""
    last = tx.session.execute(
        select(AuditSealRow.number, AuditSealRow.hash).order_by(AuditSealRow.number.desc()).limit(1)
    ).first()
    return (0, GENESIS) if last is None else (last.number, last.hash)


def links(tx: Transaction) -> Iterator[Link]:
    """Yield the whole chain from its beginning."""
    statement = select(AuditSealRow, AuditRow).join(AuditRow, AuditRow.id == AuditSealRow.audit_id)
    ordered = statement.order_by(AuditSealRow.number).execution_options(yield_per=_CHUNK)
    for seal, row in tx.session.execute(ordered):
        yield Link(number=seal.number, id=row.id, body=row.body, columns=_columns(row), hash=seal.hash)


def list_loose(tx: Transaction) -> tuple[UUID, ...]:
    """Return the records that are neither chained nor waiting: somebody has cut them out of the chain."""
    statement = (
        select(AuditRow.id)
        .outerjoin(AuditSealRow, AuditSealRow.audit_id == AuditRow.id)
        .outerjoin(AuditWaitingRow, AuditWaitingRow.audit_id == AuditRow.id)
        .where(AuditSealRow.number.is_(None), AuditWaitingRow.audit_id.is_(None))
    )
    return tuple(tx.session.scalars(statement))


def _filtered(statement: Select[*Columns], wanted: AuditFilter) -> Select[*Columns]:
    conditions = [
        AuditRow.act == wanted.act if wanted.act else None,
        AuditRow.actor_name.contains(wanted.actor, autoescape=True) if wanted.actor else None,
        AuditRow.subject.contains(wanted.subject, autoescape=True) if wanted.subject else None,
        AuditRow.at >= wanted.since if wanted.since else None,
        AuditRow.at < wanted.until if wanted.until else None,
    ]
    return statement.where(*(condition for condition in conditions if condition is not None))


def _record(row: AuditRow, number: int | None) -> AuditRecord:
    return AuditRecord(
        id=row.id,
        at=row.at,
        actor_kind=ActorKind(row.actor_kind),
        actor_name=row.actor_name,
        act=row.act,
        subject=row.subject,
        reason=row.reason,
        details=_details(row.body),
        number=number,
    )


def _details(body: bytes) -> Mapping[str, Any]:
    """Return the details of a record, none where somebody has altered its bytes: telling is the verifier's work."""
    try:
        document = decode(body)
    except NotCanonical:
        return {}
    details = document.get("details") if isinstance(document, dict) else None
    return details if isinstance(details, dict) else {}


def _columns(row: AuditRow) -> dict[str, object]:
    """Return the record as the searchable columns tell it; the details stand in the body only."""
    return {
        "at": row.at,
        "by": {"kind": row.actor_kind, "id": row.actor_id, "name": row.actor_name},
        "act": row.act,
        "subject": row.subject,
        "reason": row.reason,
        "details": _details(row.body),
    }
