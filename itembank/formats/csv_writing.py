"""Writes items as CSV or XLSX under the columns that the import reads, one row after the other."""

import csv
import io
from collections.abc import Generator, Iterable
from typing import Any, BinaryIO, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from itembank.formats.csv_rows import HEADER, Row, row_of
from itembank.formats.drafts import usable
from itembank.formats.exported import ExportItem, ItemReport
from itembank.formats.parsed import Findings
from itembank.formats.spreadsheet_text import neutralised

LONGEST_CELL: Final = 32_767  # in XLSX


def write_csv(items: Iterable[ExportItem], target: BinaryIO) -> Generator[ItemReport]:
    """Write the rows into `target` (UTF-8 with its mark) while the reports are drawn from what is returned."""
    text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.DictWriter(text, HEADER)
    writer.writeheader()
    for item in items:
        row = _checked(row_of(item))
        if not row.left_out:
            writer.writerow({name: neutralised(cell) for name, cell in row.cells.items()})
        yield _report(item, row)
    text.detach()


def write_xlsx(items: Iterable[ExportItem], target: BinaryIO) -> Generator[ItemReport]:
    """Write a workbook into `target`; its rows wait in a file of the library's, not in memory."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("items")
    sheet.freeze_panes = "B2"
    sheet.append([_cell(sheet, name, bold=True) for name in HEADER])
    for item in items:
        row = _checked(row_of(item))
        if any(len(cell) > LONGEST_CELL - 1 or ILLEGAL_CHARACTERS_RE.search(cell) for cell in row.cells.values()):
            row.refuse("not-a-cell", f"a text has more than {LONGEST_CELL:,} characters, or one that no cell holds")
        if not row.left_out:
            sheet.append([_cell(sheet, neutralised(row.cells.get(name, ""))) for name in HEADER])
        yield _report(item, row)
    workbook.save(target)


def _cell(sheet: Any, text: str, *, bold: bool = False) -> Any:
    cell = WriteOnlyCell(sheet, value=text or None)
    cell.number_format = "@"
    if bold:
        cell.font = Font(bold=True)
    return cell


def _checked(row: Row) -> Row:
    """Leave out a row that the import would not take."""
    findings = Findings()
    if not all(usable(cell, name, findings) for name, cell in row.cells.items()):
        row.refuse("not-a-cell", "; ".join(one.hint for one in findings.problems))
    return row


def _report(item: ExportItem, row: Row) -> ItemReport:
    return ItemReport(code=item.code, notes=tuple(dict.fromkeys(row.notes)), left_out=row.left_out)
