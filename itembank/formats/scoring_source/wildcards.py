r"""Accepted texts with wildcards to patterns of XML Schema, and back: `*` stands for anything, `\*` for a star.

A pattern is as lenient as the simple rule for texts is: white space around the text does not count, a run of it is one
space, and unless told otherwise neither does case.
"""

import re
import unicodedata
from typing import Final

WILDCARD: Final = re.compile(r"(?<!\\)\*")
LONGEST_PATTERN: Final = 1900
_SPACE: Final = r"[\s\p{Z}]"
_TOKEN: Final = re.compile(r"(?P<star>\\\*|\*)|(?P<space>\s+)|(?P<sign>.)", re.DOTALL)
_WRITTEN: Final = re.compile(
    r"(?P<edge>\[\\s\\p\{Z\}\]\*)|(?P<space>\[\\s\\p\{Z\}\]\+)|(?P<any>\.\*)|\[(?P<letter>[^\]\\])[^\]]*\]|\\(?P<escaped>.)|(?P<sign>.)",
    re.DOTALL,
)
_SPECIAL: Final = frozenset("\\.?*+{}()[]|^$")


def has_wildcard(text: str) -> bool:
    """Tell whether the text stands for more than itself."""
    return WILDCARD.search(text) is not None


def literal(text: str) -> str:
    """Return what a text without wildcards says."""
    return text.replace(r"\*", "*")


def quoted(text: str) -> str:
    """Return `text` so that its stars are stars."""
    return text.replace("*", r"\*")


def pattern_of(text: str, *, case_sensitive: bool) -> str:
    """Return the pattern that all texts match which `text` stands for."""
    body = "".join(
        _pattern_sign(found, case_sensitive=case_sensitive)
        for found in _TOKEN.finditer(unicodedata.normalize("NFC", text).strip())
    )
    return f"{_SPACE}*{body}{_SPACE}*"


def text_of(pattern: str) -> str:
    """Return the text that `pattern_of` made the pattern of; what it did not make gives some other text."""
    return "".join(_text_sign(found) for found in _WRITTEN.finditer(pattern))


def _pattern_sign(found: re.Match[str], *, case_sensitive: bool) -> str:
    if found["star"]:
        return ".*" if found["star"] == "*" else r"\*"
    if found["space"]:
        return f"{_SPACE}+"
    sign = found["sign"]
    others = set() if case_sensitive else {sign.lower(), sign.upper(), sign.casefold()} - {sign}
    single = sorted(one for one in others if len(one) == 1)
    if single:
        return f"[{sign}{''.join(single)}]"
    return f"\\{sign}" if sign in _SPECIAL else sign


def _text_sign(found: re.Match[str]) -> str:
    if found["edge"]:
        return ""
    if found["space"]:
        return " "
    if found["any"]:
        return "*"
    if found["escaped"]:
        return r"\*" if found["escaped"] == "*" else found["escaped"]
    return found["letter"] or found["sign"]
