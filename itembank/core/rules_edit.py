"""The rules of a blueprint while somebody edits them on screen: text as typed, and back to what a file would say."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from itembank.core.blueprint import Part
from itembank.core.rules import SWITCHES, Rules

_RANGE: Final = re.compile(r"(?P<level>\S.*?)\s+(?P<least>\d{1,6})\s*[-–~]\s*(?P<most>\d{1,6})")
_CAPS: Final = ("multiple", "share")


@dataclass(frozen=True, slots=True, kw_only=True)
class EditedRules:
    """The switches, and the cap as typed; `cap_kind` says of what it is: multiple of the mean, or share of forms."""

    enemies: bool = True
    stimuli: bool = True
    levels: bool = True
    expected: bool = True
    exposure: bool = True
    cap: str = ""
    cap_kind: str = "multiple"


@dataclass(frozen=True, slots=True, kw_only=True)
class EditedPartRules:
    """Levels as `recall 2-5, apply 3-8`, and the expected score, as typed."""

    levels: str = ""
    target: str = ""
    tolerance: str = ""


def edited_rules(rules: Rules) -> EditedRules:
    """Return `rules` as text."""
    switches = {name: getattr(rules, name) for name in SWITCHES}
    if rules.cap is None:
        return EditedRules(**switches)
    kind = "share" if rules.cap.multiple is None else "multiple"
    return EditedRules(**switches, cap=f"{getattr(rules.cap, kind).normalize():f}", cap_kind=kind)


def edited_part_rules(part: Part) -> EditedPartRules:
    """Return the rules of `part` as text."""
    levels = ", ".join(f"{one.level} {one.least}-{one.most}" for one in part.levels)
    if part.expected is None:
        return EditedPartRules(levels=levels)
    target, tolerance = (f"{value.normalize():f}" for value in (part.expected.target, part.expected.tolerance))
    return EditedPartRules(levels=levels, target=target, tolerance=tolerance)


def rules_of_fields(raw: Mapping[str, str]) -> EditedRules:
    """Return what the switches of the editor say; the defaults when the page that was sent has none."""
    if "rules" not in raw:
        return EditedRules()
    return EditedRules(
        enemies=raw.get("rule-enemies") == "on",
        stimuli=raw.get("rule-stimuli") == "on",
        levels=raw.get("rule-levels") == "on",
        expected=raw.get("rule-expected") == "on",
        exposure=raw.get("rule-exposure") == "on",
        cap=raw.get("cap", "").strip()[:20],
        cap_kind=raw.get("cap_kind", "") if raw.get("cap_kind") in _CAPS else _CAPS[0],
    )


def written_rules(typed: EditedRules) -> dict[str, Any]:
    """Return the rules as a file would hold them."""
    switches = {name: getattr(typed, name) for name in SWITCHES}
    return switches | ({"cap": {typed.cap_kind: typed.cap}} if typed.cap else {})


def written_part_rules(typed: EditedPartRules) -> dict[str, Any]:
    """Return the rules of a part as a file would hold them; what cannot be read stays text, which is refused."""
    written: dict[str, Any] = {}
    if typed.levels:
        found = [_RANGE.fullmatch(one.strip()) for one in typed.levels.split(",")]
        ranges = {one["level"]: [int(one["least"]), int(one["most"])] for one in found if one is not None}
        written["levels"] = ranges if len(ranges) == len(found) else typed.levels
    if typed.target or typed.tolerance:
        written["expected"] = {"target": typed.target or "?", "tolerance": typed.tolerance or "?"}
    return written
