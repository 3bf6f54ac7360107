"""The results of a sitting for staff: who came to what, confirm all, revoke one sheet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from cbt.delivery.core.attempt import Attempt
from cbt.delivery.services.reading import room_attempts_in
from cbt.grading.core.result import ResultStatus, StoredResult
from cbt.grading.services.results import confirm_in, failures_in, latest_results_in
from cbt.kernel.errors import Conflict, InvalidInput
from cbt.kernel.runtime import Runtime
from cbt.people.core.actors import Actor
from cbt.people.services.audit import audit_in
from cbt.scheduling.core.registrations import RegistrationFacts
from cbt.scheduling.services.registrations import registrations_of_sitting_in
from cbt.scheduling.services.sittings import get_sitting_by_code_in
from reports import store
from reports.core.facts import Standing

SHORTEST_REASON: Final = 3
SHARE: Final = 50


class ReasonMissing(InvalidInput):
    """A reason is needed; it stands in the audit trail."""

    code = "reason-missing"


class NotReconciled(Conflict):
    """Results are confirmed once everybody has finished and everything is graded."""

    code = "not-reconciled"


class AlreadyRevoked(Conflict):
    """The document does not stand any more."""

    code = "already-revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultLine:
    """One candidate of a sitting: the attempt, its result and its sheet, as far as there are any."""

    facts: RegistrationFacts
    attempt: Attempt | None
    result: StoredResult | None
    document: store.Document | None
    failure: str | None
    late_open: bool
    """Whether late answers may still come under the exam's rule."""

    @property
    def awaiting(self) -> int:
        """How many answers a person has still to mark."""
        return 0 if self.result is None else self.result.result.marks.awaiting

    @property
    def may_be_confirmed(self) -> bool:
        """Whether the result is provisional, waits for nothing any more, and nobody has revoked its sheet."""
        if self.result is None or self.result.status is not ResultStatus.PROVISIONAL:
            return False
        revoked = self.document is not None and self.document.standing is Standing.REVOKED
        return not (self.awaiting or self.late_open or revoked)


@dataclass(frozen=True, slots=True, kw_only=True)
class SittingResults:
    """A whole sitting, and the counts that must agree before it is confirmed."""

    lines: tuple[ResultLine, ...]

    @property
    def ended(self) -> int:
        """How many attempts have ended."""
        return sum(line.attempt is not None and line.attempt.has_ended for line in self.lines)

    @property
    def running(self) -> int:
        """How many attempts have begun and not ended."""
        return sum(
            line.attempt is not None and line.attempt.started_at is not None and not line.attempt.has_ended
            for line in self.lines
        )

    @property
    def graded(self) -> int:
        """How many have a result."""
        return sum(line.result is not None for line in self.lines)

    @property
    def awaiting(self) -> int:
        """How many answers a person has still to mark."""
        return sum(line.awaiting for line in self.lines)

    @property
    def late_open(self) -> int:
        """How many results may still change by late answers."""
        return sum(line.late_open for line in self.lines if line.result is not None)

    @property
    def passed(self) -> int:
        """How many passed."""
        return sum(line.result is not None and line.result.result.outcome.passed for line in self.lines)

    @property
    def provisional(self) -> int:
        """How many results can be confirmed."""
        return sum(line.may_be_confirmed for line in self.lines)


def sitting_results(rt: Runtime, sitting_code: str) -> SittingResults:
    """Return the results of a sitting by seat; raises NoSuchSitting."""
    now = rt.clock.now()
    with rt.reading() as tx:
        people = registrations_of_sitting_in(tx, get_sitting_by_code_in(tx, sitting_code).id)
        views = room_attempts_in(tx, [facts.registration.id for facts in people])
        attempt_ids = [view.attempt.id for view in views.values()]
        results, documents = latest_results_in(tx, attempt_ids), store.latest_of(tx, attempt_ids)
        failures = failures_in(tx, attempt_ids)
    lines = []
    for facts in people:
        view = views.get(facts.registration.id)
        attempt = None if view is None else view.attempt
        result = None if attempt is None else results.get(attempt.id)
        document = None if attempt is None else documents.get(attempt.id)
        failure = None if attempt is None else failures.get(attempt.id)
        lines.append(
            ResultLine(
                facts=facts,
                attempt=attempt,
                result=result,
                document=document,
                failure=failure,
                late_open=facts.exam.late_rule.is_open(attempt.ended_at if attempt else None, now),
            )
        )
    return SittingResults(lines=tuple(lines))


def confirm_sitting(rt: Runtime, sitting_code: str, *, by: Actor) -> int:
    """Make all provisional results of a sitting final, each with a new sheet; return how many.

    Results whose sheet was revoked, and those that late answers may still change, stay as they are. Raises
    NotReconciled while somebody works or is not graded.
    """
    found = sitting_results(rt, sitting_code)
    if found.running or found.graded < found.ended:
        raise NotReconciled(running=found.running, ended=found.ended, graded=found.graded)
    provisional = sorted(line.result.attempt_id for line in found.lines if line.result and line.may_be_confirmed)
    # In shares, so that the answers of other rooms never wait long for the one writer of SQLite.
    shares = [provisional[start : start + SHARE] for start in range(0, len(provisional), SHARE)]
    return sum(_confirm(rt, sitting_code, share, by) for share in shares)


def _confirm(rt: Runtime, sitting_code: str, attempt_ids: Sequence[UUID], by: Actor) -> int:
    now = rt.clock.now()
    with rt.transaction() as tx:
        confirmed = sum(confirm_in(tx, now, attempt_id) for attempt_id in attempt_ids)
        details = {"confirmed": confirmed}
        audit_in(tx, now, by=by, act="reports.results-confirmed", subject=sitting_code, details=details)
    return confirmed


def revoke_document(rt: Runtime, document_id: UUID, reason: str, *, by: Actor) -> None:
    """Revoke an issued document; raises NoDocument, ReasonMissing, AlreadyRevoked."""
    now = rt.clock.now()
    if len(reason.strip()) < SHORTEST_REASON:
        raise ReasonMissing
    with rt.transaction() as tx:
        document = store.get_document(tx, document_id)
        if document.standing is not Standing.ISSUED:
            raise AlreadyRevoked(document=document_id)
        store.set_standing(tx, document_id, Standing.REVOKED)
        subject = document.record.issue_number
        audit_in(tx, now, by=by, act="reports.document-revoked", subject=subject, reason=reason.strip())


def document_pdf(rt: Runtime, document_id: UUID) -> bytes | None:
    """Return the PDF of an issued document, or None while it is not drawn; raises NoDocument."""
    with rt.reading() as tx:
        store.get_document(tx, document_id)
        return store.find_pdf(tx, document_id)
