"""Blueprints as TOML: read with every mistake named, and written so that the same file comes back."""

import tomllib
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Final

from cbt.kernel.errors import Problem
from cbt.kernel.titles import Title
from itembank.core.blueprint import Blueprint, Cell, Part
from itembank.core.blueprint_input import ReadBlueprint, read_blueprint
from itembank.core.rules import SWITCHES, Rules

_MOST_BYTES: Final = 1024 * 1024
_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def parse_blueprint_toml(payload: bytes) -> ReadBlueprint:
    """Return the blueprint that a TOML file describes, or every problem in it."""
    if len(payload) > _MOST_BYTES:
        return _refused("file-too-large", f"{len(payload):,} bytes; {_MOST_BYTES:,} is the most")
    try:
        # A number keeps its digits: points are exact.
        written = tomllib.loads(payload.decode("utf-8-sig"), parse_float=Decimal)
    except UnicodeDecodeError as error:
        return _refused("encoding", f"byte {error.start} is not UTF-8")
    except (tomllib.TOMLDecodeError, InvalidOperation, ValueError) as error:
        return _refused("malformed-toml", str(error))
    except RecursionError:
        return _refused("malformed-toml", "the values are nested too deeply")
    return read_blueprint(written)


def write_blueprint_toml(blueprint: Blueprint) -> str:
    """Return the TOML text that `parse_blueprint_toml` reads back as the same blueprint."""
    return "\n".join(_lines(blueprint)) + "\n"


def _refused(code: str, hint: str) -> ReadBlueprint:
    return ReadBlueprint(blueprint=None, problems=(Problem(where="file", code=code, hint=hint),))


def _lines(blueprint: Blueprint) -> Iterator[str]:
    yield f"code = {_text(blueprint.code)}"
    yield f"title = {_title(blueprint.title)}"
    yield f"shuffle_options = {str(blueprint.shuffle_options).lower()}"
    yield from _rules(blueprint.rules)
    for part in blueprint.parts:
        yield from ("", "[[parts]]", f"code = {_text(part.code)}", f"title = {_title(part.title)}")
        yield from _part_rules(part)
        for cell in part.cells:
            yield from ("", "[[parts.cells]]", *_cell(cell))


def _rules(rules: Rules) -> Iterator[str]:
    if rules == Rules():
        return
    yield from ("", "[rules]")
    for name in SWITCHES:
        if not getattr(rules, name):
            yield f"{name} = false"
    if rules.cap is not None:
        cap = (("share", rules.cap.share), ("multiple", rules.cap.multiple))
        yield from (f'cap = {{ {name} = "{value.normalize():f}" }}' for name, value in cap if value is not None)


def _part_rules(part: Part) -> Iterator[str]:
    if part.levels:
        ranges = ", ".join(f"{_text(one.level)} = [{one.least}, {one.most}]" for one in part.levels)
        yield f"levels = {{ {ranges} }}"
    if part.expected is not None:
        target, tolerance = (f"{value.normalize():f}" for value in (part.expected.target, part.expected.tolerance))
        yield f'expected = {{ target = "{target}", tolerance = "{tolerance}" }}'


def _cell(cell: Cell) -> Iterator[str]:
    areas = ", ".join(_text(area) for area in cell.areas)
    yield f"area = {areas}" if len(cell.areas) == 1 else f"areas = [{areas}]"
    yield f"count = {cell.count}"
    yield f'points = "{cell.points.normalize():f}"'
    if cell.difficulty is not None:
        yield f'difficulty = ["{cell.difficulty.low_logit}", "{cell.difficulty.high_logit}"]'


def _title(title: Title) -> str:
    return f"{{ ko = {_text(title.ko)}, en = {_text(title.en)} }}"


def _text(value: str) -> str:
    spelled = "".join(
        _ESCAPES.get(sign) or (f"\\u{ord(sign):04X}" if ord(sign) < 0x20 or ord(sign) == 0x7F else sign)  # noqa: PLR2004
        for sign in value
    )
    return f'"{spelled}"'
