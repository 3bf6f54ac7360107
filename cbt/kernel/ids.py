"""Identity: time-ordered UUIDs for rows and Crockford base32 for codes that people read and type."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)
_LOOKALIKE: Final = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", " ": ""})


def new_id(now: datetime, rng: Callable[[int], bytes] = os.urandom) -> UUID:
    """Return a version 7 UUID: 48 bits of milliseconds, then 74 random bits (RFC 9562, section 5.7)."""
    milliseconds = (now - _EPOCH) // _MILLISECOND  # whole numbers; a naive instant is refused
    value = milliseconds << 80 | int.from_bytes(rng(10))
    value = value & ~(0xF << 76) | 0x7 << 76
    return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)


def crockford(value: int, length: int) -> str:
    """Return `value` (below 32 ** length) as `length` Crockford base32 characters, upper case."""
    if not 0 <= value < 32**length:
        raise ValueError(f"{value} needs more than {length} characters")
    return "".join(CROCKFORD[value >> 5 * place & 31] for place in reversed(range(length)))


def read_crockford(text: str) -> str | None:
    """Return `text` as canonical Crockford characters (O is 0, I and L are 1), or None if one is foreign."""
    plain = text.upper().translate(_LOOKALIKE)
    return plain if plain and all(character in CROCKFORD for character in plain) else None
