"""Blueprints: list, edit on screen, bring and take as TOML, look at a draw."""

from dataclasses import replace

from flask import Response, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cbt.kernel.errors import Problem
from cbt.kernel.web.context import runtime
from cbt.people.web import actor
from itembank.core.blueprint_edit import Edited, blank, edited, from_fields
from itembank.core.draw import BlueprintImpossible
from itembank.formats.toml_blueprint import parse_blueprint_toml, write_blueprint_toml
from itembank.services.banks import get_bank, list_banks
from itembank.services.blueprints import (
    BlueprintOfAnotherBank,
    get_blueprint,
    list_blueprint_versions,
    list_blueprints,
)
from itembank.services.editing import areas_of, examine, find_blueprint, save_edit, try_form
from itembank.web.access import readers, routes, writers
from itembank.web.editor import Editor, carried_out, problem_sentences
from itembank.web.load import finding

LONGEST_SEED = 100
MOST_FORMS = 100_000


@routes.get("/admin/blueprints")
@readers
def blueprints() -> str:
    """List the blueprints."""
    found = list_blueprints(runtime())
    return render_template("itembank/blueprints.html", blueprints=found, banks=list_banks(runtime()))


@routes.get("/admin/banks/<code>/blueprints/new")
@writers
def blueprint_new(code: str) -> str:
    """Begin a blueprint."""
    return _editor(code, blank(), act="new")


@routes.post("/admin/banks/<code>/blueprints/new")
@writers
def blueprint_new_step(code: str) -> ResponseReturnValue:
    """Change what is typed, check it against the bank, or save it as a new blueprint."""
    return _step(code, seen=0)


@routes.get("/admin/blueprints/<code>")
@readers
def blueprint(code: str) -> str:
    """Show a blueprint in the editor."""
    stored = get_blueprint(runtime(), code)
    shown = max(request.args.get("part", 1, type=int) - 1, 0)
    return _editor(stored.bank.code, replace(edited(stored.blueprint), shown=shown), act="open")


@routes.post("/admin/blueprints/<code>")
@writers
def blueprint_step(code: str) -> ResponseReturnValue:
    """Change what is typed, check it against the bank, or save it as the next version."""
    stored = get_blueprint(runtime(), code)
    return _step(stored.bank.code, seen=request.form.get("seen", 0, type=int), code=code)


@routes.post("/admin/banks/<code>/supply")
@readers
def supply(code: str) -> Response:
    """Tell a program supply and demand of what is typed in the editor."""
    typed = from_fields(request.form)
    return jsonify(Editor.of(typed, examine(runtime(), code, typed), errors={}, act="live").live())


@routes.get("/admin/blueprints/<code>/file")
@readers
def blueprint_file(code: str) -> Response:
    """Send a blueprint as a TOML file."""
    stored = get_blueprint(runtime(), code)
    response = make_response(write_blueprint_toml(stored.blueprint))
    response.headers["Content-Type"] = "application/toml; charset=utf-8"
    response.headers.set("Content-Disposition", "attachment", filename=f"blueprint-v{stored.number}.toml")
    return response


@routes.get("/admin/banks/<code>/blueprints/file")
@writers
def blueprint_upload(code: str) -> str:
    """Show where to choose a TOML file."""
    return _upload_page(code, ())


@routes.post("/admin/banks/<code>/blueprints/file")
@writers
def blueprint_upload_step(code: str) -> ResponseReturnValue:
    """Open a TOML file in the editor; nothing is stored yet."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return _upload_page(code, (), missing=True), 400
    read = parse_blueprint_toml(file.read())
    if read.blueprint is None:
        return _upload_page(code, read.problems), 400
    return _editor(code, edited(read.blueprint), act="check")


@routes.get("/admin/blueprints/<code>/draw")
@readers
def blueprint_draw(code: str) -> ResponseReturnValue:
    """Show a form as it would be drawn; nothing is kept."""
    seed = request.args.get("seed", "").strip()[:LONGEST_SEED] or "1"
    number = min(max(request.args.get("number", 1, type=int), 1), MOST_FORMS)
    facts = {"seed": seed, "number": number, "most": MOST_FORMS}
    try:
        # The shell's `cbt itembank draw` counts its forms in the same way.
        tried = try_form(runtime(), code, f"{seed}/{number}".encode())
    except BlueprintImpossible as refused:
        stored = get_blueprint(runtime(), code)
        problems = tuple(finding(problem) for problem in refused.problems)
        return render_template("itembank/draw.html", stored=stored, tried=None, problems=problems, **facts), 409
    return render_template("itembank/draw.html", stored=tried.stored, tried=tried, problems=(), **facts)


def _step(bank_code: str, *, seen: int, code: str = "") -> ResponseReturnValue:
    typed = from_fields(request.form if not code else {**request.form, "code": code})
    act = request.form.get("act", "check")
    if act == "save":
        return _save(bank_code, typed, seen)
    _bank, areas = areas_of(runtime(), bank_code)
    changed, focus = carried_out(act, typed, request.form, areas)
    return _editor(bank_code, changed, act=act, focus=focus, seen=seen)


def _save(bank_code: str, typed: Edited, seen: int) -> ResponseReturnValue:
    try:
        saved = save_edit(runtime(), bank_code, typed, seen=seen, by=actor())
    except BlueprintOfAnotherBank:
        return _editor(bank_code, typed, errors={"code": _("Another bank has a blueprint of this code.")}), 409
    if saved.stored is None:
        return _editor(bank_code, typed, act="save", errors=problem_sentences(saved.problems, typed), seen=seen), 400
    if saved.fresh:
        flash(_("Saved as version %(number)s.", number=saved.stored.number), "ok")
    else:
        flash(_("Nothing has changed: version %(number)s stays.", number=saved.stored.number), "ok")
    return redirect(url_for("itembank.blueprint", code=saved.stored.blueprint.code, part=typed.shown + 1), 303)


def _editor(
    bank_code: str,
    typed: Edited,
    *,
    act: str = "check",
    focus: str = "",
    errors: dict[str, str] | None = None,
    seen: int | None = None,
) -> str:
    bank, areas = areas_of(runtime(), bank_code)
    stored = find_blueprint(runtime(), typed.code) if typed.code else None
    if stored is not None and (stored.bank.code != bank_code or seen == 0):
        stored = None
    examined = examine(runtime(), bank_code, typed)
    page = Editor.of(typed, examined, errors=errors or {}, act=act)
    facts = {"bank": bank, "areas": areas, "stored": stored, "focus": focus}
    facts["seen"] = seen if seen is not None else (stored.number if stored else 0)
    facts["versions"] = list_blueprint_versions(runtime(), typed.code) if stored else ()
    return render_template("itembank/blueprint.html", page=page, **facts)


def _upload_page(bank_code: str, problems: tuple[Problem, ...], *, missing: bool = False) -> str:
    errors = {"file": _("Choose a file.")} if missing else {}
    found = tuple(finding(problem) for problem in problems)
    bank = get_bank(runtime(), bank_code)
    return render_template("itembank/blueprint_file.html", bank=bank, problems=found, errors=errors)
