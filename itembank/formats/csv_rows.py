"""Items as rows of the columns that a spreadsheet of items has, and what a row cannot say of an item.

One choice, one text or one number fits into a row; anything else is left out of the file, by name.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from types import MappingProxyType
from typing import Final

from cbt.kernel.errors import Problem
from itembank.core.interactions import Choice, ChoiceInteraction, TextEntryInteraction
from itembank.core.items import ItemContent
from itembank.core.keys import MatchCorrect, MatchNumber, MatchText, ResponseKey
from itembank.core.markup import INTERACTION
from itembank.core.metadata import ItemMetadata
from itembank.core.variables import SINGLE_RESPONSE, Cardinality
from itembank.formats.columns import OPTION_COLUMNS
from itembank.formats.exported import ExportItem
from itembank.formats.template import COLUMNS

_BEFORE_OPTIONS: Final = COLUMNS[: COLUMNS.index("a")]
_BEHIND_OPTIONS: Final = COLUMNS[COLUMNS.index("correct") :]
HEADER: Final = (*_BEFORE_OPTIONS, *OPTION_COLUMNS, *_BEHIND_OPTIONS, "case_sensitive", "max_choices", "width")
_WIDEST: Final = 80
_ASSET: Final = re.compile(r'src="asset:([0-9a-f]{64})"')
_FORMULA: Final = re.compile(r"\\(?=[(\[])")


@dataclass(slots=True)
class Row:
    """One item as cells; `left_out` when it is none. Notes say what the cells do not."""

    cells: dict[str, str] = field(default_factory=dict)
    notes: list[Problem] = field(default_factory=list)
    left_out: bool = False

    def note(self, code: str, hint: str) -> None:
        """Keep what is not said."""
        self.notes.append(Problem(where="item", code=code, hint=hint))

    def refuse(self, code: str, hint: str) -> None:
        """Leave the item out, and say why."""
        self.note(code, hint)
        self.left_out = True


def row_of(item: ExportItem) -> Row:
    """Return the cells of one item."""
    row, content = Row(), item.content
    if len(content.interactions) != 1 or len(item.key.responses) != 1 or item.key.program is not None:
        row.refuse("not-a-row", "a row holds one answer, scored by a simple rule")
        return row
    key = item.key.responses[0]
    match content.interactions[0], key.rule:
        case ChoiceInteraction() as choice, MatchCorrect():
            _choice(row, content, choice, key)
        case TextEntryInteraction() as entry, MatchText() | MatchNumber():
            _entry(row, entry, key)
        case _:
            row.refuse("not-a-row", "a row holds a choice, a text or a number")
    if not row.left_out:
        _common(row, item)
    return row


def _common(row: Row, item: ExportItem) -> None:
    content, difficulty = item.content, item.difficulty_logit
    row.cells |= {
        "id": item.code,
        "area": item.area_code,
        "question": _html(row, _question(row, content), content),
        "difficulty": "" if difficulty is None else repr(float(difficulty)),
        "explanation": _html(row, item.key.explanation, content),
        "refs": "; ".join(item.key.references),
        "title": content.title,
        "language": content.language,
        "format": "html",
    }
    if any(re.search(r"[;|\n]", one) or one != one.strip() for one in item.key.references):
        row.note("references-parted", "a reference holds a sign that parts references")
    if item.key.feedback:
        row.note("feedback-left-out", "a row has no feedback")
    if item.metadata != ItemMetadata(stimulus=item.metadata.stimulus):
        row.note("metadata-left-out", "a row has no metadata but the difficulty")


def _question(row: Row, content: ItemContent) -> str:
    interaction = content.interactions[0]
    place = f'{INTERACTION}="{interaction.response}"></'
    body = content.body.replace(place, f'{INTERACTION}="{SINGLE_RESPONSE}"></')
    body = body.removesuffix(f'<div {INTERACTION}="{SINGLE_RESPONSE}"></div>')
    if interaction.response != SINGLE_RESPONSE:
        row.note("response-renamed", f"the response {interaction.response} is called {SINGLE_RESPONSE} in a row")
    if interaction.prompt:
        row.note("prompt-moved", "the prompt stands at the end of the question")
        body += f"<p>{interaction.prompt}</p>"
    if interaction.classes:
        row.note("look-left-out", "a row says nothing of an answer's look")
    if content.stimulus is not None:
        row.note("stimulus-moved", "the stimulus stands before the question")
        body = content.stimulus.body + body
    return body


def _choice(row: Row, content: ItemContent, one: ChoiceInteraction, key: ResponseKey) -> None:
    if len(one.choices) > len(OPTION_COLUMNS):
        row.refuse("too-many-options", f"a row has {len(OPTION_COLUMNS)} options")
        return
    letters = _letters(one.choices)
    if any(letter != identifier for identifier, letter in letters.items()):
        row.note("options-renamed", "the options are called A, B, C…")
    declared = content.declaration(one.response)
    single = declared is None or declared.cardinality is Cardinality.SINGLE
    correct = key.rule.correct if isinstance(key.rule, MatchCorrect) else ()
    row.cells |= {
        "type": "single" if single else "multiple",
        "correct": ",".join(sorted(letters[name] for name in correct if name in letters)),
        "pinned": ",".join(letters[choice.identifier] for choice in one.choices if choice.pinned) or "none",
        "shuffle": _flag(one.shuffle),
        "max_choices": "" if single else str(one.max_choices),
    }
    for letter, choice in zip(OPTION_COLUMNS, one.choices, strict=False):
        row.cells[letter] = _html(row, choice.content, content)
    if one.min_choices:
        row.note("least-left-out", "a row does not say how many must be chosen")


def _letters(choices: tuple[Choice, ...]) -> Mapping[str, str]:
    names = zip(choices, OPTION_COLUMNS, strict=False)
    return MappingProxyType({choice.identifier: letter.upper() for choice, letter in names})


def _entry(row: Row, one: TextEntryInteraction, key: ResponseKey) -> None:
    row.cells["width"] = str(min(one.expected_length, _WIDEST))
    if one.expected_length > _WIDEST:
        row.note("width-changed", f"a line is at most {_WIDEST} wide in a row")
    if one.placeholder_hint:
        row.note("hint-left-out", "a row has no hint in the line to type into")
    match key.rule:
        case MatchText(accepted=accepted, case_sensitive=case_sensitive):
            if any("|" in text or text != text.strip() for text in accepted):
                row.refuse("not-a-row", "an accepted text holds the sign | or space at its ends")
                return
            row.cells |= {"type": "text", "accepted": " | ".join(accepted), "case_sensitive": _flag(case_sensitive)}
        case MatchNumber(value=value, tolerance=tolerance):
            row.cells |= {"type": "number", "value": str(value), "tolerance": str(tolerance)}
        case _:
            row.refuse("not-a-row", "a row scores what is typed as text or number")


def _html(row: Row, html: str, content: ItemContent) -> str:
    """Return `html` with its pictures under their names, and without a sign that would begin a formula."""
    names = {one.sha256: one.name for one in content.assets}

    def named(found: re.Match[str]) -> str:
        name = names.get(found[1]) or found[1]
        row.note("picture-beside", f"the picture {name} must lie beside the file")
        return f'src="{escape(name)}"'

    return _FORMULA.sub("&#92;", _ASSET.sub(named, html))


def _flag(truth: bool) -> str:  # noqa: FBT001 - the truth is what is written
    return "true" if truth else "false"
