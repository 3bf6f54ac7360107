"""What an older lease or an answer file still brings: taken number by number, kept always, counted by rule.

The same desk as for a live batch, with two differences: an answer becomes `Recovered`, and an older lease counts its
own numbers. Whatever else an older lease sends (marks, calls, a hand-in) uses up its number and does nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from cbt.delivery.core.attempt import Attempt, AttemptState
from cbt.delivery.core.batch import Answer, Batch, NumberedAct, Unreadable
from cbt.delivery.core.choices import ChoiceMap
from cbt.delivery.core.decision import Decision, Desk, Stop, StoredEntry
from cbt.delivery.core.entries import Entry, Recovered, Sent
from cbt.delivery.core.entry_kinds import Way
from cbt.delivery.core.journal import Linked
from cbt.delivery.core.leases import LeaseBook, may_count
from cbt.delivery.core.refusals import AlreadyEnded, EntryConflict, LeaseEnded


def recover(  # noqa: PLR0913 - the same as for a live batch, and by name what a recovery needs
    attempt: Attempt,
    batch: Batch,
    now: datetime,
    choices: ChoiceMap,
    known: Mapping[int, StoredEntry],
    *,
    book: LeaseBook,
    way: Way = Way.OLDER_LEASE,
) -> Decision:
    """Return what becomes of a batch that did not come under the live lease.

    `book` holds the journal's leases, and is carried on; `known` holds every entry of the batch's lease whose number is
    in the batch and in the journal.
    """
    return _RecoveryDesk(attempt, batch.lease, attempt.stamp(now), choices, book=book, way=way).decide(batch, known)


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What becomes of an answer file: like a decision, with the numbers that the journal holds with other content."""

    after: Attempt
    linked: tuple[Linked, ...]
    known: int
    conflicts: tuple[int, ...]
    stop: Stop | None


def merge(
    attempt: Attempt, held: Batch, now: datetime, choices: ChoiceMap, known: Mapping[int, StoredEntry], book: LeaseBook
) -> Merged:
    """Return what becomes of all that an answer file holds; `known` are the rows of its lease, `book` is carried on.

    A number that holds something else is left as it is and told; what follows it is taken all the same.
    """
    rest, linked, conflicts = held, list[Linked](), list[int]()
    while True:
        decision = recover(attempt, rest, now, choices, known, book=book, way=Way.ANSWER_FILE)
        attempt = decision.after
        linked.extend(decision.linked)
        stop = decision.stop
        if stop is None or stop.code != EntryConflict.code:
            break
        conflicts.append(stop.number)
        later = tuple(act for act in rest.entries if act.number > stop.number)
        if not later:
            stop = None
            break
        rest = Batch(lease=held.lease, entries=later)
    repeated = sum(act.number in known and known[act.number].digest == act.digest for act in held.entries)
    return Merged(after=attempt, linked=tuple(linked), known=repeated, conflicts=tuple(conflicts), stop=stop)


class _RecoveryDesk(Desk):
    """The work on a batch of an older lease or of an answer file."""

    def __init__(
        self, attempt: Attempt, lease: int, at: datetime, choices: ChoiceMap, *, book: LeaseBook, way: Way
    ) -> None:
        super().__init__(attempt, lease, at, choices)
        self._book = book
        self._way = way

    def following(self) -> int | None:
        """Return the number that the lease's next entry must have, or None where there was no such lease."""
        if 0 < self.lease < self.attempt.lease:
            return self._book.next_of(self.lease)
        return super().following()

    def _append(self, act: NumberedAct) -> None:
        super()._append(act)
        self._book.note(self.linked[-1].entry)

    def _entry(self, act: NumberedAct, sent: Sent) -> Entry:
        if isinstance(act.act, Answer):
            return self._recovered(act.act, sent)
        if self.lease != self.attempt.lease and not isinstance(act.act, Unreadable):
            raise LeaseEnded(attempt=self.attempt.id, lease=self.lease)
        return super()._entry(act, sent)

    def _recovered(self, answer: Answer, sent: Sent) -> Recovered:
        responses = self.choices.responses_to_canonical(answer.slot, answer.responses)
        if self.attempt.state is AttemptState.VOIDED:
            raise AlreadyEnded(attempt=self.attempt.id)
        made = Recovered(at=self.at, sent=sent, slot=answer.slot, responses=responses, way=self._way, counts=False)
        return replace(made, counts=may_count(self.attempt, self._book, made))
