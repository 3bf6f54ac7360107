"""What the recorder decides about one batch, pure: which entries are taken, refused or known, and where it stops.

Each lease counts its entries 1, 2, 3…; only the next number is taken. A number that came before with the same
content gets the same receipt again, with other content it stops the batch as a conflict. A refused entry is kept in
the journal and uses up its number. Everything before a stop counts and is receipted. Answers that come too late, or
that were given while the clock stood, are kept without counting; what an older lease sends is taken by `recovery`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final, assert_never

from cbt.delivery.core.attempt import Attempt, AttemptState
from cbt.delivery.core.batch import (
    Answer,
    Batch,
    EnterPart,
    Flag,
    HandIn,
    LeavePart,
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
    PartEntered,
    PartLeft,
    Recovered,
    Refused,
    Sent,
    Submitted,
    refused_code,
    sent_of,
)
from cbt.delivery.core.entry_kinds import Way
from cbt.delivery.core.journal import Linked, advance
from cbt.delivery.core.receipts import Receipt
from cbt.delivery.core.refusals import (
    AlreadyEnded,
    AttemptPaused,
    EntryConflict,
    EntryGap,
    EntryRefused,
    LeaseEnded,
    NotStarted,
    PartOver,
    TimeOver,
)

# A request's body is at most this long, so whatever comes in is kept whole.
MOST_RECEIVED_CHARACTERS: Final = 65_536
# An answer that one of these turns away is kept as an answer: whether it ever counts is for a rule or a person to say.
_WAY: Final[Mapping[type[EntryRefused], Way]] = MappingProxyType(
    {TimeOver: Way.LATE, AlreadyEnded: Way.LATE, AttemptPaused: Way.PAUSED, PartOver: Way.PART_OVER}
)
# Who has handed in has said the last word; what is void has no answers.
_SETTLED: Final = (AttemptState.SUBMITTED, AttemptState.VOIDED)


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

    `receipt` covers everything up to a stop; None when the stop came first. `following` is the number that the batch's
    lease goes on with, None for one that never was.
    """

    lease: int
    following: int | None
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
    stored = StoredEntry(
        digest=sent.digest,
        hash=row_hash,
        at=entry.at,
        number_in_journal=number_in_journal,
        refused_code=refused_code(entry),
    )
    return sent.number, stored


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
    return Desk(attempt, batch.lease, attempt.stamp(now), choices).decide(batch, known)


class Desk:
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

    def decide(self, batch: Batch, known: Mapping[int, StoredEntry]) -> Decision:
        """Return what becomes of the whole batch."""
        stop: Stop | None = None
        for act in batch.entries:
            before = known.get(act.number) or self.made.get(act.number)
            stop = self.repeat(act, before) if before else self.take(act)
            if stop is not None:
                break
        return Decision(
            lease=self.lease,
            following=self.following(),
            after=self.attempt,
            linked=tuple(self.linked),
            refused=tuple(self.refused),
            receipt=self.receipt(),
            stop=stop,
        )

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
        following = self.following()
        if following is None:
            return Stop(code=LeaseEnded.code, number=act.number)
        if act.number > following:
            return Stop(code=EntryGap.code, number=act.number, expected=following)
        if act.number < following:
            raise ValueError(f"entry {act.number} is in the journal, but was not given as known")
        self._append(act)
        return None

    def following(self) -> int | None:
        """Return the number that the lease's next entry must have, or None where the lease is not the live one."""
        return self.attempt.lease_next if self.lease == self.attempt.lease else None

    def receipt(self) -> Receipt | None:
        """Return what is to be signed: everything up to the last number that was settled."""
        if self._last is None:
            return None
        number, row_hash, at = self._last
        return Receipt(attempt_id=self.attempt.id, lease=self.lease, number=number, head=row_hash, at=at)

    def _append(self, act: NumberedAct) -> None:
        sent = Sent(lease=self.lease, number=act.number, claimed_at=act.claimed_at, digest=act.digest)
        try:
            self.attempt, linked = advance(self.attempt, self._entry(act, sent))
        except EntryRefused as refusal:
            self.attempt, linked = advance(self.attempt, self._kept(act, sent, refusal))
        self.linked.append(linked)
        self._settle(
            act.number,
            StoredEntry(
                digest=act.digest,
                hash=linked.hash,
                at=self.at,
                number_in_journal=linked.number,
                refused_code=refused_code(linked.entry),
            ),
        )

    def _kept(self, act: NumberedAct, sent: Sent, refusal: EntryRefused) -> Entry:
        """Return what is kept of an entry that was not admitted: a readable answer as one, the rest as it came in."""
        way = _WAY.get(type(refusal))
        if isinstance(act.act, Answer) and way is not None and self.attempt.state not in _SETTLED:
            slot = act.act.slot
            responses = self.choices.responses_to_canonical(slot, act.act.responses)
            return Recovered(at=self.at, sent=sent, slot=slot, responses=responses, way=way, counts=False)
        received = act.content.decode()[:MOST_RECEIVED_CHARACTERS]
        return Refused(at=self.at, sent=sent, code=refusal.code, received=received)

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
            case LeavePart(part=part) | EnterPart(part=part):
                turned = PartLeft if isinstance(act.act, LeavePart) else PartEntered
                return turned(at=self.at, sent=sent, part=part)
            case HandIn():
                return Submitted(at=self.at, sent=sent)
            case Unreadable(refusal=refusal):
                raise refusal
            case _:
                assert_never(act.act)
