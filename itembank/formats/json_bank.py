r"""Banks as JSON: the flat shape of the CSV columns with `answers` as a list, and the general shape with `responses`.

General shape: {"id", "area", "body": "<p>… <span data-interaction=\"R1\"></span></p>", "responses": {"R1": {"type":
"text", "accepted": […]}, "R2": {"type": "single", "answers": […], "correct": 1}}}. The file is a list of items, or an
object with `items` and, if wanted, `areas` ([{"code", "parent", "title": {"ko", "en"}}]). Items with `interactions` are
read by `json_interactions`.
"""

import json
import string
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from itembank.core.variables import SINGLE_RESPONSE
from itembank.formats.areas import read_areas
from itembank.formats.building import CODE, build_items
from itembank.formats.drafts import Draft, OptionDraft, ResponseDraft, tokens, usable
from itembank.formats.encoding import read_text
from itembank.formats.figures import Figures, NoFigures
from itembank.formats.json_interactions import build_interaction_item
from itembank.formats.parsed import MOST_ITEMS, Findings, Parsed, ParsedItem

_RESPONSE_FIELDS: Final = frozenset(
    {"type", "answers", "correct", "correct_letter", "accepted", "value", "tolerance", "case_sensitive"}
    | {"pinned", "shuffle", "max_choices", "width"}
)
_ITEM_FIELDS: Final = _RESPONSE_FIELDS | frozenset(
    {"id", "area", "question", "stem", "body", "format", "title", "language", "figure", "figure_alt", "refs"}
    | {"difficulty", "explanation", "responses"}
)
_FILE_FIELDS: Final = frozenset({"items", "areas"})
_MOST_ANSWERS: Final = len(string.ascii_uppercase)
_LONGEST_NUMBER: Final = 60


class _Refused(ValueError):
    """Says what in a JSON text no bank may hold."""


def parse_json(payload: bytes, *, figures: Figures | None = None) -> Parsed:
    """Return the items and areas of a JSON file and what is wrong with it, by item and field."""
    findings = Findings()
    document = read_json(payload, findings)
    if findings.problems:
        return findings.parsed()
    written: Any = document
    areas: Any = ()
    if isinstance(document, Mapping):
        _note_unknown(document, _FILE_FIELDS, "file", findings)
        written, areas = document.get("items"), document.get("areas", ())
    if not isinstance(written, list) or not written:
        findings.refuse("file", "no-items", 'a bank is a list of items, or {"items": [...]}')
        return findings.parsed()
    if len(written) > MOST_ITEMS:
        findings.refuse("file", "too-many-items", f"{len(written):,} items; {MOST_ITEMS:,} is the most")
        return findings.parsed()
    items = _items(written, figures or NoFigures(), findings)
    return findings.parsed(items, read_areas(areas, findings))


def _items(written: list[Any], figures: Figures, findings: Findings) -> tuple[ParsedItem, ...]:
    """Return the items of both spellings, those with `interactions` of their own after the others."""
    general = [(number, one) for number, one in enumerate(written, start=1) if _is_general(one)]
    drafts = [_draft(number, one, findings) for number, one in enumerate(written, start=1) if not _is_general(one)]
    items = list(build_items((draft for draft in drafts if draft is not None), figures, findings))
    codes = {item.code for item in items}
    for number, one in general:
        where = f"item {number} ({str(one.get('id', ''))[:64]})"
        if not CODE.fullmatch(str(one.get("id", ""))) or one["id"] in codes:
            findings.refuse(f"{where}, field id", "bad-id", "every item needs an id of its own")
            continue
        codes.add(one["id"])
        item = build_interaction_item(one, where, figures, findings)
        items += [item] if item is not None else []
    return tuple(items)


def _is_general(written: Any) -> bool:
    return isinstance(written, Mapping) and isinstance(written.get("interactions"), list)


def read_json(payload: bytes, findings: Findings) -> object:
    """Return the JSON value of a file (numbers as Decimal), or None with the problem noted."""
    text = read_text(payload, findings)
    if text is None:
        return None
    try:
        return json.loads(
            text, parse_float=_number, parse_int=_number, parse_constant=_no_constant, object_pairs_hook=_object
        )
    except json.JSONDecodeError as error:
        findings.refuse(f"line {error.lineno}, column {error.colno}", "malformed-json", error.msg)
    except _Refused as error:
        findings.refuse("file", "malformed-json", str(error))
    except RecursionError:
        findings.refuse("file", "malformed-json", "the values are nested too deeply")
    return None


def _number(text: str) -> Decimal:
    if len(text) > _LONGEST_NUMBER:
        raise _Refused(f"the number {text[:20]}… is too long")
    return Decimal(text)


def _no_constant(name: str) -> None:
    raise _Refused(f"{name} is not a number")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _Refused(f"the name {twice[:40]!r} stands twice in one object")
    return found


