"""Rows of a table (CSV, XLSX) to drafts: which column means what, and what a header must have."""

import re
import string
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from itembank.formats.drafts import Draft, OptionDraft, ResponseDraft, tokens, usable
from itembank.formats.parsed import MOST_ITEMS, Findings
from itembank.formats.spreadsheet_text import restored

OPTION_COLUMNS: Final = tuple(string.ascii_lowercase[:10])
_ALIASES: Final = {
    "code": "id",
    "stem": "question",
    "body": "question",
    "references": "refs",
    "reference": "refs",
    "answer": "correct",
    "key": "correct",
    **{f"option_{letter}": letter for letter in OPTION_COLUMNS},
}
_KNOWN: Final = frozenset(
    {"id", "question", "correct", "correct_letter", "refs", "figure", "figure_alt", "area", "pinned", "shuffle"}
    | {"title", "difficulty", "explanation", "language", "type", "format", "accepted", "value", "tolerance"}
    | {"case_sensitive", "max_choices", "width", *OPTION_COLUMNS}
)
_MOST_COLUMNS: Final = 200
_REFERENCE: Final = re.compile(r"(?<!\s)\s*[;|]\s*|\n")
Row = tuple[int, Sequence[str]]


def read_rows(rows: Iterable[Row], findings: Findings) -> tuple[Draft, ...]:
    """Return the drafts of numbered rows (as a spreadsheet numbers them), the first of which is the header."""
    numbered = iter(rows)
    header = next((row for row in numbered if any(cell.strip() for cell in row[1])), None)
    if header is None:
        if not findings.problems:
            findings.refuse("file", "empty", "there is no header row")
        return ()
    columns = _columns(header, findings)
    if columns is None:
        return ()
    drafts = tuple(_drafts(numbered, columns, findings))
    if not drafts and not findings.problems:
        findings.refuse("file", "empty", "there is no item below the header")
    return drafts


def _columns(header: Row, findings: Findings) -> tuple[str, ...] | None:
    where = f"row {header[0]}"
    names = [_normal(cell) for cell in header[1][:_MOST_COLUMNS]]
    before = len(findings.problems)
    for name in dict.fromkeys(name for name in names if name and names.count(name) > 1):
        findings.refuse(f"{where}, column {name}", "duplicate-column", "two columns have this name")
    for name in ("id", "question"):
        if name not in names:
            found = ", ".join(name for name in names[:12] if name) or "nothing"
            findings.refuse(where, "column-missing", f"there is no column {name!r}; the header has {found[:200]}")
    if not {"correct", "correct_letter", "accepted", "value"} & set(names):
        findings.refuse(where, "column-missing", "there is no column with the key: correct, accepted or value")
    for name in names:
        if name and name not in _KNOWN:
            findings.warn(f"{where}, column {name[:40]}", "unknown-column", "this column is not read")
    return None if len(findings.problems) > before else tuple(names)


def _normal(name: str) -> str:
    plain = "_".join(name.strip().lower().replace("-", "_").split())
    return _ALIASES.get(plain, plain)


def _drafts(rows: Iterator[Row], columns: tuple[str, ...], findings: Findings) -> Iterator[Draft]:
    count = 0
    for number, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        count += 1
        if count > MOST_ITEMS:
            findings.refuse(f"row {number}", "too-many-items", f"{MOST_ITEMS:,} is the most")
            return
        fields = _fields(number, cells, columns, findings)
        if fields is not None:
            yield _draft(number, fields)


def _fields(number: int, cells: Sequence[str], columns: tuple[str, ...], findings: Findings) -> dict[str, str] | None:
    sound = True
    for place, cell in enumerate(cells[len(columns) :], start=len(columns) + 1):
        if cell.strip():
            hint = "there is text beyond the last column; a comma in a text needs quotes around it"
            findings.refuse(f"row {number}, column {place}", "too-many-cells", hint)
            sound = False
            break
    fields: dict[str, str] = {}
    for name, cell in zip(columns, cells, strict=False):
        if name in _KNOWN:
            sound = usable(cell, f"row {number}, column {name}", findings) and sound
            fields[name] = restored(cell)
    return fields if sound else None


def _draft(number: int, fields: dict[str, str]) -> Draft:
    def text(name: str) -> str:
        return fields.get(name, "").strip()

    return Draft(
        where=f"row {number}",
        field_word="column",
        code=text("id"),
        stem=fields.get("question", ""),
        area=text("area"),
        notation=text("format"),
        title=text("title"),
        language=text("language"),
        figure=text("figure"),
        figure_alt=text("figure_alt"),
        references=_references(text("refs")),
        difficulty=text("difficulty"),
        explanation=fields.get("explanation", ""),
        responses=(_response(fields),),
    )


def _response(fields: dict[str, str]) -> ResponseDraft:
    def text(name: str) -> str:
        return fields.get(name, "").strip()

    accepted = tuple(part.strip() for part in fields.get("accepted", "").split("|") if part.strip())
    return ResponseDraft(
        kind=text("type").lower(),
        options=_options(fields),
        correct=tokens(text("correct")),
        correct_letter=tokens(text("correct_letter")),
        accepted=accepted,
        value=text("value"),
        tolerance=text("tolerance"),
        case_sensitive=text("case_sensitive"),
        pinned=tokens(text("pinned")),
        shuffle=text("shuffle"),
        max_choices=text("max_choices"),
        width=text("width"),
    )


def _options(fields: dict[str, str]) -> tuple[OptionDraft, ...]:
    letters = [letter for letter in OPTION_COLUMNS if letter in fields]
    while letters and not fields[letters[-1]].strip():
        letters.pop()
    return tuple(OptionDraft(letter=letter.upper(), text=fields[letter], field=letter) for letter in letters)


def _references(text: str) -> tuple[str, ...]:
    inner = text[1:-1] if text.startswith("[") and text.endswith("]") and text.count("[") == 1 else text
    return tuple(part for part in _REFERENCE.split(inner) if part)
