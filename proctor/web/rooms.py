"""The proctor's pages: rooms of the day, the live room, check-in, orders, one seat's history."""

from collections.abc import Mapping
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
from proctor.core.orders import Order, OrderKind, OrderMalformed, parse_order
from proctor.services.incidents import turn_away
from proctor.services.orders import OrderOutcome, give_order
from proctor.services.rooms import read_room, rooms_of_today
from proctor.services.seats import CheckInDesk, CheckInLine, HistoryLine, read_desk, read_person, seat_history
from proctor.web.words import history_words, refusal_words

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


def _history_document(line: HistoryLine) -> dict[str, Any]:
    return {
        "at": instant_text(line.at),
        "claimed_at": None if line.claimed_at is None else instant_text(line.claimed_at),
        "words": history_words(line),
        "detail": line.words,
        "by": line.by_name,
        "tone": _TONES.get(line.kind, ""),
    }
