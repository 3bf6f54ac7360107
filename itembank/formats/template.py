"""An example file to begin a bank with: all columns, and a row for each kind of answer."""

import csv
import io
from collections.abc import Mapping
from typing import Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

COLUMNS: Final = (
    *("id", "area", "type", "question", "a", "b", "c", "d", "correct", "accepted", "value", "tolerance", "figure"),
    *("figure_alt", "pinned", "shuffle", "difficulty", "explanation", "refs", "title", "language", "format"),
)
_NARROW: Final = 12
_WIDE: Final = 44
_ROWS: Final[tuple[Mapping[str, str], ...]] = (
    {
        "id": "EX-001",
        "area": "1.1",
        "type": "single",
        "question": "다음 중 소수인 것은?",
        "a": "21",
        "b": "23",
        "c": "25",
        "d": "27",
        "correct": "B",
        "difficulty": "-0.5",
        "explanation": "21 = 3 × 7, 25 = 5 × 5, 27 = 3 × 9.",
        "language": "ko",
    },
    {
        "id": "EX-002",
        "area": "1.1",
        "type": "multiple",
        "question": "Which of these numbers are even?",
        "a": "2",
        "b": "3",
        "c": "4",
        "d": "5",
        "correct": "A,C",
        "language": "en",
    },
    {
        "id": "EX-003",
        "area": "1.2",
        "type": "number",
        "question": "\\(x^2 = 2\\)의 양수 해를 소수 둘째 자리까지 쓰시오.",
        "value": "1.41",
        "tolerance": "0.01",
        "language": "ko",
    },
    {
        "id": "EX-004",
        "area": "1.2",
        "type": "text",
        "question": "What is the capital of Korea?",
        "accepted": "Seoul | 서울",
        "language": "en",
    },
)


def template_csv() -> bytes:
    """Return the example as CSV in UTF-8, with the mark by which spreadsheets know it."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    writer.writerows(_ROWS)
    return out.getvalue().encode("utf-8-sig")


def template_xlsx() -> bytes:
    """Return the example as a workbook; every cell is text, so that no spreadsheet changes what is typed."""
    workbook = Workbook(write_only=False)
    sheet = workbook.create_sheet("items", 0)
    del workbook[workbook.sheetnames[1]]
    sheet.append(COLUMNS)
    for row in _ROWS:
        sheet.append([row.get(name, "") for name in COLUMNS])
    for column, name in zip(sheet.columns, COLUMNS, strict=True):
        sheet.column_dimensions[column[0].column_letter].width = (
            _WIDE if name in {"question", "explanation"} else _NARROW
        )
        column[0].font = Font(bold=True)
        for cell in column:
            cell.number_format = "@"
            cell.alignment = Alignment(vertical="top", wrap_text=name in {"question", "explanation"})
    sheet.freeze_panes = "B2"
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()
