"""The rules that a blueprint adds to its cells: cognitive levels, expected score, enemies, stimuli, exposure.

A rule keeps its figures while it is switched off. What is left out of a document has its default, so that a blueprint
written before there were rules keeps its digest.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any, Final

from cbt.kernel.score import Score, score

SWITCHES: Final = ("enemies", "stimuli", "levels", "expected", "exposure")


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelRange:
    """From `least` to `most` items of one cognitive level, both included; items without a level are of none."""

    level: str
    least: int
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedScore:
    """Points that a person of the reference ability should get in a part, give or take `tolerance`."""

    target: Score
    tolerance: Score


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposureCap:
    """The share of forms that one item may stand on: `share` itself, or `multiple` of what all items have on average.

    Exactly one of the two is set.
    """

    share: Decimal | None = None
    multiple: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Which rules are in force, and the cap on exposure.

    `enemies`: two items with a common enemy label never stand on one form. `stimuli`: items of one stimulus are drawn
    together and stand together. `levels` and `expected` are figures of the parts.
    """

    enemies: bool = True
    stimuli: bool = True
    levels: bool = True
    expected: bool = True
    exposure: bool = True
    cap: ExposureCap | None = None


def rules_document(rules: Rules) -> dict[str, Any]:
    """Return what differs from the defaults; nothing at all for default rules."""
    switches = {name: getattr(rules, name) for name in SWITCHES if not getattr(rules, name)}
    return switches if rules.cap is None else switches | {"cap": _cap_document(rules.cap)}


def rules_from(document: Mapping[str, Any]) -> Rules:
    """Return the rules that `rules_document` wrote."""
    cap = document.get("cap")
    return Rules(
        **{name: bool(document.get(name, True)) for name in SWITCHES},
        cap=None if cap is None else ExposureCap(**{name: Decimal(value) for name, value in cap.items()}),
    )


def levels_document(levels: tuple[LevelRange, ...]) -> list[list[Any]]:
    """Return each range as [level, least, most]."""
    return [[one.level, one.least, one.most] for one in levels]


def levels_from(document: list[list[Any]]) -> tuple[LevelRange, ...]:
    """Return the ranges that `levels_document` wrote."""
    return tuple(LevelRange(level=level, least=least, most=most) for level, least, most in document)


def expected_document(expected: ExpectedScore) -> list[Score]:
    """Return [target, tolerance]."""
    return [expected.target, expected.tolerance]


def expected_from(document: list[str]) -> ExpectedScore:
    """Return the target that `expected_document` wrote."""
    return ExpectedScore(target=score(document[0]), tolerance=score(document[1]))


def _cap_document(cap: ExposureCap) -> dict[str, str]:
    values = ((one.name, getattr(cap, one.name)) for one in fields(cap))
    return {name: f"{value.normalize():f}" for name, value in values if value is not None}
