"""Registrations of a sitting: one by one, from a table, and corrections."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cbt.kernel.web.context import runtime
from cbt.people.formats import readable_text
from cbt.people.web import Errors, actor, answer
from cbt.scheduling.core.registrations import REGISTRATION_COLUMNS, RegistrationId
from cbt.scheduling.core.sittings import SittingId
from cbt.scheduling.services import registrations as services
from cbt.scheduling.services.sittings import get_sitting
from cbt.scheduling.web.access import admins, reason, routes, saved, uploaded
from cbt.scheduling.web.needs import registration_page
from cbt.scheduling.web.sittings import sitting_page


@routes.post("/admin/sittings/<uuid:sitting_id>/registrations")
@admins
def register_one(sitting_id: UUID) -> ResponseReturnValue:
    """Register one person."""

    def act() -> str:
        services.register_candidate(runtime(), SittingId(sitting_id), request.form, by=actor())
        return saved(url_for("scheduling.sitting", sitting_id=sitting_id))

    return answer(act, lambda errors: sitting_page(sitting_id, errors))


@routes.get("/admin/sittings/<uuid:sitting_id>/import")
@admins
def registrations_upload(sitting_id: UUID) -> str:
    """Show where to upload a table."""
    return _upload_page(sitting_id, None, "")


@routes.post("/admin/sittings/<uuid:sitting_id>/import")
@admins
def registrations_import(sitting_id: UUID) -> ResponseReturnValue:
    """Look at a table, or load it."""
    data, dry_run = uploaded(), request.form.get("step") != "load"
    result = services.import_registrations(runtime(), SittingId(sitting_id), data, by=actor(), dry_run=dry_run)
    if dry_run or result.problems:
        return _upload_page(sitting_id, result, readable_text(data)), 400 if result.problems else 200
    flash(_("%(number)s candidates are registered.", number=len(result.placements)), "ok")
    return redirect(url_for("scheduling.sitting", sitting_id=sitting_id), 303)


@routes.route("/admin/registrations/<uuid:registration_id>", methods=["GET", "POST"])
@admins
def registration(registration_id: UUID) -> ResponseReturnValue:
    """Show one registration; give another seat."""

    def page(errors: Errors) -> str:
        return registration_page(registration_id, errors)

    def act() -> str:
        wanted = RegistrationId(registration_id)
        services.change_registration(runtime(), wanted, request.form, by=actor(), reason=reason())
        return saved(url_for("scheduling.registration", registration_id=registration_id))

    return page({}) if request.method == "GET" else answer(act, page)


@routes.post("/admin/registrations/<uuid:registration_id>/remove")
@admins
def registration_remove(registration_id: UUID) -> ResponseReturnValue:
    """Take a registration back."""
    sitting_id = services.get_registration(runtime(), RegistrationId(registration_id)).sitting.id

    def act() -> str:
        services.remove_registration(runtime(), RegistrationId(registration_id), by=actor(), reason=reason())
        return saved(url_for("scheduling.sitting", sitting_id=sitting_id))

    return answer(act, lambda errors: registration_page(registration_id, errors))


def _upload_page(sitting_id: UUID, result: services.RegistrationImport | None, table: str) -> str:
    columns = ", ".join(column.name for column in REGISTRATION_COLUMNS)
    overview = get_sitting(runtime(), SittingId(sitting_id))
    return render_template(
        "scheduling/registrations_import.html", overview=overview, result=result, table=table, columns=columns
    )
