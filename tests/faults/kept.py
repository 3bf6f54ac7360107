"""What must hold after every fault: I1 to I7, read from the database alone and held against what candidates remember.

I1 an acknowledged answer is never lost; I2 nothing is answered after the ending, and the graded set changes later only
by an admission; I3 used time stays within allowed time and grace; I4 one seat; I5 one final result; I6 every chain is
unbroken; I7 no key material in any answer.
"""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import text

from cbt.delivery.core.attempt import Attempt
from cbt.delivery.core.entries import Answered, Entry, Expired, LateAdmitted, Moved, Submitted, Terminated, Voided
from cbt.delivery.core.journal import graded_set, read_entry
from cbt.delivery.core.timing import allowed, used
from cbt.delivery.services.reading import replay_in
from cbt.delivery.services.recording import ChoiceMaps
from cbt.delivery.store import attempts
from cbt.kernel.runtime import Runtime
from cbt.people.services.audit import verify_audit
from tests.faults.candidates import Responses, WireCandidate

ENDINGS = (Submitted, Expired, Terminated, Voided)
KEY_MATERIAL = (b"canary", b"correct_letter", b"key_version", b"explanation", b"option_order")
LATE = timedelta(seconds=5)  # a sweeper that was held up writes the ending late; no answer is taken meanwhile


def assert_kept(*people: WireCandidate, ended: bool = False) -> None:
    """All invariants, for these candidates' attempts and for what they heard; `ended` says that all have ended."""
    for person in people:
        held = held_answers(person.rt, person.attempt_id)
        assert person.acknowledged().items() <= held.items(), "I1"
        assert not any(word in body.lower() for body in person.bodies for word in KEY_MATERIAL), "I7"
    rt = people[0].rt
    assert_invariants(rt, [person.attempt_id for person in people], ended=ended)


def assert_invariants(rt: Runtime, attempt_ids: Iterable[UUID], *, ended: bool = False) -> None:
    for attempt_id in attempt_ids:
        attempt, journal = journal_of(rt, attempt_id)
        _assert_ending(journal)
        _assert_one_seat(attempt, journal)
        assert not ended or attempt.has_ended
        if not any(isinstance(entry, (Terminated, Voided)) for entry in journal):
            now = attempt.ended_at or rt.clock.now()
            assert used(attempt, now) <= allowed(attempt) + attempt.grace + LATE, "I3"
        assert _final_results(rt, attempt_id) <= 1, "I5"
    assert verify_audit(rt) == (), "I6"


def journal_of(rt: Runtime, attempt_id: UUID) -> tuple[Attempt, list[Entry]]:
    """The attempt as its journal gives it, and the journal, its chain checked."""
    with rt.reading() as tx:
        replayed = replay_in(tx, attempt_id)
        rows = attempts.journal_of(tx, attempt_id)
    assert replayed.broken is None, f"I6: {replayed.broken}"
    return replayed.attempt, [read_entry(row.content) for row in rows]


def held_answers(rt: Runtime, attempt_id: UUID) -> dict[int, Responses]:
    """The answers that would be graded now, under the names that the candidate's page knows."""
    maps = ChoiceMaps()
    _attempt, journal = journal_of(rt, attempt_id)
    with rt.reading() as tx:
        choices = maps.load(tx, [attempt_id])[attempt_id]
    return {
        slot: {name: list(values) for name, values in choices.responses_to_opaque(slot, responses).items()}
        for slot, responses in graded_set(journal).items()
    }


def _assert_ending(journal: list[Entry]) -> None:
    endings = [place for place, entry in enumerate(journal) if isinstance(entry, ENDINGS)]
    if not endings:
        return
    before, after = journal[: endings[0] + 1], journal[endings[0] + 1 :]
    assert not any(isinstance(entry, Answered) for entry in after), "I2"
    if not any(isinstance(entry, LateAdmitted) for entry in after):
        assert graded_set(journal) == graded_set(before), "I2"


def _assert_one_seat(attempt: Attempt, journal: list[Entry]) -> None:
    lease = 1
    for entry in journal:
        if isinstance(entry, Moved):
            assert entry.lease > lease, "I4"
            lease = entry.lease
        if isinstance(entry, Answered):
            assert entry.sent.lease == lease, "I4"
    assert attempt.lease == lease, "I4"


def _final_results(rt: Runtime, attempt_id: UUID) -> int:
    """How many results of the attempt nothing has superseded."""
    statement = text("SELECT count(*) FROM grading_result WHERE attempt_id = :attempt AND status <> 'superseded'")
    with rt.reading() as tx:
        return tx.session.scalar(statement, {"attempt": attempt_id.bytes}) or 0
