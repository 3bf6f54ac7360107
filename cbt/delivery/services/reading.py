"""What may be read of an attempt: its status, the candidate's page, the room's view, the journal checked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from cbt.delivery.core.attempt import Attempt, Ended, ready_attempt
from cbt.delivery.core.choices import choice_map_from
from cbt.delivery.core.entries import Responses
from cbt.delivery.core.journal import JournalBroken, given_set, graded_set_of, read_entry, replay, timeline
from cbt.delivery.core.status import short_status
from cbt.delivery.store import appending, attempts, papers, recovered
from cbt.kernel import canonical
from cbt.kernel.runtime import Runtime, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptView:
    """An attempt as a room sees it; `claimed_at` is set while another browser asks for it.

    `recovered` answers came late or another way; `not_counted` of them do not count.
    """

    attempt: Attempt
    claimed_at: datetime | None
    recovered: int = 0
    not_counted: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """A journal read again from its first row: the attempt it adds up to, and the first fault, if any."""

    attempt: Attempt
    rows: int
    broken: JournalBroken | None


def status_document(attempt: Attempt, now: datetime) -> dict[str, Any]:
    """Return the short status with the lease and the raised hand."""
    return {**short_status(attempt, now), "lease": attempt.lease, "hand": attempt.hand is not None}


def read_attempts(rt: Runtime, attempt_ids: Iterable[UUID]) -> dict[UUID, Attempt]:
    """Return the attempts as they stand, by id; missing ones are left out."""
    with rt.reading() as tx:
        return attempts.attempts_by_id(tx, attempt_ids)


def page_state_in(tx: Transaction, now: datetime, attempt: Attempt) -> dict[str, Any]:
    """Return all that a reloaded page needs to go on: status, answers by opaque ids, flags."""
    return page_states_in(tx, now, [attempt])[attempt.id]


def page_states_in(tx: Transaction, now: datetime, held: Sequence[Attempt]) -> dict[UUID, dict[str, Any]]:
    """Return for each attempt what `page_state_in` does, read together."""
    ids = {attempt.id for attempt in held}
    choices, journals = papers.choices_of(tx, ids), attempts.journals_of(tx, ids)
    return {
        attempt.id: page_state(attempt, now, _opaque(choices[attempt.id], journals.get(attempt.id, ())))
        for attempt in held
    }


def _opaque(choices: bytes, journal: Iterable[bytes]) -> dict[str, dict[str, list[str]]]:
    names = choice_map_from(canonical.decode(choices))
    given = given_set(map(read_entry, journal))
    return {str(slot): names.responses_to_opaque(slot, responses) for slot, responses in given.items()}


def page_state(attempt: Attempt, now: datetime, responses: Mapping[str, Mapping[str, Sequence[str]]]) -> dict[str, Any]:
    """Return what a page needs to go on, with the given `responses` by slot, in opaque ids."""
    return {
        **status_document(attempt, now),
        "responses": responses,
        "flags": sorted(attempt.flagged),
        "saved_at": canonical.instant_text(attempt.head.at),
        "head": attempt.head.number,
    }


def room_attempts_in(tx: Transaction, registration_ids: Iterable[UUID]) -> Mapping[UUID, AttemptView]:
    """Return the attempts of a room by registration."""
    found = attempts.attempts_of_registrations(tx, registration_ids)
    ids = [attempt.id for attempt in found.values()]
    claims, sums = papers.open_claims(tx, ids), recovered.sums_of(tx, ids)
    return {
        registration_id: AttemptView(
            attempt=attempt,
            claimed_at=claims[attempt.id].claimed_at if attempt.id in claims else None,
            recovered=sums[attempt.id].all if attempt.id in sums else 0,
            not_counted=sums[attempt.id].waiting if attempt.id in sums else 0,
        )
        for registration_id, attempt in found.items()
    }


def filed_in(tx: Transaction, attempt_id: UUID) -> attempts.Filed:
    """Return registration, room and form of an attempt; raises AttemptMissing."""
    return attempts.get_filed(tx, attempt_id)


def lock_attempt_in(tx: Transaction, attempt_id: UUID) -> tuple[Attempt, UUID]:
    """Lock an attempt for whoever decides about it; return it with its room's id; raises AttemptMissing."""
    return attempts.lock_attempt(tx, attempt_id)


def timeline_in(tx: Transaction, attempt_id: UUID) -> tuple[dict[str, Any], ...]:
    """Return the journal for a proctor's eyes, without what was answered."""
    return timeline(read_entry(row.content) for row in attempts.journal_of(tx, attempt_id))


def graded_set_in(tx: Transaction, attempt_id: UUID) -> dict[int, Responses]:
    """Return the answers that count, by slot, in canonical ids."""
    return graded_sets_in(tx, [attempt_id])[attempt_id]


def graded_sets_in(tx: Transaction, attempt_ids: Sequence[UUID]) -> dict[UUID, dict[int, Responses]]:
    """Return for each attempt the answers that count, by slot, in canonical ids."""
    journals = attempts.journals_of(tx, attempt_ids)
    return {attempt_id: graded_set_of(journals.get(attempt_id, ())) for attempt_id in attempt_ids}


def ended_in(tx: Transaction, attempt_ids: Sequence[UUID]) -> dict[UUID, Ended]:
    """Return what grading asks of attempts, without a lock; raises AttemptMissing."""
    return attempts.ended(tx, attempt_ids)


def lock_heads_in(tx: Transaction, attempt_ids: Iterable[UUID]) -> dict[UUID, bytes]:
    """Lock attempts in id order; return the hash of each journal's head. Missing ones are left out."""
    return {attempt_id: head for attempt_id, (head, _room) in appending.lock_heads(tx, attempt_ids).items()}


def replay_in(tx: Transaction, attempt_id: UUID) -> Replayed:
    """Rebuild the attempt from its journal and compare it with the projection; raises AttemptMissing."""
    stored = attempts.get_attempt(tx, attempt_id)
    rows = attempts.journal_of(tx, attempt_id)
    # Before its first entry an attempt's head holds the instant of its preparation, which no row tells.
    ready = ready_attempt(
        attempt_id=stored.id, form_digest=stored.form_digest, slots=stored.slots, at=_first_instant(stored, rows)
    )
    try:
        rebuilt = replay(ready, rows, head=stored.head)
        broken = (
            None if rebuilt == stored else JournalBroken(number=stored.head.number, reason="the projection differs")
        )
    except JournalBroken as error:
        rebuilt, broken = ready, error
    return Replayed(attempt=rebuilt, rows=len(rows), broken=broken)


def replay_attempt(rt: Runtime, attempt_id: UUID) -> Replayed:
    """Return `replay_in` in a reading of its own."""
    with rt.reading() as tx:
        return replay_in(tx, attempt_id)


def _first_instant(stored: Attempt, rows: tuple[attempts.StoredRow, ...]) -> datetime:
    return read_entry(rows[0].content).at if rows else stored.head.at
