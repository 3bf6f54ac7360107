"""Loading a file into a bank: look at what would happen, then load; and example files to begin with.

Both are jobs: the page that a person waits at is that of the job where it takes longer than a second. The file is kept
from the look to the load, so that what is loaded is what was looked at.
"""

from dataclasses import dataclass

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cbt.jobs.core.jobs import Job
from cbt.jobs.services.files import FilesGone
from cbt.jobs.web import asked_job, to_job
from cbt.kernel.errors import NotFound, Problem, status_of
from cbt.kernel.web.context import runtime
from cbt.people.core.actors import Role
from cbt.people.web import Errors, actor, current_staff
from itembank.core.records import ChangeKind, ItemStatus
from itembank.formats.parsed import Understood
from itembank.formats.template import template_csv, template_xlsx
from itembank.services.banks import get_bank
from itembank.services.load_reports import ImportReport, ItemReport, read_report
from itembank.services.uploading import CHECK_KIND, LOAD_KIND, MAPPING, Upload, start_check, start_load
from itembank.web.access import routes, writers
from itembank.web.sentences import place_words, sentence

_TEMPLATES = {
    "csv": (template_csv, "text/csv; charset=utf-8"),
    "xlsx": (template_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
MOST_SHOWN = 200
_COLUMN_CODES = frozenset({"column-missing", "duplicate-column", "unknown-column"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A problem of a file in the reader's language."""

    place: str
    field: str
    words: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotedItem:
    """An item of a file that is not as its author wrote it; what is to be said of it is put into words when asked."""

    report: ItemReport

    @property
    def left_out(self) -> bool:
        """Return whether the load leaves it out."""
        return self.report.understood is Understood.REFUSED

    @property
    def partial(self) -> bool:
        """Return whether something of it was not understood."""
        return self.report.understood is Understood.PARTIAL

    @property
    def notes(self) -> tuple[Finding, ...]:
        """Return what is to be said of it."""
        return tuple(finding(problem) for problem in self.report.notes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What looking at a file, or trying to load it, gave."""

    job: Job
    report: ImportReport

    @property
    def source(self) -> str:
        """Return the name of the file."""
        return str(self.job.arguments["name"])

    @property
    def foreign_table(self) -> bool:
        """Return whether it is a table whose columns can be matched by hand."""
        codes = {problem.code for problem in (*self.report.problems, *self.report.warnings)}
        return MAPPING in self.job.arguments or bool(codes & _COLUMN_CODES)

    @property
    def problems(self) -> tuple[Finding, ...]:
        """Return what keeps the file out."""
        return tuple(finding(problem) for problem in self.report.problems)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """Return what should be looked at."""
        return tuple(finding(problem) for problem in self.report.warnings)

    @property
    def noted(self) -> tuple[NotedItem, ...]:
        """Return the items with notes: those that are left out first, then those that were understood in part."""
        noted = [NotedItem(report=item) for item in self.report.items if item.notes]
        return tuple(sorted(noted, key=lambda one: (not one.left_out, not one.partial)))


@routes.get("/admin/banks/<code>/load")
@writers
def load(code: str) -> str:
    """Show where to choose a file, and what the look at one gave."""
    return _page(code, {}, _outcome(asked_job(CHECK_KIND, code)))


@routes.post("/admin/banks/<code>/load")
@writers
def load_step(code: str) -> ResponseReturnValue:
    """Look at a file."""
    upload = _upload()
    if upload is None:
        return _page(code, {"file": _("Choose a file.")}, None), 400
    return to_job(start_check(runtime(), code, upload, by=actor(), page=url_for("itembank.load", code=code)))


@routes.post("/admin/banks/<code>/load/confirm")
@writers
def load_confirm(code: str) -> ResponseReturnValue:
    """Load the file that was looked at."""
    checked = asked_job(CHECK_KIND, code)
    if checked is None:
        raise NotFound
    try:
        return to_job(start_load(runtime(), checked.id, by=actor(), page=url_for("itembank.load_outcome", code=code)))
    except FilesGone as gone:
        return _page(code, {"file": _(gone.message)}, None), status_of(gone)


@routes.get("/admin/banks/<code>/load/outcome")
@writers
def load_outcome(code: str) -> ResponseReturnValue:
    """Tell what a load did, on the page of its bank."""
    outcome = _outcome(asked_job(LOAD_KIND, code))
    if outcome is None or not outcome.report.stored:
        return _page(code, {}, outcome)
    return _loaded(code, outcome.report)


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
    facts = {"kinds": tuple(ChangeKind), "most": MOST_SHOWN, "beginnings": beginnings(), "status": _status().value}
    facts["mine"] = outcome is not None and outcome.job.by.id == actor().id
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
    return Upload(
        name=file.filename,
        items=file.read(),
        areas=areas.read() if areas is not None and areas.filename else b"",
        status=_status(),
    )


def _status() -> ItemStatus:
    """Return what new versions are to begin as: what was asked for, where the person may say so."""
    wanted = request.form.get("status", "")
    return next((one for one in _statuses() if one.value == wanted), _statuses()[0])


def beginnings() -> tuple[tuple[str, str], ...]:
    """Return what new versions may begin as, with words."""
    words: dict[ItemStatus, str] = {
        ItemStatus.APPROVED: _("Approved elsewhere: may be drawn at once"),
        ItemStatus.DRAFT: _("Draft: not drawn yet"),
        ItemStatus.REVIEW: _("In review: somebody else approves them"),
    }
    return tuple((one.value, words[one]) for one in _statuses())


def _statuses() -> tuple[ItemStatus, ...]:
    """Return what new versions may begin as: nobody approves own items, but an administrator knows of approved ones."""
    known = (ItemStatus.APPROVED,) if current_staff().may(Role.ADMIN) else ()
    return (*known, ItemStatus.DRAFT, ItemStatus.REVIEW)


def _outcome(job: Job | None) -> Outcome | None:
    if job is None or job.outcome is None:
        return None
    return Outcome(job=job, report=read_report(job.outcome))


def finding(problem: Problem) -> Finding:
    """Return `problem` in the reader's language."""
    place, field = place_words(problem.where)
    return Finding(place=place, field=field, words=sentence(problem), code=problem.code)
