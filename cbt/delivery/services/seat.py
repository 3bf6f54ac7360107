"""What a candidate's browser gets between check-in and start: a token for the door, the sealed paper, its pictures.

Nothing here can be read without the key, which comes with the start. A paper that is missing, still plain or sealed
for another centre is put right on the way: the start itself does none of that.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cbt.delivery.core.allowance import time_for
from cbt.delivery.core.attempt import Attempt
from cbt.delivery.core.entries import SECOND
from cbt.delivery.core.sealing import OVERHEAD_BYTES, asset_key, seal_asset
from cbt.delivery.core.seat_state import WAIT_WORDS, Door, seat_state
from cbt.delivery.core.seat_token import SeatFacts, make_seat_token
from cbt.delivery.services.paper_seals import seal_for_in
from cbt.delivery.services.preparing import prepare_in
from cbt.delivery.services.sealing import ensure_seals, public_key_in
from cbt.delivery.services.seating import ExamEnded, NotAdmitted, device_digest, state_of
from cbt.delivery.store import attempts, papers, starts
from cbt.delivery.store.starts import RoomWaiting
from cbt.kernel import canonical
from cbt.kernel.runtime import Runtime
from cbt.scheduling.core.needs import screen_settings
from cbt.scheduling.core.registrations import RegistrationFacts, RegistrationId
from cbt.scheduling.services.registrations import get_registration_in, lock_registration_in
from itembank.core.records import NoSuchAsset
from itembank.services.forms import asset_in

SEAT_PURPOSE: Final = "seat token/1"
_SEAT_LASTS: Final = timedelta(hours=18)
_PAPER_ADDRESS: Final = "/delivery/sealed/paper"


def read_rooms(rt: Runtime, room_ids: Iterable[UUID]) -> Mapping[UUID, RoomWaiting]:
    """Return the rooms as their waiting pages need them; rooms that are not there are left out."""
    with rt.reading() as tx:
        return starts.rooms_waiting(tx, room_ids)


def room_of(rt: Runtime, attempt_id: UUID) -> UUID | None:
    """Return the room where the attempt's candidate sits now, or None when there is no such attempt."""
    with rt.reading() as tx:
        return starts.rooms_of_attempts(tx, [attempt_id]).get(attempt_id)


def wait_word(room: RoomWaiting, seat: SeatFacts, now: datetime) -> str | None:
    """Return what the waiting page is told, or None when its candidate does not sit in `room`."""
    mine = room.people.get(seat.attempt_id)
    if mine is None:
        return None
    holder = mine.device if mine.started else None
    door = Door(state=room.state, over=now >= room.closes_at)
    state = seat_state(door, checked_in=mine.checked_in, holder=holder, ended=mine.ended, device=seat.device)
    return WAIT_WORDS[state]


def seat_document(rt: Runtime, registration_id: RegistrationId, device: str) -> dict[str, Any]:
    """Return all that a browser needs to wait, to fetch the sealed paper and to start.

    Raises NotAdmitted before the check-in, BlueprintImpossible where no paper can be made.
    """
    now = rt.clock.now()
    found = _sealed_attempt(rt, registration_id)
    facts, attempt = found.facts, found.attempt
    with rt.reading() as tx:
        sitting_key = public_key_in(tx, facts.sitting.id)
    digest = device_digest(device)
    seat = SeatFacts(attempt_id=attempt.id, device=digest, room_id=facts.sitting_room.id, expires_at=now + _SEAT_LASTS)
    receipt_key = rt.keys.receipt_key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return {
        "seat_token": make_seat_token(rt.keys.derive(SEAT_PURPOSE), seat),
        "attempt": str(attempt.id),
        "form": attempt.form_digest.hex(),
        "receipt_key": canonical.base64url(receipt_key),
        "sitting_key": canonical.base64url(sitting_key),
        "sealed": _PAPER_ADDRESS,
        "assets": [
            {"url": f"/delivery/sealed/assets/{sha256}", "bytes": size + OVERHEAD_BYTES}
            for sha256, size in found.assets.items()
        ],
        "state": WAIT_WORDS[state_of(facts, attempt, digest, now)],
        "needs": screen_settings(facts.exam.tools, facts.registration.needs),
        "allowed_s": time_for(facts.exam, facts.registration.time_factor) // SECOND,
        "now": canonical.instant_text(now),
    }


def sealed_paper_of(rt: Runtime, registration_id: RegistrationId) -> bytes:
    """Return the candidate's sealed paper; raises NotAdmitted, ExamEnded."""
    attempt = _working(rt, registration_id).attempt
    with rt.reading() as tx:
        return papers.get_paper(tx, attempt.id).document


def sealed_asset_of(rt: Runtime, registration_id: RegistrationId, sha256: str) -> bytes:
    """Return a sealed picture of the candidate's paper; raises NotAdmitted, ExamEnded, NoSuchAsset."""
    found = _working(rt, registration_id)
    if sha256 not in found.assets:
        raise NoSuchAsset(sha256=sha256[:64])
    with rt.reading() as tx:
        payload = asset_in(tx, sha256).payload
    return seal_asset(asset_key(found.facts.sitting.secret), payload)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seat:
    """Somebody who was let in, whose paper is sealed for the right centre; `assets` are sizes by digest."""

    facts: RegistrationFacts
    attempt: Attempt
    assets: Mapping[str, int]


def _working(rt: Runtime, registration_id: RegistrationId) -> _Seat:
    found = _sealed_attempt(rt, registration_id)
    if found.attempt.has_ended:
        raise ExamEnded(attempt=found.attempt.id)
    return found


def _sealed_attempt(rt: Runtime, registration_id: RegistrationId) -> _Seat:
    """Return the seat of somebody who was let in; the paper is made and sealed now where that is missing."""
    found = _find_sealed(rt, registration_id)
    if found is None:
        _seal(rt, registration_id)
        found = _find_sealed(rt, registration_id)
    if found is None:
        raise NotAdmitted(registration=registration_id)  # moved to another centre in this instant
    return found


def _find_sealed(rt: Runtime, registration_id: RegistrationId) -> _Seat | None:
    with rt.reading() as tx:
        facts = get_registration_in(tx, registration_id)
        attempt = attempts.attempts_of_registrations(tx, [registration_id]).get(registration_id)
        started = attempt is not None and attempt.started_at is not None
        if facts.registration.checked_in_at is None and not started:
            raise NotAdmitted(registration=registration_id)
        if attempt is None:
            return None
        sealed_for, assets = papers.find_assets(tx, attempt.id)
        if sealed_for is None or assets is None or (sealed_for != facts.centre.id and not started):
            return None
    return _Seat(facts=facts, attempt=attempt, assets=canonical.decode(assets))


def _seal(rt: Runtime, registration_id: RegistrationId) -> None:
    with rt.reading() as tx:
        facts = get_registration_in(tx, registration_id)
    ensure_seals(rt, facts.sitting.id, {facts.centre.id})
    now = rt.clock.now()
    with rt.transaction() as tx:
        facts = lock_registration_in(tx, registration_id)
        attempt, _ = attempts.lock_attempt(tx, prepare_in(tx, now, rt.keys, facts))
        if attempt.has_ended:
            return
        seal_for_in(tx, rt.keys, facts, attempt)
