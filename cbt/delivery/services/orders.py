"""What staff do to a running attempt; each joins the caller's transaction, in which the audit row is written too."""

from datetime import datetime, timedelta
from uuid import UUID

from cbt.delivery.core.attempt import Attempt
from cbt.delivery.core.entries import Extended, HandLowered, Moved, Paused, Resumed, Terminated
from cbt.delivery.services.writing import write_in
from cbt.delivery.store import attempts, papers
from cbt.kernel.errors import Conflict
from cbt.kernel.runtime import Transaction


class NoSeatClaim(Conflict):
    """No other browser asks for this attempt."""

    code = "no-seat-claim"


def pause_in(tx: Transaction, now: datetime, attempt_id: UUID, *, reason: str, by: UUID) -> Attempt:
    """Stop the attempt's clock; raises EntryRefused."""
    return write_in(tx, now, attempt_id, lambda _, at: Paused(at=at, reason=reason, by=by))


def resume_in(tx: Transaction, now: datetime, attempt_id: UUID, *, by: UUID) -> Attempt:
    """Let the clock run again; raises EntryRefused."""
    return write_in(tx, now, attempt_id, lambda _, at: Resumed(at=at, by=by))


def extend_in(tx: Transaction, now: datetime, attempt_id: UUID, *, extra: timedelta, reason: str, by: UUID) -> Attempt:
    """Give `extra` time; raises EntryRefused."""
    return write_in(tx, now, attempt_id, lambda _, at: Extended(at=at, extra=extra, reason=reason, by=by))


def terminate_in(tx: Transaction, now: datetime, attempt_id: UUID, *, reason: str, by: UUID) -> Attempt:
    """End the attempt; what was answered is graded. Raises EntryRefused."""
    return write_in(tx, now, attempt_id, lambda _, at: Terminated(at=at, reason=reason, by=by))


def lower_hand_in(tx: Transaction, now: datetime, attempt_id: UUID, *, by: UUID) -> Attempt:
    """Settle the candidate's call; raises EntryRefused."""
    return write_in(tx, now, attempt_id, lambda _, at: HandLowered(at=at, by=by))


def move_in(tx: Transaction, now: datetime, attempt_id: UUID, *, reason: str, by: UUID) -> Attempt:
    """Grant the attempt to the browser that asked last: a new lease; the old page turns read-only.

    Raises NoSeatClaim when none asks, EntryRefused when the attempt's state does not admit it.
    """
    attempts.lock_attempt(tx, attempt_id)  # before the claim, as whoever makes one does
    claim = papers.open_claims(tx, [attempt_id]).get(attempt_id)
    if claim is None:
        raise NoSeatClaim(attempt=attempt_id)
    papers.grant_claim(tx, claim.id, now)
    return write_in(
        tx,
        now,
        attempt_id,
        lambda before, at: Moved(at=at, lease=before.lease + 1, device=claim.device, reason=reason, by=by),
    )
