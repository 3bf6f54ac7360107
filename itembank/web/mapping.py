"""Matching the columns of a foreign table: sample rows beside what they shall mean, and items as they would look."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from cbt.jobs.core.jobs import Job
from cbt.jobs.services.files import FilesGone
from cbt.jobs.web import asked_job, to_job
from cbt.kernel.errors import NotFound, status_of
from cbt.kernel.web.context import runtime
from cbt.people.web import Errors, actor
from itembank.core.keys import MatchCorrect, MatchNumber, MatchText
from itembank.core.mapping import CONSTANTS, FIELDS, MOST_OPTIONS, ColumnMapping, KeyStyle, Separator
from itembank.formats.html.items import render_item
from itembank.formats.html.setting import natural
from itembank.formats.parsed import Parsed, ParsedItem
from itembank.services.banks import get_bank
from itembank.services.mapping import (
    LONGEST_NAME,
    ForeignTable,
    look_at_table,
    save_mapping,
    start_mapped_check,
    try_mapping,
)
from itembank.services.uploading import CHECK_KIND
from itembank.web.access import routes, writers
from itembank.web.load import beginnings, finding
from itembank.web.sentences import place_words

SHOWN_ROWS: Final = 4
SHOWN_ITEMS: Final = 3
MOST_FINDINGS: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """One of the first items as it would look, with what would be right."""

    code: str
    where: str
    language: str
    html: Markup
    right: tuple[str, ...]


@routes.get("/admin/banks/<code>/load/columns")
@writers
def load_columns(code: str) -> ResponseReturnValue:
    """Show the columns of the file that was looked at, and what they seem to mean."""
    return _shown(code, lambda table: table.mapping)


@routes.post("/admin/banks/<code>/load/columns")
@writers
def load_columns_step(code: str) -> ResponseReturnValue:
    """Show what the chosen columns give, or look at the whole file by them."""
    mapping, name = read_mapping(), request.form.get("name", "").strip()
    if request.form.get("act") != "check":
        return _shown(code, lambda _table: mapping)
    job = _job(code)
    try:
        if name:
            headers = look_at_table(runtime(), job, code).sample.headers
            save_mapping(runtime(), code, name, mapping, headers=headers, by=actor())
        page = url_for("itembank.load", code=code)
        return to_job(start_mapped_check(runtime(), job.id, mapping, by=actor(), page=page))
    except FilesGone as gone:
        return _gone(code, gone)


def _job(code: str) -> Job:
    job = asked_job(CHECK_KIND, code)
    if job is None:
        raise NotFound
    return job


def _shown(code: str, choose: Callable[[ForeignTable], ColumnMapping]) -> ResponseReturnValue:
    job = _job(code)
    try:
        table = look_at_table(runtime(), job, code, saved=request.values.get("saved", ""))
        if not table.sample.headers:
            return redirect(url_for("itembank.load", code=code, job=job.id), 303)
        mapping = choose(table)
        parsed = try_mapping(runtime(), job, mapping)
    except FilesGone as gone:
        return _gone(code, gone)
    return _page(code, job, replace(table, mapping=mapping), parsed)


def _page(code: str, job: Job, table: ForeignTable, parsed: Parsed) -> str:
    facts = {
        "bank": get_bank(runtime(), code),
        "job": job,
        "table": table,
        "mapping": table.mapping,
        "rows": table.sample.rows[:SHOWN_ROWS],
        "fields": FIELDS,
        "field_words": field_words(),
        "most_options": MOST_OPTIONS,
        "styles": _styles(),
        "separators": _separators(),
        "longest_name": LONGEST_NAME,
        "name": request.form.get("name", table.begun_with),
    }
    told = {
        "previews": tuple(_previews(parsed)),
        "read": len(parsed.items),
        "problems": [finding(one) for one in parsed.problems],
        "most": MOST_FINDINGS,
    }
    return render_template("itembank/mapping.html", **facts, **told)


def _gone(code: str, gone: FilesGone) -> ResponseReturnValue:
    errors: Errors = {"file": _(gone.message)}
    bank = get_bank(runtime(), code)
    told = {"outcome": None, "kinds": (), "most": MOST_FINDINGS, "beginnings": beginnings(), "status": ""}
    return render_template("itembank/load.html", bank=bank, errors=errors, **told), status_of(gone)


def read_mapping() -> ColumnMapping:
    """Return the mapping that the inputs of the page say."""
    form = request.form
    single = form.get("options") == "cell"
    fields = {name: form[f"field-{name}"] for name in FIELDS if form.get(f"field-{name}")}
    constants = {
        name: form[f"constant-{name}"].strip() for name in CONSTANTS if form.get(f"constant-{name}", "").strip()
    }
    chosen = [form.get(f"option-{number}", "") for number in range(1, MOST_OPTIONS + 1)]
    key, style, separator = form.get("key", ""), form.get("key-style", ""), form.get("separator", "")
    return ColumnMapping(
        fields=fields,
        options=() if single else tuple(one for one in chosen if one),
        option_cell=form.get("option-cell", "") if single else "",
        separator=Separator(separator) if separator in set(Separator) else Separator.LINE,
        key=key,
        key_style=KeyStyle(style) if style in set(KeyStyle) else KeyStyle.LETTER,
        constants=constants,
    )


def _previews(parsed: Parsed) -> Iterator[Preview]:
    for number, item in enumerate(parsed.items[:SHOWN_ITEMS], start=1):
        content = item.content
        html = render_item(content, natural(content), slot=number, asset_url=lambda _sha256: "", translate=_)
        yield Preview(
            code=item.code,
            where=place_words(item.where)[0],
            language=content.language,
            html=Markup(html),  # noqa: S704 - cleaned while it was read, as whatever is stored
            right=tuple(_right(item)),
        )


def _right(item: ParsedItem) -> Iterator[str]:
    places = {
        option.identifier: number
        for one in item.content.choice_interactions()
        for number, option in enumerate(one.choices, start=1)
    }
    for one in item.key.responses:
        match one.rule:
            case MatchCorrect():
                yield ", ".join(str(places.get(name, name)) for name in one.rule.correct)
            case MatchText():
                yield " | ".join(one.rule.accepted)
            case MatchNumber():
                yield f"{one.rule.value:f} ± {one.rule.tolerance:f}" if one.rule.tolerance else f"{one.rule.value:f}"


def field_words() -> dict[str, str]:
    """Return what each of our columns is called on the page."""
    return {
        "id": _("Item code"),
        "question": _("Question"),
        "area": _("Content area"),
        "title": _("Title"),
        "explanation": _("Explanation"),
        "difficulty": _("Difficulty (logit)"),
        "refs": _("References"),
        "figure": _("File of the figure"),
        "figure_alt": _("Words for the figure"),
        "accepted": _("Accepted texts, parted by |"),
        "value": _("Right number"),
        "tolerance": _("Tolerance of the number"),
        "language": _("Language"),
        "type": _("Kind of answer"),
        "pinned": _("Pinned options"),
        "shuffle": _("Shuffle the options"),
        "format": _("Text or HTML"),
    }


def _styles() -> list[tuple[str, str]]:
    return [
        (KeyStyle.LETTER, _("Letters: A, B, C")),
        (KeyStyle.NUMBER, _("Numbers, the first is 1")),
        (KeyStyle.INDEX, _("Numbers, the first is 0")),
        (KeyStyle.TEXT, _("The words of the option")),
    ]


def _separators() -> list[tuple[str, str]]:
    return [
        (Separator.LINE, _("a new line")),
        (Separator.BAR, _("a bar |")),
        (Separator.SEMICOLON, _("a semicolon ;")),
        (Separator.SLASH, _("a slash /")),
        (Separator.COMMA, _("a comma ,")),
        (Separator.NUMBERS, _("numbers: 1) 2), A) B), ① ②")),
    ]
