"""Who takes part in a run: what a candidate's page knows, as the client needs it and as the check afterwards does."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from cbt.delivery.core.choices import ChoiceMap, choice_map_from
from cbt.delivery.core.seat_token import read_seat_token
from cbt.delivery.core.token import make_token
from cbt.delivery.services.seat import SEAT_PURPOSE, seat_document
from cbt.delivery.services.seating import TOKEN_PURPOSE
from cbt.delivery.services.starting import StartMemory, StartRequest, start_many
from cbt.delivery.store import attempts, papers
from cbt.kernel import canonical
from cbt.kernel.runtime import Runtime
from cbt.scheduling.core.registrations import RegistrationFacts
from cbt.scheduling.services.registrations import list_registrations
from cbt.scheduling.services.sittings import get_sitting_by_code

DEVICE: Final = "bench browser"
_LASTS: Final = timedelta(hours=12)
RESPONSE: Final = "RESPONSE"
AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One candidate's page: its attempt, token and lease, and for each slot the opaque names to choose from."""

    attempt_id: UUID
    registration_id: UUID
    token: str
    lease: int
    next: int
    names: ChoiceMap

    def to_job(self) -> dict[str, Any]:
        """Return what the load client needs."""
        choices = [list(self._choices(slot)) for slot in sorted(self.names.slots)]
        return {"token": self.token, "lease": self.lease, "next": self.next, "choices": choices}

    def canonical(self, slot: int, opaque: str) -> str:
        """Return the canonical id that a sent choice stands for."""
        return self._choices(slot)[opaque]

    def _choices(self, slot: int) -> Mapping[str, str]:
        return self.names.slots[slot][RESPONSE].canonical


def registered(rt: Runtime) -> tuple[RegistrationFacts, ...]:
    """Return everybody of the sitting."""
    return list_registrations(rt, get_sitting_by_code(rt, "BENCH").id)


def start_all(rt: Runtime) -> None:
    """Start everybody's exam."""
    key, memory = rt.keys.derive(SEAT_PURPOSE), StartMemory(rt.keys)
    tokens = [seat_document(rt, person.registration.id, DEVICE)["seat_token"] for person in registered(rt)]
    waiting = [StartRequest(seat=read_seat_token(key, token, rt.clock.now())) for token in tokens]
    for start in range(0, len(waiting), AT_ONCE):
        start_many(rt, memory, waiting[start : start + AT_ONCE])


def people(rt: Runtime, count: int) -> list[Person]:
    """Return the first `count` candidates of a sitting whose exams run."""
    ids = [one.registration.id for one in registered(rt)[:count]]
    now = rt.clock.now()
    key = rt.keys.derive(TOKEN_PURPOSE)
    with rt.reading() as tx:
        found = attempts.attempts_of_registrations(tx, ids)
        maps = papers.choices_of(tx, [attempt.id for attempt in found.values()])
    return [
        Person(
            attempt_id=found[one].id,
            registration_id=one,
            token=make_token(key, attempt_id=found[one].id, lease=found[one].lease, expires_at=now + _LASTS),
            lease=found[one].lease,
            next=found[one].lease_next,
            names=choice_map_from(canonical.decode(maps[found[one].id])),
        )
        for one in ids
    ]
