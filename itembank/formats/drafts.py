"""An item as its author wrote it, with its place in the file: what every reader makes and `building` turns into items.

All values are text (or lists of text); nothing is judged here but what makes a text unusable at all.
"""

import re
from dataclasses import dataclass
from typing import Final

from itembank.core.variables import SINGLE_RESPONSE
from itembank.formats.parsed import FIELD_BYTES, Findings

_UNUSABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_SEPARATORS: Final = re.compile(r"[\s,;|/]+")
_LETTERS: Final = re.compile(r"[A-Za-z]{2,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionDraft:
    """One option: its canonical identifier (A, B, C…), its text and the field that it stands in."""

    letter: str
    text: str
    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseDraft:
    """One response as written. `prefix` comes before a field's name in messages (`responses.R1.`)."""

    identifier: str = SINGLE_RESPONSE
    prefix: str = ""
    kind: str = ""
    options: tuple[OptionDraft, ...] = ()
    correct: tuple[str, ...] = ()
    correct_letter: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()
    value: str = ""
    tolerance: str = ""
    case_sensitive: str = ""
    pinned: tuple[str, ...] = ()
    shuffle: str = ""
    max_choices: str = ""
    width: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One item as written; `where` names its row or number, `field_word` what its fields are called there."""

    where: str
    field_word: str
    code: str
    stem: str
    responses: tuple[ResponseDraft, ...]
    area: str = ""
    notation: str = ""
    title: str = ""
    language: str = ""
    figure: str = ""
    figure_alt: str = ""
    references: tuple[str, ...] = ()
    difficulty: str = ""
    explanation: str = ""

    def at(self, field: str) -> str:
        """Return the place of a field, as people find it."""
        return f"{self.where}, {self.field_word} {field}"


def tokens(text: str) -> tuple[str, ...]:
    """Return the marks of a cell that names options: `C`, `2`, `A,C`, `[0, 2]` and `AC` (two letters) are read."""
    parts = [part for part in _SEPARATORS.split(text.strip().strip("[](){}")) if part]
    if len(parts) == 1 and _LETTERS.fullmatch(parts[0]) and parts[0].lower() not in {"none", "last"}:
        return tuple(parts[0])
    return tuple(parts)


def usable(text: str, where: str, findings: Findings) -> bool:
    """Return whether a field's text can be stored; notes its size, control characters and broken surrogates."""
    found = _UNUSABLE.search(text)
    if found:
        findings.refuse(where, "control-character", f"the character U+{ord(found[0]):04X} cannot be stored")
        return False
    size = len(text) if text.isascii() else len(text.encode())
    if size > FIELD_BYTES:
        findings.refuse(where, "field-too-long", f"{size:,} bytes; {FIELD_BYTES:,} is the most")
        return False
    return True
