"""A blueprint as a person wrote it (TOML, the form on screen) to a Blueprint, naming everything that is wrong."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from cbt.kernel.errors import Problem
from cbt.kernel.score import NotAScore, Score, score
from cbt.kernel.titles import Title
from itembank.core.blueprint import Blueprint, Cell, DifficultyBand, Part
from itembank.core.rules_input import read_expected, read_levels, read_rules

CODE: Final = re.compile(r"[^\W_][\w.-]{0,63}")
MOST_ITEMS: Final = 1000
_KNOWN: Final = {
    "blueprint": {"code", "title", "shuffle_options", "parts", "rules"},
    "part": {"code", "title", "cells", "levels", "expected"},
    "cell": {"area", "areas", "count", "points", "difficulty"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBlueprint:
    """A blueprint, or the reasons why there is none."""

    blueprint: Blueprint | None
    problems: tuple[Problem, ...]


@dataclass(slots=True)
class _Reading:
    problems: list[Problem] = field(default_factory=list)

    def note(self, where: str, code: str, hint: str) -> None:
        self.problems.append(Problem(where=where, code=code, hint=hint))

    def known(self, written: Mapping[str, Any], kind: str, where: str) -> None:
        for name in written.keys() - _KNOWN[kind]:
            self.note(where, "unknown-field", f"{name!r} is not a field of a {kind}")


def read_blueprint(written: Mapping[str, Any]) -> ReadBlueprint:
    """Return the blueprint that `written` describes, or every problem in it."""
    reading = _Reading()
    reading.known(written, "blueprint", "blueprint")
    blueprint = Blueprint(
        code=_code(reading, written, "blueprint"),
        title=_title(reading, written, "blueprint"),
        parts=tuple(
            _part(reading, part, f"part {number}") for number, part in _tables(reading, written, "parts", "blueprint")
        ),
        shuffle_options=_flag(reading, written, "shuffle_options"),
        rules=read_rules(reading.note, written.get("rules")),
    )
    _check_whole(reading, blueprint)
    problems = tuple(reading.problems)
    return ReadBlueprint(blueprint=None if problems else blueprint, problems=problems)


def _check_whole(reading: _Reading, blueprint: Blueprint) -> None:
    codes = [part.code for part in blueprint.parts]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        reading.note("blueprint", "duplicate-part", f"two parts have the code {code!r}")
    if blueprint.item_count() > MOST_ITEMS:
        reading.note("blueprint", "too-many-items", f"{blueprint.item_count()} items; {MOST_ITEMS} is the most")


def _part(reading: _Reading, written: Mapping[str, Any], where: str) -> Part:
    reading.known(written, "part", where)
    return Part(
        code=_code(reading, written, where),
        title=_title(reading, written, where),
        cells=tuple(
            _cell(reading, cell, f"{where}, cell {number}")
            for number, cell in _tables(reading, written, "cells", where)
        ),
        levels=read_levels(reading.note, written.get("levels"), where),
        expected=read_expected(reading.note, written.get("expected"), where),
    )


def _cell(reading: _Reading, written: Mapping[str, Any], where: str) -> Cell:
    reading.known(written, "cell", where)
    return Cell(
        areas=_areas(reading, written, where),
        count=_count(reading, written, where),
        points=_points(reading, written, where),
        difficulty=_band(reading, written, where),
    )


def _tables(
    reading: _Reading, written: Mapping[str, Any], name: str, where: str
) -> tuple[tuple[int, Mapping[str, Any]], ...]:
    tables = written.get(name)
    if not isinstance(tables, (list, tuple)) or not tables or not all(isinstance(one, Mapping) for one in tables):
        reading.note(where, f"no-{name}", f"{name} must be a list with at least one entry")
        return ()
    return tuple(enumerate(tables, start=1))


def _code(reading: _Reading, written: Mapping[str, Any], where: str) -> str:
    code = written.get("code")
    if isinstance(code, str) and CODE.fullmatch(code):
        return code
    reading.note(f"{where}, code", "bad-code", "letters, digits, dot, hyphen and underscore, 64 at most")
    return ""


def _title(reading: _Reading, written: Mapping[str, Any], where: str) -> Title:
    title = written.get("title", written.get("code", ""))
    if isinstance(title, str) and title.strip():
        return Title(ko=title.strip(), en=title.strip())
    if isinstance(title, Mapping) and title.keys() <= {"ko", "en"}:
        texts = [str(title.get(language, "")).strip() for language in ("ko", "en")]
        if any(texts):
            return Title(ko=texts[0] or texts[1], en=texts[1] or texts[0])
    reading.note(f"{where}, title", "bad-title", 'a title is text, or { ko = "…", en = "…" }')
    return Title(ko="", en="")


def _flag(reading: _Reading, written: Mapping[str, Any], name: str) -> bool:
    value = written.get(name, True)
    if isinstance(value, bool):
        return value
    reading.note(f"blueprint, {name}", "bad-flag", "true or false")
    return True


def _areas(reading: _Reading, written: Mapping[str, Any], where: str) -> tuple[str, ...]:
    both = "area" in written and "areas" in written
    areas = [written["area"]] if "area" in written else written.get("areas")
    fits = isinstance(areas, (list, tuple)) and areas and all(isinstance(area, str) and area.strip() for area in areas)
    if both or not fits or areas is None:
        reading.note(f"{where}, areas", "bad-areas", 'area = "…" or areas = ["…", "…"], one of the two')
        return ()
    stripped = tuple(area.strip() for area in areas)
    if len(set(stripped)) != len(stripped):
        reading.note(f"{where}, areas", "duplicate-area", "an area is named twice; raise the count instead")
    return stripped


def _count(reading: _Reading, written: Mapping[str, Any], where: str) -> int:
    count = written.get("count")
    if isinstance(count, int) and not isinstance(count, bool) and 1 <= count <= MOST_ITEMS:
        return count
    reading.note(f"{where}, count", "bad-count", f"a whole number from 1 to {MOST_ITEMS}")
    return 0


def _points(reading: _Reading, written: Mapping[str, Any], where: str) -> Score:
    points = written.get("points", "1")
    if isinstance(points, (str, int, Decimal)) and not isinstance(points, bool):
        try:
            if (value := score(points)) > 0:
                return value
        except NotAScore:
            pass
    reading.note(f"{where}, points", "bad-points", 'a number above 0 with at most three decimals, written as "2.5"')
    return score(0)


def _band(reading: _Reading, written: Mapping[str, Any], where: str) -> DifficultyBand | None:
    band = written.get("difficulty")
    if band is None:
        return None
    try:
        low, high = (Decimal(str(limit)) for limit in band)
        if low.is_finite() and high.is_finite() and low <= high:
            return DifficultyBand(low_logit=low, high_logit=high)
    except (TypeError, ValueError, InvalidOperation):
        pass
    reading.note(f"{where}, difficulty", "bad-difficulty", 'two numbers in logits, lowest first: ["-1.0", "0.5"]')
    return None
