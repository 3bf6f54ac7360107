"""Changes of somebody's time or profile: until the papers are made one person does them, from then on two.

A change that waits has no effect; whoever asked for it never decides about it.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import NewType
from uuid import UUID

from cbt.kernel.errors import Conflict
from cbt.people.core.actors import Actor
from cbt.scheduling.core.needs import Needs
from cbt.scheduling.core.registrations import RegistrationId

AccommodationId = NewType("AccommodationId", UUID)


class SecondPersonNeeded(Conflict):
    """Somebody else than whoever asked for it decides about an accommodation."""

    code = "second-person-needed"


class AccommodationDecided(Conflict):
    """No such change of an accommodation waits any more."""

    code = "accommodation-decided"


class Decision(StrEnum):
    """Where a change stands; a newer one takes the place of one that still waits."""

    WAITING = "waiting"
    APPROVED = "approved"
    DECLINED = "declined"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True, kw_only=True)
class Accommodation:
    """What a person is given: more time, and settings of the exam screen."""

    time_factor: Fraction
    needs: Needs


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A change that waits for a second person."""

    id: AccommodationId
    registration_id: RegistrationId
    wanted: Accommodation
    reason: str
    proposed_by_id: UUID | None
    proposed_by: str
    proposed_at: datetime

    def must_be_decided_by(self, by: Actor) -> None:
        """Raise SecondPersonNeeded for whoever asked for it, and for anybody who is not a person."""
        if by.id is None or by.id == self.proposed_by_id:
            raise SecondPersonNeeded
