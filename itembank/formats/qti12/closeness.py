"""Texts that are near enough, as patterns of XML Schema: the edits that New Quizzes allows, and its expressions."""

from typing import Final

from itembank.core.qti.faults import PatternRefused
from itembank.core.qti.patterns import compiled

_SPECIAL: Final = frozenset("\\.?*+{}()[]|^$-")
_LONGEST: Final = 1900


def near_pattern(text: str, distance: str, *, folded: bool) -> str | None:
    """Return the pattern of all texts within one edit (a sign more, less or another one), or None beyond that."""
    if distance == "0":
        return _fitting(_spelled(text, folded=folded))
    if distance not in {"", "1"}:
        return None
    signs = [_spelled(sign, folded=folded) for sign in text]
    ways = {"".join(signs)}
    for place in range(len(signs) + 1):
        ways.add("".join((*signs[:place], ".", *signs[place:])))
        ways.add("".join((*signs[:place], ".?", *signs[place + 1 :])))
    return _fitting("|".join(sorted(ways)))


def whole_pattern(text: str) -> str | None:
    """Return a regular expression of common tools as a pattern that must match all, or None when it is not one."""
    inner = text.removeprefix("^") if text.startswith("^") else f".*({text}"
    closed = inner.endswith("$") and not inner.endswith("\\$")
    inner = inner.removesuffix("$") if closed else inner
    if text.startswith("^"):
        return _fitting(inner if closed else f"({inner}).*")
    return _fitting(f"{inner})" if closed else f"{inner}).*")


def _spelled(text: str, *, folded: bool) -> str:
    return "".join(_sign(sign, folded=folded) for sign in text)


def _sign(sign: str, *, folded: bool) -> str:
    both = {one for one in (sign.lower(), sign.upper()) if len(one) == 1}
    if folded and len(both) > 1:
        return f"[{''.join(sorted(both))}]"
    return f"\\{sign}" if sign in _SPECIAL else sign


def _fitting(pattern: str) -> str | None:
    if len(pattern) > _LONGEST:
        return None
    try:
        compiled(pattern)
    except PatternRefused:
        return None
    return pattern
