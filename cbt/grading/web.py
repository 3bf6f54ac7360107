"""Marking on screen, one answer after the other; late answers, proposed by one person and decided by another."""

from pathlib import PurePath
from uuid import UUID

from flask import Blueprint as Routes
from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from cbt.delivery.core.entry_kinds import Way
from cbt.grading.core.admissions import NothingChosen, OwnProposal, ProposalDecided, ReasonWanted
from cbt.grading.core.by_hand import Task
from cbt.grading.services.late import NoSuchProposal, decide, late_case, list_late, propose
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
admins = staff_required(Role.ADMIN)


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


@routes.get("/admin/late")
@admins
def late() -> str:
    """Show the ended exams with answers that came late."""
    return render_template("grading/late.html", cases=list_late(runtime()))


@routes.get("/admin/late/<uuid:attempt_id>")
@admins
def late_one(attempt_id: UUID) -> str:
    """Show what came late in one exam, and what was proposed about it."""
    return _late_page(attempt_id, {})


@routes.post("/admin/late/<uuid:attempt_id>")
@admins
def late_propose(attempt_id: UUID) -> ResponseReturnValue:
    """Propose that some of it counts."""
    form = request.form
    numbers = [int(text) for text in form.getlist("number") if text.isascii() and text.isdecimal()]
    try:
        propose(
            runtime(),
            attempt_id,
            numbers,
            reason=form.get("reason", ""),
            overriding=bool(form.get("overriding")),
            by=actor(),
        )
    except ReasonWanted:
        return _late_page(attempt_id, {"reason": _("Write down why these answers shall count.")}), 400
    except NothingChosen:
        return _late_page(attempt_id, {"answers-title": _("Choose the answers that shall count.")}), 400
    except ProposalDecided:
        flash(_("Somebody has proposed or decided something in the meantime."), "warn")
    return redirect(url_for("grading.late_one", attempt_id=attempt_id), 303)


@routes.post("/admin/late/<uuid:attempt_id>/decide")
@admins
def late_decide(attempt_id: UUID) -> ResponseReturnValue:
    """Let what another person proposed count, or decline it."""
    admit = request.form.get("act") == "admit"
    try:
        decide(runtime(), UUID(request.form.get("proposal", "")), admit=admit, by=actor())
    except OwnProposal:
        flash(_("Somebody else must decide: who proposes an admission never approves it."), "warn")
    except (ProposalDecided, NoSuchProposal, ValueError):
        flash(_("Somebody has proposed or decided something in the meantime."), "warn")
    else:
        flash(_("Admitted; the exam was graded anew.") if admit else _("Declined; nothing changes."), "ok")
    return redirect(url_for("grading.late_one", attempt_id=attempt_id), 303)


def _late_page(attempt_id: UUID, errors: dict[str, str]) -> str:
    case = late_case(runtime(), attempt_id)
    proposal = case.open_proposal
    ways = {
        Way.LATE: _("After the end"),
        Way.OLDER_LEASE: _("From the computer before"),
        Way.ANSWER_FILE: _("By answer file"),
        Way.PAUSED: _("While the clock stood"),
        Way.PART_OVER: _("After the end of its part"),
    }
    return render_template(
        "grading/late_one.html",
        case=case,
        ways=ways,
        errors=errors,
        raw=request.form,
        may_decide=proposal is not None and proposal.proposed_by != actor().id,
    )


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
