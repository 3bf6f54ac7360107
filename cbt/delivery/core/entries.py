"""What can happen to an attempt: the closed union of journal entries, each a fact in the past.

Entries that the candidate sent carry `sent` (lease, number, claimed instant, digest of what came in); entries of
staff carry `by`; entries of the clock carry neither. How an entry becomes bytes is in `entry_documents`; what it
does to an attempt is in `transitions`. Here is no rule about when an entry is admitted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import ClassVar, Final, TypeAlias
from uuid import UUID

from cbt.delivery.core.entry_kinds import NOT_COUNTED, EntryKind, Way, require_whole_seconds
from cbt.delivery.core.part_plan import PartPlan

# One response variable has a tuple of values (QTI value text); an empty tuple is "not answered".
Responses: TypeAlias = Mapping[str, tuple[str, ...]]
ZERO: Final = timedelta(0)
SECOND: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """How a candidate's entry came in: under which lease and number, and the digest of its content as received.

    `claimed_at` is what the candidate's PC believed; evidence, never a rule's input. None where it was unreadable.
    """

    lease: int
    number: int
    claimed_at: datetime | None
    digest: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """The candidate's time began; `time_allowed` has the accommodation in it, `device` names the PC's browser.

    `parts` is the plan of a paper whose parts are passed in one direction, empty for one that is free. Where the line
    was dead and the paper was opened by the release code, `counts_from` is when the room was opened, and `claimed_at`
    when the PC believed to have started.
    """

    kind: ClassVar[EntryKind] = EntryKind.STARTED
    at: datetime
    time_allowed: timedelta
    grace: timedelta
    lease: int = 1
    device: str
    parts: tuple[PartPlan, ...] = ()
    counts_from: datetime | None = None
    claimed_at: datetime | None = None

    @property
    def began_at(self) -> datetime:
        """Return the instant from which the time counts."""
        return self.counts_from or self.at

    def __post_init__(self) -> None:
        """Raise NotADuration for a time that is not positive or not in whole seconds (grace and breaks may be none)."""
        require_whole_seconds(self.time_allowed)
        require_whole_seconds(self.grace, least=ZERO)
        for part in self.parts:
            require_whole_seconds(part.break_after, least=ZERO)
            if part.time_allowed is not None:
                require_whole_seconds(part.time_allowed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The slot's responses are now these, for all its variables; choices by their canonical ids."""

    kind: ClassVar[EntryKind] = EntryKind.ANSWERED
    at: datetime
    sent: Sent
    slot: int
    responses: Responses


@dataclass(frozen=True, slots=True, kw_only=True)
class Flagged:
    """The candidate set or cleared the mark "look at this again"."""

    kind: ClassVar[EntryKind] = EntryKind.FLAGGED
    at: datetime
    sent: Sent
    slot: int
    on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Paused:
    """The clock stands still."""

    kind: ClassVar[EntryKind] = EntryKind.PAUSED
    at: datetime
    reason: str
    by: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed:
    """The clock runs again; the deadline has moved by the length of the pause."""

    kind: ClassVar[EntryKind] = EntryKind.RESUMED
    at: datetime
    by: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Extended:
    """The candidate has `extra` more time than before."""

    kind: ClassVar[EntryKind] = EntryKind.EXTENDED
    at: datetime
    extra: timedelta
    reason: str
    by: UUID

    def __post_init__(self) -> None:
        """Raise NotADuration unless `extra` is a positive number of whole seconds: time is never taken away."""
        require_whole_seconds(self.extra)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """Another page (other PC, other browser) holds the attempt from here on, under the next lease."""

    kind: ClassVar[EntryKind] = EntryKind.MOVED
    at: datetime
    lease: int
    device: str
    reason: str
    by: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class HandRaised:
    """The candidate asks for a proctor."""

    kind: ClassVar[EntryKind] = EntryKind.HAND_RAISED
    at: datetime
    sent: Sent
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandLowered:
    """The request is settled: by staff (`by`) or taken back by the candidate (`sent`); exactly one of them is set."""

    kind: ClassVar[EntryKind] = EntryKind.HAND_LOWERED
    at: datetime
    sent: Sent | None = None
    by: UUID | None = None

    def __post_init__(self) -> None:
        """Raise ValueError unless exactly one of the two says who lowered the hand."""
        if (self.sent is None) == (self.by is None):
            raise ValueError("a hand is lowered either by the candidate or by staff")


