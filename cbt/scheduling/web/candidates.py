"""Candidates: search, enter, correct, load from a table."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cbt.kernel.web.context import page_number, runtime
from cbt.people.core.candidates import CANDIDATE_COLUMNS, CandidateId
from cbt.people.formats import readable_text
from cbt.people.services import candidates as services
from cbt.people.web import Errors, actor, answer
from cbt.scheduling.services.registrations import list_of_candidate
from cbt.scheduling.web.access import admins, reason, routes, saved, typed, uploaded


@routes.get("/admin/candidates")
@admins
def candidates() -> str:
    """Search the candidates."""
    query = request.args.get("q", "").strip()[:100]
    found = services.list_candidates(runtime(), query, page=page_number())
    return render_template("scheduling/candidates.html", found=found, query=query)


@routes.route("/admin/candidates/new", methods=["GET", "POST"])
@admins
def candidate_new() -> ResponseReturnValue:
    """Enter a candidate."""

    def page(errors: Errors) -> str:
        return render_template("scheduling/candidate.html", person=None, sat=(), errors=errors, raw=typed({}))

    def act() -> str:
        person = services.add_candidate(runtime(), request.form, by=actor())
        return saved(url_for("scheduling.candidate", candidate_id=person.id))

    return page({}) if request.method == "GET" else answer(act, page)


@routes.route("/admin/candidates/<uuid:candidate_id>", methods=["GET", "POST"])
@admins
def candidate(candidate_id: UUID) -> ResponseReturnValue:
    """Show a candidate with what he or she is registered for; correct names and birth date."""

    def page(errors: Errors) -> str:
        person = services.get_candidate(runtime(), CandidateId(candidate_id))
        stored = {"name": person.name, "name_latin": person.name_latin, "birth": person.birth_on.isoformat()}
        facts = {"person": person, "sat": list_of_candidate(runtime(), person)}
        return render_template("scheduling/candidate.html", errors=errors, raw=typed(stored), **facts)

    def act() -> str:
        wanted = CandidateId(candidate_id)
        services.change_candidate(runtime(), wanted, request.form, by=actor(), reason=reason())
        return saved(url_for("scheduling.candidate", candidate_id=candidate_id))

    return page({}) if request.method == "GET" else answer(act, page)


@routes.get("/admin/candidates/import")
@admins
def candidates_upload() -> str:
    """Show where to upload a table."""
    return _upload_page(None, "")


@routes.post("/admin/candidates/import")
@admins
def candidates_import() -> ResponseReturnValue:
    """Look at a table, or load it."""
    data, dry_run = uploaded(), request.form.get("step") != "load"
    result = services.import_candidates(runtime(), data, by=actor(), dry_run=dry_run)
    if dry_run or result.problems:
        return _upload_page(result, readable_text(data)), 400 if result.problems else 200
    words = _("%(fresh)s candidates are entered, %(known)s were known.", fresh=len(result.fresh), known=result.known)
    flash(words, "ok")
    return redirect(url_for("scheduling.candidates"), 303)


def _upload_page(result: services.CandidateImport | None, table: str) -> str:
    columns = ", ".join(column.name for column in CANDIDATE_COLUMNS)
    return render_template("scheduling/candidates_import.html", result=result, table=table, columns=columns)
