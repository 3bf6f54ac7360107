"""The attempt: what the journal up to its head adds up to. A value only; `transitions` changes it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from cbt.delivery.core.entries import ZERO
from cbt.delivery.core.part_plan import PartPlan, Place


class AttemptState(StrEnum):
    """Where an attempt stands."""

    READY = "ready"
    RUNNING = "running"
    PAUSED = "paused"
    SUBMITTED = "submitted"
    EXPIRED = "expired"
    TERMINATED = "terminated"
    VOIDED = "voided"


ENDED: Final = frozenset(
    {AttemptState.SUBMITTED, AttemptState.EXPIRED, AttemptState.TERMINATED, AttemptState.VOIDED},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The last row of the journal: its number (0 before the first), its hash and its instant."""

    number: int
    hash: bytes
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """What grading asks of an attempt: where it belongs, its form, when it ended and the hash of its journal's head."""

    registration_id: UUID
    form_id: UUID
    ended_at: datetime | None
    head_hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """The candidate asks for a proctor since this instant."""

    since: datetime
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One candidate's work on one form.

    `slots` is how many the form has; `lease` is 0 before the start; `lease_next` is the number that the lease's next
    entry must have. `paused_total` holds finished pauses only: the running one began at `paused_at`. `device` is the
    digest that names the browser of the present lease. `parts` and `place` are those of a paper whose parts are passed
    in one direction: where it stood after its last entry (`parts.settled` tells where it stands at an instant).
    """

    id: UUID
    form_digest: bytes
    slots: int
    state: AttemptState = AttemptState.READY
    started_at: datetime | None = None
    time_allowed: timedelta = ZERO
    grace: timedelta = ZERO
    extended: timedelta = ZERO
    paused_at: datetime | None = None
    paused_total: timedelta = ZERO
    lease: int = 0
    lease_next: int = 1
    device: str = ""
    parts: tuple[PartPlan, ...] = ()
    place: Place | None = None
    answered: frozenset[int] = frozenset()
    flagged: frozenset[int] = frozenset()
    hand: Hand | None = None
    ended_at: datetime | None = None
    head: Head

    @property
    def has_ended(self) -> bool:
        """Return whether nothing more can count."""
        return self.state in ENDED

    def stamp(self, now: datetime) -> datetime:
        """Return the instant for the next entry: never before the head, even when the clock was set back."""
        return max(now, self.head.at)


def ready_attempt(*, attempt_id: UUID, form_digest: bytes, slots: int, at: datetime) -> Attempt:
    """Return an attempt that has not started; its chain begins at the digest of its form."""
    return Attempt(id=attempt_id, form_digest=form_digest, slots=slots, head=Head(number=0, hash=form_digest, at=at))