@dataclass(frozen=True, slots=True, kw_only=True)
class PartLeft:
    """The candidate finished a part (its index) before its time was over; there is no way back."""

    kind: ClassVar[EntryKind] = EntryKind.PART_LEFT
    at: datetime
    sent: Sent
    part: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PartEntered:
    """The candidate ended the break before a part (its index) and began it."""

    kind: ClassVar[EntryKind] = EntryKind.PART_ENTERED
    at: datetime
    sent: Sent
    part: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """An entry of the candidate that was not admitted, kept as it came in; it used up its number."""

    kind: ClassVar[EntryKind] = EntryKind.REFUSED
    at: datetime
    sent: Sent
    code: str
    received: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """An answer that came another way than under the live lease in time; a `LateAdmitted` may let it count later."""

    kind: ClassVar[EntryKind] = EntryKind.RECOVERED
    at: datetime
    sent: Sent
    slot: int
    responses: Responses
    way: Way
    counts: bool

    @property
    def code(self) -> str | None:
        """Return the code that tells the page that it does not count, or None where it does."""
        return None if self.counts else NOT_COUNTED[self.way]


@dataclass(frozen=True, slots=True, kw_only=True)
class LateAdmitted:
    """Answers that were kept without counting count from here on: their rows' `numbers`, by a person or by a `rule`.

    `overriding` is the choice that they stand over newer answers; `answered` are all slots of the graded set after it.
    """

    kind: ClassVar[EntryKind] = EntryKind.LATE_ADMITTED
    at: datetime
    numbers: tuple[int, ...]
    reason: str
    rule: str = ""
    by: UUID | None = None
    overriding: bool = False
    answered: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Raise ValueError unless it names rows, and either a person or a rule."""
        if not self.numbers or (self.by is None) == (not self.rule):
            raise ValueError("answers are admitted by a person or by a rule, and by their numbers")


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """The candidate handed in."""

    kind: ClassVar[EntryKind] = EntryKind.SUBMITTED
    at: datetime
    sent: Sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Expired:
    """The time, with its grace, ran out."""

    kind: ClassVar[EntryKind] = EntryKind.EXPIRED
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminated:
    """Staff ended the attempt; its answers are graded like those of any other ending."""

    kind: ClassVar[EntryKind] = EntryKind.TERMINATED
    at: datetime
    reason: str
    by: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Voided:
    """Staff declared the attempt void; it has no result."""

    kind: ClassVar[EntryKind] = EntryKind.VOIDED
    at: datetime
    reason: str
    by: UUID


CandidateEntry: TypeAlias = Answered | Flagged | HandRaised | Refused | Recovered | Submitted
StaffEntry: TypeAlias = Paused | Resumed | Extended | Moved | HandLowered | LateAdmitted
PartEntry: TypeAlias = PartLeft | PartEntered
BoundaryEntry: TypeAlias = Started | Expired | Terminated | Voided
Entry: TypeAlias = CandidateEntry | PartEntry | StaffEntry | BoundaryEntry


_SENT: Final = (Answered, Flagged, HandRaised, HandLowered, PartLeft, PartEntered, Refused, Recovered, Submitted)


def sent_of(entry: Entry) -> Sent | None:
    """Return how the candidate sent `entry`, or None where it is not the candidate's."""
    return entry.sent if isinstance(entry, _SENT) else None


def refused_code(entry: Entry) -> str | None:
    """Return the code under which the candidate was told that `entry` does not count, or None where it does."""
    return entry.code if isinstance(entry, (Refused, Recovered)) else None


def is_answer(responses: Responses) -> bool:
    """Return whether any variable has a value that is more than blanks."""
    return any(map(str.strip, chain.from_iterable(responses.values())))
