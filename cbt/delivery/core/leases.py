"""What a journal tells of its leases: how far each has counted, when it ended, and which one holds each slot.

A lease that a move ended goes on counting its own numbers: what its page still held comes in under them. Pure; the
book is opened only where an older lease, an answer file or an admission asks for it, never on the way of a live answer.
"""

from collections.abc import Iterable
from datetime import datetime

from cbt.delivery.core.attempt import Attempt, AttemptState
from cbt.delivery.core.entries import Answered, Entry, Moved, Paused, Recovered, Resumed, sent_of
from cbt.delivery.core.parts import is_open
from cbt.delivery.core.timing import closes_at


class LeaseBook:
    """The leases of one journal as far as it was read."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._next: dict[int, int] = {}
        self._ended_at: dict[int, datetime] = {}
        self._holder: dict[int, int] = {}
        self._pauses: list[tuple[datetime, datetime | None]] = []
        for entry in entries:
            self.note(entry)

    def note(self, entry: Entry) -> None:
        """Take the next entry of the journal into account."""
        sent = sent_of(entry)
        if sent is not None:
            self._next[sent.lease] = sent.number + 1
        match entry:
            case Moved(lease=lease, at=at):
                self._ended_at[lease - 1] = at
            case Answered() | Recovered(counts=True):
                self._holder[entry.slot] = max(entry.sent.lease, self._holder.get(entry.slot, 0))
            case Paused(at=at):
                self._pauses.append((at, None))
            case Resumed(at=at):
                self._close_pause(at)
            case _:
                pass

    def _close_pause(self, at: datetime) -> None:
        if self._pauses and self._pauses[-1][1] is None:
            self._pauses[-1] = (self._pauses[-1][0], at)

    def next_of(self, lease: int) -> int:
        """Return the number that the next entry of `lease` must have."""
        return self._next.get(lease, 1)

    def ended_at(self, lease: int) -> datetime | None:
        """Return when a move ended `lease`, or None while it is the live one."""
        return self._ended_at.get(lease)

    def is_held_by_newer(self, slot: int, lease: int) -> bool:
        """Tell whether an answer of a newer lease stands in the slot."""
        return self._holder.get(slot, 0) > lease

    def was_paused(self, at: datetime) -> bool:
        """Tell whether the clock stood still at an instant."""
        return any(begun <= at and (ended is None or at < ended) for begun, ended in self._pauses)

    def was_in_time(self, lease: int, claimed_at: datetime | None) -> bool:
        """Tell whether an answer was, as its PC says, made before a move ended its lease; always so for a live one."""
        ended = self.ended_at(lease)
        return ended is None or (claimed_at is not None and claimed_at <= ended)


def may_count(attempt: Attempt, book: LeaseBook, entry: Recovered) -> bool:
    """Return whether a recovered answer counts when it is appended now; decided once, and kept in the entry.

    Not after the ending or the time, not once its part is over, not while its own lease is paused, not over a newer
    lease's answer, and from an older lease only when it was claimed before the move.
    """
    lease = entry.sent.lease
    closing = closes_at(attempt)
    if attempt.has_ended or (closing is not None and entry.at > closing):
        return False
    if attempt.state is AttemptState.PAUSED and lease == attempt.lease:
        return False
    if not is_open(attempt, entry.slot, entry.at):
        return False
    return not book.is_held_by_newer(entry.slot, lease) and book.was_in_time(lease, entry.sent.claimed_at)
