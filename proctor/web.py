"""The proctor's pages: rooms of the day, the live room, check-in, orders, one seat's history, the session report."""

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from flask import Blueprint as Routes
from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cbt.delivery.services.nodes import nodes_agree
from cbt.kernel.canonical import instant_text
from cbt.kernel.errors import CbtError, status_of
from cbt.kernel.web.context import runtime
from cbt.kernel.web.refusals import error_document
from cbt.people.core.actors import Role
from cbt.people.web import actor, staff_required
from cbt.scheduling.core.sittings import RoomState
from proctor.core.incidents import IncidentCategory
from proctor.core.orders import Order, OrderKind, OrderMalformed, SeatState, parse_order
from proctor.core.rooms import RoomSnapshot, report_on
from proctor.services.incidents import turn_away
from proctor.services.orders import OrderOutcome, give_order
from proctor.services.rooms import graded_of, read_room, rooms_of_today
from proctor.services.seats import CheckInDesk, CheckInLine, HistoryLine, read_desk, read_person, seat_history

routes = Routes("proctor", __name__)
watchers: Final = staff_required(Role.PROCTOR, Role.ADMIN)
TURN_AWAY: Final = "turn-away"
_TONES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("started", "checked-in", "submitted", "expired"), "ok"),
    **dict.fromkeys(
        ("paused", "resumed", "extended", "moved", "hand-raised", "refused", "recovered", "incident"), "warn"
    ),
    **dict.fromkeys(("terminated", "voided"), "bad"),
}


@routes.get("/proctor/")
@watchers
def rooms() -> str:
    """Show today's rooms."""
    today = rooms_of_today(runtime())
    return render_template("proctor/rooms.html", rooms=today.rooms, day=today.day)


@routes.get("/proctor/rooms/<uuid:sitting_room_id>")
@watchers
def room(sitting_room_id: UUID) -> str:
    """Show the live room; its seats come with the stream."""
    snapshot = read_room(runtime(), sitting_room_id)
    return render_template("proctor/room.html", room=snapshot.head, servers=nodes_agree(runtime()))


@routes.post("/proctor/rooms/<uuid:sitting_room_id>/orders")
@watchers
def orders(sitting_room_id: UUID) -> ResponseReturnValue:
    """Carry out an order and tell for whom it was done."""
    try:
        order = parse_order(_json_object())
        outcome = give_order(runtime(), sitting_room_id, order, by=actor())
    except CbtError as error:
        return jsonify(error_document(error.code, refusal_words(error.code, error.message))), status_of(error)
    return jsonify(_outcome_document(outcome))


@routes.get("/proctor/rooms/<uuid:sitting_room_id>/seats/<uuid:registration_id>")
@watchers
def seat(sitting_room_id: UUID, registration_id: UUID) -> Response:
    """Return what happened at a seat."""
    lines = seat_history(runtime(), sitting_room_id, registration_id)
    return jsonify({"timeline": [_history_document(line) for line in lines]})


@routes.get("/proctor/rooms/<uuid:sitting_room_id>/check-in")
@watchers
def check_in(sitting_room_id: UUID) -> ResponseReturnValue:
    """Show the list and the person who stands at the door; a scanned number leads to its person."""
    desk = read_desk(runtime(), sitting_room_id)
    found = desk.find(request.args.get("q", ""))
    if found is not None:
        return redirect(_desk_address(desk, found.registration), 303)
    wanted = request.args.get("person", "")
    line = next((each for each in desk.lines if str(each.registration) == wanted), None)
    return _desk_page(desk, line)


@routes.post("/proctor/rooms/<uuid:sitting_room_id>/check-in")
@watchers
def check_in_post(sitting_room_id: UUID) -> ResponseReturnValue:
    """Check a person in, take that back, or write down why the person was not admitted; then show who is next."""
    person = _person_of_form()
    try:
        _at_the_door(sitting_room_id, person)
    except CbtError as error:
        desk = read_desk(runtime(), sitting_room_id)
        line = next((each for each in desk.lines if each.registration == person), None)
        words = refusal_words(error.code, error.message)
        return _desk_page(desk, line, error=words), status_of(error)
    desk = read_desk(runtime(), sitting_room_id)
    upcoming = None if request.form.get("act") == OrderKind.UNDO_CHECK_IN else desk.next_after(person)
    return redirect(_desk_address(desk, upcoming.registration if upcoming else None), 303)


