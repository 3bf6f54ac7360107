"""How one entry that is not the candidate's gets into a journal: lock, stamp, apply, append, hint."""

from collections.abc import Callable
from datetime import datetime
from typing import Final
from uuid import UUID

from cbt.delivery.core.attempt import Attempt
from cbt.delivery.core.entries import Entry
from cbt.delivery.core.journal import advance
from cbt.delivery.store import attempts
from cbt.delivery.store.appending import append
from cbt.kernel.runtime import Transaction

WORK_TOPIC: Final = "work"


def attempt_topic(attempt_id: UUID) -> str:
    """Return the topic of hints about one attempt."""
    return f"attempt:{attempt_id}"


def room_topic(sitting_room_id: UUID) -> str:
    """Return the topic of hints about one room."""
    return f"room:{sitting_room_id}"


def write_in(tx: Transaction, now: datetime, attempt_id: UUID, make: Callable[[Attempt, datetime], Entry]) -> Attempt:
    """Append the entry that `make` gives for the locked attempt and its stamp; return the attempt after it.

    Raises AttemptMissing and EntryRefused.
    """
    before, room_id = attempts.lock_attempt(tx, attempt_id)
    after, linked = advance(before, make(before, before.stamp(now)))
    append(tx, [(after, [linked])])
    hint_in(tx, after, room_id)
    return after


def hint_in(tx: Transaction, attempt: Attempt, sitting_room_id: UUID, *, to_page: bool = True) -> None:
    """Tell the room, the attempt's page, and the graders once it has ended, that there is something to read.

    Without `to_page` the page is told only of its end: whatever it sent itself, it learns from the receipt.
    """
    tx.hint(room_topic(sitting_room_id), str(attempt.id))
    if to_page or attempt.has_ended:
        tx.hint(attempt_topic(attempt.id), str(attempt.head.number))
    if attempt.has_ended:
        tx.hint(WORK_TOPIC, f"ended {attempt.id}")
