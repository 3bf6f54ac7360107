"""The item editor: one form for every kind of item, a preview while one types, pictures by upload or paste."""

from collections.abc import Mapping
from typing import Any, Final

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from cbt.kernel.errors import Conflict, status_of
from cbt.kernel.web.context import runtime
from cbt.kernel.web.language import language
from cbt.people.web import actor
from itembank.core.documents import INTERACTIONS
from itembank.core.item_form import Draft
from itembank.core.item_form_acts import acted, started
from itembank.core.item_form_tree import Tree, grown
from itembank.core.records import LoadRunning
from itembank.core.review_log import SeenHow
from itembank.formats.html.items import render_item, render_passage
from itembank.formats.html.setting import natural
from itembank.services.item_editing import (
    FileRefused,
    KeptFile,
    Opened,
    SavedMeanwhile,
    Saving,
    examine,
    keep_file,
    open_editor,
    save_item,
)
from itembank.services.printing import sample_of
from itembank.services.reviewing import note_seen
from itembank.web.access import routes, writers
from itembank.web.item_view import InteractionView, interaction_views
from itembank.web.item_words import problem_words

KINDS: Final = tuple(INTERACTIONS)
_SAVE: Final = "save"
MOST_FIELDS: Final = 4000


@routes.get("/admin/banks/<code>/items/new")
@writers
def item_new(code: str) -> str:
    """Offer the kinds of items, or the editor of a new item of one kind."""
    opened = open_editor(runtime(), code)
    kind = request.args.get("kind", "")
    if kind not in INTERACTIONS:
        return render_template("itembank/item_kinds.html", bank=opened.bank, kinds=KINDS)
    return _page(opened, started(kind) | {"language": language(), "area": request.args.get("area", "")}, seen=0)


@routes.post("/admin/banks/<code>/items/new")
@writers
def item_new_act(code: str) -> ResponseReturnValue:
    """Do what a button of the editor of a new item says."""
    return _act(code, "")


@routes.get("/admin/banks/<code>/items/<item_code>/edit")
@writers
def item_edit(code: str, item_code: str) -> str:
    """Show the editor of an item; that somebody sees it is written down first."""
    opened = open_editor(runtime(), code, item_code)
    if opened.sheet is not None:
        note_seen(runtime(), opened.sheet.shown.id, by=actor(), how=SeenHow.PAGE)
    return _page(opened, opened.fields(), seen=opened.seen)


@routes.post("/admin/banks/<code>/items/<item_code>/edit")
@writers
def item_edit_act(code: str, item_code: str) -> ResponseReturnValue:
    """Do what a button of the editor says."""
    return _act(code, item_code)


@routes.post("/admin/banks/<code>/preview")
@writers
def item_preview(code: str) -> Response:
    """Tell a script how the item looks, and what is wrong in which field."""
    item_code = request.args.get("item", "")
    opened = open_editor(runtime(), code, item_code)
    draft = examine(runtime(), _raw(), _named(opened))
    return jsonify(
        {
            "html": str(_fragment(draft)),
            "title": draft.content.title,
            "language": draft.content.language,
            "problems": _errors(draft),
            "warnings": _warnings(draft),
        }
    )


@routes.post("/admin/banks/<code>/pictures")
@writers
def item_picture(code: str) -> ResponseReturnValue:
    """Keep a picture, sound or film that a script uploads."""
    open_editor(runtime(), code)
    file = request.files.get("file")
    try:
        kept = keep_file(runtime(), b"" if file is None else file.read(), by=actor())
    except FileRefused as refused:
        words = _("This is no picture, sound or film that an item may show.")
        return jsonify({"error": {"code": refused.code, "message": words}}), status_of(refused)
    return jsonify({**_file_facts(kept), "url": _address(kept.sha256)})


