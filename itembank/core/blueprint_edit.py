"""A blueprint while somebody edits it on screen: text as typed, one row for each area, and the acts of the editor.

A cell with several areas is shown as one row for each of them; the rows keep a common `group`, and those of them that
still agree become one cell again, so that opening and saving changes nothing.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any, Final

from itembank.core import rules_edit
from itembank.core.blueprint import Blueprint, Cell, Part
from itembank.core.blueprint_input import MOST_ITEMS, read_blueprint

MOST_PARTS: Final = 60
_ANY_LENGTH: Final = 200
_PLACE: Final = re.compile(r"(?:blueprint|part (?P<part>\d+)(?:, cell (?P<cell>\d+))?)(?:, (?P<field>\w+))?")
_FIELD_NAMES: Final = {"title": "title_ko", "areas": "area", "difficulty": "low", "expected": "target"}


@dataclass(frozen=True, slots=True, kw_only=True)
class EditedRow:
    """One area of one cell, as typed."""

    area: str = ""
    count: str = "1"
    points: str = "1"
    low: str = ""
    high: str = ""
    group: str = ""

    def like(self, other: "EditedRow") -> bool:
        """Return whether both rows are of one cell."""
        own, theirs = (replace(row, area="") for row in (self, other))
        return bool(self.group) and own == theirs


@dataclass(frozen=True, slots=True, kw_only=True)
class EditedPart:
    """One part, as typed."""

    code: str = ""
    title_ko: str = ""
    title_en: str = ""
    rows: tuple[EditedRow, ...] = ()
    rules: rules_edit.EditedPartRules = field(default_factory=rules_edit.EditedPartRules)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """The whole blueprint, as typed; `shown` is the part that the person looks at, from 0."""

    code: str = ""
    title_ko: str = ""
    title_en: str = ""
    shuffle: bool = True
    parts: tuple[EditedPart, ...] = ()
    shown: int = 0
    rules: rules_edit.EditedRules = field(default_factory=rules_edit.EditedRules)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldProblem:
    """What is wrong with one input of the editor: its id, the code, and the hint in English."""

    field: str
    code: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadEdit:
    """The blueprint that was typed, or what keeps it from being one."""

    blueprint: Blueprint | None
    problems: tuple[FieldProblem, ...] = ()


def edited(blueprint: Blueprint) -> Edited:
    """Return `blueprint` as text."""
    return Edited(
        code=blueprint.code,
        title_ko=blueprint.title.ko,
        title_en=blueprint.title.en,
        shuffle=blueprint.shuffle_options,
        parts=tuple(_edited_part(part) for part in blueprint.parts),
        rules=rules_edit.edited_rules(blueprint.rules),
    )


def blank(code: str = "") -> Edited:
    """Return a new blueprint with one empty part."""
    return Edited(code=code, parts=(EditedPart(code="1"),))


def from_fields(raw: Mapping[str, str]) -> Edited:
    """Return what the inputs of the editor hold."""
    text = _reader(raw)
    found = []
    for part in count():
        if f"p{part}-code" not in raw or part >= MOST_PARTS:
            break
        found.append(_part_from(raw, part))
    shown = text("shown")
    return Edited(
        code=text("code"),
        title_ko=text("title_ko"),
        title_en=text("title_en"),
        shuffle=text("shuffle") == "on",
        parts=tuple(found),
        shown=min(int(shown), max(len(found) - 1, 0)) if shown.isdecimal() and len(shown) < 4 else 0,  # noqa: PLR2004
        rules=rules_edit.rules_of_fields(raw),
    )


def read_edit(typed: Edited) -> ReadEdit:
    """Return the blueprint, rows of one group joined again, or every problem with the id of its input."""
    cells = [[[*rows] for rows in _joined(part)] for part in typed.parts]
    read = read_blueprint(
        {
            "code": typed.code,
            "title": {"ko": typed.title_ko, "en": typed.title_en},
            "shuffle_options": typed.shuffle,
            "rules": rules_edit.written_rules(typed.rules),
            "parts": [
                {
                    "code": part.code,
                    "title": {"ko": part.title_ko or part.code, "en": part.title_en},
                    "cells": [_written([typed_row for _, typed_row in rows]) for rows in of_part],
                    **rules_edit.written_part_rules(part.rules),
                }
                for part, of_part in zip(typed.parts, cells, strict=True)
            ],
        }
    )
    firsts = [[rows[0][0] for rows in of_part] for of_part in cells]
    problems = tuple(
        FieldProblem(field=_field_of(one.where, firsts), code=one.code, hint=one.hint) for one in read.problems
    )
    return ReadEdit(blueprint=read.blueprint, problems=problems)


def sound_rows(typed: Edited) -> tuple[tuple[tuple[int, int], Cell], ...]:
    """Return the rows that can be looked up in a bank already, each with its place (part, row) from 0."""
    found = []
    for part_index, part in enumerate(typed.parts):
        for row_index, row in enumerate(part.rows):
            alone = {"code": "x", "title": "x", "parts": [{"code": "x", "title": "x", "cells": [_written([row])]}]}
            blueprint = read_blueprint(alone).blueprint
            if blueprint is not None:
                found.append(((part_index, row_index), blueprint.parts[0].cells[0]))
    return tuple(found)


def row_id(part: int, row: int) -> str:
    """Return the id of a row; its inputs are named `<id>-area`, `<id>-count` and so on."""
    return f"p{part}-r{row}"


def add_part(typed: Edited) -> Edited:
    """Return the blueprint with an empty part at its end, which is shown."""
    codes = {part.code for part in typed.parts}
    code = next(str(number) for number in count(len(typed.parts) + 1) if str(number) not in codes)
    return replace(typed, parts=(*typed.parts, EditedPart(code=code)), shown=len(typed.parts))


def remove_part(typed: Edited, part: int) -> Edited:
    """Return the blueprint without one part."""
    left = (*typed.parts[:part], *typed.parts[part + 1 :])
    return replace(typed, parts=left, shown=max(min(part, len(left) - 1), 0))


def move_part(typed: Edited, part: int) -> Edited:
    """Return the blueprint with one part before the one above it."""
    if not 0 < part < len(typed.parts):
        return typed
    order = list(typed.parts)
    order[part - 1], order[part] = order[part], order[part - 1]
    return replace(typed, parts=tuple(order), shown=part - 1)


def add_rows(typed: Edited, part: int, areas: tuple[str, ...]) -> Edited:
    """Return the blueprint with a row for each of `areas` in one part: one cell, with the numbers of the row above."""
    rows = typed.parts[part].rows
    above = replace(rows[-1], group="") if rows else EditedRow()
    taken = {row.group for row in rows}
    group = next(f"n{number}" for number in count(1) if f"n{number}" not in taken) if len(areas) > 1 else ""
    added = tuple(replace(above, area=area, group=group) for area in areas)
    return _with_rows(typed, part, (*rows, *added)[:MOST_ITEMS])


def remove_row(typed: Edited, part: int, row: int) -> Edited:
    """Return the blueprint without one row."""
    rows = typed.parts[part].rows
    return _with_rows(typed, part, (*rows[:row], *rows[row + 1 :]))


def _with_rows(typed: Edited, part: int, rows: tuple[EditedRow, ...]) -> Edited:
    changed = replace(typed.parts[part], rows=rows)
    return replace(typed, parts=(*typed.parts[:part], changed, *typed.parts[part + 1 :]), shown=part)


def _edited_part(part: Part) -> EditedPart:
    rows = (row for number, cell in enumerate(part.cells) for row in _edited_rows(cell, f"c{number}"))
    return EditedPart(
        code=part.code,
        title_ko=part.title.ko,
        title_en=part.title.en,
        rows=tuple(rows),
        rules=rules_edit.edited_part_rules(part),
    )


def _edited_rows(cell: Cell, group: str) -> tuple[EditedRow, ...]:
    band = cell.difficulty
    return tuple(
        EditedRow(
            area=area,
            count=str(cell.count),
            points=f"{cell.points.normalize():f}",
            low="" if band is None else str(band.low_logit),
            high="" if band is None else str(band.high_logit),
            group=group if len(cell.areas) > 1 else "",
        )
        for area in cell.areas
    )


def _part_from(raw: Mapping[str, str], part: int) -> EditedPart:
    text = _reader(raw)
    rows = []
    for row in count():
        name = row_id(part, row)
        if f"{name}-area" not in raw or row >= MOST_ITEMS:
            break
        rows.append(
            EditedRow(
                area=text(f"{name}-area"),
                count=text(f"{name}-count"),
                points=text(f"{name}-points"),
                low=text(f"{name}-low"),
                high=text(f"{name}-high"),
                group=text(f"{name}-group"),
            )
        )
    return EditedPart(
        code=text(f"p{part}-code"),
        title_ko=text(f"p{part}-title_ko"),
        title_en=text(f"p{part}-title_en"),
        rows=tuple(rows),
        rules=rules_edit.EditedPartRules(
            levels=text(f"p{part}-levels"), target=text(f"p{part}-target"), tolerance=text(f"p{part}-tolerance")
        ),
    )


def _reader(raw: Mapping[str, str]) -> Callable[[str], str]:
    return lambda name: raw.get(name, "").strip()[:_ANY_LENGTH]


def _joined(part: EditedPart) -> list[list[tuple[int, EditedRow]]]:
    """Return the rows of each cell with their numbers: neighbours of one group that agree."""
    cells: list[list[tuple[int, EditedRow]]] = []
    for number, row in enumerate(part.rows):
        if cells and cells[-1][-1][1].like(row):
            cells[-1].append((number, row))
        else:
            cells.append([(number, row)])
    return cells


def _written(rows: list[EditedRow]) -> dict[str, Any]:
    first = rows[0]
    plain = first.count if not first.count.isascii() or not first.count.isdecimal() else int(first.count[:9])
    written: dict[str, Any] = {"areas": [row.area for row in rows], "count": plain, "points": first.points or "?"}
    if first.low or first.high:
        written["difficulty"] = [first.low or "?", first.high or "?"]
    return written


def _field_of(where: str, firsts: list[list[int]]) -> str:
    found = _PLACE.fullmatch(where)
    if found is None:
        return "parts"
    part, cell, name = found["part"], found["cell"], found["field"] or ""
    name = _FIELD_NAMES.get(name, name)
    if part is None:
        return name or "parts"
    if cell is None:
        return f"p{int(part) - 1}-{name or 'add'}"
    return f"{row_id(int(part) - 1, firsts[int(part) - 1][int(cell) - 1])}-{name or 'area'}"
