"""Attendance: check candidates in, open and close the rooms of a sitting.

All of it joins the caller's transaction and writes its own audit record. Rows are held in one order everywhere:
sitting, room of the sitting, registration, seat, attempt. A start holds its room beside other starts; opening and
closing hold it alone, so that nobody starts in a room that is just being closed.
"""

from dataclasses import replace
from datetime import datetime

from cbt.kernel.clock import ClockStepped
from cbt.kernel.runtime import Transaction
from cbt.people.core.actors import Actor
from cbt.people.services.audit import audit_in
from cbt.scheduling.core.registrations import (
    AlreadyCheckedIn,
    NotCheckedIn,
    RegistrationFacts,
    RegistrationId,
)
from cbt.scheduling.core.sittings import (
    OutsideWindow,
    RoomFigures,
    RoomState,
    RoomStateRefused,
    RoomStep,
    SittingCancelled,
    SittingRoom,
    SittingRoomId,
    SittingState,
    next_room_state,
)
from cbt.scheduling.services.registrations import get_registration_in
from cbt.scheduling.services.sittings import get_sitting_room_in
from cbt.scheduling.store import registrations as store
from cbt.scheduling.store import sittings as sitting_store


def check_in_in(tx: Transaction, now: datetime, registration_id: RegistrationId, *, by: Actor) -> RegistrationFacts:
    """Let a candidate in and return the new facts.

    Raises AlreadyCheckedIn, SittingCancelled, and RoomStateRefused when the room is closed.
    """
    if store.lock(tx, registration_id).checked_in_at is not None:
        raise AlreadyCheckedIn(registration_id=registration_id)
    facts = get_registration_in(tx, registration_id)
    _must_take_place(facts.sitting.state)
    if facts.sitting_room.state is RoomState.CLOSED:
        raise RoomStateRefused(state=facts.sitting_room.state)
    store.set_checked_in(tx, registration_id, now, by.name)
    audit_in(tx, now, by=by, act="scheduling.checked-in", subject=_subject(facts))
    entered = replace(facts.registration, checked_in_at=now, checked_in_by=by.name)
    return replace(facts, registration=entered)


def undo_check_in_in(
    tx: Transaction, now: datetime, registration_id: RegistrationId, *, by: Actor, reason: str = ""
) -> RegistrationFacts:
    """Take a check-in back and return the new facts; raises NotCheckedIn.

    Whether an attempt has begun is not known here: the caller asks delivery first.
    """
    if store.lock(tx, registration_id).checked_in_at is None:
        raise NotCheckedIn(registration_id=registration_id)
    facts = get_registration_in(tx, registration_id)
    store.set_checked_in(tx, registration_id, None, None)
    audit_in(tx, now, by=by, act="scheduling.check-in-undone", subject=_subject(facts), reason=reason)
    return replace(facts, registration=replace(facts.registration, checked_in_at=None, checked_in_by=None))


def open_room_in(
    tx: Transaction,
    now: datetime,
    sitting_room_id: SittingRoomId,
    *,
    by: Actor,
    opened_at: datetime | None = None,
    reason: str = "",
) -> SittingRoom:
    """Open a room, so that those who are checked in may begin; return it.

    `opened_at` states an earlier instant: the exam began without a line, and is only now written down. A room that was
    closed without having been opened stays closed then; what was begun there is taken in, and counts from that instant.
    Raises RoomStateRefused, OutsideWindow, SittingCancelled, and ClockStepped: what begins by a wrong clock cannot be
    put right later.
    """
    if not tx.clock_is_sound:
        raise ClockStepped
    # The sitting first, as whoever cancels it does: a cancelled sitting has no open room.
    sitting_store.lock(tx, get_sitting_room_in(tx, sitting_room_id).sitting.id)
    room = sitting_store.lock_room(tx, sitting_room_id)
    figures = get_sitting_room_in(tx, sitting_room_id)
    _must_take_place(figures.sitting.state)
    at = now if opened_at is None else min(opened_at, now)
    if not figures.sitting.opens_at <= at < figures.sitting.closes_at:
        raise OutsideWindow(opens_at=figures.sitting.opens_at, closes_at=figures.sitting.closes_at)
    step = RoomStep.OPEN if opened_at is None else RoomStep.STATE_OPENING
    if room.opened_at is not None:
        raise RoomStateRefused(state=room.state, step=step)
    opened = replace(room, state=next_room_state(room.state, step), opened_at=min(at, room.closed_at or at))
    sitting_store.set_room_state(tx, opened)
    details: dict[str, object] = {"registered": figures.registered, "checked_in": figures.checked_in}
    if opened_at is not None:
        details |= {"opened_at": opened.opened_at, "state": opened.state}
    audit_in(tx, now, by=by, act="scheduling.room-opened", subject=_place(figures), reason=reason, details=details)
    return opened


def close_room_in(
    tx: Transaction, now: datetime, sitting_room_id: SittingRoomId, *, by: Actor, reason: str = ""
) -> SittingRoom:
    """Close a room, so that nobody begins any more; return it. Raises RoomStateRefused when it is closed already."""
    room = sitting_store.lock_room(tx, sitting_room_id)
    figures = get_sitting_room_in(tx, sitting_room_id)
    closed = replace(room, state=next_room_state(room.state, RoomStep.CLOSE), closed_at=now)
    sitting_store.set_room_state(tx, closed)
    details = {"registered": figures.registered, "checked_in": figures.checked_in}
    audit_in(tx, now, by=by, act="scheduling.room-closed", subject=_place(figures), reason=reason, details=details)
    return closed


def _must_take_place(state: SittingState) -> None:
    if state is SittingState.CANCELLED:
        raise SittingCancelled


def _subject(facts: RegistrationFacts) -> str:
    return f"{facts.sitting.code}/{facts.candidate.number}"


def _place(figures: RoomFigures) -> str:
    return f"{figures.sitting.code}/{figures.centre.code}/{figures.room.code}"
