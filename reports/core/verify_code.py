"""The verify code: what a stranger types from the paper to ask whether it is genuine.

Twelve random Crockford base32 characters (60 bits) and a check character, shown as `XXXX-XXXX-XXXX-C`. The check
character finds typing errors before anything is asked of the database; it protects nothing, the 60 bits do.

The thirteen characters, read as elements of GF(32), fulfil sum(weight[i] * character[i]) = 0 with thirteen different
weights, all of them powers of one primitive element. So any single wrong character and any two characters in
exchanged places leave a sum that is not 0 (the Crockford paper's own check, modulo 37, needs five extra symbols).
"""

import unicodedata
from collections.abc import Callable, Iterable
from functools import reduce
from operator import xor
from typing import Final, NewType

from cbt.kernel.ids import CROCKFORD, crockford, read_crockford

VerifyCode = NewType("VerifyCode", str)
"""Thirteen canonical characters without hyphens, the last being the check character."""

BODY_LENGTH: Final = 12
LENGTH: Final = BODY_LENGTH + 1
_RANDOM_BYTES: Final = 8
_FIELD_POLYNOMIAL: Final = 0b100101  # x^5 + x^2 + 1, primitive over GF(2), so that x generates all 31 elements


def new_code(rng: Callable[[int], bytes]) -> VerifyCode:
    """Return a fresh code of 60 bits from `rng(count of bytes)`."""
    body = crockford(int.from_bytes(rng(_RANDOM_BYTES)) & (1 << 5 * BODY_LENGTH) - 1, BODY_LENGTH)
    return VerifyCode(body + check_character(body))


def read_code(text: str) -> VerifyCode | None:
    """Return the code that a person typed, or None when it cannot be one.

    Case, spaces, any kind of hyphen and full-width characters do not matter; O is read as 0, I and L as 1.
    """
    if len(text) > 10 * LENGTH:
        return None
    plain = read_crockford("".join(_typed(unicodedata.normalize("NFKC", text))))
    if plain is None or len(plain) != LENGTH or check_character(plain[:-1]) != plain[-1]:
        return None
    return VerifyCode(plain)


def show_code(code: VerifyCode) -> str:
    """Return `code` as people see it: `7K2M-94QF-3XWD-C`."""
    return "-".join((code[0:4], code[4:8], code[8:12], code[12:]))


def check_character(body: str) -> str:
    """Return the check character of twelve canonical characters."""
    values = [CROCKFORD.index(character) for character in body]
    return CROCKFORD[reduce(xor, (_times(value, weight) for value, weight in zip(values, _WEIGHTS, strict=True)))]


def _typed(text: str) -> Iterable[str]:
    return (character for character in text if not character.isspace() and unicodedata.category(character) != "Pd")


def _times(one: int, other: int) -> int:
    """Return the product in GF(32)."""
    product = 0
    for place in range(5):
        if other >> place & 1:
            product ^= one << place
    for place in range(9, 4, -1):
        if product >> place & 1:
            product ^= _FIELD_POLYNOMIAL << place - 5
    return product


def _powers(count: int) -> tuple[int, ...]:
    powers = [1]
    while len(powers) <= count:
        powers.append(_times(powers[-1], 0b10))
    return tuple(powers[1:])


_WEIGHTS: Final = _powers(BODY_LENGTH)  # the check character itself has the weight 1