@routes.get("/proctor/rooms/<uuid:sitting_room_id>/report")
@watchers
def report(sitting_room_id: UUID) -> str:
    """Show the session report."""
    return _report_page(read_room(runtime(), sitting_room_id))


@routes.post("/proctor/rooms/<uuid:sitting_room_id>/report")
@watchers
def close_room(sitting_room_id: UUID) -> ResponseReturnValue:
    """Close the room, once nobody works in it any more."""
    try:
        give_order(runtime(), sitting_room_id, Order(kind=OrderKind.CLOSE_ROOM), by=actor())
    except CbtError as error:
        words = refusal_words(error.code, error.message)
        return _report_page(read_room(runtime(), sitting_room_id), error=words), status_of(error)
    flash(_("The room is closed."), "ok")
    return redirect(url_for("proctor.report", sitting_room_id=sitting_room_id), 303)


def refusal_words(code: str, message: str) -> str:
    """Return why something was refused, in the reader's language."""
    words = {
        "reason-missing": _("Say why in a few words."),
        "reason-too-long": _("The text is longer than 500 characters."),
        "minutes-out-of-range": _("Minutes are a whole number from 1 to 120."),
        "resident-number": _("This looks like a resident registration number. Use the candidate number instead."),
        "order-malformed": _("This order could not be read."),
        "order-not-possible": _("The seat has changed in the meantime; this no longer fits."),
        "already-ended": _("This exam has ended already."),
        "paused": _("This exam is paused already."),
        "not-paused": _("This exam is not paused."),
        "not-started": _("This exam has not started yet."),
        "time-over": _("The time of this exam is over."),
        "no-seat-claim": _("No other computer asks for this seat."),
        "already-checked-in": _("This person is checked in already."),
        "not-checked-in": _("This person is not checked in."),
        "room-state-refused": _("The state of the room does not admit this."),
        "room-still-busy": _("Exams in this room are still running. End them first, or wait until they are over."),
        "nodes-differ": _("The servers differ (%(nodes)s). Tell whoever keeps them first.", nodes=message),
        "outside-window": _("This is outside the time of the sitting."),
        "sitting-cancelled": _("This sitting is cancelled."),
        "not-in-this-room": _("This person does not belong to this room."),
        "too-much-extra": _("This exam admits no more extra time for one candidate."),
        "clock-stepped": _("The server's clock has jumped. Tell whoever keeps the server, before a room is opened."),
        "busy": _("Somebody else is at work here. Try again in a moment; a seat that is done already stays as it is."),
        "database-unavailable": _(
            "The server cannot store this right now. Try again in a moment; a seat that is done already stays as it is."
        ),
    }
    return str(words.get(code, message))


def _json_object() -> Mapping[str, Any]:
    document = request.get_json(silent=True)
    if not isinstance(document, dict):
        raise OrderMalformed
    return document


def _outcome_document(outcome: OrderOutcome) -> dict[str, Any]:
    refused = [
        {"registration": str(each.registration), "code": each.code, "message": refusal_words(each.code, each.message)}
        for each in outcome.refused
    ]
    return {"done": [str(each) for each in outcome.done], "refused": refused}


def _person_of_form() -> UUID:
    try:
        return UUID(request.form.get("person", ""))
    except ValueError as error:
        raise OrderMalformed from error


def _at_the_door(sitting_room_id: UUID, person: UUID) -> None:
    """Do what the form asks; raises the refusal that stands in the way."""
    act = request.form.get("act", "")
    if act == TURN_AWAY:
        turn_away(runtime(), sitting_room_id, person, request.form.get("reason", ""), by=actor())
        flash(_("Written down: not admitted."), "warn")
        return
    if act not in (OrderKind.CHECK_IN, OrderKind.UNDO_CHECK_IN):
        raise OrderMalformed
    order = Order(kind=OrderKind(act), registrations=(person,))
    outcome = give_order(runtime(), sitting_room_id, order, by=actor())
    for refused in outcome.refused:
        flash(refusal_words(refused.code, refused.message), "warn")
    if outcome.done:
        flash(_("Checked in.") if order.kind is OrderKind.CHECK_IN else _("Check-in undone."), "ok")


