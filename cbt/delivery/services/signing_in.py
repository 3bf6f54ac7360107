"""Sign a candidate in by candidate number and birth date.

Failed tries count per candidate number and per browser, never per address: a room is one address.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

from cbt.kernel.errors import InvalidInput
from cbt.kernel.runtime import Runtime
from cbt.people.core.candidates import number_key
from cbt.people.core.inputs import Fields
from cbt.people.services.candidates import latest_day
from cbt.scheduling.core.registrations import REGISTRATION_HINTS, RegistrationFacts
from cbt.scheduling.services.registrations import find_registrations

TRIES: Final = 10
WINDOW: Final = timedelta(minutes=10)


class SignInRefused(InvalidInput):
    """The sign-in cannot go on; `field` names what to look at again."""

    code = "sign-in-refused"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def sign_in_candidate(rt: Runtime, number: str, birth: str, device: str) -> UUID:
    """Return the registration that these two belong to; raises SignInRefused.

    A wrong number and a wrong birth date give the same answer.
    """
    now = rt.clock.now()
    fields = Fields({"birth": birth}, REGISTRATION_HINTS)
    birth_on = fields.birth("birth", today=latest_day(now))
    key = number_key(number)
    if not key:
        raise SignInRefused("number", "Write your candidate number.")
    if fields.problems():
        raise SignInRefused("birth", "Write eight digits: year, month, day.")
    if not _may_try(rt, key, device):
        raise SignInRefused("form", "Too many tries. Wait ten minutes or raise your hand.")
    found = find_registrations(rt, number, birth_on, now)
    if not found:
        raise SignInRefused("number", "No exam was found for this number and birth date. Look at both again.")
    return min(found, key=lambda facts: _nearness(facts, now.timestamp())).registration.id


def _may_try(rt: Runtime, key: str, device: str) -> bool:
    per_candidate = rt.broker.allow(f"sign-in:candidate:{key}", TRIES, WINDOW)
    per_browser = not device or rt.broker.allow(f"sign-in:browser:{device}", TRIES, WINDOW)
    return per_candidate and per_browser


def _nearness(facts: RegistrationFacts, now: float) -> tuple[bool, float]:
    """Return what sorts the sitting that runs now before all others, then the nearest one."""
    opens, closes = facts.sitting.opens_at.timestamp(), facts.sitting.closes_at.timestamp()
    return not opens <= now < closes, abs(opens - now)
