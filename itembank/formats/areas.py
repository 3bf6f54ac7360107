"""Content areas as a file describes them: a list of {code, parent or children, title}, in JSON or CSV."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from cbt.kernel.errors import Problem
from cbt.kernel.titles import Title
from itembank.formats.encoding import read_text
from itembank.formats.parsed import Findings, ParsedArea

_CODE: Final = re.compile(r"[^\W_][\w.:-]{0,63}")
_MOST: Final = 5000
_DEEPEST: Final = 12
_LONGEST_TITLE: Final = 200


def read_areas(written: Any, findings: Findings) -> tuple[ParsedArea, ...]:
    """Return the areas of a JSON list; codes must be unique and the tree must have no circle."""
    if not isinstance(written, Sequence) or isinstance(written, str):
        findings.refuse("areas", "bad-areas", "a list of areas")
        return ()
    flat = tuple(islice(_flat(written, "", 0), _MOST + 1))
    if len(flat) > _MOST:
        findings.refuse("areas", "bad-areas", f"{_MOST:,} areas are the most")
        return ()
    areas = [_area(number, one, findings) for number, one in enumerate(flat, start=1)]
    found = tuple(area for area in areas if area is not None)
    _check_tree(found, findings)
    return found


def parse_areas_csv(payload: bytes) -> tuple[tuple[ParsedArea, ...], tuple[Problem, ...]]:
    """Return the areas of a CSV with the columns code, parent, title_ko and title_en, and what is wrong with it."""
    findings = Findings()
    text = read_text(payload, findings)
    if text is None:
        return (), tuple(findings.problems)
    try:
        rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        findings.refuse("areas", "malformed-csv", str(error))
        return (), tuple(findings.problems)
    written = [
        {
            "code": row.get("code") or "",
            "parent": row.get("parent") or "",
            "title": {"ko": row.get("title_ko") or "", "en": row.get("title_en") or ""},
        }
        for row in rows
    ]
    areas = read_areas(written, findings)
    return areas, tuple(findings.problems)


def _flat(written: Sequence[Any], parent: str, depth: int) -> Iterator[Any]:
    for one in written:
        if not isinstance(one, Mapping):
            yield one
            continue
        children = one.get("children", ())
        yield {"parent": parent, **one}
        if isinstance(children, Sequence) and not isinstance(children, str) and depth < _DEEPEST:
            yield from _flat(children, _text(one.get("code")), depth + 1)


def _area(number: int, written: Any, findings: Findings) -> ParsedArea | None:
    where = f"area {number}"
    if not isinstance(written, Mapping):
        findings.refuse(where, "bad-area", "an area is an object with code, parent and title")
        return None
    code, parent = (_text(written.get(name)) for name in ("code", "parent"))
    if not _CODE.fullmatch(code) or (parent and not _CODE.fullmatch(parent)):
        hint = "code and parent: letters, digits, dot, colon, hyphen and underscore, 64 at most"
        findings.refuse(where, "bad-area", hint)
        return None
    return ParsedArea(code=code, parent=parent, title=_title(written.get("title"), code))


def _title(written: Any, code: str) -> Title:
    if isinstance(written, Mapping):
        korean, english = (_text(written.get(language)) for language in ("ko", "en"))
    else:
        korean = english = _text(written)
    return Title(ko=korean or english or code, en=english or korean or code)


def _text(value: Any) -> str:
    return value.strip()[:_LONGEST_TITLE] if isinstance(value, str) else ""


def _check_tree(areas: tuple[ParsedArea, ...], findings: Findings) -> None:
    parents: dict[str, str] = {}
    for area in areas:
        if area.code in parents:
            findings.refuse(f"area {area.code}", "duplicate-area", "two areas have this code")
        parents[area.code] = area.parent
    for area in areas:
        above = area.parent
        for _ in range(_DEEPEST):
            above = parents.get(above, "")
        if above:
            findings.refuse(f"area {area.code}", "area-circle", f"deeper than {_DEEPEST} levels, or a circle of areas")
