"""The fairness report as tables: plain objects for programs, and CSV for a spreadsheet."""

import csv
import io
from collections.abc import Iterator
from typing import Any, Final

from cbt.kernel.errors import Problem
from itembank.core.fairness import BrokenRule, Fairness, Spread
from itembank.formats.spreadsheet_text import neutralised

_PLACES: Final = 4
_MOST_BROKEN: Final = 1000

Row = tuple[object, ...]


def fairness_facts(figures: Fairness) -> dict[str, Any]:
    """Return the figures as JSON knows them; what is unknown is null."""
    exposure, overlap = figures.exposure, figures.overlap
    return {
        "forms": len(figures.forms),
        "items": figures.items,
        "points": figures.points,
        "expected_score": _spread(figures.expected),
        "parts": [
            {"code": part.code, "points": part.points, "expected_score": _spread(part.expected)}
            for part in figures.parts
        ],
        "information": {"cut_ability": _short(figures.cut_ability), "at_cut": _spread(figures.information)},
        "exposure": {
            "usable": exposure.usable,
            "used": exposure.used,
            "unused": exposure.unused,
            "max": exposure.greatest,
            "mean": _short(exposure.mean),
            "max_over_mean": _short(exposure.ratio),
        },
        "overlap": {"mean": _short(overlap.mean), "max": _short(overlap.greatest), "forms_compared": overlap.paired},
        "items_of_unknown_difficulty": figures.unknown,
        "broken_rules": len(figures.broken),
        "broken": [_broken(one) for one in figures.broken[:_MOST_BROKEN]],
    }


def fairness_csv(figures: Fairness) -> str:
    """Return the figures as CSV in three tables, an empty line between them: summary, forms, items by exposure."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for number, table in enumerate((_summary(figures), _forms(figures), _items(figures), _rules(figures))):
        if number:
            writer.writerow(())
        writer.writerows([neutralised(str("" if value is None else value)) for value in row] for row in table)
    return out.getvalue()


def _summary(figures: Fairness) -> Iterator[Row]:
    exposure, overlap = figures.exposure, figures.overlap
    yield ("figure", "mean", "sd", "min", "max")
    yield ("expected score", *_cells(figures.expected))
    for part in figures.parts:
        yield (f"expected score, part {part.code}", *_cells(part.expected))
    yield ("information at the cut", *_cells(figures.information))
    yield ("exposure", _short(exposure.mean), None, None, exposure.greatest)
    yield ("overlap", _short(overlap.mean), None, None, _short(overlap.greatest))
    yield ("items usable", exposure.usable)
    yield ("items unused", exposure.unused)
    yield ("broken rules", len(figures.broken))


def _forms(figures: Fairness) -> Iterator[Row]:
    yield ("form", "expected score", "information at the cut", "broken rules", "digest")
    for one in figures.forms:
        yield (one.number, _short(one.expected), _short(one.information), one.broken, one.digest)


def _items(figures: Fairness) -> Iterator[Row]:
    yield ("item", "forms", "share")
    for use in figures.uses:
        yield (use.code, use.forms, _short(use.forms / len(figures.forms)))


def _rules(figures: Fairness) -> Iterator[Row]:
    if figures.broken:
        yield ("form", "where", "code", "rule")
    for one in figures.broken:
        yield (one.form, one.problem.where, one.problem.code, one.problem.hint)


def _cells(spread: Spread | None) -> Row:
    if spread is None:
        return (None,) * 4
    return tuple(_short(value) for value in (spread.mean, spread.deviation, spread.lowest, spread.highest))


def _spread(spread: Spread | None) -> dict[str, float | None] | None:
    if spread is None:
        return None
    names = ("mean", "sd", "min", "max", "range")
    values = (spread.mean, spread.deviation, spread.lowest, spread.highest, spread.highest - spread.lowest)
    return {name: _short(value) for name, value in zip(names, values, strict=True)}


def _broken(one: BrokenRule) -> dict[str, Any]:
    problem: Problem = one.problem
    return {"form": one.form, "where": problem.where, "code": problem.code, "hint": problem.hint}


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, _PLACES)