def _act(code: str, item_code: str) -> ResponseReturnValue:
    opened = open_editor(runtime(), code, item_code)
    raw, errors = _with_files(_raw())
    act = request.form.get("act", "")
    seen = request.form.get("seen", 0, type=int)
    if errors or act != _SAVE:
        tree, focus = acted(grown(raw), act)
        return _page(opened, tree, seen=seen, errors=errors, focus=focus), 400 if errors else 200
    try:
        saved = save_item(runtime(), Saving(bank_code=code, item_code=item_code, raw=raw, seen=seen), by=actor())
    except (SavedMeanwhile, LoadRunning) as refused:
        return _refused(opened, raw, seen, refused)
    if saved.problems:
        errors = {problem.where: problem_words(problem) for problem in saved.problems}
        return _page(opened, grown(raw), seen=seen, errors=errors), 400
    told = _("Saved as a draft: version %(number)s.", number=saved.number)
    flash(told if saved.fresh else _("Nothing has changed."), "ok")
    return redirect(url_for("itembank.item", code=code, item_code=saved.code), 303)


def _refused(opened: Opened, raw: Mapping[str, str], seen: int, refused: Conflict) -> ResponseReturnValue:
    return _page(opened, grown(raw), seen=seen, errors={"body": _(refused.message)}), status_of(refused)


def _page(opened: Opened, tree: Tree, *, seen: int, errors: Mapping[str, str] | None = None, focus: str = "") -> str:
    draft = examine(runtime(), _flat(tree), _named(opened))
    views: tuple[InteractionView, ...] = interaction_views(tree, draft.content)
    facts: dict[str, Any] = {"opened": opened, "tree": tree, "views": views, "draft": draft, "seen": seen}
    told = {"errors": errors or {}, "warnings": _warnings(draft), "focus": focus, "fragment": _fragment(draft)}
    return render_template("itembank/item_edit.html", kinds=KINDS, address=_address, **facts, **told)


def _raw() -> dict[str, str]:
    return dict(list(request.form.items())[:MOST_FIELDS])


def _flat(part: Any, name: str = "") -> dict[str, str]:
    """Return the fields of a tree by their names."""
    if isinstance(part, str):
        return {name: part}
    rows = enumerate(part) if isinstance(part, list) else part.items()
    flat: dict[str, str] = {}
    for step, one in rows:
        flat |= _flat(one, f"{name}-{step}" if name else str(step))
    return flat


def _with_files(raw: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the fields with what was uploaded beside them, and what was wrong with an upload."""
    errors: dict[str, str] = {}
    for name, file in request.files.items():
        payload = file.read()
        if not payload:
            continue
        try:
            kept = keep_file(runtime(), payload, by=actor())
        except FileRefused:
            errors[name] = _("This is no picture, sound or film that an item may show.")
            continue
        if name == "body_file":
            raw["body"] = f'{raw.get("body", "")}\n<p><img src="asset:{kept.sha256}" alt=""></p>'
        else:
            start = name.removesuffix("file")
            raw |= {f"{start}{key}": str(value) for key, value in _file_facts(kept).items()}
    return raw, errors


def _file_facts(kept: KeptFile) -> dict[str, Any]:
    return {"sha256": kept.sha256, "media_type": kept.media_type, "width": kept.width, "height": kept.height}


def _named(opened: Opened) -> tuple[Any, ...]:
    return () if opened.sheet is None else opened.sheet.shown.content.assets


def _errors(draft: Draft) -> dict[str, str]:
    return {problem.where: problem_words(problem) for problem in draft.problems}


def _warnings(draft: Draft) -> list[str]:
    return list(dict.fromkeys(problem_words(problem) for problem in draft.warnings))


def _address(sha256: str) -> str:
    if not sha256:
        return url_for("static", filename="bank/no-picture.svg")
    return url_for("itembank.picture", sha256=sha256)


def _fragment(draft: Draft) -> Markup:
    content = draft.content
    printed = sample_of(content, draft.key)
    html = render_item(content, natural(content), slot=1, asset_url=_address, translate=_, printed=printed)
    passage = render_passage(content.stimulus, asset_url=_address) if content.stimulus else ""
    # Cleaned while it was read; see itembank.core.item_form_values.
    return Markup(f'<div class="passage">{passage}</div>{html}' if passage else html)  # noqa: S704
