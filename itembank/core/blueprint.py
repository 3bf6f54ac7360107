"""The blueprint: what a form must hold. Parts (subjects) hold cells; a cell asks for items of each of its areas.

Rules narrow what may stand together: cognitive levels and expected score of a part, enemies, stimuli, exposure.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from cbt.kernel.canonical import digest, encode
from cbt.kernel.errors import InvalidInput
from cbt.kernel.score import Score, score
from cbt.kernel.titles import Title
from itembank.core.rules import (
    ExpectedScore,
    LevelRange,
    Rules,
    expected_document,
    expected_from,
    levels_document,
    levels_from,
    rules_document,
    rules_from,
)

BLUEPRINT_FORMAT: Final = "blueprint/1"


class NotABlueprintDocument(InvalidInput):
    """The document is not a blueprint that this version wrote."""

    code = "not-a-blueprint-document"


@dataclass(frozen=True, slots=True, kw_only=True)
class DifficultyBand:
    """Difficulties from `low_logit` to `high_logit`, both included; an item without a difficulty is in no band.

    Decimals, because the band is part of a digest and floats have no canonical form.
    """

    low_logit: Decimal
    high_logit: Decimal

    def holds(self, difficulty_logit: float | None) -> bool:
        """Return whether the difficulty lies in the band."""
        return difficulty_logit is not None and float(self.low_logit) <= difficulty_logit <= float(self.high_logit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """`count` items from each of `areas` (an area includes the areas below it), each worth `points`."""

    areas: tuple[str, ...]
    count: int
    points: Score
    difficulty: DifficultyBand | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One subject of the exam; `levels` and `expected` count while the blueprint's rules say so."""

    code: str
    title: Title
    cells: tuple[Cell, ...]
    levels: tuple[LevelRange, ...] = ()
    expected: ExpectedScore | None = None

    def item_count(self) -> int:
        """Return how many slots the part has."""
        return sum(cell.count * len(cell.areas) for cell in self.cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class Blueprint:
    """What every form drawn from it holds; `shuffle_options` lets the draw reorder options that are not pinned."""

    code: str
    title: Title
    parts: tuple[Part, ...]
    shuffle_options: bool = True
    rules: Rules = field(default_factory=Rules)

    def level_ranges(self, part: int) -> tuple[LevelRange, ...]:
        """Return the level ranges in force for a part (counted from 0)."""
        return self.parts[part].levels if self.rules.levels else ()

    def expected_score(self, part: int) -> ExpectedScore | None:
        """Return the expected score in force for a part (counted from 0), or None."""
        return self.parts[part].expected if self.rules.expected else None

    def item_count(self) -> int:
        """Return how many slots a form has."""
        return sum(part.item_count() for part in self.parts)

    def most_points(self) -> Decimal:
        """Return the sum of all points."""
        cells = (cell for part in self.parts for cell in part.cells)
        return sum((cell.points * cell.count * len(cell.areas) for cell in cells), start=Decimal(0))

    def digest(self) -> bytes:
        """Return the SHA-256 of the canonical document."""
        return digest(encode(blueprint_document(self)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What one area of one cell asks for; part and cell are counted from 0.

    `known_only`: the part has an expected score, so nobody may be in doubt how hard its items are.
    """

    part: int
    cell: int
    area: str
    count: int
    points: Score
    difficulty: DifficultyBand | None
    known_only: bool = False


def demands(blueprint: Blueprint) -> Iterator[Demand]:
    """Yield one demand for each area of each cell, in the blueprint's order."""
    for part_index, part in enumerate(blueprint.parts):
        for cell_index, cell in enumerate(part.cells):
            for area in cell.areas:
                yield Demand(
                    part=part_index,
                    cell=cell_index,
                    area=area,
                    count=cell.count,
                    points=cell.points,
                    difficulty=cell.difficulty,
                    known_only=blueprint.expected_score(part_index) is not None,
                )


def blueprint_document(blueprint: Blueprint) -> dict[str, Any]:
    """Return the canonical document of `blueprint`."""
    rules = rules_document(blueprint.rules)
    return {
        "format": BLUEPRINT_FORMAT,
        "code": blueprint.code,
        "title": blueprint.title.to_document(),
        "shuffle_options": blueprint.shuffle_options,
        "parts": [_part_document(part) for part in blueprint.parts],
    } | ({"rules": rules} if rules else {})


def blueprint_from(document: Mapping[str, Any]) -> Blueprint:
    """Return the blueprint that `blueprint_document` wrote; raises NotABlueprintDocument."""
    try:
        if document["format"] != BLUEPRINT_FORMAT:
            raise NotABlueprintDocument(f"format {document['format']!r}")
        return Blueprint(
            code=document["code"],
            title=Title.from_document(document["title"]),
            shuffle_options=document["shuffle_options"],
            parts=tuple(_part_from(part) for part in document["parts"]),
            rules=rules_from(document.get("rules", {})),
        )
    except (AttributeError, KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise NotABlueprintDocument(str(error)) from error


def _part_document(part: Part) -> dict[str, Any]:
    return (
        {
            "code": part.code,
            "title": part.title.to_document(),
            "cells": [_cell_document(cell) for cell in part.cells],
        }
        | ({"levels": levels_document(part.levels)} if part.levels else {})
        | ({} if part.expected is None else {"expected": expected_document(part.expected)})
    )


def _part_from(document: Mapping[str, Any]) -> Part:
    expected = document.get("expected")
    return Part(
        code=document["code"],
        title=Title.from_document(document["title"]),
        cells=tuple(_cell_from(cell) for cell in document["cells"]),
        levels=levels_from(document.get("levels", [])),
        expected=None if expected is None else expected_from(expected),
    )


def _cell_document(cell: Cell) -> dict[str, Any]:
    band = cell.difficulty
    return {
        "areas": list(cell.areas),
        "count": cell.count,
        "points": cell.points,
        "difficulty": None if band is None else [str(band.low_logit), str(band.high_logit)],
    }


def _cell_from(document: Mapping[str, Any]) -> Cell:
    band = document["difficulty"]
    return Cell(
        areas=tuple(document["areas"]),
        count=document["count"],
        points=score(document["points"]),
        difficulty=None if band is None else DifficultyBand(low_logit=Decimal(band[0]), high_logit=Decimal(band[1])),
    )
