"""What the recorder decides about one batch, pure: which entries are taken, refused or known, and where it stops.

Each lease counts its entries 1, 2, 3…; only the next number is taken. A number that came before with the same
content gets the same receipt again, with other content it stops the batch as a conflict. A refused entry is kept in
the journal and uses up its number. Everything before a stop counts and is receipted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, assert_never

from cbt.delivery.core.attempt import Attempt
from cbt.delivery.core.batch import (
    Answer,
    Batch,
    Flag,
    HandIn,
    LowerHand,
    NumberedAct,
    RaiseHand,
    Unreadable,
)
from cbt.delivery.core.choices import ChoiceMap
from cbt.delivery.core.entries import (
    Answered,
    Entry,
    Flagged,
    HandLowered,
    HandRaised,
    Refused,
    Sent,
    Submitted,
    sent_of,
)
from cbt.delivery.core.journal import Linked, advance
from cbt.delivery.core.receipts import Receipt
from cbt.delivery.core.refusals import EntryConflict, EntryGap, EntryRefused, LeaseEnded, NotStarted

# A request's body is at most this long, so whatever comes in is kept whole.
MOST_RECEIVED_CHARACTERS: Final = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEntry:
    """What the journal knows of a number of the lease: enough to recognise a repetition and receipt it again."""

    digest: bytes
    hash: bytes
    at: datetime
    number_in_journal: int
    refused_code: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedNumber:
    """A number of the lease that was used up by an entry that does not count, and why."""

    number: int
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Where and why the rest of a batch was not looked at; `expected` is the number to go on with after a gap."""

    code: str
    number: int
    expected: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What becomes of a batch: the rows to append, the attempt after them, and what the page is told.

    `receipt` covers everything up to a stop; None when the stop came first.
    """

    after: Attempt
    linked: tuple[Linked, ...]
    refused: tuple[RefusedNumber, ...]
    receipt: Receipt | None
    stop: Stop | None


def stored_entry(number_in_journal: int, row_hash: bytes, entry: Entry) -> tuple[int, StoredEntry] | None:
    """Return a journal row by its number within its lease, or None when it is not the candidate's."""
    sent = sent_of(entry)
    if sent is None:
        return None
    code = entry.code if isinstance(entry, Refused) else None
    return sent.number, StoredEntry(
        digest=sent.digest, hash=row_hash, at=entry.at, number_in_journal=number_in_journal, refused_code=code
    )


def known_entries(linked: tuple[Linked, ...]) -> dict[int, StoredEntry]:
    """Return the candidate's rows among `linked` (of one lease) as `decide` wants to know them."""
    found = (stored_entry(row.number, row.hash, row.entry) for row in linked)
    return dict(pair for pair in found if pair is not None)


def decide(
    attempt: Attempt, batch: Batch, now: datetime, choices: ChoiceMap, known: Mapping[int, StoredEntry]
) -> Decision:
    """Return what becomes of `batch`, received at `now`.

    `known` holds every entry of the batch's lease whose number is in the batch and in the journal. New rows are
    stamped `now`, or with the head's instant where the clock was set back.
    """
    desk = _Desk(attempt, batch.lease, attempt.stamp(now), choices)
    stop: Stop | None = None
    for act in batch.entries:
        before = known.get(act.number) or desk.made.get(act.number)
        stop = desk.repeat(act, before) if before else desk.take(act)
        if stop is not None:
            break
    return Decision(
        after=desk.attempt,
        linked=tuple(desk.linked),
        refused=tuple(desk.refused),
        receipt=desk.receipt(),
        stop=stop,
    )


class _Desk:
    """The work on one batch: the attempt as it grows, and what has been made so far."""

    def __init__(self, attempt: Attempt, lease: int, at: datetime, choices: ChoiceMap) -> None:
        self.attempt = attempt
        self.lease = lease
        self.at = at
        self.choices = choices
        self.linked: list[Linked] = []
        self.refused: list[RefusedNumber] = []
        self.made: dict[int, StoredEntry] = {}
        self._last: tuple[int, bytes, datetime] | None = None

    def repeat(self, act: NumberedAct, before: StoredEntry) -> Stop | None:
        """Receipt a known entry again, or stop when its number held something else."""
        if before.digest != act.digest:
            return Stop(code=EntryConflict.code, number=act.number)
        self._settle(act.number, before)
        return None

    def take(self, act: NumberedAct) -> Stop | None:
        """Append a new entry, as itself or as refused; stop when it is not this lease's next."""
        if self.attempt.lease == 0:
            return Stop(code=NotStarted.code, number=act.number)
        if self.lease != self.attempt.lease:
            return Stop(code=LeaseEnded.code, number=act.number)
        if act.number > self.attempt.lease_next:
            return Stop(code=EntryGap.code, number=act.number, expected=self.attempt.lease_next)
        if act.number < self.attempt.lease_next:
            raise ValueError(f"entry {act.number} is in the journal, but was not given as known")
        self._append(act)
        return None

    def receipt(self) -> Receipt | None:
        """Return what is to be signed: everything up to the last number that was settled."""
        if self._last is None:
            return None
        number, row_hash, at = self._last
        return Receipt(attempt_id=self.attempt.id, lease=self.lease, number=number, head=row_hash, at=at)

    def _append(self, act: NumberedAct) -> None:
        sent = Sent(lease=self.lease, number=act.number, claimed_at=act.claimed_at, digest=act.digest)
        code: str | None = None
        try:
            self.attempt, linked = advance(self.attempt, self._entry(act, sent))
        except EntryRefused as refusal:
            code = refusal.code
            received = act.content.decode()[:MOST_RECEIVED_CHARACTERS]
            entry = Refused(at=self.at, sent=sent, code=code, received=received)
            self.attempt, linked = advance(self.attempt, entry)
        self.linked.append(linked)
        self._settle(
            act.number,
            StoredEntry(
                digest=act.digest,
                hash=linked.hash,
                at=self.at,
                number_in_journal=linked.number,
                refused_code=code,
            ),
        )

    def _settle(self, number: int, stored: StoredEntry) -> None:
        self.made[number] = stored
        self._last = (number, stored.hash, stored.at)
        if stored.refused_code is not None:
            self.refused.append(RefusedNumber(number=number, code=stored.refused_code))

    def _entry(self, act: NumberedAct, sent: Sent) -> Entry:
        match act.act:
            case Answer(slot=slot, responses=responses):
                canonical = self.choices.responses_to_canonical(slot, responses)
                return Answered(at=self.at, sent=sent, slot=slot, responses=canonical)
            case Flag(slot=slot, on=on):
                return Flagged(at=self.at, sent=sent, slot=slot, on=on)
            case RaiseHand(words=words):
                return HandRaised(at=self.at, sent=sent, words=words)
            case LowerHand():
                return HandLowered(at=self.at, sent=sent)
            case HandIn():
                return Submitted(at=self.at, sent=sent)
            case Unreadable(refusal=refusal):
                raise refusal
            case _:
                assert_never(act.act)
