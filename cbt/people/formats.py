"""CSV tables that spreadsheets write: UTF-8 with or without a mark, or CP949; comma, semicolon or tab."""

import csv
from collections.abc import Iterator
from io import StringIO
from typing import Final

from cbt.people.core.sheets import SHEET_HINTS, Column, Row, SheetProblem

LARGEST_BYTES: Final = 5 * 1024 * 1024
MOST_ROWS: Final = 20_000
LONGEST_CELL: Final = 1_000
LONGEST_KEPT_BYTES: Final = 1_000_000
_DELIMITERS: Final = ",;\t"


def read_sheet(data: bytes, columns: tuple[Column, ...]) -> tuple[tuple[Row, ...], tuple[SheetProblem, ...]]:
    """Return the rows of a CSV file, or the problems that keep it from being read as a table with `columns`."""
    if len(data) > LARGEST_BYTES:
        return (), (_problem(None, "", "sheet-too-large"),)
    text = _decoded(data)
    if text is None:
        return (), (_problem(None, "", "bad-encoding"),)
    records, broken = _records(text)
    if broken is not None:
        return (), (broken,)
    if not records:
        return (), (_problem(None, "", "sheet-empty"),)
    names, problems = _headings(records[0], columns)
    if problems:
        return (), problems
    rows, problems = _rows(records[1:], names)
    if not rows and not problems:
        problems = (_problem(None, "", "sheet-empty"),)
    return rows, problems


def readable_text(data: bytes) -> str:
    """Return the text of a file when it is short enough to be kept in a page, else nothing."""
    return (_decoded(data) or "") if len(data) <= LONGEST_KEPT_BYTES else ""


def _decoded(data: bytes) -> str | None:
    for encoding in ("utf-8-sig", "cp949"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _records(text: str) -> tuple[list[list[str]], SheetProblem | None]:
    first = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first.count)  # the earliest wins where none stands there
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records: list[list[str]] = []
    try:
        for record in reader:
            records.append(record)
            if len(records) > MOST_ROWS + 1:
                return [], _problem(None, "", "sheet-too-large")
    except csv.Error as error:
        code = "cell-too-long" if "field limit" in str(error) else "bad-csv"
        return [], _problem(len(records) + 1, "", code)
    return records, None


def _headings(record: list[str], columns: tuple[Column, ...]) -> tuple[list[str], tuple[SheetProblem, ...]]:
    names: list[str] = []
    problems: list[SheetProblem] = []
    for heading in record:
        plain = " ".join(heading.replace("_", " ").lower().split())
        found = next((column.name for column in columns if plain in column.headings), None)
        if found is None:
            problems.append(_problem(1, heading.strip()[:40], "unknown-column"))
        elif found in names:
            problems.append(_problem(1, found, "duplicate-column"))
        names.append(found or "")
    problems += [
        _problem(1, column.name, "missing-column") for column in columns if column.required and column.name not in names
    ]
    return names, tuple(problems)


def _rows(records: list[list[str]], names: list[str]) -> tuple[tuple[Row, ...], tuple[SheetProblem, ...]]:
    rows: list[Row] = []
    problems: list[SheetProblem] = []
    for number, record in _filled(records):
        if any(cell.strip() for cell in record[len(names) :]):
            problems.append(_problem(number, "", "extra-cells"))
        cells = dict(zip(names, record, strict=False))
        too_long = [name for name, cell in cells.items() if len(cell) > LONGEST_CELL]
        problems += [_problem(number, name, "cell-too-long") for name in too_long]
        rows.append(Row(number=number, cells=cells))
    return tuple(rows), tuple(problems)


def _filled(records: list[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Yield (number, record) of the rows that hold anything; headings are row 1."""
    for number, record in enumerate(records, start=2):
        if any(cell.strip() for cell in record):
            yield number, record


def _problem(row: int | None, column: str, code: str) -> SheetProblem:
    return SheetProblem.at(row, column, code, SHEET_HINTS)