def _desk_address(desk: CheckInDesk, person: UUID | None) -> str:
    show = request.values.get("show", "all")
    return url_for("proctor.check_in", sitting_room_id=desk.room.id, person=person, show=show)


def _desk_page(desk: CheckInDesk, line: CheckInLine | None, *, error: str | None = None) -> str:
    show, query = request.values.get("show", "all"), request.args.get("q", "")
    lines = desk.shown(show, query)
    return render_template(
        "proctor/check_in.html",
        room=desk.room,
        lines=lines,
        counts=desk.counts,
        show=show,
        query=query,
        person=read_person(runtime(), desk.room.id, line) if line else None,
        unknown=query if not lines else "",
        error=error,
    )


def _report_page(snapshot: RoomSnapshot, *, error: str | None = None) -> str:
    sums = report_on(snapshot.seats, graded=graded_of(runtime(), snapshot))
    return render_template(
        "proctor/report.html",
        room=snapshot.head,
        report=sums,
        seats=snapshot.seats,
        incidents=snapshot.incidents,
        may_close=snapshot.head.state is RoomState.OPEN,
        state_words=_state_words(),
        category_words=_category_words(),
        error=error,
    )


def _state_words() -> dict[SeatState, str]:
    return {
        SeatState.EXPECTED: _("Expected"),
        SeatState.ABSENT: _("Absent"),
        SeatState.CHECKED_IN: _("Checked in"),
        SeatState.READY: _("At the screen"),
        SeatState.RUNNING: _("Working"),
        SeatState.PAUSED: _("Paused"),
        SeatState.SUBMITTED: _("Handed in"),
        SeatState.EXPIRED: _("Time up"),
        SeatState.TERMINATED: _("Ended early"),
        SeatState.VOIDED: _("Void"),
    }


def _category_words() -> dict[IncidentCategory, str]:
    return {
        IncidentCategory.ENVIRONMENT: _("Environment"),
        IncidentCategory.TEST_TAKER: _("Test taker"),
        IncidentCategory.STAFF: _("Staff"),
        IncidentCategory.TECHNICAL: _("Technical"),
    }


def _history_document(line: HistoryLine) -> dict[str, Any]:
    return {
        "at": instant_text(line.at),
        "claimed_at": None if line.claimed_at is None else instant_text(line.claimed_at),
        "words": _history_words(line),
        "detail": line.words,
        "by": line.by_name,
        "tone": _TONES.get(line.kind, ""),
    }


def _history_words(line: HistoryLine) -> str:
    words: Mapping[str, Callable[[], str]] = {
        "started": lambda: _("Exam started"),
        "answered": lambda: _("Item %(slot)s: answer saved", slot=line.slot),
        "flagged": lambda: (
            _("Item %(slot)s: flagged", slot=line.slot) if line.on else _("Item %(slot)s: flag removed", slot=line.slot)
        ),
        "paused": lambda: _("Paused"),
        "resumed": lambda: _("Resumed"),
        "extended": lambda: _("%(minutes)s minutes added", minutes=line.minutes),
        "moved": lambda: _("Seat granted anew"),
        "hand-raised": lambda: _("Hand up"),
        "hand-lowered": lambda: _("Hand down"),
        "part-left": lambda: _("Part %(number)s finished", number=line.part),
        "part-entered": lambda: _("Part %(number)s begun", number=line.part),
        "refused": lambda: _("An entry was refused"),
        "recovered": lambda: (
            _("Item %(slot)s: answer recovered", slot=line.slot)
            if line.on
            else _("Item %(slot)s: answer kept, it does not count", slot=line.slot)
        ),
        "late-admitted": lambda: _("Late answers admitted"),
        "submitted": lambda: _("Handed in"),
        "expired": lambda: _("Time up"),
        "terminated": lambda: _("Exam ended"),
        "voided": lambda: _("Void"),
        "checked-in": lambda: _("Checked in"),
        "incident": lambda: _("Incident"),
    }
    return str(words[line.kind]()) if line.kind in words else line.kind
