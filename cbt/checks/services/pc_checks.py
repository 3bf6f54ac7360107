"""PC checks: the link of a room, a result from a seat, the list of a room.

The link's code is drawn from the room by the installation's own key: it is printed for those who keep the PCs, needs
no row, and says nothing about anybody. A result is limited in number and in size, and can only replace a result.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cbt.checks import store
from cbt.checks.core.measures import NotMeasures, read_measures
from cbt.checks.core.rooms import CheckedRoom, CheckId, NoSuchCheckLink, PcCheck, SeatCheck
from cbt.delivery.core.receipts import Receipt, sign, signed_document
from cbt.kernel.canonical import base64url, digest
from cbt.kernel.errors import TooManyRequests
from cbt.kernel.ids import crockford, new_id, read_crockford
from cbt.kernel.keys import Keyring
from cbt.kernel.runtime import Runtime
from cbt.scheduling.core.places import CentrePlan, NoSuchRoom, RoomId, RoomPlan
from cbt.scheduling.services.places import get_room, list_centres

CODE_CHARACTERS: Final = 10
CODE_GROUP: Final = 5
KEPT_PER_SEAT: Final = 5
PER_SEAT: Final = 20  # results of one seat within the window
PER_ROOM: Final = 3000  # requests of one room within the window: forty PCs a few times over
WINDOW: Final = timedelta(minutes=10)
LONGEST_NONCE: Final = 200
_LINK_KEY: Final = "pc check link/1"
_TEST_KEY: Final = "pc check signature/1"


def room_code(keys: Keyring, room_id: UUID) -> str:
    """Return the code of a room's link, `7K3QX-PM2A9`; always the same for the same room."""
    mac = hmac.digest(keys.derive(_LINK_KEY), room_id.bytes, hashlib.sha256)
    text = crockford(int.from_bytes(mac[:8], "big") % 32**CODE_CHARACTERS, CODE_CHARACTERS)
    return f"{text[:CODE_GROUP]}-{text[CODE_GROUP:]}"


def find_room(rt: Runtime, code: str) -> tuple[CentrePlan, RoomPlan]:
    """Return the room of a link's code, however it was typed; raises NoSuchCheckLink."""
    plain = read_crockford(code) or ""
    for plan in list_centres(rt):
        for room in plan.rooms:
            if hmac.compare_digest(room_code(rt.keys, room.room.id).replace("-", ""), plain):
                return plan, room
    raise NoSuchCheckLink


def admit(rt: Runtime, room_id: UUID) -> None:
    """Count one request of a room's PCs; raises TooManyRequests."""
    if not rt.broker.allow(f"pc-check:{room_id}", PER_ROOM, WINDOW):
        raise TooManyRequests


def record(rt: Runtime, code: str, document: object) -> PcCheck:
    """Keep the result of {seat, measures} from a room's link and return it.

    Raises NoSuchCheckLink, NotMeasures, TooManyRequests.
    """
    room = find_room(rt, code)[1]
    admit(rt, room.room.id)
    fields: Mapping[str, Any] = document if isinstance(document, dict) else {}
    seat = fields.get("seat")
    if isinstance(seat, bool) or not isinstance(seat, int) or not 1 <= seat <= room.seats:
        raise NotMeasures("This room has no such seat")
    if not rt.broker.allow(f"pc-check:{room.room.id}:{seat}", PER_SEAT, WINDOW):
        raise TooManyRequests
    now = rt.clock.now()
    check = PcCheck(id=CheckId(new_id(now)), seat=seat, at=now, measures=read_measures(fields.get("measures")))
    with rt.transaction() as tx:
        store.add(tx, room.room.id, check, keep=KEPT_PER_SEAT)
    return check


def signed_answer(rt: Runtime, code: str, nonce: str) -> dict[str, Any]:
    """Return a receipt for a test save, signed as receipts are but by a key that signs nothing else.

    Raises NoSuchCheckLink, NotMeasures, TooManyRequests.
    """
    admit(rt, find_room(rt, code)[1].room.id)
    if not 0 < len(nonce) <= LONGEST_NONCE:
        raise NotMeasures
    now = rt.clock.now()
    key = Ed25519PrivateKey.from_private_bytes(rt.keys.derive(_TEST_KEY))
    receipt = Receipt(attempt_id=new_id(now), lease=0, number=0, head=digest(nonce.encode()), at=now)
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return {"receipt": signed_document(receipt, sign(key, receipt)), "key": base64url(public)}


def checked_room(rt: Runtime, room_id: UUID) -> CheckedRoom:
    """Return a room with the newest check of every seat; raises NoSuchRoom."""
    plan, room = get_room(rt, RoomId(room_id))
    with rt.reading() as tx:
        found = store.newest(tx, room_id=room_id)
    return _checked(rt, plan, room, found)


def checked_rooms(rt: Runtime) -> tuple[CheckedRoom, ...]:
    """Return all rooms with the newest check of every seat, by centre and room."""
    plans = list_centres(rt)
    with rt.reading() as tx:
        found = store.newest(tx)
    return tuple(_checked(rt, plan, room, found) for plan in plans for room in plan.rooms)


def checks_of_seat(rt: Runtime, room_id: UUID, seat: int) -> tuple[PcCheck, ...]:
    """Return the checks of a seat that are kept, the newest first."""
    with rt.reading() as tx:
        return store.of_seat(tx, room_id, seat)


def room_by_codes(rt: Runtime, centre: str, room: str) -> CheckedRoom:
    """Return a room by the codes of its centre and of itself; raises NoSuchRoom."""
    for one in checked_rooms(rt):
        if (one.centre.code, one.room.code) == (centre.upper(), room.upper()):
            return one
    raise NoSuchRoom(centre=centre, room=room)


def _checked(rt: Runtime, plan: CentrePlan, room: RoomPlan, found: Mapping[tuple[UUID, int], PcCheck]) -> CheckedRoom:
    return CheckedRoom(
        centre=plan.centre,
        room=room.room,
        code=room_code(rt.keys, room.room.id),
        seats=tuple(SeatCheck(seat=seat, check=found.get((room.room.id, seat))) for seat in range(1, room.seats + 1)),
    )
