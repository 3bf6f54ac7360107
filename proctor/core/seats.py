"""What the room shows for each seat: one word of the status language, whether a person is needed, and since when.

Pure: everything comes in as values, `now` included. The word is decided here and nowhere else; the browser only
draws it. Numbers that change with every second (remaining time, silence) are left to the instants they follow from,
so that two views of a seat are equal as long as nothing happened.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Final
from uuid import UUID

from cbt.scheduling.core.sittings import RoomState
from proctor.core.orders import SeatFacts, SeatState, orders_allowed

SLOW_AFTER: Final = timedelta(seconds=15)
OFFLINE_AFTER: Final = timedelta(seconds=30)


class SeatWord(StrEnum):
    """The words of the status language; each has its own shape and colour."""

    OFFLINE = "offline"
    CLAIM = "claim"
    HAND = "hand"
    SLOW = "slow"
    PAUSED = "paused"
    WORKING = "working"
    READY = "ready"
    CHECKED_IN = "checked-in"
    EXPECTED = "expected"
    HANDED_IN = "handed-in"
    ABSENT = "absent"
    ENDED = "ended"


#: What needs a person, most urgent first. A claim (another browser asks for the seat) stands beside the raised hand.
ALARMS: Final = (SeatWord.OFFLINE, SeatWord.CLAIM, SeatWord.HAND, SeatWord.SLOW, SeatWord.PAUSED)

_STILL: Final[Mapping[SeatState, SeatWord]] = MappingProxyType(
    {
        SeatState.EXPECTED: SeatWord.EXPECTED,
        SeatState.ABSENT: SeatWord.ABSENT,
        SeatState.CHECKED_IN: SeatWord.CHECKED_IN,
        SeatState.READY: SeatWord.READY,
        SeatState.PAUSED: SeatWord.PAUSED,
        SeatState.SUBMITTED: SeatWord.HANDED_IN,
        SeatState.EXPIRED: SeatWord.HANDED_IN,
        SeatState.TERMINATED: SeatWord.ENDED,
        SeatState.VOIDED: SeatWord.ENDED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitter:
    """Who is registered for a seat of this room."""

    registration: UUID
    seat: str
    number: str
    name: str
    time_factor: Fraction
    checked_in_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something that began at an instant, with the words that were given for it."""

    since: datetime
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartProgress:
    """The present part (from 1), or the break that leads to it; paused it has `remaining`, else `ends_at`."""

    number: int
    of: int
    on_break: bool
    ends_at: datetime | None = None
    remaining: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far one attempt has come; `deadline_at` is None while the clock stands, `remaining` while it runs.

    `part` is set where parts are passed in one direction. `recovered` answers came late, from an older computer or by
    file; `not_counted` of them are kept only.
    """

    attempt: UUID
    state: SeatState
    answered: int
    items: int
    head: int = 0
    deadline_at: datetime | None = None
    remaining: timedelta | None = None
    extended: timedelta = timedelta()
    started_at: datetime | None = None
    ended_at: datetime | None = None
    last_entry_at: datetime | None = None
    hand: Note | None = None
    claim: Note | None = None
    pause: Note | None = None
    part: PartProgress | None = None
    recovered: int = 0
    not_counted: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatView:
    """One seat as the room shows it; equal views mean that there is nothing to send.

    That a browser was heard again is no news by itself: the room tells it of all seats every few seconds.
    """

    sitter: Sitter
    state: SeatState
    word: SeatWord
    since: datetime | None
    last_contact_at: datetime | None = field(compare=False)
    progress: Progress | None
    may: tuple[str, ...]

    @property
    def alarm(self) -> int | None:
        """Return the rank of the alarm (0 = most urgent), or None when the seat needs nobody."""
        return ALARMS.index(self.word) if self.word in ALARMS else None


def view_seat(
    sitter: Sitter, progress: Progress | None, *, contact_at: datetime | None, room: RoomState, now: datetime
) -> SeatView:
    """Return the seat as it stands at `now`.

    `contact_at` is the last sign of life of the candidate's browser; where presence is not known (its store may be
    flushed at any moment) the last entry of the journal stands in for it.
    """
    state = _state(sitter, progress, contact_at=contact_at, room=room, now=now)
    contact = contact_at or _last_entry(progress)
    word, since = _word(state, progress, contact_at=contact, now=now)
    facts = SeatFacts(
        state=state,
        room_closed=room is RoomState.CLOSED,
        hand=progress is not None and progress.hand is not None,
        claim=progress is not None and progress.claim is not None,
    )
    return SeatView(
        sitter=sitter,
        state=state,
        word=word,
        since=since,
        last_contact_at=contact,
        progress=progress,
        may=tuple(kind.value for kind in orders_allowed(facts)),
    )


def in_alarm_order(seats: Iterable[SeatView]) -> tuple[SeatView, ...]:
    """Return the seats that need a person: most urgent kind first, inside one kind the longest wait first."""
    wanting = [(seat.alarm, seat.since, seat.sitter.registration, seat) for seat in seats if seat.alarm is not None]
    return tuple(row[3] for row in sorted(wanting, key=lambda row: (row[0], _wait_key(row[1]), row[2])))


def count_words(seats: Iterable[SeatView]) -> Mapping[SeatWord, int]:
    """Return how many seats stand at each word; words without a seat count 0."""
    counts = dict.fromkeys(SeatWord, 0)
    for seat in seats:
        counts[seat.word] += 1
    return counts


def changed_seats(before: Iterable[SeatView], after: Iterable[SeatView]) -> tuple[SeatView, ...]:
    """Return the seats of `after` that are new or differ from `before`, in the order of `after`."""
    known = {seat.sitter.registration: seat for seat in before}
    return tuple(seat for seat in after if (old := known.get(seat.sitter.registration)) is not seat and old != seat)


def remaining_at(progress: Progress, now: datetime) -> timedelta | None:
    """Return the time that is left at `now` (never below zero), or None before the start and after the end."""
    if progress.deadline_at is not None:
        return max(progress.deadline_at - now, timedelta())
    return progress.remaining


def _state(
    sitter: Sitter, progress: Progress | None, *, contact_at: datetime | None, room: RoomState, now: datetime
) -> SeatState:
    if progress is not None and progress.state is not SeatState.READY:
        return progress.state
    if sitter.checked_in_at is None:
        return SeatState.EXPECTED if room is RoomState.WAITING else SeatState.ABSENT
    here = progress is not None and contact_at is not None and now - contact_at <= OFFLINE_AFTER
    return SeatState.READY if here else SeatState.CHECKED_IN


def _word(
    state: SeatState, progress: Progress | None, *, contact_at: datetime | None, now: datetime
) -> tuple[SeatWord, datetime | None]:
    """Return the word and the instant from which its wait is counted."""
    if progress is None or state not in {SeatState.RUNNING, SeatState.PAUSED, SeatState.READY, SeatState.CHECKED_IN}:
        return _STILL[state], progress.ended_at if progress else None
    if state is SeatState.RUNNING and (contact_at is None or now - contact_at > OFFLINE_AFTER):
        return SeatWord.OFFLINE, contact_at
    if progress.claim is not None:
        return SeatWord.CLAIM, progress.claim.since
    if progress.hand is not None:
        return SeatWord.HAND, progress.hand.since
    if state is SeatState.RUNNING:
        slow = contact_at is not None and now - contact_at > SLOW_AFTER
        return (SeatWord.SLOW, contact_at) if slow else (SeatWord.WORKING, None)
    return _STILL[state], progress.pause.since if progress.pause else None


def _last_entry(progress: Progress | None) -> datetime | None:
    """Return when the journal was last written to. Never preferred to a known contact: staff write to it too."""
    return None if progress is None else progress.last_entry_at or progress.started_at


def _wait_key(since: datetime | None) -> float:
    """Return the sorting key of a wait; an unknown beginning counts as the longest."""
    return float("-inf") if since is None else since.timestamp()
