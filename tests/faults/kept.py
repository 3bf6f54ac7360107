"""What must hold after every fault, held against what candidates remember: I1 to I7 (`tests.faults.invariants`)."""

from uuid import UUID

from cbt.delivery.core.attempt import Attempt
from cbt.delivery.core.entries import Entry
from cbt.delivery.core.journal import graded_set, read_entry
from cbt.delivery.services.reading import replay_in
from cbt.delivery.services.recording import ChoiceMaps
from cbt.delivery.store import attempts
from cbt.kernel.runtime import Runtime
from tests.faults import invariants
from tests.faults.candidates import Responses, WireCandidate


def assert_kept(*people: WireCandidate, graded: bool = False) -> None:
    """All invariants, for these candidates' attempts and for what they heard; `graded`: each ended one has a result."""
    rt = people[0].rt
    for person in people:
        attempt_id = person.attempt_id
        invariants.i1_acknowledged_is_kept(rt, attempt_id, person.receipted())
        assert person.acknowledged().items() <= held_answers(rt, attempt_id).items(), "I1: another answer is graded"
        invariants.i2_only_an_admission_changes_what_is_graded(rt, attempt_id)
        invariants.i3_time_used_is_allowed(rt, attempt_id)
        invariants.i4_one_seat(rt, attempt_id)
        invariants.i5_one_result(rt, attempt_id, graded=graded)
        invariants.i7_no_key_in(person.bodies)
        journal_of(rt, attempt_id)
    invariants.i6_chains_are_whole(rt)


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
