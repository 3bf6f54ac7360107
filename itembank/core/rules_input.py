"""The rules of a blueprint as a person wrote them (TOML, the form on screen), naming everything that is wrong."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from cbt.kernel.score import NotAScore, Score, score
from itembank.core.rules import SWITCHES, ExpectedScore, ExposureCap, LevelRange, Rules

RULES_FIELDS: Final = {*SWITCHES, "cap"}
_MOST: Final = 1000
# No comma, because the editor parts levels by it.
_LEVEL: Final = re.compile(r"[^,\x00-\x1f]{1,64}")
_FINEST: Final = -9
_MOST_DIGITS: Final = 12

Note = Callable[[str, str, str], None]
"""Takes where, code and hint of a problem."""


def read_rules(note: Note, written: Any) -> Rules:
    """Return the rules of a blueprint; `written` is a table, or None for the defaults."""
    if written is None:
        return Rules()
    if not isinstance(written, Mapping):
        note("blueprint, rules", "bad-rules", "a table: enemies = true, cap = { multiple = 3 }")
        return Rules()
    for name in sorted(written.keys() - RULES_FIELDS):
        note("blueprint, rules", "unknown-field", f"{name!r} is not a rule")
    for name in SWITCHES:
        if not isinstance(written.get(name, True), bool):
            note(f"blueprint, {name}", "bad-flag", "true or false")
    switches = {name: written.get(name, True) is True for name in SWITCHES}
    return Rules(
        enemies=switches["enemies"],
        stimuli=switches["stimuli"],
        levels=switches["levels"],
        expected=switches["expected"],
        exposure=switches["exposure"],
        cap=_cap(note, written.get("cap")),
    )


def read_levels(note: Note, written: Any, where: str) -> tuple[LevelRange, ...]:
    """Return the level ranges of a part: { recall = [2, 5] }, none when `written` is None."""
    if written is None:
        return ()
    found = []
    if isinstance(written, Mapping):
        for level, bounds in written.items():
            if not _is_range(bounds) or not _LEVEL.fullmatch(level.strip()):
                break
            found.append(LevelRange(level=level.strip(), least=bounds[0], most=bounds[1]))
        else:
            if len({one.level for one in found}) == len(found):
                return tuple(found)
    note(f"{where}, levels", "bad-levels", "least and most of each level, as whole numbers: { recall = [2, 5] }")
    return ()


def read_expected(note: Note, written: Any, where: str) -> ExpectedScore | None:
    """Return the expected score of a part: { target = "12.5", tolerance = "1" }, None when `written` is None."""
    if written is None:
        return None
    if isinstance(written, Mapping) and written.keys() == {"target", "tolerance"}:
        target, tolerance = (_points(written[name]) for name in ("target", "tolerance"))
        if target is not None and tolerance is not None:
            return ExpectedScore(target=target, tolerance=tolerance)
    hint = 'points from 0 with at most three decimals: { target = "12.5", tolerance = "1" }'
    note(f"{where}, expected", "bad-expected", hint)
    return None


def _cap(note: Note, written: Any) -> ExposureCap | None:
    if written is None:
        return None
    if isinstance(written, Mapping) and len(written) == 1:
        ((name, value),) = written.items()
        number = _number(value)
        if number is not None and name == "share" and 0 < number <= 1:
            return ExposureCap(share=number)
        if number is not None and name == "multiple" and 1 <= number <= _MOST:
            return ExposureCap(multiple=number)
    hint = 'one of { multiple = "3" } (of the mean, 1 or more) and { share = "0.1" } (of all forms, above 0, at most 1)'
    note("blueprint, cap", "bad-cap", hint)
    return None


def _is_range(bounds: Any) -> bool:
    if not isinstance(bounds, (list, tuple)) or len(bounds) != 2:  # noqa: PLR2004 - least and most
        return False
    if not all(isinstance(one, int) and not isinstance(one, bool) for one in bounds):
        return False
    return bool(0 <= bounds[0] <= bounds[1] <= _MOST)


def _points(value: Any) -> Score | None:
    if not isinstance(value, (str, int, Decimal)) or isinstance(value, bool):
        return None
    try:
        points = score(value)
    except NotAScore:
        return None
    return points if points >= 0 else None


def _number(value: Any) -> Decimal | None:
    if not isinstance(value, (str, int, Decimal)) or isinstance(value, bool):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    # A document writes it without an exponent.
    fine = number.is_finite() and number.adjusted() >= _FINEST and len(number.as_tuple().digits) <= _MOST_DIGITS
    return number if fine else None
