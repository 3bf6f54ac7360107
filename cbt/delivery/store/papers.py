"""Papers and the seats that other browsers ask for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
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


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPaper:
    """A paper as it lies there: sealed for a centre, or plain where `sealed_for` is None.

    `assets` is the canonical list of its pictures: size in bytes by digest in hex.
    """

    document: bytes
    sealed_for: UUID | None
    assets: bytes | None


def insert_paper(tx: Transaction, attempt_id: UUID, paper: StoredPaper, choices: bytes) -> None:
    """Keep the paper of an attempt and the map of its choices."""
    tx.session.execute(insert(PaperRow), [{"attempt_id": attempt_id, "choices": choices, **_columns(paper)}])


def replace_paper(tx: Transaction, attempt_id: UUID, paper: StoredPaper) -> None:
    """Keep the same paper in another form; the caller holds the attempt's row."""
    tx.session.execute(update(PaperRow).where(PaperRow.attempt_id == attempt_id).values(**_columns(paper)))


def get_paper(tx: Transaction, attempt_id: UUID) -> StoredPaper:
    """Return the paper; raises AttemptMissing."""
    columns = (PaperRow.document, PaperRow.sealed_for, PaperRow.assets)
    row = tx.session.execute(select(*columns).where(PaperRow.attempt_id == attempt_id)).one_or_none()
    if row is None:
        raise AttemptMissing(attempt=attempt_id)
    return StoredPaper(document=row.document, sealed_for=row.sealed_for, assets=row.assets)


def find_assets(tx: Transaction, attempt_id: UUID) -> tuple[UUID | None, bytes | None]:
    """Return for whom a paper is sealed and the list of its pictures, without its content; (None, None) without one."""
    columns = (PaperRow.sealed_for, PaperRow.assets)
    row = tx.session.execute(select(*columns).where(PaperRow.attempt_id == attempt_id)).one_or_none()
    return (None, None) if row is None else (row.sealed_for, row.assets)


def sealed_for(tx: Transaction, attempt_ids: Iterable[UUID]) -> dict[UUID, UUID | None]:
    """Return by attempt for which centre its paper is sealed."""
    statement = select(PaperRow.attempt_id, PaperRow.sealed_for).where(PaperRow.attempt_id.in_(list(attempt_ids)))
    return {row.attempt_id: row.sealed_for for row in tx.session.execute(statement)}


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


def _columns(paper: StoredPaper) -> dict[str, Any]:
    return {"document": paper.document, "sealed_for": paper.sealed_for, "assets": paper.assets}
