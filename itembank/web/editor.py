"""The blueprint editor as its template and its script see it: rows beside their supply, sums, errors; and its acts."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Self

from flask_babel import gettext as _

from cbt.kernel.errors import Problem
from itembank.core import blueprint_edit as edit
from itembank.core.blueprint_edit import Edited, EditedPart, EditedRow, FieldProblem, read_edit, row_id, sound_rows
from itembank.core.records import AreaCount
from itembank.core.supply import Cover, Verdict, worst
from itembank.services.editing import Examined
from itembank.web.access import plain_points, verdict_words
from itembank.web.sentences import place_words, sentence

_NAMED: Final = frozenset({"check", "save"})
_LONG_NUMBER: Final = 5
_ROW: Final = re.compile(r"p(?P<part>\d+)(?:-r(?P<row>\d+))?-")


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    """A row with its id and, when it can be looked up, its supply."""

    id: str
    row: EditedRow
    cover: Cover | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartView:
    """A part with its rows and sums; `verdict` is that of its worst row, None while nothing can be looked up."""

    index: int
    part: EditedPart
    rows: tuple[RowView, ...]
    items: int
    points: Decimal

    @property
    def verdict(self) -> Verdict | None:
        """Return what a person should know first about the part."""
        covers = [row.cover for row in self.rows if row.cover is not None]
        return worst([cover.verdict for cover in covers]) if covers else None

    @property
    def short(self) -> int:
        """Return how many rows cannot be drawn."""
        return sum(1 for row in self.rows if row.cover is not None and row.cover.missing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Editor:
    """The whole editor; `errors` maps the id of an input to a sentence."""

    typed: Edited
    parts: tuple[PartView, ...]
    contests: tuple[str, ...]
    errors: Mapping[str, str]

    @classmethod
    def of(cls, typed: Edited, examined: Examined, *, errors: Mapping[str, str], act: str) -> Self:
        """Return the editor after `act`; problems are named when somebody asked for them."""
        found = dict(errors)
        if act == "check":
            found |= problem_sentences(read_edit(typed).problems, typed)
        if not found and act in _NAMED | {"open"}:
            found |= _shortages(examined, typed)
        return cls(typed=typed, parts=_parts(typed, examined), contests=_contests(examined), errors=found)

    @property
    def items(self) -> int:
        """Return how many items a form would have."""
        return sum(part.items for part in self.parts)

    @property
    def points(self) -> Decimal:
        """Return the sum of all points."""
        return sum((part.points for part in self.parts), start=Decimal(0))

    def live(self) -> dict[str, Any]:
        """Return what the script shows while somebody types."""
        return {
            "rows": {row.id: _live_row(row.cover) for part in self.parts for row in part.rows},
            "parts": [
                {
                    "items": part.items,
                    "points": plain_points(part.points),
                    "verdict": part.verdict,
                    "short": part.short,
                    "short_words": _("Cells that cannot be drawn: %(number)s", number=part.short),
                }
                for part in self.parts
            ],
            "items": self.items,
            "points": plain_points(self.points),
            "contests": self.contests,
        }


def problem_sentences(problems: tuple[FieldProblem, ...], typed: Edited) -> dict[str, str]:
    """Return a sentence for each input that is wrong; the first one of an input stands."""
    found: dict[str, str] = {}
    for problem in problems:
        words = _words(problem.code) or sentence(Problem(where="", code=problem.code, hint=problem.hint))
        found.setdefault(problem.field, _placed(problem.field, words, typed))
    return found


def carried_out(act: str, typed: Edited, raw: Mapping[str, str], areas: tuple[AreaCount, ...]) -> tuple[Edited, str]:
    """Return what is typed after one act of the editor, and the id of the input to go on at."""
    name, *numbers = act.split("-")
    places = [int(number) for number in numbers if number.isdecimal() and len(number) < _LONG_NUMBER]
    match name, places:
        case "part", []:
            return edit.add_part(typed), f"p{len(typed.parts)}-code"
        case ("drop" | "raise") as step, [part] if part < len(typed.parts):
            changed = edit.remove_part(typed, part) if step == "drop" else edit.move_part(typed, part)
            return changed, f"p{changed.shown}-code"
        case ("add" | "each") as step, [part] if part < len(typed.parts):
            wanted = _wanted(step, raw.get(f"p{part}-add", ""), areas)
            return edit.add_rows(typed, part, wanted), f"{row_id(part, len(typed.parts[part].rows))}-count"
        case "remove", [part, row] if part < len(typed.parts):
            return edit.remove_row(typed, part, row), f"p{part}-add"
        case _:
            return typed, ""


def _wanted(step: str, picked: str, areas: tuple[AreaCount, ...]) -> tuple[str, ...]:
    """Return the area picked, or each lowest one in it (in the whole bank, when none is picked)."""
    if step == "add":
        return (picked or (areas[0].area.code if areas else ""),)
    inside = areas
    if picked:
        start = next((place for place, one in enumerate(areas) if one.area.code == picked), None)
        if start is None:
            return ()
        end = next(
            (place for place in range(start + 1, len(areas)) if areas[place].depth <= areas[start].depth), len(areas)
        )
        inside = areas[start:end]
    return tuple(
        one.area.code
        for place, one in enumerate(inside)
        if place + 1 == len(inside) or inside[place + 1].depth <= one.depth
    )


def _parts(typed: Edited, examined: Examined) -> tuple[PartView, ...]:
    cells = {row_id(*place): cell for place, cell in sound_rows(typed)}
    views = []
    for index, part in enumerate(typed.parts):
        names = [row_id(index, number) for number in range(len(part.rows))]
        known = [cells[name] for name in names if name in cells]
        views.append(
            PartView(
                index=index,
                part=part,
                rows=tuple(
                    RowView(id=name, row=row, cover=examined.rows.get(name))
                    for name, row in zip(names, part.rows, strict=True)
                ),
                items=sum(cell.count for cell in known),
                points=sum((cell.points * cell.count for cell in known), start=Decimal(0)),
            )
        )
    return tuple(views)


def _words(code: str) -> str:
    """Return what to do about a problem that a file and the screen have in words of their own, or nothing."""
    words: dict[str, str] = {
        "bad-code": _("Code: use letters, digits, dot, hyphen and underscore, 64 at most."),
        "bad-title": _("Name: write one in Korean or in English."),
        "no-parts": _("Add a part."),
        "no-cells": _("Add a content area."),
        "bad-areas": _("Choose a content area."),
        "bad-count": _("Items wanted: a whole number from 1 to 1000."),
        "bad-points": _("Points: a number above 0 with at most three decimals."),
        "bad-levels": _("Levels: each with its least and most items, such as “recall 2-5, apply 3-8”."),
        "bad-expected": _("Expected score: a target and a tolerance in points, or neither."),
        "bad-cap": _("Exposure: a multiple of the mean from 1 on, or a share of all forms above 0 and at most 1."),
        "bad-difficulty": _("Difficulty: two numbers, the lowest first, or none."),
    }
    return words.get(code, "")


def _placed(field: str, words: str, typed: Edited) -> str:
    """Return `words` after the part and the area that the input is in."""
    found = _ROW.match(field)
    if found is None:
        return words
    part = typed.parts[int(found["part"])]
    place = _("Part %(code)s", code=part.code or int(found["part"]) + 1)
    if found["row"] is not None and (area := part.rows[int(found["row"])].area):
        place = f"{place} › {area}"
    return f"{place}: {words}"


def _shortages(examined: Examined, typed: Edited) -> dict[str, str]:
    found = {}
    for name, cover in examined.rows.items():
        if cover.missing:
            facts = {"wanted": cover.wanted, "available": cover.available}
            words = _("%(wanted)s items are wanted here, and the bank has %(available)s.", **facts)
            found[f"{name}-count"] = _placed(f"{name}-count", words, typed)
    if examined.contests and not found:
        found["parts"] = " ".join(_contests(examined))
    return found


def _contests(examined: Examined) -> tuple[str, ...]:
    return tuple(f"{place_words(problem.where)[0]}: {sentence(problem)}" for problem in examined.contests)


def _live_row(cover: Cover | None) -> dict[str, Any] | None:
    if cover is None:
        return None
    return {
        "available": cover.available,
        "verdict": cover.verdict,
        "words": verdict_words(cover),
        "there": cover.there,
        "line": cover.line,
    }
