"""The short status: what the candidate's page shows of clock and state, and what it may offer. Rules stay here."""

from datetime import datetime
from typing import Any, Final

from cbt.delivery.core.attempt import Attempt, AttemptState
from cbt.delivery.core.entries import SECOND
from cbt.delivery.core.parts import ahead, view
from cbt.delivery.core.timing import allowed, deadline_at, remaining
from cbt.kernel import canonical

ANSWER: Final = "answer"
FLAG: Final = "flag"
SUBMIT: Final = "submit"
RAISE_HAND: Final = "raise-hand"
LEAVE_PART: Final = "leave-part"
ENTER_PART: Final = "enter-part"


def may(attempt: Attempt, now: datetime) -> tuple[str, ...]:
    """Return what the page may offer.

    Nothing once the deadline has passed: the grace after it is for what was done before and is still on its way.
    """
    if attempt.state is AttemptState.PAUSED:
        return (RAISE_HAND,)
    deadline = deadline_at(attempt)
    if attempt.state is not AttemptState.RUNNING or deadline is None or now >= deadline:
        return ()
    present = view(attempt, now)
    if present is None:
        return (ANSWER, FLAG, SUBMIT, RAISE_HAND)
    if present.on_break:
        return (ENTER_PART, RAISE_HAND)
    is_last = present.index == len(attempt.parts) - 1
    return (ANSWER, FLAG, SUBMIT if is_last else LEAVE_PART, RAISE_HAND)


def short_status(attempt: Attempt, now: datetime) -> dict[str, Any]:
    """Return the status document; remaining seconds are rounded up, so that 0 means that nothing is left.

    `deadline_at` is None unless the clock runs; `next` is the number of the lease's next entry. `part` stands only
    in the status of a paper whose parts are passed in one direction.
    """
    deadline = deadline_at(attempt) if attempt.state is AttemptState.RUNNING else None
    left = remaining(attempt, now)
    return _part_status(attempt, now) | {
        "state": attempt.state.value,
        "now": canonical.instant_text(now),
        "deadline_at": None if deadline is None else canonical.instant_text(deadline),
        "remaining_s": None if left is None else -(-left // SECOND),
        "allowed_s": allowed(attempt) // SECOND,
        "answered": len(attempt.answered),
        "may": list(may(attempt, now)),
        "next": attempt.lease_next,
    }


def _part_status(attempt: Attempt, now: datetime) -> dict[str, Any]:
    """Return the present part, or the break that leads to it, and `ahead` what follows if nobody does anything.

    The page follows `ahead` by itself while it has no line; the rules by which it was made stay here.
    """
    present = view(attempt, now)
    if present is None:
        return {}
    ends = None if present.ends_at is None else canonical.instant_text(present.ends_at)
    coming = [
        {
            "index": part.index,
            "begins_at": canonical.instant_text(part.begins_at),
            "deadline_at": canonical.instant_text(part.ends_at),
        }
        for part in ahead(attempt, now)
    ]
    return {
        "part": {
            "index": present.index,
            "on_break": present.on_break,
            "deadline_at": None if present.on_break else ends,
            "break_until": ends if present.on_break else None,
            "remaining_s": -(-present.remaining // SECOND),
            "limit_s": present.limit // SECOND,
            "ahead": coming,
        }
    }
