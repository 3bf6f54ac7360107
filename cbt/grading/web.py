"""Marking on screen: which sittings wait, and one answer after the other with its item and key beside it."""

from pathlib import PurePath
from uuid import UUID

from flask import Blueprint as Routes
from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from cbt.grading.core.by_hand import Task
from cbt.grading.services.marking import (
    NothingToMark,
    PointsRefused,
    file_to_mark,
    give_mark,
    list_awaiting,
    next_task,
)
from cbt.kernel.web.context import runtime
from cbt.people.core.actors import Role
from cbt.people.web import actor, staff_required
from itembank.core.keys import FeedbackKind
from itembank.core.variables import BaseType
from itembank.formats.html.items import render_item
from itembank.formats.html.pictures import with_pictures
from itembank.formats.html.setting import natural

routes = Routes("grading", __name__, template_folder="templates")
markers = staff_required(Role.ADMIN, Role.AUTHOR)


@routes.get("/admin/marking")
@markers
def waiting() -> str:
    """Show how much waits in which sitting."""
    sittings: dict[str, int] = {}
    for one in list_awaiting(runtime()):
        sittings[one.sitting_code] = sittings.get(one.sitting_code, 0) + one.slots
    return render_template("grading/waiting.html", sittings=sittings)


@routes.get("/admin/marking/<sitting_code>")
@markers
def task(sitting_code: str) -> ResponseReturnValue:
    """Show the next answer to mark."""
    found = next_task(runtime(), sitting_code)
    if found is None:
        flash(_("Everything in %(sitting)s is marked.", sitting=sitting_code), "ok")
        return redirect(url_for("grading.waiting"))
    return _page(sitting_code, found, {})


@routes.post("/admin/marking/<sitting_code>")
@markers
def mark(sitting_code: str) -> ResponseReturnValue:
    """Mark one answer and go on to the next."""
    form = request.form
    try:
        slot, attempt_id = int(form.get("slot", "")), UUID(form.get("attempt", ""))
        give_mark(runtime(), attempt_id, slot, form.get("points", ""), form.get("words", ""), by=actor())
    except PointsRefused:
        found = next_task(runtime(), sitting_code)
        if found is not None:
            return _page(sitting_code, found, {"points": _("A number from 0 to %(most)s.", most=found.possible)}), 400
    except (NothingToMark, ValueError):
        flash(_("This answer was marked in the meantime."), "warn")
    return redirect(url_for("grading.task", sitting_code=sitting_code), 303)


@routes.get("/admin/marking/files/<uuid:attempt_id>/<sha256>")
@markers
def answer_file(attempt_id: UUID, sha256: str) -> Response:
    """Show a file that a candidate handed in: pictures to look at, everything else to keep."""
    facts, payload = file_to_mark(runtime(), attempt_id, sha256)
    # It comes from a candidate: even opened by itself it may run nothing.
    headers = {"Content-Type": facts.served_type, "Content-Security-Policy": "default-src 'none'; sandbox"}
    response = make_response(payload, headers)
    # Its own name could tell whose it is.
    name = f"answer{PurePath(facts.name).suffix}"
    response.headers.set("Content-Disposition", "inline" if facts.is_picture else "attachment", filename=name)
    return response


def _page(sitting_code: str, found: Task, errors: dict[str, str]) -> str:
    shown = natural(found.content)
    fragment = render_item(found.content, shown, slot=found.slot, asset_url=_picture, translate=_, printed=found.drawn)
    guides = [one.content for one in found.key.feedback if one.kind is FeedbackKind.MODAL]
    return render_template(
        "grading/task.html",
        sitting_code=sitting_code,
        task=found,
        errors=errors,
        files={one.identifier for one in found.content.declarations if one.base_type is BaseType.FILE},
        fragment=Markup(fragment),  # noqa: S704 - made from sanitized HTML by the bank
        guide=Markup(with_pictures("".join((found.key.explanation, *guides)), _picture)),  # noqa: S704 - likewise
    )


def _picture(sha256: str) -> str:
    return url_for("itembank.picture", sha256=sha256)
