"""The release code: what opens the papers of one sitting at one centre, short enough to be read aloud.

Twenty Crockford characters (100 random bits) and Crockford's check symbol, the number modulo 37. 37 is a prime, so
one wrong character and two neighbours that changed places always show.
"""

from collections.abc import Callable
from typing import Final, NewType

from cbt.kernel.errors import InvalidInput
from cbt.kernel.ids import CROCKFORD, crockford, read_crockford

ReleaseCode = NewType("ReleaseCode", str)  # the twenty characters, upper case, without the check symbol

CHARACTERS: Final = 20
_GROUP: Final = 5
_MODULUS: Final = 37
_BITS: Final = 5 * CHARACTERS
_BYTES: Final = -(-_BITS // 8)


class ReleaseCodeWrong(InvalidInput):
    """A release code was mistyped: a character is missing, wrong or out of place."""

    code = "release-code-wrong"


def draw_release_code(random: Callable[[int], bytes]) -> ReleaseCode:
    """Return a new code; drawn again until its check symbol is a letter or a digit, as people expect of a code."""
    while True:
        value = int.from_bytes(random(_BYTES)) >> 8 * _BYTES - _BITS
        if value % _MODULUS < len(CROCKFORD):
            return ReleaseCode(crockford(value, CHARACTERS))


def show_release_code(code: ReleaseCode) -> str:
    """Return the code as it is printed and read aloud: `7K3QX-2M9TD-0RVWE-H5J8B-C`."""
    return "-".join([*release_code_groups(code), check_symbol(code)])


def release_code_groups(code: ReleaseCode) -> tuple[str, ...]:
    """Return the four groups of five characters, without the check symbol."""
    return tuple(code[start : start + _GROUP] for start in range(0, CHARACTERS, _GROUP))


def read_release_code(text: str) -> ReleaseCode:
    """Return the code that somebody typed; raises ReleaseCodeWrong.

    Case, blanks and hyphens do not matter, O is 0, I and L are 1.
    """
    plain = read_crockford("".join(text.split()))
    if plain is None or len(plain) != CHARACTERS + 1:
        raise ReleaseCodeWrong
    code = ReleaseCode(plain[:CHARACTERS])
    if check_symbol(code) != plain[CHARACTERS:]:
        raise ReleaseCodeWrong
    return code


def check_symbol(code: ReleaseCode) -> str:
    """Return the check symbol, or "" where it would be none of the letters and digits (no code of ours has those)."""
    value = 0
    for character in code:
        value = value << 5 | CROCKFORD.index(character)
    rest = value % _MODULUS
    return CROCKFORD[rest] if rest < len(CROCKFORD) else ""
