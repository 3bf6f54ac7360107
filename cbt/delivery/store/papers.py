"""Papers and the seats that other browsers ask for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select, update

from cbt.delivery.store.attempts import AttemptMissing
from cbt.delivery.tables import PaperRow, SeatClaimRow
from cbt.kernel.runtime import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatClaim:
    """Another browser that asks for an attempt."""

    id: UUID
    attempt_id: UUID
    device: str
    claimed_at: datetime


def insert_paper(tx: Transaction, attempt_id: UUID, document: bytes, choices: bytes) -> None:
    """Keep the paper of an attempt and the map of its choices."""
    tx.session.execute(insert(PaperRow), [{"attempt_id": attempt_id, "document": document, "choices": choices}])


def get_paper(tx: Transaction, attempt_id: UUID) -> bytes:
    """Return the paper's canonical bytes; raises AttemptMissing."""
    document = tx.session.scalar(select(PaperRow.document).where(PaperRow.attempt_id == attempt_id))
    if document is None:
        raise AttemptMissing(attempt=attempt_id)
    return document


def choices_of(tx: Transaction, attempt_ids: Iterable[UUID]) -> dict[UUID, bytes]:
    """Return the stored choice maps by attempt."""
    statement = select(PaperRow.attempt_id, PaperRow.choices).where(PaperRow.attempt_id.in_(list(attempt_ids)))
    return {row.attempt_id: row.choices for row in tx.session.execute(statement)}


def claim_seat(tx: Transaction, claim: SeatClaim) -> None:
    """Write that another browser asks for the attempt; the caller holds the attempt's lock, so once is enough."""
    asked = select(SeatClaimRow.id).where(
        SeatClaimRow.attempt_id == claim.attempt_id, SeatClaimRow.device == claim.device
    )
    earlier = tx.session.scalar(asked)
    if earlier is not None:
        renewed = {"claimed_at": claim.claimed_at, "granted_at": None}
        tx.session.execute(update(SeatClaimRow).where(SeatClaimRow.id == earlier).values(renewed))
        return
    columns = {"id": claim.id, "attempt_id": claim.attempt_id, "device": claim.device}
    tx.session.execute(insert(SeatClaimRow), [{**columns, "claimed_at": claim.claimed_at, "granted_at": None}])


def open_claims(tx: Transaction, attempt_ids: Iterable[UUID]) -> dict[UUID, SeatClaim]:
    """Return for each attempt the browser that asked last and has not been granted the seat."""
    statement = (
        select(SeatClaimRow)
        .where(SeatClaimRow.attempt_id.in_(list(attempt_ids)), SeatClaimRow.granted_at.is_(None))
        .order_by(SeatClaimRow.claimed_at)
    )
    return {
        row.attempt_id: SeatClaim(id=row.id, attempt_id=row.attempt_id, device=row.device, claimed_at=row.claimed_at)
        for row in tx.session.scalars(statement)
    }


def grant_claim(tx: Transaction, claim_id: UUID, now: datetime) -> None:
    """Note that the claim was granted."""
    tx.session.execute(update(SeatClaimRow).where(SeatClaimRow.id == claim_id).values(granted_at=now))
