"""A text that a regular expression matches, so that its points can be found by trying; simple expressions only."""

from typing import Final

_ESCAPES: Final = {"d": "0", "w": "a", "s": " ", "D": "a", "W": "-", "S": "a", "t": "\t", "n": "\n"}
_SPARE: Final = "?*"


def sample_of(pattern: str) -> str:
    """Return a text that should match, taking the first of alternatives and the least of repetitions."""
    text, _ = _branch(pattern.removeprefix("^").removesuffix("$"), 0)
    return text


def _branch(pattern: str, place: int) -> tuple[str, int]:
    """Return the text of the first alternative from `place` on, and the place behind the group."""
    text: list[str] = []
    chosen = True
    while place < len(pattern) and pattern[place] != ")":
        if pattern[place] == "|":
            chosen = False
            place += 1
            continue
        part, place = _atom(pattern, place)
        count, place = _count(pattern, place)
        if chosen:
            text.append(part * count)
    return "".join(text), place


def _atom(pattern: str, place: int) -> tuple[str, int]:
    sign = pattern[place]
    if sign == "(":
        inner, end = _branch(pattern, place + 3 if pattern.startswith("(?:", place) else place + 1)
        return inner, end + 1
    if sign == "[":
        end = pattern.find("]", place + 2)
        inside = pattern[place + 1 : end if end > 0 else len(pattern)]
        return _member(inside), (end if end > 0 else len(pattern)) + 1
    if sign == "\\" and place + 1 < len(pattern):
        return _ESCAPES.get(pattern[place + 1], pattern[place + 1]), place + 2
    return ("a" if sign == "." else "" if sign in "^$" else sign), place + 1


def _member(inside: str) -> str:
    if inside.startswith("^"):
        return next((sign for sign in "a0- ~" if sign not in inside), "é")
    if inside.startswith("\\"):
        return _ESCAPES.get(inside[1:2], inside[1:2])
    return inside[:1]


def _count(pattern: str, place: int) -> tuple[int, int]:
    sign = pattern[place : place + 1]
    if sign and sign in _SPARE:
        return 0, place + 1
    if sign == "+":
        return 1, place + 1
    end = pattern.find("}", place)
    if sign == "{" and end > 0:
        least = pattern[place + 1 : end].partition(",")[0]
        return (int(least) if least.isascii() and least.isdigit() and len(least) <= 2 else 1), end + 1  # noqa: PLR2004
    return 1, place
