"""Writing a bank into a file: choose a format and which items, wait at the bar, take the file."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cbt.jobs.core.jobs import Job
from cbt.jobs.services.files import FilesGone
from cbt.jobs.web import asked_job, to_job
from cbt.kernel.errors import NotFound, Problem, status_of
from cbt.kernel.web.context import runtime
from cbt.people.web import Errors, actor
from itembank.core.records import ItemStatus, NoSuchArea
from itembank.services.banks import get_bank, list_areas
from itembank.services.export_work import EXPORT_KIND, ExportWish, exported_file, start_export
from itembank.services.exporting import ExportFormat
from itembank.web.access import routes, writers
from itembank.web.load import Finding, finding

_NAMES = {
    ExportFormat.QTI3: "QTI 3.0",
    ExportFormat.QTI22: "QTI 2.2",
    ExportFormat.MOODLE: "Moodle XML",
    ExportFormat.GIFT: "GIFT",
    ExportFormat.CSV: "CSV",
    ExportFormat.XLSX: "XLSX",
}


@routes.get("/admin/banks/<code>/export")
@writers
def export(code: str) -> str:
    """Show what can be written, and what came of it."""
    return _page(code, {}, asked_job(EXPORT_KIND, code))


@routes.post("/admin/banks/<code>/export")
@writers
def export_start(code: str) -> ResponseReturnValue:
    """Write a file."""
    wish = _wish()
    if wish is None:
        return _page(code, {"format": _("Choose a format.")}, None), 400
    try:
        return to_job(start_export(runtime(), code, wish, by=actor(), page=url_for("itembank.export", code=code)))
    except NoSuchArea as refused:
        return _page(code, {"area": _(refused.message)}, None), status_of(refused)


@routes.get("/admin/banks/<code>/export/file")
@writers
def export_file(code: str) -> ResponseReturnValue:
    """Send the file that was written."""
    job = asked_job(EXPORT_KIND, code)
    if job is None or job.outcome is None:
        raise NotFound
    made = ExportFormat(job.outcome["format"])
    try:
        pieces = exported_file(runtime(), job, by=actor())
    except FilesGone as gone:
        return _page(code, {"format": _(gone.message)}, None), status_of(gone)
    name = f"{code}-{made}.{made.suffix}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(pieces, mimetype=made.media_type, headers=headers)


def _wish() -> ExportWish | None:
    chosen, status = request.form.get("format", ""), request.form.get("status", "")
    if chosen not in set(ExportFormat) or (status and status not in set(ItemStatus)):
        return None
    return ExportWish(
        format=ExportFormat(chosen),
        area=request.form.get("area", "").strip(),
        status=ItemStatus(status) if status else None,
    )


def _page(code: str, errors: Errors, job: Job | None) -> str:
    outcome = None if job is None else job.outcome
    return render_template(
        "itembank/export.html",
        bank=get_bank(runtime(), code),
        areas=list_areas(runtime(), code),
        formats=tuple(_NAMES.items()),
        statuses=tuple(ItemStatus),
        job=job,
        outcome=outcome,
        notes={} if outcome is None else _notes(outcome["items"]),
        made=None if outcome is None else _NAMES[ExportFormat(outcome["format"])],
        mine=job is not None and job.by.id == actor().id,
        errors=errors,
        typed=request.form,
    )


def _notes(items: Iterable[Mapping[str, Any]]) -> dict[str, tuple[Finding, ...]]:
    """Return what is to be said of each item that the format cannot carry whole, in the reader's language."""
    return {one["code"]: tuple(finding(Problem(**note)) for note in one["notes"]) for one in items}
