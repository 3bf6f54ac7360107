"""Incidents: what a proctor writes down about the room or about one person, by the four kinds of the field.

An incident is a note for people: it changes no attempt. An order that ends an exam or hands a seat over leaves one
too, so that the room's log tells the whole story.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

INCIDENT_NOTE: Final = "note"


class IncidentCategory(StrEnum):
    """Who or what an incident comes from."""

    ENVIRONMENT = "environment"
    TEST_TAKER = "test-taker"
    STAFF = "staff"
    TECHNICAL = "technical"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One line of the room's log; `about` is `INCIDENT_NOTE` or the wire name of the order that left it."""

    id: UUID
    registration: UUID | None
    seat: str
    category: IncidentCategory
    about: str
    words: str
    at: datetime
    by_name: str
