"""Loading a file into a bank: look at what would happen, then load; and example files to begin with.

The page keeps no file: the digest of what was looked at comes back with the load, and only that file is loaded. With
script the file stays chosen in its input; without, the person chooses it again.
"""

from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cbt.kernel.errors import NotFound, Problem
from cbt.kernel.web.context import runtime
from cbt.people.web import Errors, actor
from itembank.core.records import ChangeKind, ItemStatus, LoadRunning
from itembank.formats.template import template_csv, template_xlsx
from itembank.services.banks import get_bank
from itembank.services.importing import ImportReport
from itembank.services.uploading import Upload, load_upload
from itembank.web.access import routes, writers
from itembank.web.sentences import place_words, sentence

_TEMPLATES = {
    "csv": (template_csv, "text/csv; charset=utf-8"),
    "xlsx": (template_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A problem of a file in the reader's language."""

    place: str
    field: str
    words: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What looking at a file, or loading it, gave."""

    report: ImportReport
    source: str
    digest: str
    again: bool = False

    @property
    def problems(self) -> tuple[Finding, ...]:
        """Return what keeps the file out."""
        return tuple(finding(problem) for problem in self.report.problems)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """Return what should be looked at."""
        return tuple(finding(problem) for problem in self.report.warnings)


@routes.get("/admin/banks/<code>/load")
@writers
def load(code: str) -> str:
    """Show where to choose a file."""
    return _page(code, {}, None)


@routes.post("/admin/banks/<code>/load")
@writers
def load_step(code: str) -> ResponseReturnValue:
    """Look at a file, or load the one that was looked at."""
    upload = _upload()
    if upload is None:
        return _page(code, {"file": _("Choose a file.")}, None), 400
    digest, wanted = _digest(upload), request.form.get("step") == "load"
    same = compare_digest(digest, request.form.get("seen", ""))
    try:
        report = load_upload(runtime(), code, upload, actor(), dry_run=not (wanted and same))
    except LoadRunning:
        return _page(
            code, {"form": _("Another load into this bank is running. Try again when it has ended.")}, None
        ), 409
    if report.stored:
        return _loaded(code, report)
    outcome = Outcome(report=report, source=upload.name, digest=digest, again=wanted and not same)
    return _page(code, {}, outcome), 400 if report.problems else 200


@routes.get("/admin/load-example.<kind>")
@writers
def load_example(kind: str) -> Response:
    """Send an example file with all columns."""
    if kind not in _TEMPLATES:
        raise NotFound
    make, media_type = _TEMPLATES[kind]
    response = make_response(make())
    response.headers["Content-Type"] = media_type
    response.headers["Content-Disposition"] = f'attachment; filename="items.{kind}"'
    return response


def _page(code: str, errors: Errors, outcome: Outcome | None) -> str:
    bank = get_bank(runtime(), code)
    facts = {"kinds": tuple(ChangeKind), "most": MOST_SHOWN, "status": request.form.get("status", "approved")}
    return render_template("itembank/load.html", bank=bank, errors=errors, outcome=outcome, **facts)


def _loaded(code: str, report: ImportReport) -> Response:
    counts = {kind.value: report.count(kind) for kind in ChangeKind}
    words = _(
        "Loaded: %(new)s new, %(changed)s changed, %(rekeyed)s with a new key, %(unchanged)s unchanged.", **counts
    )
    flash(words, "ok")
    return redirect(url_for("itembank.bank", code=code), 303)  # type: ignore[return-value]


def _upload() -> Upload | None:
    file, areas = request.files.get("file"), request.files.get("areas")
    if file is None or not file.filename:
        return None
    drafts = request.form.get("status") == ItemStatus.DRAFT.value
    return Upload(
        name=file.filename,
        items=file.read(),
        areas=areas.read() if areas is not None and areas.filename else b"",
        status=ItemStatus.DRAFT if drafts else ItemStatus.APPROVED,
    )


def _digest(upload: Upload) -> str:
    parts = (upload.items, upload.areas, upload.status.value.encode())
    return sha256(b"".join(sha256(part).digest() for part in parts)).hexdigest()


def finding(problem: Problem) -> Finding:
    """Return `problem` in the reader's language."""
    place, field = place_words(problem.where)
    return Finding(place=place, field=field, words=sentence(problem), code=problem.code)
