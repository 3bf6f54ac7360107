"""One character of a regular expression of XML Schema: a literal, an escape or a class, as a test of a character."""

import re
import unicodedata
from collections.abc import Callable
from typing import Final, TypeAlias

from itembank.core.qti.faults import PatternRefused

Sign: TypeAlias = Callable[[str], bool]
_DEEPEST: Final = 10
_CATEGORY: Final = re.compile("L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|Z[slp]?|S[mcko]?|C[cfons]?")
_WRITTEN: Final = {"n": "\n", "r": "\r", "t": "\t"}


def any_sign(sign: str) -> bool:
    """Tell whether `.` stands for it: anything but the end of a line."""
    return sign not in "\n\r"


def literal(wanted: str) -> Sign:
    """Return the test for one character."""
    return lambda sign: sign == wanted


def read_escape(pattern: str, place: int) -> tuple[Sign, str | None, int]:
    r"""Return the test of the escape after the `\` before `place`, its character if it is one, and the place after."""
    letter = pattern[place : place + 1]
    if letter in _WRITTEN:
        return literal(_WRITTEN[letter]), _WRITTEN[letter], place + 1
    if letter in {"p", "P"}:
        return _category(pattern, place)
    if letter.lower() in _CLASSES and letter:
        test = _CLASSES[letter.lower()]
        return (test if letter.islower() else _not(test)), None, place + 1
    if not letter or letter.isalnum():
        raise PatternRefused(f"The pattern's \\{letter} is not known")
    return literal(letter), letter, place + 1


def read_class(pattern: str, place: int, depth: int = 0) -> tuple[Sign, int]:
    """Return the test of the class after the `[` before `place`, and the place after its `]`."""
    if depth > _DEEPEST:
        raise PatternRefused("The pattern is nested too deeply")
    negative = pattern[place : place + 1] == "^"
    start = place = place + negative
    tests: list[Sign] = []
    without: Sign | None = None
    while place < len(pattern):
        if pattern[place] == "]" and place > start:
            return _joined(tests, negative=negative, without=without), place + 1
        if pattern.startswith("-[", place):
            without, place = read_class(pattern, place + 2, depth + 1)
            continue
        test, place = _range(pattern, place)
        tests.append(test)
    raise PatternRefused("A class of the pattern is not closed")


def _range(pattern: str, place: int) -> tuple[Sign, int]:
    test, first, place = _member(pattern, place)
    if first is None or pattern[place : place + 1] != "-" or pattern[place + 1 : place + 2] in {"", "]", "["}:
        return test, place
    _test, last, place = _member(pattern, place + 1)
    if last is None or last < first:
        raise PatternRefused("A range of the pattern is upside down")
    low, high = first, last
    return (lambda sign: low <= sign <= high), place


def _member(pattern: str, place: int) -> tuple[Sign, str | None, int]:
    if pattern[place] == "\\":
        return read_escape(pattern, place + 1)
    if pattern[place] == "[":
        raise PatternRefused("A bracket inside a class of the pattern is not escaped")
    return literal(pattern[place]), pattern[place], place + 1


def _joined(tests: list[Sign], *, negative: bool, without: Sign | None) -> Sign:
    def test(sign: str) -> bool:
        inside = any(one(sign) for one in tests) != negative
        return inside and not (without is not None and without(sign))

    return test


def _category(pattern: str, place: int) -> tuple[Sign, str | None, int]:
    end = pattern.find("}", place)
    name = pattern[place + 2 : end]
    if pattern[place + 1 : place + 2] != "{" or end < 0 or not _CATEGORY.fullmatch(name):
        raise PatternRefused(f"The pattern's \\{pattern[place]}{{{name[:20]}}} is not known")
    test = _of_category(name)
    return (test if pattern[place] == "p" else _not(test)), None, end + 1


def _of_category(name: str) -> Sign:
    return lambda sign: unicodedata.category(sign).startswith(name)


def _not(test: Sign) -> Sign:
    return lambda sign: not test(sign)


def _is_word(sign: str) -> bool:
    return unicodedata.category(sign)[0] not in "PZC"


def _begins_name(sign: str) -> bool:
    return sign in "_:" or unicodedata.category(sign)[0] == "L"


def _continues_name(sign: str) -> bool:
    return sign in ".-_:·" or unicodedata.category(sign) in {"Nd", "Mn", "Mc"} or unicodedata.category(sign)[0] == "L"


_CLASSES: Final[dict[str, Sign]] = {
    "d": _of_category("Nd"),
    "s": lambda sign: sign in " \t\n\r",
    "w": _is_word,
    "i": _begins_name,
    "c": _continues_name,
}
