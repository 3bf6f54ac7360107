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
_KEPT: Final = 4000


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
    return signed_word(key, _PURPOSE, payload)


def read_token(key: bytes, text: str, now: datetime) -> TokenFacts:
    """Return what the token says; raises TokenInvalid."""
    payload = read_signed_word(key, _PURPOSE, text, _PAYLOAD.size)
    version, attempt, lease, expires = _PAYLOAD.unpack(payload)
    expires_at = datetime.fromtimestamp(expires, UTC)
    if version != _VERSION or now >= expires_at:
        raise TokenInvalid
    return TokenFacts(attempt_id=UUID(bytes=attempt), lease=lease, expires_at=expires_at)


class TokenReader:
    """Reads tokens; of those shown last it remembers what they say, so that a page's next request costs no HMAC."""

    def __init__(self, key: bytes, *, keep: int = _KEPT) -> None:
        self._key = key
        self._keep = keep
        self._read: dict[str, TokenFacts] = {}

    def read(self, text: str, now: datetime) -> TokenFacts:
        """Return what the token says; raises TokenInvalid."""
        facts = self._read.get(text)
        if facts is None:
            facts = read_token(self._key, text, now)
            if len(self._read) >= self._keep:
                del self._read[next(iter(self._read))]
            self._read[text] = facts
        elif now >= facts.expires_at:
            raise TokenInvalid
        return facts


def signed_word(key: bytes, purpose: bytes, payload: bytes) -> str:
    """Return `payload` with its HMAC-SHA256 as one base64url word; words of another purpose have other signatures."""
    return canonical.base64url(payload + _mac(key, purpose, payload))


def read_signed_word(key: bytes, purpose: bytes, text: str, size: int) -> bytes:
    """Return the payload of `size` bytes; raises TokenInvalid, the same for every cause, comparing in constant time."""
    length = size + _MAC_BYTES
    if len(text) != -(-length * 4 // 3):
        raise TokenInvalid
    try:
        data = canonical.read_base64url(text)
    except InvalidInput as error:
        raise TokenInvalid from error
    # One word has one spelling: the unused bits of the last character must be empty.
    if len(data) != length or canonical.base64url(data) != text:
        raise TokenInvalid
    payload, mac = data[:size], data[size:]
    if not hmac.compare_digest(mac, _mac(key, purpose, payload)):
        raise TokenInvalid
    return payload


def _mac(key: bytes, purpose: bytes, payload: bytes) -> bytes:
    return hmac.digest(key, purpose + payload, hashlib.sha256)
