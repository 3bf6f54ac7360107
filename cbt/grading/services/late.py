"""Late answers and results: what the exam's rule admits, what two persons admit, and when a result can be final.

An admission and the new version of the result are one transaction. Items with programs run inside it: it concerns one
attempt that nobody works on any more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from cbt.delivery.services.admitting import (
    Admission,
    admit_in,
    judge_by_rule_in,
    recovered_of_in,
    with_waiting_in,
)
from cbt.delivery.services.reading import ended_in, filed_in, lock_attempt_in
from cbt.delivery.store.recovered import RecoveredAnswer
from cbt.grading import store
from cbt.grading.core.admissions import (
    LONGEST_REASON,
    AdmissionState,
    NothingChosen,
    Proposal,
    ProposalDecided,
    ReasonWanted,
    require_second,
)
from cbt.grading.core.result import StoredResult
from cbt.grading.services.grading import REST, grade_in, noted
from cbt.grading.services.results import confirm_in
from cbt.kernel.errors import NotFound
from cbt.kernel.ids import new_id
from cbt.kernel.runtime import Runtime, Transaction
from cbt.people.core.actors import Actor
from cbt.people.services.audit import audit_in
from cbt.scheduling.core.late_rules import LateKind
from cbt.scheduling.core.registrations import RegistrationFacts
from cbt.scheduling.services.registrations import get_registration_in, registrations_by_id_in

BATCH: Final = 50
MOST_LISTED: Final = 500
_RULE: Final = Actor.system("late rule")


class NoSuchProposal(NotFound):
    """There is no such proposal."""

    code = "no-such-proposal"


@dataclass(frozen=True, slots=True, kw_only=True)
class LateCase:
    """One ended attempt with answers that came late: whose it is, what came, what was proposed, the result."""

    attempt_id: UUID
    facts: RegistrationFacts
    ended_at: datetime | None
    answers: tuple[RecoveredAnswer, ...]
    proposals: tuple[Proposal, ...]
    result: StoredResult | None

    @property
    def waiting(self) -> tuple[RecoveredAnswer, ...]:
        """The answers that do not count."""
        return tuple(one for one in self.answers if not one.counts and one.admitted_at is None)

    @property
    def admitted(self) -> int:
        """How many of them were admitted."""
        return sum(one.admitted_at is not None for one in self.answers)

    @property
    def open_proposal(self) -> Proposal | None:
        """The proposal that somebody has to decide about."""
        return next((one for one in self.proposals if one.state is AdmissionState.OPEN), None)


def list_late(rt: Runtime) -> tuple[LateCase, ...]:
    """Return the ended attempts with late answers that do not count, at most `MOST_LISTED`, the latest first."""
    with rt.reading() as tx:
        return _cases_in(tx, with_waiting_in(tx, MOST_LISTED))


def late_case(rt: Runtime, attempt_id: UUID) -> LateCase:
    """Return one attempt with what came late; raises AttemptMissing."""
    with rt.reading() as tx:
        return _case_in(tx, attempt_id)


def admit_by_rule(rt: Runtime) -> int:
    """Ask the written rules about at most `BATCH` attempts' late answers; return how many attempts got new ones.

    An attempt that cannot be judged or graded is noted for a person and rests for a while: it holds up nobody.
    """
    now = rt.clock.now()
    with rt.reading() as tx:
        waiting = store.unjudged_ids(tx, [LateKind.CLAIMED_IN_TIME], BATCH, failed_before=now - REST)
    admitted = 0
    for attempt_id in waiting:
        with noted(rt, attempt_id, now):
            admitted += _judge(rt, attempt_id)
    return admitted


def settle_late(rt: Runtime) -> int:
    """Make at most `BATCH` results final whose late window has closed; return how many."""
    now = rt.clock.now()
    with rt.reading() as tx:
        closed = store.late_windows_closed(tx, now, BATCH, failed_before=now - REST)
    count = 0
    for attempt_id in closed:
        with noted(rt, attempt_id, now), rt.transaction() as tx:
            count += confirm_in(tx, now, attempt_id)
    return count


def propose(
    rt: Runtime, attempt_id: UUID, numbers: Sequence[int], *, reason: str, overriding: bool, by: Actor
) -> Proposal:
    """Ask for answers to count; somebody else decides. Raises NothingChosen, ReasonWanted, ResidentNumber."""
    now = rt.clock.now()
    words = reason.strip()[:LONGEST_REASON]
    if not words:
        raise ReasonWanted
    with rt.transaction() as tx:
        lock_attempt_in(tx, attempt_id)
        case = _case_in(tx, attempt_id)
        chosen = tuple(one.number for one in case.waiting if one.number in set(numbers))
        if not chosen or by.id is None:
            raise NothingChosen
        if case.open_proposal is not None:
            raise ProposalDecided
        proposal = Proposal(
            id=new_id(now),
            attempt_id=attempt_id,
            numbers=chosen,
            overriding=overriding,
            reason=words,
            state=AdmissionState.OPEN,
            proposed_at=now,
            proposed_by=by.id,
            proposed_name=by.name,
        )
        store.add_proposal(tx, proposal)
        _audit_in(tx, now, "grading.admission-proposed", case.facts, proposal, by=by)
    return proposal


def decide(rt: Runtime, proposal_id: UUID, *, admit: bool, by: Actor) -> Proposal:
    """Let the proposed answers count, with a new version of the result, or decline; return the proposal as it was.

    Raises NoSuchProposal, ProposalDecided, OwnProposal, NotKept.
    """
    now = rt.clock.now()
    with rt.transaction() as tx:
        proposal = store.lock_proposal(tx, proposal_id)
        if proposal is None:
            raise NoSuchProposal(proposal=proposal_id)
        require_second(proposal, by)
        state = AdmissionState.ADMITTED if admit else AdmissionState.DECLINED
        store.decide_proposal(tx, now, proposal_id, state, by.name)
        if admit:
            wanted = Admission(
                numbers=proposal.numbers,
                reason=proposal.reason,
                by=proposal.proposed_by,
                overriding=proposal.overriding,
            )
            admit_in(tx, now, proposal.attempt_id, wanted)
            _regrade_in(tx, now, proposal.attempt_id)
        facts = _facts_in(tx, proposal.attempt_id)
        act = "grading.late-admitted" if admit else "grading.admission-declined"
        _audit_in(tx, now, act, facts, proposal, by=by)
    return proposal


def _judge(rt: Runtime, attempt_id: UUID) -> int:
    now = rt.clock.now()
    with rt.transaction() as tx:
        facts = _facts_in(tx, attempt_id)
        rule = facts.exam.late_rule
        numbers = judge_by_rule_in(tx, now, attempt_id, rule)
        if numbers:
            _regrade_in(tx, now, attempt_id)
            details = {"numbers": list(numbers), "rule": rule.text}
            subject = f"{facts.sitting.code}/{facts.candidate.number}"
            audit_in(tx, now, by=_RULE, act="grading.late-admitted", subject=subject, details=details)
        elif store.with_results(tx, [attempt_id]):
            store.forget_failures(tx, [attempt_id])
    return bool(numbers)


def _regrade_in(tx: Transaction, now: datetime, attempt_id: UUID) -> None:
    """Give an attempt that has a result the next version; one without gets its first by the usual sweep."""
    before = store.latest_results(tx, [attempt_id]).get(attempt_id)
    if before is not None:
        grade_in(tx, now, attempt_id, supersedes=before)
        store.forget_failures(tx, [attempt_id])


def _case_in(tx: Transaction, attempt_id: UUID) -> LateCase:
    return _cases_in(tx, [attempt_id])[0]


def _cases_in(tx: Transaction, attempt_ids: Sequence[UUID]) -> tuple[LateCase, ...]:
    """Return the cases in this order, all read together; raises AttemptMissing."""
    ended = ended_in(tx, attempt_ids)
    facts = registrations_by_id_in(tx, [one.registration_id for one in ended.values()])
    answers, results = recovered_of_in(tx, attempt_ids), store.latest_results(tx, attempt_ids)
    proposals = store.proposals_of(tx, attempt_ids)
    return tuple(
        LateCase(
            attempt_id=attempt_id,
            facts=facts[ended[attempt_id].registration_id],
            ended_at=ended[attempt_id].ended_at,
            answers=answers.get(attempt_id, ()),
            proposals=tuple(one for one in proposals if one.attempt_id == attempt_id),
            result=results.get(attempt_id),
        )
        for attempt_id in attempt_ids
    )


def _facts_in(tx: Transaction, attempt_id: UUID) -> RegistrationFacts:
    return get_registration_in(tx, filed_in(tx, attempt_id).registration_id)


def _audit_in(
    tx: Transaction, now: datetime, act: str, facts: RegistrationFacts, proposal: Proposal, *, by: Actor
) -> None:
    subject = f"{facts.sitting.code}/{facts.candidate.number}"
    details = {
        "numbers": list(proposal.numbers),
        "overriding": proposal.overriding,
        "proposed_by": proposal.proposed_name,
    }
    audit_in(tx, now, by=by, act=act, subject=subject, reason=proposal.reason, details=details)
