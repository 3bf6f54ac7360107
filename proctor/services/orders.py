"""Orders carried out: each seat in a transaction of its own, so that one refusal undoes nothing of the others.

The table of `proctor.core.orders` is asked first; the journal decides once more under its lock. Order, audit record
and incident commit together or not at all, and with them the note that this order is done: whoever got no answer sends
it again under the same id, and no seat gets its extra time twice.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from types import MappingProxyType
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from cbt.delivery.core.attempt import AttemptState
from cbt.delivery.core.refusals import AlreadyEnded
from cbt.delivery.core.timing import is_overdue
from cbt.delivery.services import orders as journal
from cbt.delivery.services import releasing
from cbt.delivery.services.nodes import require_same_nodes_in, this_node
from cbt.delivery.services.reading import AttemptView, room_attempts_in
from cbt.delivery.services.writing import room_topic
from cbt.kernel.errors import CbtError, Conflict, NotFound, Unavailable
from cbt.kernel.runtime import DatabaseUnavailable, Runtime, Transaction
from cbt.people.core.actors import Actor
from cbt.people.services.audit import audit_in
from cbt.scheduling.core.registrations import RegistrationFacts
from cbt.scheduling.core.sittings import RoomFigures, SittingRoomId
from cbt.scheduling.services import attendance
from cbt.scheduling.services.registrations import registrations_of_room_in
from cbt.scheduling.services.sittings import get_sitting_room_in
from proctor import store
from proctor.core.incidents import INCIDENT_NOTE, IncidentCategory
from proctor.core.orders import NEEDS_GOING_ON, Order, OrderKind, OrderNotPossible, check_extra, latest_at
from proctor.core.rooms import UNDER_WAY, PeopleWaiting, RoomStillBusy
from proctor.core.seats import view_seat
from proctor.services.incidents import Happening, facts_of_room_in, staff_id_of, write_down, write_down_in
from proctor.services.rooms import progress_of, sitter_of

#: Seats that could not be stored until the rest is refused untried: each may have cost seconds of waiting.
_PATIENCE: Final = 3
_AWAY: Final = DatabaseUnavailable()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An order that one seat did not admit."""

    registration: UUID
    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderOutcome:
    """What became of an order: the registrations for which it was done, and the refusals of the others."""

    done: tuple[UUID, ...] = ()
    refused: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Deed:
    """One order for one seat, with all that carrying it out needs."""

    order: Order
    now: datetime
    facts: RegistrationFacts
    view: AttemptView | None
    by: Actor

    @property
    def attempt_id(self) -> UUID:
        if self.view is None:
            raise OrderNotPossible(registration=self.facts.registration.id)
        return self.view.attempt.id


def give_order(rt: Runtime, sitting_room_id: UUID, order: Order, *, by: Actor) -> OrderOutcome:
    """Carry out `order` and return for whom it was done and for whom not.

    An order for the whole room, and an incident, is done or raises: NoSuchSittingRoom, RoomStateRefused,
    OutsideWindow, SittingCancelled, RoomStillBusy, PeopleWaiting, NotInThisRoom.
    """
    staff_id_of(by)
    if order.kind is OrderKind.OPEN_ROOM:
        return _open_room(rt, sitting_room_id, order, by)
    if order.kind is OrderKind.CLOSE_ROOM:
        return _close_room(rt, sitting_room_id, order, by)
    if order.kind is OrderKind.INCIDENT:
        category = order.category or IncidentCategory.STAFF
        happening = Happening(category=category, words=order.reason, by=by, about=INCIDENT_NOTE)
        write_down(rt, sitting_room_id, order.registrations, happening)
        return OrderOutcome(done=order.registrations)
    return _for_each_seat(rt, sitting_room_id, order, by)


def _for_each_seat(rt: Runtime, sitting_room_id: UUID, order: Order, by: Actor) -> OrderOutcome:
    done: list[UUID] = []
    refused: list[Refusal] = []
    unstored = 0
    for registration_id in order.registrations:
        error = _try_one(rt, sitting_room_id, registration_id, order, by) if unstored < _PATIENCE else _AWAY
        unstored += isinstance(error, Unavailable)
        if error is None:
            done.append(registration_id)
        else:
            refused.append(Refusal(registration=registration_id, code=error.code, message=error.message))
    return OrderOutcome(done=tuple(done), refused=tuple(refused))


