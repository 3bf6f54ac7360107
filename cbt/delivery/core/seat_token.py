"""The seat token: what a candidate's browser shows at the door before the start.

Version, attempt, browser, room and expiry (73 bytes), signed. It says who waits where at which browser; whether the
exam may start is for the room and the journal to say.
"""

import struct
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from cbt.delivery.core.token import TokenInvalid, read_signed_word, signed_word

_PURPOSE: Final = b"cbt seat token"
_VERSION: Final = 1
_PAYLOAD: Final = struct.Struct(">B16s32s16sQ")


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatFacts:
    """What a seat token says; it holds up to, not including, `expires_at`.

    `device` is the digest in hex that names the browser; `room_id` is where the candidate sat when it was made.
    """

    attempt_id: UUID
    device: str
    room_id: UUID
    expires_at: datetime


def make_seat_token(key: bytes, facts: SeatFacts) -> str:
    """Return the token for one browser; the expiry is cut to whole seconds."""
    expires = int(facts.expires_at.timestamp())
    device = bytes.fromhex(facts.device)
    return signed_word(
        key, _PURPOSE, _PAYLOAD.pack(_VERSION, facts.attempt_id.bytes, device, facts.room_id.bytes, expires)
    )


def read_seat_token(key: bytes, text: str, now: datetime) -> SeatFacts:
    """Return what the token says; raises TokenInvalid."""
    payload = read_signed_word(key, _PURPOSE, text, _PAYLOAD.size)
    version, attempt, device, room, expires = _PAYLOAD.unpack(payload)
    expires_at = datetime.fromtimestamp(expires, UTC)
    if version != _VERSION or now >= expires_at:
        raise TokenInvalid
    return SeatFacts(
        attempt_id=UUID(bytes=attempt), device=device.hex(), room_id=UUID(bytes=room), expires_at=expires_at
    )
