"""Banks as CSV: comma, semicolon or tab, quoted as RFC 4180 says, UTF-8 (CP949 is recognised and named)."""

import csv
import io
from collections.abc import Iterator
from typing import Final

from itembank.formats.building import build_items
from itembank.formats.columns import Row, read_rows
from itembank.formats.encoding import read_text
from itembank.formats.figures import Figures, NoFigures
from itembank.formats.parsed import FILE_BYTES, Findings, Parsed

_DELIMITERS: Final = (",", ";", "\t")


def parse_csv(payload: bytes, *, figures: Figures | None = None) -> Parsed:
    """Return the items of a CSV file and what is wrong with it, by row and column."""
    findings = Findings()
    drafts = read_rows(csv_rows(payload, findings), findings)
    return findings.parsed(build_items(drafts, figures or NoFigures(), findings))


def csv_rows(payload: bytes, findings: Findings) -> Iterator[Row]:
    """Yield the rows as a spreadsheet numbers them; what cannot be read is noted."""
    text = read_text(payload, findings)
    return iter(()) if text is None else _rows(text, findings)


def _rows(text: str, findings: Findings) -> Iterator[Row]:
    # The module's own limit would end the reading at a large cell without naming it; the file's size bounds it.
    csv.field_size_limit(FILE_BYTES)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            yield number, cells
    except csv.Error as error:
        hint = f"{error} (near line {reader.line_num}); is a quotation mark missing, or not doubled inside a text?"
        findings.refuse(f"row {number + 1}", "malformed-csv", hint)


def _delimiter(text: str) -> str:
    first = next((line for line in text[:10_000].splitlines() if line.strip()), "")
    return max(_DELIMITERS, key=first.count)
