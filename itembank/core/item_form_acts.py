"""How a new item begins, and what the buttons of the item editor do to its fields."""

import string
from typing import Any, Final

from itembank.core import interactions as qti
from itembank.core.documents import INTERACTIONS
from itembank.core.item_form_key import NO_SOURCE, PROGRAM, RULES
from itembank.core.item_form_tree import Tree, find_rows, rows_of, text_of, with_moved_row, with_row, without_row
from itembank.core.qti.scoring import ScoredBy
from itembank.core.variables import SINGLE_RESPONSE

MOST_ROWS: Final = 100
MOST_INTERACTIONS: Final = 20
_FIRST: Final[dict[str, Any]] = {"max_choices": "1", "min_choices": "0", "shuffle": "on"}
_OPTIONS: Final = 4
_BY_PERSON: Final = (qti.ExtendedTextInteraction, qti.UploadInteraction, qti.DrawingInteraction)
_MATCH: Final = (
    '<qti-response-processing template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct.xml"/>'
)
_POINTS: Final = (
    '<qti-response-processing template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/map_response_point.xml"/>'
)
_OUTCOME: Final = '  <qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>'
_ITEM: Final = '<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="item">'


def started(kind: str) -> Tree:
    """Return the fields of a new item with one interaction of a kind."""
    first = _interaction(kind, SINGLE_RESPONSE)
    return {"language": "ko", "i": [first], **_scoring(kind)}


def _scoring(kind: str) -> Tree:
    made = INTERACTIONS[kind]
    if made in _BY_PERSON:
        return {"scoring": str(ScoredBy.HUMAN), "program": NO_SOURCE, "max_score": "1"}
    if made is qti.SliderInteraction:
        return {"scoring": PROGRAM, "program": _slider_program(), "max_score": "1"}
    if made in {qti.SelectPointInteraction, qti.PositionObjectInteraction}:
        return {"scoring": PROGRAM, "program": _point_program(), "max_score": "1"}
    return {"scoring": str(ScoredBy.NOBODY) if made is qti.EndAttemptInteraction else RULES}


def _slider_program() -> str:
    declared = '  <qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="float">'
    right = "    <qti-correct-response><qti-value>50</qti-value></qti-correct-response>"
    return "\n".join((_ITEM, declared, right, _END, _OUTCOME, f"  {_MATCH}", "</qti-assessment-item>"))


def _point_program() -> str:
    declared = '  <qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="point">'
    entry = '<qti-area-map-entry shape="circle" coords="100,100,20" mapped-value="1"/>'
    right = f'    <qti-area-mapping default-value="0">{entry}</qti-area-mapping>'
    return "\n".join((_ITEM, declared, right, _END, _OUTCOME, f"  {_POINTS}", "</qti-assessment-item>"))


_END: Final = "  </qti-response-declaration>"


def _interaction(kind: str, response: str) -> Tree:
    fields: Tree = {"kind": kind, "response": response, **_FIRST, **_STARTS.get(kind, {})}
    made = INTERACTIONS[kind]
    names = set(made.__dataclass_fields__)  # type: ignore[attr-defined]
    for name in sorted({"choices", "sources", "targets"} & names):
        if kind != "graphic-gap-match":
            count = _OPTIONS if name == "choices" else _OPTIONS - 1
            fields[name] = [_row(name, letter) for letter in _letters(name)[:count]]
    if "hotspots" in names:
        fields["hotspots"] = [_row("hotspots", name) for name in _letters("hotspots")[: _OPTIONS - 1]]
    if "max_associations" in names:
        fields["max_associations"] = "0"
    return fields


_STARTS: Final[dict[str, Tree]] = {
    "order": {"max_choices": "0"},
    "graphic-order": {"max_choices": "0"},
    "slider": {"lower": "0", "upper": "100", "step": "1"},
    "text-entry": {"expected_length": "20", "typed": {"how": "text"}},
    "extended-text": {"expected_lines": "8"},
    "end-attempt": {"count_attempt": "on"},
}


def _letters(name: str) -> list[str]:
    if name == "targets":
        return [f"T{number}" for number in range(1, MOST_ROWS + 1)]
    if name == "hotspots":
        return [f"S{number}" for number in range(1, MOST_ROWS + 1)]
    if name == "images":
        return [f"P{number}" for number in range(1, MOST_ROWS + 1)]
    return [*string.ascii_uppercase, *(f"A{number}" for number in range(1, MOST_ROWS))]


def _row(name: str, identifier: str) -> Tree:
    row: Tree = {"identifier": identifier, "match_max": "0" if name == "targets" else "1", "match_min": "0"}
    return row | ({"area": {"shape": "rect"}} if name == "hotspots" else {})


def acted(tree: Tree, act: str) -> tuple[Tree, str]:
    """Return the fields after a button, and the id of the field to go on at (or nothing)."""
    name, _, rest = act.partition(" ")
    path, _, number = rest.partition(" ")
    place = int(number) if number.isdecimal() and number.isascii() and len(number) <= len(str(MOST_ROWS)) else 0
    match name:
        case "add" if path:
            return _added(tree, path)
        case "remove" if path:
            return without_row(tree, path, place), f"{path}-add"
        case "up" | "down" if path:
            to = max(place + (1 if name == "down" else -1), 0)
            return with_moved_row(tree, path, place, by=to - place), f"{path}-{to}"
        case "interaction" if path in INTERACTIONS:
            return _with_interaction(tree, path)
        case "drop" if path:
            return _without_interaction(tree, path)
        case _:
            return tree, ""


def _added(tree: Tree, path: str) -> tuple[Tree, str]:
    rows = find_rows(tree, path)
    if len(rows) >= MOST_ROWS:
        return tree, f"{path}-add"
    name = path.rpartition("-")[2]
    row: Tree = {"kind": "modal", "outcome": "SCORE"} if name == "feedback" else {}
    if name in {"choices", "sources", "targets", "hotspots", "images"}:
        row = _row(name, _free(tree, path, name))
    return with_row(tree, path, row), f"{path}-{len(rows)}"


def _free(tree: Tree, path: str, name: str) -> str:
    start = path.removesuffix(name)
    taken = {
        text_of(row, "identifier")
        for other in ("choices", "sources", "targets", "hotspots", "images")
        for row in find_rows(tree, start + other)
    }
    return next(letter for letter in _letters(name) if letter not in taken)


def _with_interaction(tree: Tree, kind: str) -> tuple[Tree, str]:
    rows = rows_of(tree, "i")
    if len(rows) >= MOST_INTERACTIONS:
        return tree, "kinds"
    taken = {text_of(row, "response") for row in rows}
    names = [SINGLE_RESPONSE, *(f"{SINGLE_RESPONSE}_{number}" for number in range(2, MOST_INTERACTIONS + 2))]
    response = next(name for name in names if name not in taken)
    return {**tree, "i": [*rows, _interaction(kind, response)]}, f"i-{len(rows)}"


def _without_interaction(tree: Tree, number: str) -> tuple[Tree, str]:
    rows = rows_of(tree, "i")
    place = int(number) if number.isdecimal() and number.isascii() else len(rows)
    if place >= len(rows):
        return tree, ""
    body, response = text_of(tree, "body"), text_of(rows[place], "response")
    for tag in ("span", "div"):
        body = body.replace(f'<{tag} data-interaction="{response}"></{tag}>', "")
    return {**tree, "body": body, "i": [row for one, row in enumerate(rows) if one != place]}, "kinds"
