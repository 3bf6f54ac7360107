"""Incidents and orders done, in the database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select

from cbt.kernel.runtime import Transaction
from cbt.people.tables import StaffRow
from cbt.scheduling.tables import RegistrationRow, SeatRow
from proctor.core.incidents import Incident, IncidentCategory
from proctor.tables import IncidentRow, OrderDoneRow


@dataclass(frozen=True, slots=True, kw_only=True)
class NewIncident:
    """An incident to be written down."""

    id: UUID
    sitting_room_id: UUID
    registration_id: UUID | None
    category: IncidentCategory
    about: str
    words: str
    at: datetime
    by_id: UUID
    by_name: str


def add_incident(tx: Transaction, incident: NewIncident) -> None:
    """Write down an incident."""
    tx.session.execute(
        insert(IncidentRow).values(
            id=incident.id,
            sitting_room_id=incident.sitting_room_id,
            registration_id=incident.registration_id,
            category=incident.category.value,
            about=incident.about,
            words=incident.words,
            at=incident.at,
            by_id=incident.by_id,
            by_name=incident.by_name,
        )
    )


def list_incidents(tx: Transaction, sitting_room_id: UUID) -> tuple[Incident, ...]:
    """Return the incidents of a room, the latest first, with the seat as it is now."""
    statement = (
        select(IncidentRow, SeatRow.number)
        .outerjoin(RegistrationRow, RegistrationRow.id == IncidentRow.registration_id)
        .outerjoin(SeatRow, SeatRow.id == RegistrationRow.seat_id)
        .where(IncidentRow.sitting_room_id == sitting_room_id)
        .order_by(IncidentRow.at.desc(), IncidentRow.id.desc())
    )
    return tuple(_incident(row, seat) for row, seat in tx.session.execute(statement))


def order_is_done(tx: Transaction, order_id: UUID, registration_id: UUID) -> bool:
    """Tell whether the order was carried out for the registration; the caller holds the registration's row."""
    statement = select(OrderDoneRow.order_id).where(
        OrderDoneRow.order_id == order_id, OrderDoneRow.registration_id == registration_id
    )
    return tx.session.scalar(statement) is not None


def note_order_done(tx: Transaction, order_id: UUID, registration_id: UUID) -> None:
    """Note that the order is carried out for the registration."""
    tx.session.execute(insert(OrderDoneRow).values(order_id=order_id, registration_id=registration_id))


def staff_names(tx: Transaction, staff_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the present names of staff."""
    statement = select(StaffRow.id, StaffRow.name).where(StaffRow.id.in_(list(staff_ids)))
    return {row.id: row.name for row in tx.session.execute(statement)}


def _incident(row: IncidentRow, seat: int | None) -> Incident:
    return Incident(
        id=row.id,
        registration=row.registration_id,
        seat="" if seat is None else str(seat),
        category=IncidentCategory(row.category),
        about=row.about,
        words=row.words,
        at=row.at,
        by_name=row.by_name,
    )
