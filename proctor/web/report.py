"""The session report of a room: its sums, its end, and a beginning that was never written down."""

from collections.abc import Callable
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cbt.kernel.errors import CbtError, status_of
from cbt.kernel.web.context import runtime
from cbt.people.web import actor
from cbt.scheduling.core.sittings import RoomState
from proctor.core.orders import Order, OrderKind, parse_order
from proctor.core.rooms import PeopleWaiting, RoomSnapshot, report_on
from proctor.services.orders import give_order
from proctor.services.rooms import graded_of, read_room
from proctor.web.rooms import routes, watchers
from proctor.web.words import category_words, refusal_words, state_words


@routes.get("/proctor/rooms/<uuid:sitting_room_id>/report")
@watchers
def report(sitting_room_id: UUID) -> str:
    """Show the session report."""
    return _report_page(read_room(runtime(), sitting_room_id))


@routes.post("/proctor/rooms/<uuid:sitting_room_id>/report")
@watchers
def close_room(sitting_room_id: UUID) -> ResponseReturnValue:
    """Close the room, once nobody works in it any more."""
    order = Order(kind=OrderKind.CLOSE_ROOM, anyway=request.form.get("anyway") == "yes")
    return _from_report(sitting_room_id, lambda: order, done=_("The room is closed."))


@routes.post("/proctor/rooms/<uuid:sitting_room_id>/report/opening")
@watchers
def state_opening(sitting_room_id: UUID) -> ResponseReturnValue:
    """Write down when the exam began in a room that was closed without having been opened."""
    fields = {"order": OrderKind.OPEN_ROOM, **{name: request.form.get(name, "") for name in ("opened", "reason")}}
    return _from_report(sitting_room_id, lambda: parse_order(fields), done=_("The beginning is written down."))


def _from_report(sitting_room_id: UUID, order: Callable[[], Order], *, done: str) -> ResponseReturnValue:
    """Give an order for the whole room and show the report again, with what stands in the way of it."""
    try:
        give_order(runtime(), sitting_room_id, order(), by=actor())
    except CbtError as error:
        return _report_page(read_room(runtime(), sitting_room_id), error=error), status_of(error)
    flash(done, "ok")
    return redirect(url_for("proctor.report", sitting_room_id=sitting_room_id), 303)


def _report_page(snapshot: RoomSnapshot, *, error: CbtError | None = None) -> str:
    asked = error is not None and error.code == PeopleWaiting.code
    sums = report_on(snapshot.seats, graded=graded_of(runtime(), snapshot))
    return render_template(
        "proctor/report.html",
        room=snapshot.head,
        report=sums,
        seats=snapshot.seats,
        incidents=snapshot.incidents,
        may_close=asked or snapshot.head.state is RoomState.OPEN,
        ask_again=asked,
        unopened=snapshot.head.state is RoomState.CLOSED and snapshot.head.opened_at is None,
        state_words=state_words(),
        category_words=category_words(),
        error=None if error is None else refusal_words(error.code, error.message),
    )