def _try_one(rt: Runtime, sitting_room_id: UUID, registration_id: UUID, order: Order, by: Actor) -> CbtError | None:
    try:
        with rt.transaction() as tx:
            _carry_out(tx, rt.clock.now(), sitting_room_id, registration_id, order=order, by=by)
    except (Conflict, NotFound, Unavailable) as error:
        return error
    return None


def _carry_out(
    tx: Transaction, now: datetime, sitting_room_id: UUID, registration_id: UUID, *, order: Order, by: Actor
) -> None:
    # Held from the beginning: what is read next must not be passed by a start.
    facts = facts_of_room_in(tx, sitting_room_id, registration_id, lock=True)
    if order.id is not None and store.order_is_done(tx, order.id, registration_id):
        return
    view = room_attempts_in(tx, [registration_id]).get(registration_id)
    progress = None if view is None else progress_of(view, now)
    _must_go_on(order, view, now)
    seat = view_seat(sitter_of(facts), progress, contact_at=None, room=facts.sitting_room.state, now=now)
    if order.kind.value not in seat.may:
        raise OrderNotPossible(registration=registration_id, state=seat.state.value)
    deed = _Deed(order=order, now=now, facts=facts, view=view, by=by)
    _DEEDS[order.kind](tx, deed)
    if order.kind in _ACTS:
        _audit(tx, deed)
    if order.kind in _LEAVES_INCIDENT:
        happening = Happening(category=_LEAVES_INCIDENT[order.kind], words=order.reason, by=by, about=order.kind.value)
        write_down_in(tx, now, facts, happening)
    if order.id is not None:
        store.note_order_done(tx, order.id, registration_id)
    tx.hint(room_topic(SittingRoomId(sitting_room_id)), order.kind.value)


def _must_go_on(order: Order, view: AttemptView | None, now: datetime) -> None:
    """Raise AlreadyEnded, also where the ending is due but not written yet: the clock decides, not the sweeper."""
    if view is None or order.kind not in NEEDS_GOING_ON:
        return
    if view.attempt.has_ended or is_overdue(view.attempt, now):
        raise AlreadyEnded(attempt=view.attempt.id)


def _open_room(rt: Runtime, sitting_room_id: UUID, order: Order, by: Actor) -> OrderOutcome:
    now = rt.clock.now()
    room_id, node = SittingRoomId(sitting_room_id), this_node(now)
    with rt.transaction() as tx:
        figures = get_sitting_room_in(tx, room_id)
        require_same_nodes_in(tx, node, figures.sitting.id)
        at = None if order.opened is None else _stated(order.opened, figures, now)
        releasing.open_room_in(tx, now, room_id, by=by, opened_at=at, reason=order.reason)
        tx.hint(room_topic(sitting_room_id), OrderKind.OPEN_ROOM.value)
    return OrderOutcome()


def _stated(opened: time, figures: RoomFigures, now: datetime) -> datetime:
    """Return the instant that a stated time of day means: the last one before the room was closed."""
    return latest_at(opened, figures.sitting_room.closed_at or now, ZoneInfo(figures.centre.time_zone))


def _close_room(rt: Runtime, sitting_room_id: UUID, order: Order, by: Actor) -> OrderOutcome:
    now = rt.clock.now()
    with rt.transaction() as tx:
        attendance.close_room_in(tx, now, SittingRoomId(sitting_room_id), by=by, reason=order.reason)
        facts = registrations_of_room_in(tx, SittingRoomId(sitting_room_id))
        views = room_attempts_in(tx, [each.registration.id for each in facts])
        if any(view.attempt.state.value in UNDER_WAY for view in views.values()):
            raise RoomStillBusy
        begun = {registration for registration, view in views.items() if view.attempt.state is not AttemptState.READY}
        here = [each for each in facts if each.registration.checked_in_at is not None]
        waiting = [each.seat_number for each in here if each.registration.id not in begun]
        if waiting and not order.anyway:
            raise PeopleWaiting(", ".join(map(str, sorted(waiting))))
        tx.hint(room_topic(sitting_room_id), OrderKind.CLOSE_ROOM.value)
    return OrderOutcome()


