"""The fairness report of a blueprint: asked for as a job, shown as a page, taken away as CSV or PDF."""

from typing import Final

from flask import Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cbt.jobs.core.jobs import Job
from cbt.jobs.web import asked_job, to_job
from cbt.kernel.errors import NotFound
from cbt.kernel.web.context import runtime
from cbt.people.web import actor
from itembank.core.fairness import FairnessReport
from itembank.formats.fairness_table import fairness_csv
from itembank.services.blueprints import check_blueprint, get_blueprint
from itembank.services.fairness import KIND, MOST_FORMS, fairness_pdf, read_fairness, start_fairness
from itembank.web.access import readers, routes
from itembank.web.load import Finding, finding

LONGEST_SEED: Final = 100
USUAL_FORMS: Final = 200
MOST_SHOWN: Final = 30
_MEDIA_TYPES: Final = {"csv": "text/csv; charset=utf-8", "pdf": "application/pdf"}


@routes.get("/admin/blueprints/<code>/fairness")
@readers
def fairness(code: str) -> str:
    """Show where to ask for the figures, and those that were found."""
    found = _found(code)
    return _page(code, None if found is None else found[1], job=None if found is None else found[0])


@routes.post("/admin/blueprints/<code>/fairness")
@readers
def fairness_step(code: str) -> ResponseReturnValue:
    """Draw a set of forms and measure it."""
    stored = get_blueprint(runtime(), code)
    problems = check_blueprint(runtime(), stored.bank.code, stored.blueprint)
    if problems:
        return _page(code, None, problems=tuple(finding(problem) for problem in problems)), 409
    seed = request.form.get("seed", "").strip()[:LONGEST_SEED] or "1"
    count = min(max(request.form.get("count", USUAL_FORMS, type=int), 1), MOST_FORMS)
    page = url_for("itembank.fairness", code=code)
    return to_job(start_fairness(runtime(), code, count=count, seed=seed, by=actor(), page=page))


@routes.get("/admin/blueprints/<code>/fairness.<kind>")
@readers
def fairness_file(code: str, kind: str) -> Response:
    """Send the figures that were found as CSV or PDF."""
    found = _found(code)
    if found is None or kind not in _MEDIA_TYPES:
        raise NotFound
    job, report = found
    content = (
        fairness_csv(report.figures).encode("utf-8-sig") if kind == "csv" else fairness_pdf(runtime(), report, job)
    )
    response = make_response(content)
    response.headers["Content-Type"] = _MEDIA_TYPES[kind]
    response.headers.set("Content-Disposition", "attachment", filename=f"fairness-v{report.version}.{kind}")
    return response


def _found(code: str) -> tuple[Job, FairnessReport] | None:
    job = asked_job(KIND, code)
    report = None if job is None else read_fairness(job)
    return None if job is None or report is None else (job, report)


def _page(
    code: str, report: FairnessReport | None, *, job: Job | None = None, problems: tuple[Finding, ...] = ()
) -> str:
    arguments = job.arguments if job is not None else {"count": USUAL_FORMS, "seed": "1"}
    return render_template(
        "itembank/fairness.html",
        stored=get_blueprint(runtime(), code),
        report=report,
        job=job,
        problems=problems,
        broken=()
        if report is None
        else tuple((one.form, finding(one.problem)) for one in report.figures.broken[:MOST_SHOWN]),
        asked=arguments,
        most=MOST_FORMS,
        shown=MOST_SHOWN,
    )
