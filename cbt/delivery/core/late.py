"""Which answers an exam's written rule admits after its end, from the journal alone.

"Claimed in time": the seat's own clock says that the answer was given before the end, while the clock ran and under a
lease that still held; it arrived within the window; and no newer answer stands in its slot. A claim is no proof, so the
rule belongs to the exam and is written down with each admission.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from cbt.delivery.core.attempt import Attempt
from cbt.delivery.core.entries import Entry, LateAdmitted, Recovered
from cbt.delivery.core.entry_kinds import Way
from cbt.delivery.core.journal import graded_set
from cbt.delivery.core.leases import LeaseBook
from cbt.delivery.core.refusals import EntryRefused
from cbt.delivery.core.timing import deadline_at

# What was given in a pause, or in a part that was over, is for a person to judge.
_BY_RULE = frozenset({Way.LATE, Way.OLDER_LEASE, Way.ANSWER_FILE})


class NotKept(EntryRefused):
    """Only answers that are kept without counting can be admitted, each once."""

    code = "not-kept"


def admitted_by_rule(attempt: Attempt, entries: Sequence[Entry], window: timedelta) -> tuple[int, ...]:
    """Return the journal numbers that the rule admits for an ended attempt; none for one that has not ended."""
    deadline = deadline_at(attempt)
    if attempt.ended_at is None or deadline is None or attempt.started_at is None:
        return ()
    book = LeaseBook(entries)
    latest, until = min(deadline, attempt.ended_at), attempt.ended_at + window
    return tuple(
        number
        for number, entry in waiting(entries).items()
        if entry.way in _BY_RULE and entry.at <= until and _in_time(entry, book, attempt.started_at, latest)
    )


def waiting(entries: Iterable[Entry]) -> dict[int, Recovered]:
    """Return the answers that are kept without counting and were not admitted, by their journal numbers."""
    kept: dict[int, Recovered] = {}
    for number, entry in enumerate(entries, start=1):
        if isinstance(entry, Recovered) and not entry.counts:
            kept[number] = entry
        elif isinstance(entry, LateAdmitted):
            for admitted in entry.numbers:
                kept.pop(admitted, None)
    return kept


def admission(attempt: Attempt, entries: Sequence[Entry], made: LateAdmitted) -> LateAdmitted:
    """Return `made` with the slots that are answered after it; raises NotKept."""
    if not waiting(entries).keys() >= set(made.numbers):
        raise NotKept(attempt=attempt.id)
    return LateAdmitted(
        at=made.at,
        numbers=made.numbers,
        reason=made.reason,
        rule=made.rule,
        by=made.by,
        overriding=made.overriding,
        answered=tuple(graded_set([*entries, made])),
    )


def _in_time(entry: Recovered, book: LeaseBook, began: datetime, latest: datetime) -> bool:
    claimed = entry.sent.claimed_at
    if claimed is None or not began <= claimed <= latest or book.was_paused(claimed):
        return False
    lease = entry.sent.lease
    return book.was_in_time(lease, claimed) and not book.is_held_by_newer(entry.slot, lease)
