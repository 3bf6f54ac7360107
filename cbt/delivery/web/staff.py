"""What administrators do about delivery: have the papers of a sitting prepared."""

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cbt.delivery.services.paper_work import KIND, start_preparing
from cbt.delivery.web.candidate import routes
from cbt.jobs.web import asked_job, to_job
from cbt.kernel.web.context import runtime
from cbt.people.core.actors import Role
from cbt.people.web import actor, staff_required
from cbt.scheduling.core.sittings import SittingId
from cbt.scheduling.services.sittings import get_sitting


@routes.post("/admin/sittings/<uuid:sitting_id>/prepare")
@staff_required(Role.ADMIN)
def prepare_papers(sitting_id: UUID) -> ResponseReturnValue:
    """Have the papers of everybody registered drawn and frozen."""
    page = url_for("delivery.papers_prepared", sitting_id=sitting_id)
    return to_job(start_preparing(runtime(), SittingId(sitting_id), by=actor(), page=page))


@routes.get("/admin/sittings/<uuid:sitting_id>/prepared")
@staff_required(Role.ADMIN)
def papers_prepared(sitting_id: UUID) -> ResponseReturnValue:
    """Tell on the page of the sitting how many papers were prepared."""
    job = asked_job(KIND, get_sitting(runtime(), SittingId(sitting_id)).sitting.code)
    if job is not None and job.outcome is not None:
        flash(_("%(count)s papers prepared.", count=job.outcome["prepared"]), "ok")
    return redirect(url_for("scheduling.sitting", sitting_id=sitting_id), 303)
