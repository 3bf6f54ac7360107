"""Issue a sheet for every standing result, and draw it outside any transaction."""

import os
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog

from cbt.delivery.services.reading import filed_in, lock_attempt_in
from cbt.grading.core.outcome import Measure
from cbt.grading.core.result import Result, ResultStatus, StoredResult
from cbt.grading.services.results import result_in
from cbt.kernel.errors import CbtError, InvalidInput, Unavailable
from cbt.kernel.ids import new_id
from cbt.kernel.pdf.fonts import load_fonts
from cbt.kernel.runtime import Runtime, Transaction
from cbt.scheduling.core.pass_rules import floor_of, rule_words
from cbt.scheduling.core.registrations import RegistrationFacts
from cbt.scheduling.services.registrations import get_registration_in
from reports import store
from reports.core.facts import Standing
from reports.core.outcome import Decision, Overall, SubjectDecision, SubjectLine
from reports.core.record import Holder, Origin, SheetRecord, SheetStatus
from reports.core.verify_code import new_code
from reports.core.words import standard_sentence
from reports.pdf.sheet import TEMPLATE_VERSION, draw_sheet

BATCH: Final = 50
_log = structlog.get_logger("reports.issuing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """The circumstances of one issue: when, when the exam was sat, and the document that it takes the place of."""

    now: datetime
    sat_at: datetime
    before: store.Document | None


def issue_missing(rt: Runtime) -> int:
    """Issue a sheet for every result that has none, and draw what is not drawn; return how many were issued."""
    with rt.reading() as tx:
        waiting = store.unissued_results(tx, BATCH)
    for result_id, attempt_id in waiting:
        try:
            _issue(rt, result_id, attempt_id)
        except Unavailable:
            raise
        except CbtError as error:  # one sheet that cannot be made must not hold up the others
            _log.error("not issued", result=str(result_id), code=error.code)
    _draw_waiting(rt)
    return len(waiting)


def sheet_of(rt: Runtime, attempt_id: UUID) -> bytes:
    """Return the newest sheet of an attempt, drawn now if the worker has not come to it; raises NoDocument."""
    with rt.reading() as tx:
        document = store.find_latest(tx, attempt_id)
        if document is None:
            raise store.NoDocument(attempt=attempt_id)
        pdf = store.find_pdf(tx, document.id)
    return pdf or draw_sheet(document.record, load_fonts(rt.settings.home, rt.settings.font_dir))


def _issue(rt: Runtime, result_id: UUID, attempt_id: UUID) -> None:
    """Issue one sheet; a second worker finds it issued already and does nothing."""
    now = rt.clock.now()
    with rt.transaction() as tx:
        attempt, _ = lock_attempt_in(tx, attempt_id)
        if store.is_issued(tx, result_id):
            return
        stored = result_in(tx, result_id)
        facts = get_registration_in(tx, filed_in(tx, attempt_id).registration_id)
        before = store.find_latest(tx, attempt_id)
        store.supersede(tx, attempt_id)
        sat_at = attempt.started_at or facts.sitting.opens_at
        record = _record(rt, tx, Issue(now=now, sat_at=sat_at, before=before), stored, facts)
        # What was revoked stays so: a new version of the result must not bring a revoked sheet back to life.
        standing = Standing.REVOKED if before is not None and before.standing is Standing.REVOKED else Standing.ISSUED
        store.insert_document(tx, new_id(now), attempt_id, record, standing)


def _draw_waiting(rt: Runtime) -> None:
    with rt.reading() as tx:
        documents = store.undrawn(tx, BATCH)
    if not documents:
        return
    fonts = load_fonts(rt.settings.home, rt.settings.font_dir)
    for document in documents:
        pdf, problem = None, None
        try:
            pdf = draw_sheet(document.record, fonts)
        except InvalidInput as error:
            # A name that no font can print needs a person: it is kept and shown instead of a blank box.
            problem = error.message
            _log.error("sheet-not-drawn", document=str(document.id), code=error.code)
        with rt.transaction() as tx:
            store.set_drawn(tx, document.id, pdf, problem)


def _record(rt: Runtime, tx: Transaction, issue: Issue, stored: StoredResult, facts: RegistrationFacts) -> SheetRecord:
    zone = ZoneInfo(facts.centre.time_zone)
    now, today = issue.now, issue.now.astimezone(zone).date()
    number = None if issue.before is None else issue.before.record.number
    result = stored.result
    status = SheetStatus.FINAL if stored.status is ResultStatus.FINAL else SheetStatus.PROVISIONAL
    decision = Decision.PASSED if result.outcome.passed else Decision.FAILED
    return SheetRecord(
        number=number or f"{today.year}-{store.next_number(tx, f'number {today.year}'):07d}",
        issue_number=f"{today:%Y-%m%d}-{store.next_number(tx, f'issue {today.year}'):07d}",
        verify_code=new_code(os.urandom),
        status=status,
        holder=Holder(
            name=facts.candidate.name,
            name_latin=facts.candidate.name_latin,
            candidate_number=facts.candidate.number,
            birth_on=facts.candidate.birth_on,
        ),
        exam_code=facts.exam.exam_code,
        exam=facts.exam.title,
        sitting=facts.sitting.title,
        sat_on=issue.sat_at.astimezone(zone).date(),
        subjects=tuple(_line(result, index) for index in range(len(result.marks.subjects))),
        overall=_overall(result, decision),
        rule=rule_words(result.rule),
        sentence=standard_sentence(facts.exam.title, facts.sitting.title, status, decision),
        issuer=rt.settings.issuer,
        signatory=rt.settings.signatory,
        issued_at=now,
        issued_on=today,
        verify_url=f"{rt.settings.public_url}/verify",
        template_version=TEMPLATE_VERSION,
        origin=Origin(result_id=stored.id, form_digest=result.form_digest, journal_head=result.journal_head),
    )


def _line(result: Result, index: int) -> SubjectLine:
    subject = result.marks.subjects[index]
    floor = floor_of(result.rule)
    limit = None if floor is None else Fraction(floor)
    return SubjectLine(
        code=subject.code,
        title=subject.title,
        correct=subject.correct,
        items=subject.items,
        score=subject.score,
        floor=limit,
        decision=_standing(subject.score, limit, attended=subject.attended),
    )


def _standing(reached: Fraction, floor: Fraction | None, *, attended: bool) -> SubjectDecision:
    if not attended:
        return SubjectDecision.ABSENT
    if floor is None:
        return SubjectDecision.NO_FLOOR
    return SubjectDecision.MET if reached >= floor else SubjectDecision.BELOW


def _overall(result: Result, decision: Decision) -> Overall:
    outcome, subjects = result.outcome, result.marks.subjects
    by_count = outcome.measure is Measure.COUNT
    return Overall(
        correct=sum(subject.correct for subject in subjects),
        items=sum(subject.items for subject in subjects),
        score=outcome.score,
        needed_score=None if by_count else outcome.needed,
        needed_correct=int(outcome.needed) if by_count else None,
        decision=decision,
    )
