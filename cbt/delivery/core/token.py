"""The attempt token: what a candidate's page shows at the door, checked without a look into the database.

Version, attempt, lease and expiry (29 bytes) with their HMAC-SHA256, as one base64url word. It says which page
speaks; whether its lease still holds is the journal's to say.
"""

import hashlib
import hmac
import struct
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from cbt.kernel import canonical
from cbt.kernel.errors import InvalidInput, SignInNeeded

_PURPOSE: Final = b"cbt attempt token"
_VERSION: Final = 1
_PAYLOAD: Final = struct.Struct(">B16sIQ")
_MAC_BYTES: Final = 32
_MOST_CHARACTERS: Final = 128


class TokenInvalid(SignInNeeded):
    """The token is not ours, or its time is over."""

    code = "token-invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenFacts:
    """What a token says; it holds up to, not including, `expires_at`."""

    attempt_id: UUID
    lease: int
    expires_at: datetime


def make_token(key: bytes, *, attempt_id: UUID, lease: int, expires_at: datetime) -> str:
    """Return the token for one lease of an attempt; the expiry is cut to whole seconds."""
    payload = _PAYLOAD.pack(_VERSION, attempt_id.bytes, lease, int(expires_at.timestamp()))
    return canonical.base64url(payload + _mac(key, payload))


def read_token(key: bytes, text: str, now: datetime) -> TokenFacts:
    """Return what the token says; raises TokenInvalid, the same for every cause, after comparing in constant time."""
    data = _read(text)
    payload, mac = data[: _PAYLOAD.size], data[_PAYLOAD.size :]
    if not hmac.compare_digest(mac, _mac(key, payload)):
        raise TokenInvalid
    version, attempt, lease, expires = _PAYLOAD.unpack(payload)
    expires_at = datetime.fromtimestamp(expires, UTC)
    if version != _VERSION or now >= expires_at:
        raise TokenInvalid
    return TokenFacts(attempt_id=UUID(bytes=attempt), lease=lease, expires_at=expires_at)


def _read(text: str) -> bytes:
    if len(text) > _MOST_CHARACTERS:
        raise TokenInvalid
    try:
        data = canonical.read_base64url(text)
    except InvalidInput as error:
        raise TokenInvalid from error
    # One token has one spelling: the unused bits of the last character must be empty.
    if len(data) != _PAYLOAD.size + _MAC_BYTES or canonical.base64url(data) != text:
        raise TokenInvalid
    return data


def _mac(key: bytes, payload: bytes) -> bytes:
    return hmac.digest(key, _PURPOSE + payload, hashlib.sha256)
