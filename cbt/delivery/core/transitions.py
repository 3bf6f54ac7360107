"""The one function that changes an attempt: `apply(attempt, entry)`, pure, first legal event wins.

Which kinds a state admits is a table. The clock is a rule of its own: from deadline and grace on a running attempt
admits only its ending, so that the outcome does not depend on how soon a sweeper comes by.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final, assert_never

from cbt.delivery.core.attempt import Attempt, AttemptState, Hand
from cbt.delivery.core.entries import (
    ZERO,
    Answered,
    BoundaryEntry,
    CandidateEntry,
    Entry,
    Expired,
    Extended,
    Flagged,
    HandLowered,
    HandRaised,
    LateAdmitted,
    Moved,
    PartEntered,
    PartEntry,
    PartLeft,
    Paused,
    Recovered,
    Refused,
    Resumed,
    StaffEntry,
    Started,
    Submitted,
    Terminated,
    Voided,
    is_answer,
    sent_of,
)
from cbt.delivery.core.parts import (
    enter,
    extended_by,
    first_place,
    leave,
    paused_for,
    require_last,
    require_open,
    settled,
)
from cbt.delivery.core.refusals import (
    AlreadyEnded,
    AlreadyStarted,
    AttemptPaused,
    EntryGap,
    EntryRefused,
    LeaseEnded,
    NotPaused,
    NotStarted,
    OutOfOrder,
    TimeLeft,
    TimeOver,
    UnknownSlot,
)
from cbt.delivery.core.timing import closes_at

_READY, _RUNNING, _PAUSED = AttemptState.READY, AttemptState.RUNNING, AttemptState.PAUSED
_SUBMITTED, _EXPIRED = AttemptState.SUBMITTED, AttemptState.EXPIRED
_TERMINATED, _VOIDED = AttemptState.TERMINATED, AttemptState.VOIDED

NEXT_STATE: Final[Mapping[tuple[AttemptState, type[Entry]], AttemptState]] = MappingProxyType(
    {
        (_READY, Started): _RUNNING,
        (_READY, Voided): _VOIDED,
        (_RUNNING, Answered): _RUNNING,
        (_RUNNING, Flagged): _RUNNING,
        (_RUNNING, HandRaised): _RUNNING,
        (_RUNNING, HandLowered): _RUNNING,
        (_RUNNING, PartLeft): _RUNNING,
        (_RUNNING, PartEntered): _RUNNING,
        (_RUNNING, Refused): _RUNNING,
        (_RUNNING, Paused): _PAUSED,
        (_RUNNING, Extended): _RUNNING,
        (_RUNNING, Moved): _RUNNING,
        (_RUNNING, Submitted): _SUBMITTED,
        (_RUNNING, Expired): _EXPIRED,
        (_RUNNING, Terminated): _TERMINATED,
        (_RUNNING, Voided): _VOIDED,
        (_PAUSED, HandRaised): _PAUSED,
        (_PAUSED, HandLowered): _PAUSED,
        (_PAUSED, Refused): _PAUSED,
        (_PAUSED, Resumed): _RUNNING,
        (_PAUSED, Extended): _PAUSED,
        (_PAUSED, Moved): _PAUSED,
        (_PAUSED, Terminated): _TERMINATED,
        (_PAUSED, Voided): _VOIDED,
        # What comes after the ending is kept, so that nobody's words get lost; only an admission lets it count.
        (_RUNNING, Recovered): _RUNNING,
        (_PAUSED, Recovered): _PAUSED,
        (_SUBMITTED, Recovered): _SUBMITTED,
        (_EXPIRED, Recovered): _EXPIRED,
        (_TERMINATED, Recovered): _TERMINATED,
        (_SUBMITTED, LateAdmitted): _SUBMITTED,
        (_EXPIRED, LateAdmitted): _EXPIRED,
        (_TERMINATED, LateAdmitted): _TERMINATED,
        (_SUBMITTED, Refused): _SUBMITTED,
        (_EXPIRED, Refused): _EXPIRED,
        (_TERMINATED, Refused): _TERMINATED,
        (_VOIDED, Refused): _VOIDED,
        (_SUBMITTED, Voided): _VOIDED,
        (_EXPIRED, Voided): _VOIDED,
        (_TERMINATED, Voided): _VOIDED,
    }
)
_REFUSAL: Final[Mapping[tuple[AttemptState, type[Entry]], type[EntryRefused]]] = MappingProxyType(
    {
        (_RUNNING, Started): AlreadyStarted,
        (_RUNNING, Resumed): NotPaused,
        (_PAUSED, Started): AlreadyStarted,
    }
)
_REFUSAL_IN: Final[Mapping[AttemptState, type[EntryRefused]]] = MappingProxyType(
    {
        _READY: NotStarted,
        _RUNNING: EntryRefused,
        _PAUSED: AttemptPaused,
        _SUBMITTED: AlreadyEnded,
        _EXPIRED: AlreadyEnded,
        _TERMINATED: AlreadyEnded,
        _VOIDED: AlreadyEnded,
    }
)
# Admitted after deadline and grace although nothing has ended the attempt yet.
_TIMELESS: Final = (Expired, Recovered, Refused, Voided)


def apply(attempt: Attempt, entry: Entry) -> Attempt:
    """Return the attempt after `entry` (all but its head, which `journal.advance` sets).

    Raises EntryRefused, by the leaf that names the fact: not-started, paused, time-over, already-ended, lease-ended…
    """
    if entry.at < attempt.head.at:
        raise OutOfOrder(attempt=attempt.id)
    attempt = settled(attempt, entry.at)
    _require_lease(attempt, entry)
    state = _next_state(attempt, entry)
    _require_time(attempt, entry)
    if isinstance(entry, (Answered, Flagged, HandRaised, Refused, Recovered, Submitted)):
        return _after_candidate(attempt, entry, state)
    if isinstance(entry, (Paused, Resumed, Extended, Moved, HandLowered, LateAdmitted)):
        return _after_staff(attempt, entry, state)
    if isinstance(entry, (PartLeft, PartEntered)):
        return _after_part(attempt, entry)
    return _after_boundary(attempt, entry, state)


def _require_lease(attempt: Attempt, entry: Entry) -> None:
    sent = sent_of(entry)
    if sent is None:
        return
    if attempt.lease == 0:
        raise NotStarted(attempt=attempt.id)
    if isinstance(entry, (Recovered, Refused)) and 0 < sent.lease < attempt.lease:
        return  # an older lease counts on by itself; `leases.LeaseBook` knows how far it is
    if sent.lease != attempt.lease:
        raise LeaseEnded(attempt=attempt.id, lease=sent.lease)
    if sent.number != attempt.lease_next:
        raise EntryGap(attempt=attempt.id, expected=attempt.lease_next)


def _next_state(attempt: Attempt, entry: Entry) -> AttemptState:
    state = NEXT_STATE.get((attempt.state, type(entry)))
    if state is None:
        refusal = _REFUSAL.get((attempt.state, type(entry))) or _REFUSAL_IN[attempt.state]
        raise refusal(attempt=attempt.id, state=attempt.state.value)
    return state


def _require_time(attempt: Attempt, entry: Entry) -> None:
    if isinstance(entry, Recovered) and entry.counts:
        _require_open(attempt, entry)
    if attempt.state is not _RUNNING or (closing := closes_at(attempt)) is None:
        return
    if isinstance(entry, Expired) and entry.at < closing:
        raise TimeLeft(attempt=attempt.id, until=closing)
    if entry.at > closing and not isinstance(entry, _TIMELESS):
        raise TimeOver(attempt=attempt.id, since=closing)


def _require_open(attempt: Attempt, entry: Recovered) -> None:
    """Raise unless an answer that comes now may still count: nothing counts after the end without an admission."""
    if attempt.has_ended:
        raise AlreadyEnded(attempt=attempt.id)
    if attempt.state is _PAUSED and entry.sent.lease == attempt.lease:
        raise AttemptPaused(attempt=attempt.id)
    closing = closes_at(attempt)
    if closing is not None and entry.at > closing:
        raise TimeOver(attempt=attempt.id, since=closing)


def _after_candidate(attempt: Attempt, entry: CandidateEntry, state: AttemptState) -> Attempt:
    following = attempt.lease_next + (entry.sent.lease == attempt.lease)
    match entry:
        case Recovered():
            answered = _with(attempt, attempt.answered, entry.slot, on=is_answer(entry.responses))
            return replace(attempt, lease_next=following, answered=answered if entry.counts else attempt.answered)
        case Answered():
            require_open(attempt, entry.slot, entry.at)
            answered = _with(attempt, attempt.answered, entry.slot, on=is_answer(entry.responses))
            return replace(attempt, lease_next=following, answered=answered)
        case Flagged():
            require_open(attempt, entry.slot, entry.at)
            flagged = _with(attempt, attempt.flagged, entry.slot, on=entry.on)
            return replace(attempt, lease_next=following, flagged=flagged)
        case HandRaised():
            since = attempt.hand.since if attempt.hand else entry.at
            return replace(attempt, lease_next=following, hand=Hand(since=since, words=entry.words))
        case Refused():
            return replace(attempt, lease_next=following)
        case Submitted():
            require_last(attempt)
            return replace(_ended(attempt, entry, state), lease_next=following)
        case _:
            assert_never(entry)


def _after_part(attempt: Attempt, entry: PartEntry) -> Attempt:
    turned = leave if isinstance(entry, PartLeft) else enter
    return replace(turned(attempt, entry.part, entry.at), lease_next=attempt.lease_next + 1)


def _after_staff(attempt: Attempt, entry: StaffEntry, state: AttemptState) -> Attempt:
    match entry:
        case Paused():
            return replace(attempt, state=state, paused_at=entry.at)
        case Resumed():
            return replace(_without_pause(attempt, entry), state=state)
        case Extended():
            place = extended_by(attempt.place, entry.extra)
            return replace(attempt, extended=attempt.extended + entry.extra, place=place)
        case Moved():
            if entry.lease != attempt.lease + 1:
                raise LeaseEnded(attempt=attempt.id, lease=entry.lease)
            return replace(attempt, lease=entry.lease, lease_next=1, device=entry.device)
        case HandLowered():
            following = attempt.lease_next + (entry.sent is not None)
            return replace(attempt, lease_next=following, hand=None)
        case LateAdmitted():
            return replace(attempt, answered=_slots_of(attempt, entry))
        case _:
            assert_never(entry)


def _slots_of(attempt: Attempt, entry: LateAdmitted) -> frozenset[int]:
    if not all(1 <= slot <= attempt.slots for slot in entry.answered):
        raise UnknownSlot(attempt=attempt.id)
    return frozenset(entry.answered)


def _after_boundary(attempt: Attempt, entry: BoundaryEntry, state: AttemptState) -> Attempt:
    match entry:
        case Started():
            return replace(
                attempt,
                state=state,
                started_at=entry.began_at,
                time_allowed=entry.time_allowed,
                grace=entry.grace,
                lease=entry.lease,
                device=entry.device,
                parts=entry.parts,
                place=first_place(entry.parts, entry.began_at),
            )
        case Expired() | Terminated() | Voided():
            return _ended(attempt, entry, state)
        case _:
            assert_never(entry)


def _ended(attempt: Attempt, entry: Entry, state: AttemptState) -> Attempt:
    settled = _without_pause(attempt, entry)
    return replace(settled, state=state, hand=None, ended_at=attempt.ended_at or entry.at)


def _without_pause(attempt: Attempt, entry: Entry) -> Attempt:
    if attempt.paused_at is None:
        return attempt
    pause = max(ZERO, entry.at - attempt.paused_at)
    place = paused_for(attempt.place, pause)
    return replace(attempt, paused_at=None, paused_total=attempt.paused_total + pause, place=place)


def _with(attempt: Attempt, slots: frozenset[int], slot: int, *, on: bool) -> frozenset[int]:
    if not 1 <= slot <= attempt.slots:
        raise UnknownSlot(attempt=attempt.id, slot=slot)
    if (slot in slots) is on:
        return slots
    return slots | {slot} if on else slots - {slot}
