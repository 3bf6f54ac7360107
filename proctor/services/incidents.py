"""Incidents: written down by a proctor, or left by an order; with an audit record in the same transaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from cbt.delivery.services.writing import room_topic
from cbt.kernel.errors import Forbidden
from cbt.kernel.ids import new_id
from cbt.kernel.runtime import Runtime, Transaction
from cbt.people.core.actors import Actor
from cbt.people.services.audit import audit_in
from cbt.scheduling.core.registrations import RegistrationFacts, RegistrationId
from cbt.scheduling.core.sittings import SittingRoomId
from cbt.scheduling.services.registrations import get_registration_in, lock_registration_in
from cbt.scheduling.services.sittings import get_sitting_room_in
from proctor import store
from proctor.core.incidents import INCIDENT_NOTE, IncidentCategory
from proctor.core.orders import NotInThisRoom, ReasonMissing, read_words

TURNED_AWAY: Final = "turned-away"


class StaffOnly(Forbidden):
    """Only a member of staff may do this."""

    code = "staff-only"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """What is to be written down, and by whom."""

    category: IncidentCategory
    words: str
    by: Actor
    about: str = INCIDENT_NOTE


def staff_id_of(by: Actor) -> UUID:
    """Return the account behind `by`; raises StaffOnly for candidates and the system."""
    if by.id is None:
        raise StaffOnly
    return by.id


def write_down(rt: Runtime, sitting_room_id: UUID, registrations: Iterable[UUID], happening: Happening) -> None:
    """Write down one incident for each registration, or one for the whole room where there is none.

    Raises NoSuchSittingRoom, NoSuchRegistration, NotInThisRoom, ReasonMissing, ResidentNumber.
    """
    now = rt.clock.now()
    with rt.transaction() as tx:
        chosen = [facts_of_room_in(tx, sitting_room_id, registration) for registration in registrations]
        for facts in chosen:
            write_down_in(tx, now, facts, happening)
        if not chosen:
            _write_down_for_room(tx, now, sitting_room_id, happening)


def turn_away(rt: Runtime, sitting_room_id: UUID, registration_id: UUID, reason: str, *, by: Actor) -> None:
    """Write down that a person was not admitted, and why; raises as `write_down`."""
    happening = Happening(
        category=IncidentCategory.TEST_TAKER, words=read_words("reason", reason), by=by, about=TURNED_AWAY
    )
    write_down(rt, sitting_room_id, [registration_id], happening)


def facts_of_room_in(
    tx: Transaction, sitting_room_id: UUID, registration_id: UUID, *, lock: bool = False
) -> RegistrationFacts:
    """Return a registration of this room, its row held if `lock`; raises NoSuchRegistration and NotInThisRoom."""
    read = lock_registration_in if lock else get_registration_in
    facts = read(tx, RegistrationId(registration_id))
    if facts.sitting_room.id != sitting_room_id:
        raise NotInThisRoom(registration=registration_id)
    return facts


def write_down_in(tx: Transaction, now: datetime, facts: RegistrationFacts, happening: Happening) -> None:
    """Write down an incident about one person, with its audit record."""
    subject = f"{facts.sitting.code}/{facts.candidate.number}"
    _add(tx, now, SittingRoomId(facts.sitting_room.id), happening, registration_id=facts.registration.id)
    _audit(tx, now, subject, happening)


def _write_down_for_room(tx: Transaction, now: datetime, sitting_room_id: UUID, happening: Happening) -> None:
    figures = get_sitting_room_in(tx, SittingRoomId(sitting_room_id))
    _add(tx, now, figures.sitting_room.id, happening)
    _audit(tx, now, f"{figures.sitting.code}/{figures.centre.code}/{figures.room.code}", happening)


def _add(
    tx: Transaction,
    now: datetime,
    sitting_room_id: SittingRoomId,
    happening: Happening,
    *,
    registration_id: UUID | None = None,
) -> None:
    if not happening.words:
        raise ReasonMissing
    incident = store.NewIncident(
        id=new_id(now),
        sitting_room_id=sitting_room_id,
        registration_id=registration_id,
        category=happening.category,
        about=happening.about,
        words=happening.words,
        at=now,
        by_id=staff_id_of(happening.by),
        by_name=happening.by.name,
    )
    store.add_incident(tx, incident)
    tx.hint(room_topic(sitting_room_id), "incident")


def _audit(tx: Transaction, now: datetime, subject: str, happening: Happening) -> None:
    details = {"category": happening.category, "about": happening.about}
    audit_in(
        tx,
        now,
        by=happening.by,
        act="proctor.incident-written",
        subject=subject,
        reason=happening.words,
        details=details,
    )
