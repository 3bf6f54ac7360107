"""Candidates: a number, a name and a birth date identify a person here; there is no resident number."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final, NewType
from uuid import UUID

from cbt.kernel.errors import NotFound
from cbt.people.core.inputs import HINTS, Fields
from cbt.people.core.sheets import Column, Row, SheetProblem, of_row

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
CANDIDATE_COLUMNS: Final = (
    Column(name="number", headings=frozenset({"number", "candidate number", "응시번호", "수험번호"})),
    Column(name="name", headings=frozenset({"name", "이름", "성명"})),
    Column(
        name="name_latin",
        headings=frozenset(
            {"name latin", "latin name", "english name", "영문 이름", "영문이름", "영문 성명", "영문성명"}
        ),
        required=False,
    ),
    Column(name="birth", headings=frozenset({"birth", "birth date", "born", "생년월일"})),
)


class NoSuchCandidate(NotFound):
    """There is no such candidate."""

    code = "no-such-candidate"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateRow:
    """A candidate of an uploaded table, with the row it stands in."""

    row: int
    entry: CandidateEntry


def read_candidate_rows(
    rows: Iterable[Row], *, today: date
) -> tuple[tuple[CandidateRow, ...], tuple[SheetProblem, ...]]:
    """Return the candidates of a table and every problem in it, numbers that stand there twice included."""
    found: list[CandidateRow] = []
    problems: list[SheetProblem] = []
    first: dict[str, int] = {}
    for row in rows:
        fields = Fields(row.cells, CANDIDATE_HINTS)
        entry = read_candidate(fields, today=today)
        problems += of_row(row.number, fields.problems())
        key = number_key(entry.number)
        if key and key in first:
            also = first[key]
            problems.append(SheetProblem.at(row.number, "number", "duplicate-number", CANDIDATE_HINTS, also=also))
        first.setdefault(key, row.number)
        found.append(CandidateRow(row=row.number, entry=entry))
    return tuple(found), tuple(problems)


def differing(rows: Iterable[CandidateRow], known: Mapping[str, Candidate]) -> tuple[SheetProblem, ...]:
    """Return a problem for each row whose number belongs to somebody else; `known` is keyed by `number_key`."""
    return tuple(
        SheetProblem.at(row.row, "number", "candidate-differs", CANDIDATE_HINTS)
        for row in rows
        if (person := known.get(number_key(row.entry.number))) is not None and not person.agrees_with(row.entry)
    )
