"""Centres and their rooms."""

from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from cbt.kernel.web.context import runtime
from cbt.people.web import Errors, actor, answer
from cbt.scheduling.core.places import CentreId, RoomId, read_centre, read_room
from cbt.scheduling.services import places
from cbt.scheduling.web.access import ZONES, admins, routes, saved, title_fields, typed


@routes.get("/admin/centres")
@admins
def centres() -> str:
    """List the centres with their rooms."""
    return render_template("scheduling/centres.html", plans=places.list_centres(runtime()))


@routes.route("/admin/centres/new", methods=["GET", "POST"])
@admins
def centre_new() -> ResponseReturnValue:
    """Enter a centre."""

    def page(errors: Errors) -> str:
        raw = typed({"time_zone": "Asia/Seoul"})
        return render_template("scheduling/centre.html", plan=None, errors=errors, raw=raw, zones=ZONES)

    def act() -> str:
        centre_id = places.create_centre(runtime(), read_centre(request.form), by=actor())
        return saved(url_for("scheduling.centre_edit", centre_id=centre_id))

    return page({}) if request.method == "GET" else answer(act, page)


@routes.route("/admin/centres/<uuid:centre_id>", methods=["GET", "POST"])
@admins
def centre_edit(centre_id: UUID) -> ResponseReturnValue:
    """Show and correct a centre."""

    def page(errors: Errors) -> str:
        plan = places.get_centre(runtime(), CentreId(centre_id))
        stored = {"code": plan.centre.code, "time_zone": plan.centre.time_zone, **title_fields(plan.centre.title)}
        return render_template("scheduling/centre.html", plan=plan, errors=errors, raw=typed(stored), zones=ZONES)

    def act() -> str:
        places.change_centre(runtime(), CentreId(centre_id), read_centre(request.form), by=actor())
        return saved(url_for("scheduling.centre_edit", centre_id=centre_id))

    return page({}) if request.method == "GET" else answer(act, page)


@routes.route("/admin/centres/<uuid:centre_id>/rooms/new", methods=["GET", "POST"])
@admins
def room_new(centre_id: UUID) -> ResponseReturnValue:
    """Enter a room with its seats."""

    def page(errors: Errors) -> str:
        plan = places.get_centre(runtime(), CentreId(centre_id))
        return render_template("scheduling/room.html", plan=plan, room=None, errors=errors, raw=typed({}))

    def act() -> str:
        places.add_room(runtime(), CentreId(centre_id), read_room(request.form), by=actor())
        return saved(url_for("scheduling.centre_edit", centre_id=centre_id))

    return page({}) if request.method == "GET" else answer(act, page)


@routes.route("/admin/rooms/<uuid:room_id>", methods=["GET", "POST"])
@admins
def room_edit(room_id: UUID) -> ResponseReturnValue:
    """Show and correct a room and its number of seats."""

    def page(errors: Errors) -> str:
        plan, room = places.get_room(runtime(), RoomId(room_id))
        stored = {"code": room.room.code, "seats": str(room.seats), **title_fields(room.room.title)}
        return render_template("scheduling/room.html", plan=plan, room=room, errors=errors, raw=typed(stored))

    def act() -> str:
        places.change_room(runtime(), RoomId(room_id), read_room(request.form), by=actor())
        return saved(url_for("scheduling.room_edit", room_id=room_id))

    return page({}) if request.method == "GET" else answer(act, page)
