"""Banks as XLSX: the columns of the CSV on the first sheet. Values only; a formula is refused, never computed."""

import io
import warnings
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from openpyxl import load_workbook

from itembank.formats.archive import Archive, ArchiveRefused, open_archive
from itembank.formats.building import build_items
from itembank.formats.columns import Row, read_rows
from itembank.formats.figures import Figures, NoFigures
from itembank.formats.parsed import MOST_ITEMS, Findings, Parsed

_MOST_COLUMNS: Final = 64
_MOST_ROWS: Final = 2 * MOST_ITEMS
_WORKBOOK: Final = "xl/workbook.xml"
_PLAIN_FORMATS: Final = frozenset({"General", "@", "0", "general"})
_DOCTYPES: Final = tuple("<!DOCTYPE".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))


def is_workbook(archive: Archive) -> bool:
    """Return whether a zip is an XLSX file."""
    return _WORKBOOK in archive.names()


def parse_xlsx(payload: bytes, *, figures: Figures | None = None) -> Parsed:
    """Return the items of the first sheet and what is wrong with it, by row and column."""
    findings = Findings()
    rows = xlsx_rows(payload, findings)
    if findings.problems and not rows:
        return findings.parsed()
    drafts = read_rows(rows, findings)
    return findings.parsed(build_items(drafts, figures or NoFigures(), findings))


def xlsx_rows(payload: bytes, findings: Findings) -> list[Row]:
    """Return the rows of the first sheet as text; what cannot be read is noted."""
    try:
        archive = open_archive(payload)
        if not is_workbook(archive):
            findings.refuse("file", "malformed-xlsx", "this is a zip, but not a workbook")
        elif foreign := _part_with_doctype(archive):
            findings.refuse("file", "malformed-xlsx", f"{foreign} declares a document type")
    except ArchiveRefused as refusal:
        findings.refuse("file", "malformed-xlsx", str(refusal))
    return [] if findings.problems else _rows(payload, findings)


def _part_with_doctype(archive: Archive) -> str | None:
    # No workbook has one; it is where entity bombs begin.
    for name in archive.names():
        if name.endswith((".xml", ".rels")):
            head = (archive.find(name) or b"")[:4096]
            if any(doctype in head for doctype in _DOCTYPES):
                return name
    return None


def _rows(payload: bytes, findings: Findings) -> list[Row]:
    # openpyxl raises whatever its parts raise (KeyError, TypeError, ParseError…) on a workbook that lies.
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            workbook = load_workbook(io.BytesIO(payload), read_only=True, data_only=False, keep_links=False)
            try:
                return list(_cells(workbook, findings))
            finally:
                workbook.close()
    except Exception as error:  # noqa: BLE001
        findings.refuse("file", "malformed-xlsx", f"the workbook cannot be read: {type(error).__name__}: {error}"[:300])
        return []


def _cells(workbook: Any, findings: Findings) -> Iterator[Row]:
    sheet = next(iter(workbook.worksheets), None)
    if sheet is None:
        findings.refuse("file", "empty", "there is no sheet")
        return
    sheet.reset_dimensions()  # what a file says of its size need not be true
    names: list[str] = []
    for number, cells in enumerate(sheet.iter_rows(max_col=_MOST_COLUMNS, max_row=_MOST_ROWS), start=1):
        texts = [_text(cell, f"row {number}, column {_name(cell, names)}", findings) for cell in cells]
        if not names and any(texts):
            names = [text.strip() for text in texts]
        yield number, texts


def _name(cell: Any, names: list[str]) -> str:
    if cell.value is None:
        return ""
    place = int(cell.column) - 1
    return names[place] if place < len(names) and names[place] else str(cell.column_letter)


def _text(cell: Any, where: str, findings: Findings) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        findings.refuse(where, "formula", "a formula is not read; paste its value, or put an apostrophe before it")
        return ""
    if cell.data_type == "e":
        findings.refuse(where, "error-value", f"the cell shows the error {value}")
        return ""
    if isinstance(value, (datetime, date, time, timedelta)):
        findings.refuse(where, "date-cell", "the cell became a date; format the column as text and type it again")
        return ""
    return value if isinstance(value, str) else _number(value, cell.number_format, where, findings)


def _number(value: Any, number_format: str, where: str, findings: Findings) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    if number_format not in _PLAIN_FORMATS:
        findings.warn(where, "formatted-number", f"read as {text}; format the column as text to keep what is shown")
    return text
