"""The rules of parts that are passed in one direction, pure: which part is present at an instant, and until when.

A part that ran out was left at its limit, and a break that ran out ended at its end, whether or not anybody said so:
so the order of things follows from the journal and the clock alone, and a silent PC gains nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cbt.delivery.core.attempt import Attempt, AttemptState
from cbt.delivery.core.entries import ZERO
from cbt.delivery.core.part_plan import PartPlan, Place
from cbt.delivery.core.refusals import LastPart, NoBreak, PartClosed, PartOver


@dataclass(frozen=True, slots=True, kw_only=True)
class PartView:
    """The present part or break at an instant: when it ends (None while paused), and what is left of it."""

    index: int
    on_break: bool
    ends_at: datetime | None
    remaining: timedelta
    limit: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class PartAhead:
    """A part still to come, as it will be if nobody does anything."""

    index: int
    begins_at: datetime
    ends_at: datetime


def first_place(plan: tuple[PartPlan, ...], at: datetime) -> Place | None:
    """Return where an attempt with this plan begins, or None without one."""
    return Place(part=0, since=at) if plan else None


def settled(attempt: Attempt, now: datetime) -> Attempt:
    """Return the attempt with everything that the clock alone has done by `now`; the last part ends with the exam."""
    if attempt.state is not AttemptState.RUNNING:
        return attempt
    place = attempt.place
    while place is not None and _moves_by_itself(attempt, place):
        end = _phase_end(attempt, place)
        if now < end:
            break
        place = _entered(place, end) if place.on_break else _left(attempt, place, end, ran_out=True)
    return attempt if place is attempt.place else replace(attempt, place=place)


def leave(attempt: Attempt, part: int, at: datetime) -> Attempt:
    """Return the attempt after its candidate left `part`; raises PartClosed, LastPart."""
    place = attempt.place
    if place is None or place.on_break or place.part != part:
        raise PartClosed(attempt=attempt.id, part=part)
    if part == len(attempt.parts) - 1:
        raise LastPart(attempt=attempt.id, part=part)
    return replace(attempt, place=_left(attempt, place, at, ran_out=False))


def enter(attempt: Attempt, part: int, at: datetime) -> Attempt:
    """Return the attempt after its candidate ended the break before `part`; raises PartClosed, NoBreak."""
    place = attempt.place
    if place is None or place.part != part:
        raise PartClosed(attempt=attempt.id, part=part)
    if not place.on_break:
        raise NoBreak(attempt=attempt.id, part=part)
    return replace(attempt, place=_entered(place, at))


def is_open(attempt: Attempt, slot: int, at: datetime) -> bool:
    """Return whether the part of `slot` may be answered at `at`; a slot that does not exist is refused elsewhere.

    What was on its way when a part ran out is still taken for the length of the grace, as at the end of the exam.
    """
    place = settled(attempt, at).place
    part = part_of(attempt.parts, slot)
    if place is None or part < 0:
        return True
    if part == place.part:
        return not place.on_break
    return part == place.part - 1 and place.ran_out_at is not None and at <= place.ran_out_at + attempt.grace


def require_open(attempt: Attempt, slot: int, at: datetime) -> None:
    """Raise PartOver or PartClosed unless the part of `slot` may be answered at `at` (`attempt` is settled there)."""
    if attempt.place is None or is_open(attempt, slot, at):
        return
    part = part_of(attempt.parts, slot)
    raise (PartOver if part < attempt.place.part else PartClosed)(attempt=attempt.id, part=part, slot=slot)


def require_last(attempt: Attempt) -> None:
    """Raise PartClosed while parts are still to come: they are passed in order, and only the last is handed in."""
    place = attempt.place
    if place is not None and (place.on_break or place.part < len(attempt.parts) - 1):
        raise PartClosed(attempt=attempt.id, part=place.part)


def part_of(plan: tuple[PartPlan, ...], slot: int) -> int:
    """Return the index of the part that holds `slot`, or -1."""
    return next((index for index, part in enumerate(plan) if part.first <= slot <= part.last), -1)


def paused_for(place: Place | None, pause: timedelta) -> Place | None:
    """Return the place after a pause: part or break end so much later."""
    return None if place is None else replace(place, paused=place.paused + pause)


def extended_by(place: Place | None, extra: timedelta) -> Place | None:
    """Return the place with extra time for the present part; on a break for the part that it leads to."""
    return None if place is None else replace(place, extended=place.extended + extra)


def ends_at(attempt: Attempt, place: Place) -> datetime:
    """Return when the exam is over if nobody does anything more; a pause that goes on is left out."""
    ahead = tuple(_ahead(attempt, place))
    return ahead[-1].ends_at if ahead else _phase_end(attempt, place)


def worked(place: Place, until: datetime) -> timedelta:
    """Return the working time up to `until`, breaks and pauses left out (`place` is settled there)."""
    present = ZERO if place.on_break else max(ZERO, until - place.since - place.paused)
    return place.worked + present


def view(attempt: Attempt, now: datetime) -> PartView | None:
    """Return the present part or break at `now`; None for a free paper and when nothing is going on."""
    place = settled(attempt, now).place
    if place is None or attempt.has_ended:
        return None
    end = _phase_end(attempt, place)
    limit = attempt.parts[place.part - 1].break_after if place.on_break else _limit(attempt, place)
    return PartView(
        index=place.part,
        on_break=place.on_break,
        ends_at=None if attempt.paused_at else end,
        remaining=max(ZERO, end - (attempt.paused_at or max(now, place.since))),
        limit=limit,
    )


def ahead(attempt: Attempt, now: datetime) -> tuple[PartAhead, ...]:
    """Return the parts that still begin, and when, if nobody does anything; none while paused."""
    place = settled(attempt, now).place
    if place is None or attempt.state is not AttemptState.RUNNING:
        return ()
    return tuple(_ahead(attempt, place))


def _ahead(attempt: Attempt, place: Place) -> Iterator[PartAhead]:
    end = _phase_end(attempt, place)
    if place.on_break:
        following = _entered(place, end)
        yield PartAhead(index=place.part, begins_at=end, ends_at=_phase_end(attempt, following))
        end = _phase_end(attempt, following)
    for index in range(place.part + 1, len(attempt.parts)):
        limit = attempt.parts[index].time_allowed
        if limit is None:  # the working time is over with the present part
            return
        begins = end + attempt.parts[index - 1].break_after
        end = begins + limit
        yield PartAhead(index=index, begins_at=begins, ends_at=end)


def _moves_by_itself(attempt: Attempt, place: Place) -> bool:
    is_last = place.part == len(attempt.parts) - 1
    return place.on_break or not (is_last or attempt.parts[place.part].time_allowed is None)


def _phase_end(attempt: Attempt, place: Place) -> datetime:
    length = attempt.parts[place.part - 1].break_after if place.on_break else _limit(attempt, place)
    return place.since + length + place.paused


def _limit(attempt: Attempt, place: Place) -> timedelta:
    own = attempt.parts[place.part].time_allowed
    if own is None:
        return attempt.time_allowed + attempt.extended - place.worked
    return own + place.extended


def _left(attempt: Attempt, place: Place, at: datetime, *, ran_out: bool) -> Place:
    return Place(
        part=place.part + 1,
        since=at,
        on_break=attempt.parts[place.part].break_after > ZERO,
        worked=worked(place, at),
        ran_out_at=at if ran_out else None,
    )


def _entered(place: Place, at: datetime) -> Place:
    return replace(place, since=at, on_break=False, paused=ZERO)
