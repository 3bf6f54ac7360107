"""What administrators do about delivery: have the papers of a sitting prepared."""

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cbt.delivery.services.preparing import prepare
from cbt.delivery.web.candidate import routes
from cbt.kernel.errors import CbtError
from cbt.kernel.web.context import runtime
from cbt.people.core.actors import Role
from cbt.people.web import actor, staff_required
from cbt.scheduling.core.sittings import SittingId


@routes.post("/admin/sittings/<uuid:sitting_id>/prepare")
@staff_required(Role.ADMIN)
def prepare_papers(sitting_id: UUID) -> ResponseReturnValue:
    """Draw and freeze the papers of everybody registered."""
    try:
        count = prepare(runtime(), SittingId(sitting_id), by=actor())
        flash(_("%(count)s papers prepared.", count=count), "ok")
    except CbtError as refused:
        flash(_(refused.message), "bad")
    return redirect(url_for("scheduling.sitting", sitting_id=sitting_id), 303)
