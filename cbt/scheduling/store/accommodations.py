"""Rows of accommodations: what a registration has, and the changes that wait for a second person."""

from datetime import datetime
from fractions import Fraction
from uuid import UUID

from sqlalchemy import delete, insert, select, update

from cbt.kernel.canonical import decode, encode
from cbt.kernel.runtime import Transaction
from cbt.scheduling.core.accommodations import Accommodation, AccommodationId, Decision, Proposal
from cbt.scheduling.core.needs import from_document, to_document
from cbt.scheduling.core.registrations import RegistrationId
from cbt.scheduling.tables import AccommodationRow, RegistrationRow


def give(tx: Transaction, registration_id: UUID, given: Accommodation) -> None:
    """Replace what a registration has."""
    values = {"time_factor": str(given.time_factor), "needs": encode(to_document(given.needs))}
    tx.session.execute(update(RegistrationRow).where(RegistrationRow.id == registration_id).values(**values))


def propose(tx: Transaction, proposal: Proposal) -> None:
    """Write a change that waits; one that waited before is replaced."""
    _waiting = AccommodationRow.state == Decision.WAITING.value
    older = update(AccommodationRow).where(AccommodationRow.registration_id == proposal.registration_id, _waiting)
    tx.session.execute(older.values(state=Decision.REPLACED.value, decided_at=proposal.proposed_at))
    tx.session.execute(
        insert(AccommodationRow).values(
            id=proposal.id,
            registration_id=proposal.registration_id,
            time_factor=str(proposal.wanted.time_factor),
            needs=encode(to_document(proposal.wanted.needs)),
            reason=proposal.reason,
            proposed_by_id=proposal.proposed_by_id,
            proposed_by=proposal.proposed_by,
            proposed_at=proposal.proposed_at,
            state=Decision.WAITING.value,
        )
    )


def waiting_of(tx: Transaction, registration_id: UUID) -> Proposal | None:
    """Return the change of a registration that waits, if there is one."""
    statement = select(AccommodationRow).where(
        AccommodationRow.registration_id == registration_id, AccommodationRow.state == Decision.WAITING.value
    )
    row = tx.session.scalar(statement)
    return None if row is None else _proposal(row)


def waiting_of_sitting(tx: Transaction, sitting_id: UUID) -> frozenset[RegistrationId]:
    """Return the registrations of a sitting for which a change waits."""
    statement = (
        select(AccommodationRow.registration_id)
        .join(RegistrationRow, RegistrationRow.id == AccommodationRow.registration_id)
        .where(RegistrationRow.sitting_id == sitting_id, AccommodationRow.state == Decision.WAITING.value)
    )
    return frozenset(RegistrationId(found) for found in tx.session.scalars(statement))


def decide(tx: Transaction, proposal_id: AccommodationId, decision: Decision, by: str, at: datetime) -> None:
    """Note who decided about a change and how."""
    values = {"state": decision.value, "decided_by": by, "decided_at": at}
    tx.session.execute(update(AccommodationRow).where(AccommodationRow.id == proposal_id).values(**values))


def forget(tx: Transaction, registration_id: UUID) -> None:
    """Take all changes of a registration away, which goes itself; the audit trail keeps them."""
    tx.session.execute(delete(AccommodationRow).where(AccommodationRow.registration_id == registration_id))


def _proposal(row: AccommodationRow) -> Proposal:
    return Proposal(
        id=AccommodationId(row.id),
        registration_id=RegistrationId(row.registration_id),
        wanted=Accommodation(time_factor=Fraction(row.time_factor), needs=from_document(decode(row.needs))),
        reason=row.reason,
        proposed_by_id=row.proposed_by_id,
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
    )
