"""Tables with columns of other people, read by a mapping: a sample to choose by, and items with their own places.

Problems name the row and the column as they are called in the file that came.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Final

from cbt.kernel.errors import Problem
from itembank.core.mapping import ColumnMapping, headers_of, our_header, our_row
from itembank.formats.archive import Archive, ArchiveRefused, open_archive
from itembank.formats.building import build_items
from itembank.formats.columns import Row, read_rows
from itembank.formats.csv_bank import csv_rows
from itembank.formats.figures import ArchiveFigures, Figures, NoFigures
from itembank.formats.parsed import Findings, Parsed
from itembank.formats.spreadsheet_text import restored
from itembank.formats.xlsx_bank import is_workbook, xlsx_rows

_ZIP: Final = b"PK\x03\x04"
_TABLES: Final = (".csv", ".tsv", ".txt", ".xlsx")
_PLACE: Final = re.compile(r"^(row \d+), column (.+)$")
_MOST_COLUMNS: Final = 200
SAMPLED: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSample:
    """The header of a table and its first rows; without a header `problems` say why."""

    headers: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    problems: tuple[Problem, ...] = ()


def sample_table(payload: bytes, *, most: int = SAMPLED) -> TableSample:
    """Return the header and the first rows of a CSV, an XLSX, or a zip with one of them."""
    findings = Findings()
    table = _opened(payload, NoFigures(), findings)
    rows = _filled(table.rows)
    header = next(rows, None)
    if header is None:
        return TableSample(problems=tuple(findings.problems))
    headers = headers_of(header[1][:_MOST_COLUMNS])
    kept = []
    for _, cells in rows:
        kept.append(tuple(restored(cell) for cell in (*cells, *[""] * len(headers))[: len(headers)]))
        if len(kept) == most:
            break
    return TableSample(headers=headers, rows=tuple(kept))


def parse_mapped(
    payload: bytes, mapping: ColumnMapping, *, figures: Figures | None = None, most: int | None = None
) -> Parsed:
    """Return the items of a table as `mapping` reads it, of the first `most` rows if that is given."""
    findings = Findings()
    table = _opened(payload, figures or NoFigures(), findings)
    drafts = read_rows(_mapped(table.rows, mapping, findings, most), findings)
    parsed = findings.parsed(build_items(drafts, table.figures, findings))
    return replace(
        parsed,
        format=table.format,
        problems=_placed(parsed.problems, mapping),
        warnings=_placed(parsed.warnings, mapping),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    rows: Iterable[Row]
    figures: Figures
    format: str


def _opened(payload: bytes, figures: Figures, findings: Findings) -> _Table:
    if not payload.startswith(_ZIP):
        return _Table(rows=csv_rows(payload, findings), figures=figures, format="csv")
    try:
        archive = open_archive(payload)
        if is_workbook(archive):
            return _Table(rows=xlsx_rows(payload, findings), figures=figures, format="xlsx")
        return _member(archive, findings)
    except ArchiveRefused as refusal:
        findings.refuse("file", "zip-refused", str(refusal))
        return _Table(rows=(), figures=figures, format="csv")


def _member(archive: Archive, findings: Findings) -> _Table:
    found = [name for name in archive.names() if name.lower().endswith(_TABLES) and "__MACOSX" not in name]
    if len(found) != 1:
        listed = ", ".join(found[:5]) or "none"
        findings.refuse("file", "not-one-bank-file", f"the zip must hold one CSV or XLSX file; it holds {listed}")
        return _Table(rows=(), figures=NoFigures(), format="csv")
    beside = ArchiveFigures(archive, PurePosixPath(found[0]).parent)
    inner = archive.find(found[0]) or b""
    if inner.startswith(_ZIP):
        return _Table(rows=xlsx_rows(inner, findings), figures=beside, format="xlsx")
    return _Table(rows=csv_rows(inner, findings), figures=beside, format="csv")


def _filled(rows: Iterable[Row]) -> Iterator[Row]:
    return (row for row in rows if any(cell.strip() for cell in row[1]))


def _mapped(rows: Iterable[Row], mapping: ColumnMapping, findings: Findings, most: int | None) -> Iterator[Row]:
    numbered = _filled(rows)
    header = next(numbered, None)
    if header is None:
        return
    headers = headers_of(header[1][:_MOST_COLUMNS])
    missing = sorted(mapping.columns() - set(headers))
    for name in missing:
        findings.refuse(f"row {header[0]}", "column-missing", f"there is no column {name!r}, which the mapping names")
    if missing:
        return
    yield header[0], our_header(mapping)
    for place, (number, cells) in enumerate(numbered):
        if place == most:
            return
        row = dict(zip(headers, (restored(cell) for cell in cells), strict=False))
        yield number, our_row(mapping, row, number)


def _placed(problems: Iterable[Problem], mapping: ColumnMapping) -> tuple[Problem, ...]:
    """Return the problems at the columns of the file; those of columns that are not read are left out."""
    known = {" ".join(name.split()) for name in mapping.columns()}
    ours = set(our_header(mapping)) | {"correct"}
    found = []
    for one in problems:
        place = _PLACE.match(one.where)
        if place is None:
            found.append(one)
        elif place[2] in ours:
            found.append(replace(one, where=f"{place[1]}, column {mapping.theirs(place[2])}"))
        elif " ".join(place[2].split()) in known:
            found.append(one)
    return tuple(found)
