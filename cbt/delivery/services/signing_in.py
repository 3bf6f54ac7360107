"""Sign a candidate in by candidate number and birth date.

Only failed tries count, per number at one browser, per number and per browser, never per address: a room is one
address, and a stranger who tries a number elsewhere does not lock its candidate out here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cbt.delivery.store.attempts import attempts_of_registrations
from cbt.kernel.canonical import digest
from cbt.kernel.errors import InvalidInput
from cbt.kernel.runtime import Runtime
from cbt.people.core.candidates import number_key
from cbt.people.core.inputs import Fields
from cbt.people.services.candidates import latest_day
from cbt.scheduling.core.registrations import REGISTRATION_HINTS, RegistrationFacts
from cbt.scheduling.services.registrations import find_registrations

FAILURES_HERE: Final = 10  # one number at one browser
FAILURES_NUMBER: Final = 60  # one number at any browser
FAILURES_BROWSER: Final = 30  # any number at one browser
WINDOW: Final = timedelta(minutes=10)


class SignInRefused(InvalidInput):
    """The sign-in cannot go on; `field` names what to look at again."""

    code = "sign-in-refused"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One exam that a person may sign in to: whether it has ended, and whether its window is open now."""

    facts: RegistrationFacts
    ended: bool
    open: bool


def sign_in_candidate(rt: Runtime, number: str, birth: str, device: str) -> tuple[Offer, ...]:
    """Return the exams that these two may sign in to: one, or several to choose from; raises SignInRefused.

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
    limits = _limits(key, device)
    if any(rt.broker.spent(name, limit, WINDOW) for name, limit in limits):
        raise SignInRefused("form", "Too many tries. Wait ten minutes or raise your hand.")
    found = find_registrations(rt, number, birth_on, now)
    if not found:
        for name, limit in limits:
            rt.broker.allow(name, limit, WINDOW)
        raise SignInRefused("number", "No exam was found for this number and birth date. Look at both again.")
    return worth_choosing(_offers(rt, found, now))


def worth_choosing(offers: Sequence[Offer]) -> tuple[Offer, ...]:
    """Return the exams that can be worked on now; where there is none, all of them."""
    return tuple(offer for offer in offers if offer.open and not offer.ended) or tuple(offers)


def _offers(rt: Runtime, found: Iterable[RegistrationFacts], now: datetime) -> list[Offer]:
    by_id = {facts.registration.id: facts for facts in found}
    with rt.reading() as tx:
        attempts = attempts_of_registrations(tx, by_id)
    ended = {registration_id for registration_id, attempt in attempts.items() if attempt.has_ended}
    return [
        Offer(
            facts=facts,
            ended=registration_id in ended,
            open=facts.sitting.opens_at <= now < facts.sitting.closes_at,
        )
        for registration_id, facts in by_id.items()
    ]


def _limits(key: str, device: str) -> tuple[tuple[str, int], ...]:
    who, where = digest(key.encode()).hex()[:32], digest(device.encode()).hex()[:32]
    names = ((f"{who}:{where}", FAILURES_HERE), (who, FAILURES_NUMBER), (f"at:{where}", FAILURES_BROWSER))
    return tuple((f"sign-in:{name}", limit) for name, limit in names)
