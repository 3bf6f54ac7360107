"""Who sits at the exam: the first browser that starts it holds the lease; another waits until the seat is granted."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from cbt.delivery.core.allowance import plan_for, time_for
from cbt.delivery.core.attempt import Attempt
from cbt.delivery.core.seat_state import Door, SeatState, seat_state
from cbt.delivery.core.token import make_token
from cbt.delivery.services.paper_seals import paper_key_in
from cbt.delivery.services.reading import page_state_in, status_document
from cbt.delivery.store import attempts
from cbt.kernel import canonical
from cbt.kernel.errors import Conflict
from cbt.kernel.keys import Keyring
from cbt.kernel.runtime import Runtime, Transaction
from cbt.kernel.titles import Title
from cbt.scheduling.core.exam_parts import MINUTE, part_words
from cbt.scheduling.core.needs import screen_settings
from cbt.scheduling.core.registrations import RegistrationFacts, RegistrationId
from cbt.scheduling.services import registrations
from itembank.core.blueprint import demands
from itembank.services.forms import blueprint_version_in

TOKEN_PURPOSE: Final = "attempt token/1"  # noqa: S105  # the name of a derived key
_TOKEN_LASTS: Final = timedelta(hours=18)


class NotAdmitted(Conflict):
    """The proctor has not checked this candidate in."""

    code = "not-admitted"


class NotSeated(Conflict):
    """The exam is not held by this browser."""

    code = "not-seated"


class ExamEnded(Conflict):
    """The exam has ended: its items are not shown any more."""

    code = "exam-ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seating:
    """What a candidate's page may know before and around the exam."""

    state: SeatState
    facts: RegistrationFacts
    attempt: Attempt | None
    parts: int = 0
    items: int = 0

    @property
    def minutes(self) -> int:
        """The candidate's own time in whole minutes, accommodation included."""
        return time_for(self.facts.exam, self.facts.registration.time_factor) // MINUTE

    @property
    def way(self) -> tuple[Title, ...]:
        """The parts that are passed in one direction, each with the candidate's own time; none on a free paper."""
        limits = [part.time_allowed for part in plan_for(self.facts.exam, self.facts.registration.time_factor)]
        parts = zip(self.facts.exam.parts, limits, strict=True)
        return tuple(part_words(part, number, limit) for number, (part, limit) in enumerate(parts, start=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class PageHead:
    """Who sits where, how the screen is set for that person, and the key of the paper."""

    number: str
    name: str
    seat: str
    needs: Mapping[str, Any]
    key: bytes


def device_digest(device: str) -> str:
    """Return the name under which a browser's secret is kept."""
    return hashlib.sha256(device.encode()).hexdigest()


def look(rt: Runtime, registration_id: RegistrationId, device: str) -> Seating:
    """Return how the browser `device` stands to the exam of `registration_id`; raises NotFound."""
    with rt.reading() as tx:
        facts = registrations.get_registration_in(tx, registration_id)
        attempt = attempts.attempts_of_registrations(tx, [registration_id]).get(registration_id)
        blueprint = blueprint_version_in(tx, facts.exam.blueprint_version_id).blueprint
    return Seating(
        state=state_of(facts, attempt, device_digest(device), rt.clock.now()),
        facts=facts,
        attempt=attempt,
        parts=len(blueprint.parts),
        items=sum(demand.count for demand in demands(blueprint)),
    )


def seated_state(rt: Runtime, registration_id: RegistrationId, device: str) -> dict[str, Any]:
    """Return the page's whole state with a token for its lease; raises NotSeated for any other browser.

    `candidate` tells who sits where now, `needs` how the screen is set for that person: the paper was made earlier.
    Once the exam has ended only its status is left.
    """
    now = rt.clock.now()
    with rt.reading() as tx:
        attempt = seated_attempt_in(tx, registration_id, device)
        if attempt.has_ended:
            return status_document(attempt, now)
        state = page_state_in(tx, now, attempt)
        facts = registrations.get_registration_in(tx, registration_id)
        key = paper_key_in(tx, rt.keys, facts, attempt.id)
    head = PageHead(
        number=facts.candidate.number,
        name=facts.candidate.name,
        seat=str(facts.seat_number),
        needs=screen_settings(facts.exam.tools, facts.registration.needs),
        key=key,
    )
    return whole_state(rt.keys, now, attempt, state, head)


def whole_state(
    keys: Keyring, now: datetime, attempt: Attempt, state: Mapping[str, Any], head: PageHead
) -> dict[str, Any]:
    """Return the page's whole state with a token for its lease; `state` is what the journal holds."""
    token_key, expires_at = keys.derive(TOKEN_PURPOSE), now + _TOKEN_LASTS
    return {
        **state,
        "candidate": {"number": head.number, "name": head.name, "seat": head.seat},
        "needs": head.needs,
        "key": canonical.base64url(head.key),
        "token": make_token(token_key, attempt_id=attempt.id, lease=attempt.lease, expires_at=expires_at),
    }


def seated_attempt_in(tx: Transaction, registration_id: RegistrationId, device: str) -> Attempt:
    """Return the attempt that the browser `device` holds; raises NotSeated."""
    attempt = attempts.attempts_of_registrations(tx, [registration_id]).get(registration_id)
    if attempt is None or attempt.device != device_digest(device):
        raise NotSeated(registration=registration_id)
    return attempt


def working_attempt_in(tx: Transaction, registration_id: RegistrationId, device: str) -> Attempt:
    """Return the attempt that `device` holds and that has not ended; raises NotSeated, ExamEnded."""
    attempt = seated_attempt_in(tx, registration_id, device)
    if attempt.has_ended:
        raise ExamEnded(attempt=attempt.id)
    return attempt


def state_of(facts: RegistrationFacts, attempt: Attempt | None, digest: str, now: datetime) -> SeatState:
    """Return how the browser that `digest` names stands to the exam at `now`."""
    started = attempt is not None and attempt.started_at is not None
    return seat_state(
        Door(state=facts.sitting_room.state, over=now >= facts.sitting.closes_at),
        checked_in=facts.registration.checked_in_at is not None,
        holder=attempt.device if attempt is not None and started else None,
        ended=attempt is not None and attempt.has_ended,
        device=digest,
    )
