"""What staff do about delivery: have the papers of a sitting prepared, look at a release code."""

from http import HTTPStatus
from typing import Final
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cbt.delivery.core.release import show_release_code
from cbt.delivery.services.paper_work import KIND, start_preparing
from cbt.delivery.services.releasing import release_code_for_room
from cbt.delivery.web.candidate import routes
from cbt.jobs.web import asked_job, to_job
from cbt.kernel.web.context import runtime
from cbt.kernel.web.refusals import error_document
from cbt.people.core.actors import Role
from cbt.people.core.inputs import text_problem
from cbt.people.web import actor, staff_required
from cbt.scheduling.core.sittings import SittingId, SittingRoomId
from cbt.scheduling.services.sittings import get_sitting

LONGEST_REASON: Final = 500


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


@routes.post("/proctor/rooms/<uuid:sitting_room_id>/release-code")
@staff_required(Role.PROCTOR, Role.ADMIN)
def show_code(sitting_room_id: UUID) -> ResponseReturnValue:
    """Return the release code of the room's centre to somebody who says what for."""
    reason = str((request.get_json(silent=True) or {}).get("reason", "")).strip()
    if text_problem(reason, longest=LONGEST_REASON) is not None:
        return error_document("reason-missing", _("Say why in a few words.")), HTTPStatus.BAD_REQUEST
    code = release_code_for_room(runtime(), SittingRoomId(sitting_room_id), by=actor(), reason=reason)
    return {"code": show_release_code(code)}
