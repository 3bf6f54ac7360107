"""The fairness of forms: draw a set of them to look at, as a sitting would be drawn, and give its figures."""

from typing import Any, Final

from cbt.jobs.core.jobs import Job, JobId, Wanted
from cbt.jobs.services.asking import start
from cbt.jobs.services.running import Duty
from cbt.kernel.pdf.fonts import load_fonts
from cbt.kernel.progress import Tell, quiet
from cbt.kernel.runtime import Runtime
from cbt.people.core.actors import Actor, Role
from itembank.core.draw import Sitting, plan
from itembank.core.fairness import FairnessReport, Tally
from itembank.formats.fairness_document import report_from, report_text
from itembank.pdf.fairness import draw_fairness
from itembank.store import blueprints as blueprint_store
from itembank.store import items as item_store

KIND: Final = "itembank.fairness"
MOST_FORMS: Final = 10_000
PHASE: Final = "Drawing forms"
_READERS: Final = frozenset({Role.ADMIN, Role.AUTHOR, Role.AUDITOR})
_TELL_EVERY: Final = 25


def fairness_of(rt: Runtime, code: str, *, count: int, seed: str, tell: Tell = quiet) -> FairnessReport:
    """Return the figures of `count` forms of the newest version; none of them is kept.

    Raises NoSuchBlueprint, BlueprintImpossible with every shortage.
    """
    with rt.reading() as tx:
        stored = blueprint_store.get_newest(tx, code)
        view = item_store.bank_view(tx, stored.bank.id)
    prepared = plan(stored.blueprint, view)
    sitting, tally = Sitting(prepared), Tally(stored.blueprint, view)
    for number in range(1, count + 1):
        tally.add(sitting.draw(f"{seed}/{number}".encode()))
        if number % _TELL_EVERY == 0:
            tell(number, count, PHASE)
    return FairnessReport(
        blueprint=code,
        version=stored.number,
        bank=stored.bank.code,
        seed=seed,
        algorithm=prepared.algorithm,
        figures=tally.report(),
    )


def start_fairness(rt: Runtime, code: str, *, count: int, seed: str, by: Actor, page: str) -> JobId:
    """Ask for the figures of `count` forms; `page` shows them. Raises NoSuchBlueprint."""
    with rt.reading() as tx:
        blueprint_store.get_newest(tx, code)
    arguments = {"count": count, "seed": seed}
    return start(rt, Wanted(kind=KIND, subject=code, arguments=arguments, roles=_READERS, page=page), by=by)


def read_fairness(job: Job) -> FairnessReport | None:
    """Return the figures that a job found, or None while there are none."""
    return None if job.outcome is None else report_from(str(job.outcome["report"]))


def fairness_pdf(rt: Runtime, report: FairnessReport, job: Job) -> bytes:
    """Return the report on one page; raises MissingGlyph."""
    at = job.finished_at or job.created_at
    return draw_fairness(report, load_fonts(rt.settings.home, rt.settings.font_dir), at)


def _measure(rt: Runtime, job: Job, progress: Tell) -> dict[str, Any]:
    count, seed = int(job.arguments["count"]), str(job.arguments["seed"])
    return {"report": report_text(fairness_of(rt, job.wanted.subject, count=count, seed=seed, tell=progress))}


FAIRNESS: Final = Duty(kind=KIND, run=_measure, phases=(PHASE,))
