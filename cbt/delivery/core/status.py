"""The short status: what the candidate's page shows of clock and state, and what it may offer. Rules stay here."""

from datetime import datetime
from typing import Any, Final

from cbt.delivery.core.attempt import Attempt, AttemptState
from cbt.delivery.core.entries import SECOND
from cbt.delivery.core.timing import allowed, deadline_at, remaining
from cbt.kernel import canonical

ANSWER: Final = "answer"
FLAG: Final = "flag"
SUBMIT: Final = "submit"
RAISE_HAND: Final = "raise-hand"


def may(attempt: Attempt, now: datetime) -> tuple[str, ...]:
    """Return what the page may offer.

    Nothing once the deadline has passed: the grace after it is for what was done before and is still on its way.
    """
    if attempt.state is AttemptState.PAUSED:
        return (RAISE_HAND,)
    deadline = deadline_at(attempt)
    if attempt.state is not AttemptState.RUNNING or deadline is None or now >= deadline:
        return ()
    return (ANSWER, FLAG, SUBMIT, RAISE_HAND)


def short_status(attempt: Attempt, now: datetime) -> dict[str, Any]:
    """Return the status document; remaining seconds are rounded up, so that 0 means that nothing is left.

    `deadline_at` is None unless the clock runs; `next` is the number of the lease's next entry.
    """
    deadline = deadline_at(attempt) if attempt.state is AttemptState.RUNNING else None
    left = remaining(attempt, now)
    return {
        "state": attempt.state.value,
        "now": canonical.instant_text(now),
        "deadline_at": None if deadline is None else canonical.instant_text(deadline),
        "remaining_s": None if left is None else -(-left // SECOND),
        "allowed_s": allowed(attempt) // SECOND,
        "answered": len(attempt.answered),
        "may": list(may(attempt, now)),
        "next": attempt.lease_next,
    }
