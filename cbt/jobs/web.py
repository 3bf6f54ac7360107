"""Long work on screen: the list, one job with its bar and its cancelling; and the way there for pages that start it."""

from typing import Any, Final
from uuid import UUID

from flask import Blueprint as Routes
from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import gettext as _

from cbt.jobs.core.jobs import Job, JobEnded, JobId, JobState
from cbt.jobs.services import asking
from cbt.jobs.services.asking import PAGE, Viewer
from cbt.kernel.errors import NotFound
from cbt.kernel.web.context import page_number, runtime
from cbt.people.web import actor, current_staff, staff_required

routes = Routes("jobs", __name__)
PATIENCE_S: Final = 1.0


@routes.get("/admin/jobs")
@staff_required()
def jobs() -> str:
    """List the jobs that the person may see."""
    found, total = asking.list_jobs(runtime(), _viewer(), page=page_number())
    return render_template("jobs/jobs.html", jobs=found, total=total, page=page_number(), size=PAGE)


@routes.get("/admin/jobs/<uuid:job_id>")
@staff_required()
def job(job_id: UUID) -> str:
    """Show a job and how far it is."""
    return render_template("jobs/job.html", job=asking.get_job_for(runtime(), JobId(job_id), _viewer()))


@routes.get("/admin/jobs/<uuid:job_id>/status")
@staff_required()
def job_status(job_id: UUID) -> ResponseReturnValue:
    """Answer how far a job is, for the page's script."""
    found = asking.get_job_for(runtime(), JobId(job_id), _viewer())
    return jsonify(
        state=found.state,
        done=found.progress.done,
        total=found.progress.total,
        words=job_words(found),
        go=onward(found) if found.ended else None,
    )


@routes.post("/admin/jobs/<uuid:job_id>/cancel")
@staff_required()
def job_cancel(job_id: UUID) -> ResponseReturnValue:
    """Cancel a job."""
    found = asking.get_job_for(runtime(), JobId(job_id), _viewer())
    try:
        asking.cancel(runtime(), found.id, by=actor())
    except JobEnded as refused:
        flash(_(refused.message), "warn")
    return redirect(url_for("jobs.job", job_id=job_id), 303)


def to_job(job_id: JobId) -> ResponseReturnValue:
    """Go to what a job gave if it ends within a second, else to its bar."""
    found = asking.wait_for(runtime(), job_id, patience_s=PATIENCE_S)
    return redirect(onward(found) if found.ended else url_for("jobs.job", job_id=job_id), 303)


def asked_job(kind: str, subject: str) -> Job | None:
    """Return the job that the address names as `job`, or None; raises NoSuchJob where it is of another kind."""
    wanted = request.values.get("job", "")
    if not wanted:
        return None
    found = asking.get_job_for(runtime(), JobId(_id(wanted)), _viewer())
    if found.wanted.kind != kind or found.wanted.subject != subject:
        raise NotFound
    return found


def onward(job: Job) -> str:
    """Return the address that shows what a job gave."""
    return job.page if job.page and job.state is JobState.DONE else url_for("jobs.job", job_id=job.id)


@routes.app_template_filter("job_words")
def job_words(job: Job) -> str:
    """Return in a few words what a job does now."""
    words = {
        JobState.QUEUED: _("Waiting to begin"),
        JobState.DONE: _("Done"),
        JobState.FAILED: _("Failed"),
        JobState.CANCELLED: _("Cancelled"),
    }
    if job.state is not JobState.RUNNING:
        return str(words[job.state])
    if job.cancel_asked_at is not None:
        return str(_("Being cancelled"))
    phase = gettext(job.progress.phase) if job.progress.phase else _("Beginning")
    if not job.progress.total:
        return str(phase)
    return f"{phase}: {job.progress.done:,} / {job.progress.total:,}"


@routes.app_template_filter("work_words")
def work_words(kind: str) -> str:
    """Return the name of a kind of work."""
    words = str(gettext(kind))
    return words if words != kind else kind.rpartition(".")[2].replace("-", " ").capitalize()


@routes.app_template_filter("job_badge")
def job_badge(job: Job) -> tuple[str, str]:
    """Return colour and shape that say how a job stands."""
    badges = {
        JobState.QUEUED: ("", "clock"),
        JobState.RUNNING: ("brand", "play"),
        JobState.DONE: ("ok", "check"),
        JobState.FAILED: ("bad", "warn"),
        JobState.CANCELLED: ("", "slash"),
    }
    return badges[job.state]


@routes.app_context_processor
def job_templates() -> dict[str, Any]:
    """Give all templates `onward(job)`."""
    return {"onward": onward}


def _viewer() -> Viewer:
    session = current_staff()
    return Viewer(id=session.staff_id, roles=session.roles)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound from error
