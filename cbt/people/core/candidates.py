"""Candidates: a number, a name and a birth date identify a person here; there is no resident number."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final, NewType
from uuid import UUID

from cbt.people.core.inputs import HINTS, Fields

CandidateId = NewType("CandidateId", UUID)

_NUMBER: Final = re.compile(r"[A-Z0-9](-?[A-Z0-9]){3,19}")
CANDIDATE_HINTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **HINTS,
        "bad-candidate-number": "Write 4 to 20 letters and digits; hyphens may stand between them.",
        "bad-latin-name": "Write the name in Latin letters.",
        "duplicate-number": "This candidate number stands in an earlier row.",
        "number-taken": "This candidate number is in use already.",
        "candidate-differs": "Under this number another name or birth date is known.",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateEntry:
    """A candidate as somebody entered it, checked but without identity."""

    number: str
    name: str
    name_latin: str
    birth_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A person who sits exams."""

    id: CandidateId
    number: str
    name: str
    name_latin: str
    birth_on: date

    def agrees_with(self, entry: CandidateEntry) -> bool:
        """Tell whether `entry` describes this person."""
        return self.birth_on == entry.birth_on and self.name == entry.name


def number_key(text: str) -> str:
    """Return what makes a candidate number the same however it is typed: capitals and digits only."""
    wide = unicodedata.normalize("NFKC", text).upper()
    return "".join(character for character in wide if character.isascii() and character.isalnum())


def read_candidate(fields: Fields, *, today: date) -> CandidateEntry:
    """Return the candidate of `fields` (number, name, name_latin, birth); problems are noted on `fields`."""
    entry = CandidateEntry(
        number=_read_number(fields),
        name=fields.text("name", longest=100),
        name_latin=fields.text("name_latin", optional=True, longest=100),
        birth_on=fields.birth("birth", today=today),
    )
    if not all(_is_latin(character) for character in entry.name_latin):
        fields.fail("name_latin", "bad-latin-name")
    return entry


def _read_number(fields: Fields) -> str:
    typed = unicodedata.normalize("NFKC", fields.raw("number")).upper().replace(" ", "")
    if not typed:
        fields.fail("number", "missing")
    elif not _NUMBER.fullmatch(typed):
        fields.fail("number", "bad-candidate-number")
    else:
        fields.text("number", longest=30)  # refuses the resident number's pattern, too
    return typed


def _is_latin(character: str) -> bool:
    return not character.isalpha() or "LATIN" in unicodedata.name(character, "")