def _note_unknown(written: Mapping[str, Any], known: frozenset[str], where: str, findings: Findings) -> None:
    for name in written.keys() - known:
        findings.warn(f"{where}, field {name[:40]!r}", "unknown-field", "this field is not read")


class _Fields:
    """The fields of one JSON object as text, each checked when it is asked for."""

    def __init__(self, written: Mapping[str, Any], where: str, findings: Findings) -> None:
        self._written = written
        self._where = where
        self._findings = findings

    def text(self, name: str) -> str:
        """Return a field as text; numbers and flags are spelled, anything else is refused."""
        return self._spelled(name, self._written.get(name))

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a field that may be one text or a list of them."""
        value = self._written.get(name)
        if isinstance(value, list):
            return tuple(self._spelled(name, one) for one in value)
        lone = self._spelled(name, value)
        return (lone,) if lone.strip() else ()

    def marks(self, name: str) -> tuple[str, ...]:
        """Return a field that names options: an index, a letter, or a list of them."""
        return tuple(mark for text in self.texts(name) for mark in tokens(text))

    def _spelled(self, name: str, value: Any) -> str:
        where = f"{self._where}, field {name}"
        if value is None:
            return ""
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, Decimal):
            return format(value, "f") if abs(value.adjusted()) < _LONGEST_NUMBER else str(value)
        if not isinstance(value, str):
            self._findings.refuse(where, "bad-field", "text or a number is needed here")
            return ""
        return value if usable(value, where, self._findings) else ""


def _draft(number: int, written: Any, findings: Findings) -> Draft | None:
    where = f"item {number}"
    if not isinstance(written, Mapping):
        findings.refuse(where, "bad-item", "an item is an object with named fields")
        return None
    if isinstance(written.get("id"), str):
        where = f"item {number} ({written['id'][:64]})"
    before = len(findings.problems)
    fields = _Fields(written, where, findings)
    _note_unknown(written, _ITEM_FIELDS, where, findings)
    draft = Draft(
        where=where,
        field_word="field",
        code=fields.text("id").strip(),
        stem=next((fields.text(name) for name in ("question", "stem", "body") if name in written), ""),
        area=fields.text("area").strip(),
        notation=fields.text("format").strip(),
        title=fields.text("title").strip(),
        language=fields.text("language").strip(),
        figure=fields.text("figure").strip(),
        figure_alt=fields.text("figure_alt").strip(),
        references=_references(fields.texts("refs")),
        difficulty=fields.text("difficulty").strip(),
        explanation=fields.text("explanation"),
        responses=_responses(written, where, findings),
    )
    return draft if len(findings.problems) == before else None


def _responses(written: Mapping[str, Any], where: str, findings: Findings) -> tuple[ResponseDraft, ...]:
    several = written.get("responses")
    if several is None:
        return (_response(written, where, findings, SINGLE_RESPONSE, ""),)
    if not isinstance(several, Mapping) or not several or not all(isinstance(one, Mapping) for one in several.values()):
        findings.refuse(f"{where}, field responses", "bad-field", 'an object such as {"R1": {"type": "text", …}}')
        return ()
    responses = []
    for name, one in several.items():
        prefix = f"responses.{name[:64]}."
        if not name.isidentifier() or not name.isascii():
            findings.refuse(f"{where}, field {prefix[:-1]}", "bad-response-name", "letters, digits and underscore")
            continue
        _note_unknown(one, _RESPONSE_FIELDS, f"{where}, field {prefix[:-1]}", findings)
        responses.append(_response(one, where, findings, name, prefix))
    return tuple(responses)


def _response(
    written: Mapping[str, Any], where: str, findings: Findings, identifier: str, prefix: str
) -> ResponseDraft:
    fields = _Fields(written, where if not prefix else f"{where}, field {prefix[:-1]}", findings)
    answers = fields.texts("answers")
    if len(answers) > _MOST_ANSWERS:
        findings.refuse(f"{where}, field {prefix}answers", "too-many-options", f"{_MOST_ANSWERS} is the most")
        answers = ()
    return ResponseDraft(
        identifier=identifier,
        prefix=prefix,
        kind=fields.text("type").strip().lower(),
        options=tuple(
            OptionDraft(letter=letter, text=text, field=f"answers[{index}]")
            for index, (letter, text) in enumerate(zip(string.ascii_uppercase, answers, strict=False))
        ),
        correct=fields.marks("correct"),
        correct_letter=fields.marks("correct_letter"),
        accepted=tuple(text for text in fields.texts("accepted") if text.strip()),
        value=fields.text("value").strip(),
        tolerance=fields.text("tolerance").strip(),
        case_sensitive=fields.text("case_sensitive"),
        pinned=fields.marks("pinned"),
        shuffle=fields.text("shuffle"),
        max_choices=fields.text("max_choices").strip(),
        width=fields.text("width").strip(),
    )


def _references(written: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one.strip().removeprefix("[").removesuffix("]") for one in written)
