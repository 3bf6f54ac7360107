"""Passwords: argon2id, and random ones that people can read aloud.

Parameters are those of RFC 9106, section 4, second choice (memory-constrained): 3 passes over 64 MiB with 4 lanes,
16 bytes of salt, 32 bytes of tag; about 60 ms on the machines this was measured on. `argon2-cffi` writes them into
the hash, so that a later change is noticed at the next sign-in (`needs_rehash`).
"""

import os
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from cbt.kernel.ids import crockford

_HASHER: Final = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
_GROUPS: Final = 4
_GROUP_LENGTH: Final = 5


def hash_password(password: str) -> str:
    """Return the argon2id hash of `password`, with its parameters and a fresh salt."""
    return _HASHER.hash(password)


def password_matches(password_hash: str | None, password: str) -> bool:
    """Tell whether `password` belongs to the hash; takes the same time when there is no hash (None)."""
    try:
        nobody = _nobody()  # asked for in any case: its first use takes long
        _HASHER.verify(password_hash or nobody, password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def needs_rehash(password_hash: str) -> bool:
    """Tell whether the hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(password_hash)


@cache
def _nobody() -> str:
    """Return a hash that nothing matches: verified when the login is unknown, so that the answer takes as long."""
    return _HASHER.hash(os.urandom(32).hex())


def random_password() -> str:
    """Return 100 random bits as four groups of five Crockford characters."""
    value = int.from_bytes(os.urandom(16)) >> 28
    text = crockford(value, _GROUPS * _GROUP_LENGTH).lower()
    return "-".join(text[start : start + _GROUP_LENGTH] for start in range(0, len(text), _GROUP_LENGTH))
