"""A table that somebody uploads: its rows, which columns it may have, and problems named by row and column."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Self

from cbt.kernel.errors import Problem

SHEET_HINTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "sheet-too-large": "This file is too large: 5 MB and 20,000 rows at most.",
        "sheet-empty": "This file has no rows below its headings.",
        "bad-encoding": "This file is neither UTF-8 nor CP949 text: save it as CSV again.",
        "bad-csv": "From here on this is not a CSV table: look for a quotation mark that is not closed.",
        "cell-too-long": "A cell holds more than 1,000 characters.",
        "missing-column": "This column is missing.",
        "unknown-column": "This column is not known here: take it out or correct its heading.",
        "duplicate-column": "This column stands there twice.",
        "extra-cells": "This row has more cells than there are headings.",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its name, other headings that mean the same, and whether it must be there."""

    name: str
    headings: frozenset[str]
    required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: its number as a spreadsheet counts (headings are row 1) and its cells by column name."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetProblem(Problem):
    """A problem of one cell, row or heading; `also` is the row that it collides with."""

    row: int | None = None
    column: str = ""
    also: int | None = None

    @classmethod
    def at(cls, row: int | None, column: str, code: str, hints: Mapping[str, str], *, also: int | None = None) -> Self:
        """Return the problem with its place in words."""
        parts = (
            f"row {row}" if row is not None else "",
            f"column {column}" if column else "",
            f"see row {also}" if also is not None else "",
        )
        where = ", ".join(part for part in parts if part) or "file"
        return cls(where=where, code=code, hint=hints[code], row=row, column=column, also=also)


def of_row(row: int, problems: tuple[Problem, ...]) -> tuple[SheetProblem, ...]:
    """Return field problems as problems of the cells of one row."""
    return tuple(
        SheetProblem.at(row, problem.where, problem.code, {problem.code: problem.hint}) for problem in problems
    )