def _check_in(tx: Transaction, deed: _Deed) -> None:
    attendance.check_in_in(tx, deed.now, deed.facts.registration.id, by=deed.by)


def _undo_check_in(tx: Transaction, deed: _Deed) -> None:
    attendance.undo_check_in_in(tx, deed.now, deed.facts.registration.id, by=deed.by, reason=deed.order.reason)


def _pause(tx: Transaction, deed: _Deed) -> None:
    journal.pause_in(tx, deed.now, deed.attempt_id, reason=deed.order.reason, by=staff_id_of(deed.by))


def _resume(tx: Transaction, deed: _Deed) -> None:
    journal.resume_in(tx, deed.now, deed.attempt_id, by=staff_id_of(deed.by))


def _extend(tx: Transaction, deed: _Deed) -> None:
    extra, reason = timedelta(minutes=deed.order.minutes or 0), deed.order.reason
    # Read under the registration's lock, which every such order holds: two together cannot pass the limit either.
    already = deed.view.attempt.extended if deed.view else timedelta()
    check_extra(already, extra, deed.facts.exam.most_extra)
    journal.extend_in(tx, deed.now, deed.attempt_id, extra=extra, reason=reason, by=staff_id_of(deed.by))


def _end(tx: Transaction, deed: _Deed) -> None:
    journal.terminate_in(tx, deed.now, deed.attempt_id, reason=deed.order.reason, by=staff_id_of(deed.by))


def _grant_seat(tx: Transaction, deed: _Deed) -> None:
    journal.move_in(tx, deed.now, deed.attempt_id, reason=deed.order.reason, by=staff_id_of(deed.by))


def _lower_hand(tx: Transaction, deed: _Deed) -> None:
    journal.lower_hand_in(tx, deed.now, deed.attempt_id, by=staff_id_of(deed.by))


_DEEDS: Final[Mapping[OrderKind, Callable[[Transaction, _Deed], None]]] = MappingProxyType(
    {
        OrderKind.CHECK_IN: _check_in,
        OrderKind.UNDO_CHECK_IN: _undo_check_in,
        OrderKind.PAUSE: _pause,
        OrderKind.RESUME: _resume,
        OrderKind.EXTEND: _extend,
        OrderKind.END: _end,
        OrderKind.GRANT_SEAT: _grant_seat,
        OrderKind.LOWER_HAND: _lower_hand,
    }
)
#: Names in the audit trail; attendance writes its own records.
_ACTS: Final[Mapping[OrderKind, str]] = MappingProxyType(
    {
        OrderKind.PAUSE: "proctor.exam-paused",
        OrderKind.RESUME: "proctor.exam-resumed",
        OrderKind.EXTEND: "proctor.time-added",
        OrderKind.END: "proctor.exam-ended",
        OrderKind.GRANT_SEAT: "proctor.seat-granted",
        OrderKind.LOWER_HAND: "proctor.hand-lowered",
    }
)
_LEAVES_INCIDENT: Final[Mapping[OrderKind, IncidentCategory]] = MappingProxyType(
    {OrderKind.END: IncidentCategory.TEST_TAKER, OrderKind.GRANT_SEAT: IncidentCategory.TECHNICAL}
)


def _audit(tx: Transaction, deed: _Deed) -> None:
    details: dict[str, object] = {"attempt": deed.attempt_id, "seat": deed.facts.seat_number}
    if deed.order.minutes is not None:
        details["minutes"] = deed.order.minutes
    audit_in(
        tx,
        deed.now,
        by=deed.by,
        act=_ACTS[deed.order.kind],
        subject=f"{deed.facts.sitting.code}/{deed.facts.candidate.number}",
        reason=deed.order.reason,
        details=details,
    )
