"""The candidate's own result, and the sheet to print."""

from fractions import Fraction
from types import SimpleNamespace
from typing import Any

from flask import Blueprint as Routes
from flask import Response, make_response, render_template
from flask_babel import gettext as _

from cbt.delivery.core.receipts import short_code
from cbt.delivery.services.seating import Seating, look
from cbt.delivery.web.session import current_candidate
from cbt.grading.core.outcome import Measure
from cbt.grading.core.result import ResultStatus, StoredResult
from cbt.grading.core.words import shortfall_words
from cbt.grading.services.results import latest_result
from cbt.kernel.errors import NotFound
from cbt.kernel.score import shown
from cbt.kernel.web.context import runtime
from cbt.kernel.web.filters import instant_text
from cbt.kernel.web.language import language
from cbt.scheduling.core.pass_rules import floor_of, rule_words
from reports.core.verify_code import show_code
from reports.services.checking import latest_of_attempt
from reports.services.results import document_pdf

routes = Routes("reports", __name__)


class SheetNotReady(NotFound):
    """The sheet is not there yet."""

    code = "sheet-not-ready"


@routes.get("/result")
def result() -> str:
    """Show the candidate's result, or that it is on its way."""
    session = current_candidate()
    seating = look(runtime(), session.registration_id, session.device)
    return render_template("reports/result.html", **_facts(seating))


@routes.get("/result/sheet/<code>.pdf")
def sheet(code: str) -> Response:
    """Return the candidate's newest sheet as PDF; raises SheetNotReady for any other code."""
    session = current_candidate()
    seating = look(runtime(), session.registration_id, session.device)
    document = None if seating.attempt is None else latest_of_attempt(runtime(), seating.attempt.id)
    pdf = None if document is None else document_pdf(runtime(), document.id)
    if document is None or pdf is None or show_code(document.record.verify_code) != code:
        raise SheetNotReady
    name = f"result-sheet-{document.record.number}.pdf"
    return make_response(pdf, {"Content-Type": "application/pdf", "Content-Disposition": f'inline; filename="{name}"'})


def _facts(seating: Seating) -> dict[str, Any]:
    attempt, facts = seating.attempt, seating.facts
    stored = None if attempt is None else latest_result(runtime(), attempt.id)
    document = None if attempt is None else latest_of_attempt(runtime(), attempt.id)
    return {
        "exam_title": facts.exam.title.in_language(language()),
        "place": None,
        "seat": str(facts.seat_number),
        "candidate": facts.candidate,
        "verdict": _verdict(seating, stored),
        "provisional": stored is not None and stored.status is ResultStatus.PROVISIONAL,
        "sheet_code": show_code(document.record.verify_code) if document is not None and document.drawn else None,
        "receipt": _receipt(seating, stored),
        **(
            _scores(stored)
            if stored is not None
            else {"reasons": [], "rule_words": None, "subjects": [], "total": None}
        ),
    }


def _verdict(seating: Seating, stored: StoredResult | None) -> str:
    if stored is not None:
        return "passed" if stored.result.outcome.passed else "failed"
    attempt = seating.attempt
    graded = attempt is not None and attempt.has_ended and attempt.state.value != "voided"
    return "pending" if graded else "none"


def _scores(stored: StoredResult) -> dict[str, Any]:
    result, words = stored.result, language()
    outcome, subjects = result.outcome, result.marks.subjects
    floor = floor_of(result.rule)
    titles = {subject.code: subject.title for subject in subjects}
    met = [_("Every limit of the rule is reached.")] if outcome.passed else []
    short = [shortfall_words(one, titles.get(one.subject or "")).in_language(words) for one in outcome.shortfalls]
    by_count = outcome.measure is Measure.COUNT
    return {
        "reasons": met + short,
        "rule_words": rule_words(result.rule).in_language(words),
        "subjects": [_subject(number, stored, floor) for number in range(1, len(subjects) + 1)],
        "total": SimpleNamespace(
            measure=outcome.measure.value,
            correct=sum(subject.correct for subject in subjects),
            items=sum(subject.items for subject in subjects),
            score=shown(outcome.score),
            limit=str(int(outcome.needed)) if by_count else shown(outcome.needed),
            passed=outcome.reached >= outcome.needed,
        ),
    }


def _subject(number: int, stored: StoredResult, floor: Any) -> SimpleNamespace:
    subject = stored.result.marks.subjects[number - 1]
    if not subject.attended:
        standing = "absent"
    elif floor is None:
        standing = "no-floor"
    else:
        standing = "met" if subject.score >= Fraction(floor) else "below"
    return SimpleNamespace(
        number=number,
        title=subject.title.in_language(language()),
        correct=subject.correct,
        items=subject.items,
        score=shown(subject.score),
        share=float(subject.score / 100),
        limit=None if floor is None else shown(Fraction(floor), 0),
        limit_share=None if floor is None else float(Fraction(floor) / 100),
        standing=standing,
    )


def _receipt(seating: Seating, stored: StoredResult | None) -> SimpleNamespace | None:
    attempt = seating.attempt
    if attempt is None or attempt.ended_at is None:
        return None
    # Once graded, the head that was graded: later refusals may still have moved the journal's own.
    graded_head = attempt.head.hash if stored is None else stored.result.journal_head
    return SimpleNamespace(
        code=short_code(graded_head),
        ended_at=instant_text(attempt.ended_at, seating.facts.centre.time_zone),
        answered=len(attempt.answered),
        items=attempt.slots,
        form=attempt.form_digest.hex()[:8],
    )
