"""Sittings: list, plan, change, look at one."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cbt.kernel.web.context import runtime
from cbt.kernel.web.filters import DEFAULT_ZONE
from cbt.people.web import Errors, actor, answer
from cbt.scheduling.core.sittings import SittingId, read_sitting
from cbt.scheduling.services import sittings as services
from cbt.scheduling.services.accommodations import waiting_in_sitting
from cbt.scheduling.services.exams import list_exams
from cbt.scheduling.services.places import list_centres
from cbt.scheduling.services.registrations import list_registrations
from cbt.scheduling.services.sittings import SittingOverview
from cbt.scheduling.web.access import ZONES, admins, reason, routes, saved, title_fields, typed


@routes.get("/admin/sittings")
@admins
def sittings() -> str:
    """List the sittings, the latest first."""
    found = tuple(reversed(services.list_sittings(runtime())))
    return render_template("scheduling/sittings.html", sittings=found, now=runtime().clock.now())


@routes.route("/admin/sittings/new", methods=["GET", "POST"])
@admins
def sitting_new() -> ResponseReturnValue:
    """Plan a sitting."""

    def page(errors: Errors) -> str:
        return _form(errors, None)

    def act() -> str:
        entered = read_sitting(request.form, tuple(request.form.getlist("rooms")))
        sitting_id = services.create_sitting(runtime(), entered, by=actor())
        return saved(url_for("scheduling.sitting", sitting_id=sitting_id))

    return page({}) if request.method == "GET" else answer(act, page)


@routes.route("/admin/sittings/<uuid:sitting_id>/edit", methods=["GET", "POST"])
@admins
def sitting_edit(sitting_id: UUID) -> ResponseReturnValue:
    """Change a sitting."""

    def page(errors: Errors) -> str:
        return _form(errors, services.get_sitting(runtime(), SittingId(sitting_id)))

    def act() -> str:
        entered = read_sitting(request.form, tuple(request.form.getlist("rooms")))
        services.change_sitting(runtime(), SittingId(sitting_id), entered, by=actor())
        return saved(url_for("scheduling.sitting", sitting_id=sitting_id))

    return page({}) if request.method == "GET" else answer(act, page)


@routes.get("/admin/sittings/<uuid:sitting_id>")
@admins
def sitting(sitting_id: UUID) -> str:
    """Show a sitting with its rooms and who is registered."""
    return sitting_page(sitting_id, {})


@routes.post("/admin/sittings/<uuid:sitting_id>/<any(cancel,restore):step>")
@admins
def sitting_step(sitting_id: UUID, step: str) -> ResponseReturnValue:
    """Cancel a sitting, or let it take place after all."""

    def act() -> str:
        if step == "cancel":
            services.cancel_sitting(runtime(), SittingId(sitting_id), by=actor(), reason=reason())
            flash(_("You have cancelled this sitting."), "warn")
        else:
            services.restore_sitting(runtime(), SittingId(sitting_id), by=actor())
            flash(_("The sitting takes place."), "ok")
        return url_for("scheduling.sitting", sitting_id=sitting_id)

    return answer(act, lambda errors: sitting_page(sitting_id, errors))


def sitting_page(sitting_id: UUID, errors: Errors) -> str:
    """Return the page of one sitting; the registrations are those of the room that the address names."""
    overview = services.get_sitting(runtime(), SittingId(sitting_id))
    wanted = request.args.get("room", "")
    chosen = next((room for room in overview.rooms if str(room.sitting_room.id) == wanted), overview.rooms[0])
    facts = {
        "overview": overview,
        "chosen": chosen,
        "people": list_registrations(runtime(), SittingId(sitting_id), sitting_room_id=chosen.sitting_room.id),
        "waiting": waiting_in_sitting(runtime(), SittingId(sitting_id)),
        "progress": overview.progress(runtime().clock.now()),
    }
    return render_template("scheduling/sitting.html", errors=errors, raw=typed({}), **facts)


def _form(errors: Errors, overview: SittingOverview | None) -> str:
    plans, exams = list_centres(runtime()), list_exams(runtime())
    if overview is not None and overview.exam.id not in {exam.id for exam in exams}:
        exams = (overview.exam, *exams)
    if request.method == "POST":
        rooms = frozenset(request.form.getlist("rooms"))
    else:
        rooms = frozenset(str(room.room.id) for room in overview.rooms) if overview else frozenset()
    zone = overview.time_zone if overview else (plans[0].centre.time_zone if plans else DEFAULT_ZONE)
    facts: dict[str, Any] = {"overview": overview, "plans": plans, "exams": exams, "rooms": rooms, "zones": ZONES}
    return render_template("scheduling/sitting_form.html", errors=errors, raw=typed(_stored(overview, zone)), **facts)


def _stored(overview: SittingOverview | None, zone: str) -> dict[str, str]:
    if overview is None:
        nine = runtime().clock.now().astimezone(ZoneInfo(zone)).replace(hour=9, minute=0) + timedelta(days=1)
        return {"time_zone": zone, "opens_at": f"{nine:%Y-%m-%dT%H:%M}", "closes_at": f"{nine:%Y-%m-%dT18:00}"}
    found = overview.sitting
    return {
        "code": found.code,
        **title_fields(found.title),
        "exam": str(found.exam_version_id),
        "time_zone": zone,
        "opens_at": _wall(found.opens_at, zone),
        "closes_at": _wall(found.closes_at, zone),
    }


def _wall(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M}"
