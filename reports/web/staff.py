"""Results and sheets for staff: by sitting, confirmed together, each sheet to print or to revoke."""

from uuid import UUID

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cbt.grading.core.result import ResultStatus
from cbt.kernel.errors import CbtError
from cbt.kernel.web.context import runtime
from cbt.people.core.actors import Role
from cbt.people.web import actor, staff_required
from cbt.scheduling.services.sittings import get_sitting_by_code, list_sittings
from reports.core.facts import Standing
from reports.services.qti_results import qti_results
from reports.services.results import NotReconciled, confirm_sitting, document_pdf, revoke_document, sitting_results
from reports.web.result import SheetNotReady, routes

readers = staff_required(Role.ADMIN, Role.AUDITOR)
admins = staff_required(Role.ADMIN)


@routes.get("/admin/results")
@readers
def results() -> str:
    """Show all sittings, the newest first."""
    return render_template("reports/results.html", sittings=list_sittings(runtime())[::-1])


@routes.get("/admin/results/<code>")
@readers
def sitting(code: str) -> str:
    """Show the results of one sitting."""
    found = sitting_results(runtime(), code)
    held = get_sitting_by_code(runtime(), code)
    return render_template(
        "reports/sitting.html", sitting=held, results=found, statuses=ResultStatus, standings=Standing
    )


@routes.post("/admin/results/<code>/confirm")
@admins
def confirm(code: str) -> ResponseReturnValue:
    """Make all provisional results of a sitting final."""
    try:
        confirmed = confirm_sitting(runtime(), code, by=actor())
        flash(_("%(count)s results are final now; their sheets are being issued.", count=confirmed), "ok")
    except NotReconciled as refused:
        flash(_(refused.message), "bad")
    return redirect(url_for("reports.sitting", code=code), 303)


@routes.post("/admin/results/<code>/documents/<uuid:document_id>/revoke")
@admins
def revoke(code: str, document_id: UUID) -> ResponseReturnValue:
    """Revoke one sheet."""
    try:
        revoke_document(runtime(), document_id, request.form.get("reason", ""), by=actor())
        flash(_("The sheet is revoked. Its code says so from now on."), "ok")
    except CbtError as refused:
        flash(_(refused.message), "bad")
    return redirect(url_for("reports.sitting", code=code), 303)


@routes.get("/admin/results/attempts/<uuid:attempt_id>.xml")
@readers
def qti(attempt_id: UUID) -> Response:
    """Return an attempt's newest result with its responses as QTI results reporting."""
    disposition = f'attachment; filename="results-{attempt_id}.xml"'
    headers = {"Content-Type": "application/xml", "Content-Disposition": disposition, "Cache-Control": "no-store"}
    return make_response(qti_results(runtime(), attempt_id, by=actor()), headers)


@routes.get("/admin/documents/<uuid:document_id>.pdf")
@readers
def document(document_id: UUID) -> Response:
    """Return a sheet as PDF."""
    pdf = document_pdf(runtime(), document_id)
    if pdf is None:
        raise SheetNotReady
    return make_response(pdf, {"Content-Type": "application/pdf"})
