"""Tables of other people: which of their columns means what, guessed from headers and cells, and their rows as ours.

A mapping turns a row under their header into a row under ours (`id`, `question`, `a`, `b`, `correct_letter` …), which
the reader of our own tables then judges. Nothing here reads files.
"""

import re
import string
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from cbt.kernel.canonical import digest, encode
from cbt.kernel.errors import InvalidInput

FORMAT: Final = "column-mapping/1"
# What a column of theirs can be, beside an option and the key; in the order of the page.
FIELDS: Final = (
    "id",
    "question",
    "area",
    "title",
    "explanation",
    "difficulty",
    "refs",
    "figure",
    "figure_alt",
    "accepted",
    "value",
    "tolerance",
    "language",
    "type",
    "pinned",
    "shuffle",
    "format",
)
CONSTANTS: Final = ("id", "area", "language")
MOST_OPTIONS: Final = 10
_LETTERS: Final = string.ascii_uppercase
_CIRCLED: Final = "①②③④⑤⑥⑦⑧⑨⑩"
_SYLLABLES: Final = "가나다라마바사아자차"
_CONSONANTS: Final = "ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊ"
# `A.` and `1.` need a space behind them, or 3.5 would lose its first digit.
_MARK: Final = rf"(?:[({{\[]?([A-Ja-j]|10|[1-9])(?:[)\]}}]|[.:](?=\s))|([{_CIRCLED}]))\s*"
_MARKED: Final = re.compile(rf"\s*{_MARK}(?=\S)")
_NUMBERED: Final = re.compile(rf"(?:^|(?<=\s)){_MARK}")
_KEY_SIGNS: Final = re.compile(r"[\s,;|/&+]+")
_PLAIN_KEY: Final = re.compile(r"^(?:정답|답|answer|key)?\s*[:=]?\s*|\s*번$", re.IGNORECASE)


class KeyStyle(StrEnum):
    """How a cell of theirs names the right options."""

    LETTER = "letter"  # A, B, C
    NUMBER = "number"  # 1 is the first one
    INDEX = "index"  # 0 is the first one
    TEXT = "text"  # the words of the option


class Separator(StrEnum):
    """What stands between the options in one cell."""

    LINE = "line"
    BAR = "bar"
    SEMICOLON = "semicolon"
    SLASH = "slash"
    COMMA = "comma"
    NUMBERS = "numbers"  # 1) … 2) …, A. … B. …, ① … ② …


_SIGNS: Final[Mapping[Separator, str]] = {
    Separator.LINE: "\n",
    Separator.BAR: "|",
    Separator.SEMICOLON: ";",
    Separator.SLASH: "/",
    Separator.COMMA: ",",
}


class NotAMapping(InvalidInput):
    """The document does not say which column means what."""

    code = "not-a-mapping"


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMapping:
    """Which of their columns (by header) means what.

    `options` are the columns of the options in order, or `option_cell` the one that holds them all, parted by
    `separator`. `key` names the right ones in the way of `key_style`. `constants` fill fields without a column; an
    `id` there begins the codes of numbered rows.
    """

    fields: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    options: tuple[str, ...] = ()
    option_cell: str = ""
    separator: Separator = Separator.LINE
    key: str = ""
    key_style: KeyStyle = KeyStyle.LETTER
    constants: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def columns(self) -> frozenset[str]:
        """Return all headers that it names."""
        return frozenset({*self.fields.values(), *self.options, self.option_cell, self.key}) - {""}

    def theirs(self, ours: str) -> str:
        """Return what their file calls a column of ours, or our own name."""
        if ours in {"correct", "correct_letter"}:
            return self.key or ours
        if len(ours) == 1 and ours.upper() in _LETTERS:
            place = _LETTERS.index(ours.upper())
            return self.options[place] if place < len(self.options) else self.option_cell or ours
        return self.fields.get(ours, ours)


def headers_of(cells: Sequence[str]) -> tuple[str, ...]:
    """Return their header as names: single spaces; an empty or repeated one gets its column's letters."""
    names: list[str] = []
    for place, cell in enumerate(cells):
        plain = " ".join(unicodedata.normalize("NFC", cell).split())[:100]
        names.append(plain if plain and plain not in names else f"{plain} ({_column_letters(place)})".strip())
    return tuple(names)


def _column_letters(place: int) -> str:
    text, rest = "", place + 1
    while rest:
        rest, sign = divmod(rest - 1, len(_LETTERS))
        text = _LETTERS[sign] + text
    return text


def our_header(mapping: ColumnMapping) -> tuple[str, ...]:
    """Return the header of the rows that `our_row` makes."""
    count = len(mapping.options) or (MOST_OPTIONS if mapping.option_cell else 0)
    letters = tuple(_LETTERS[:count].lower())
    fields = dict.fromkeys((*FIELDS[:2], *mapping.fields, *mapping.constants))
    return (*fields, *letters, *(("correct_letter",) if mapping.key else ()))


def our_row(mapping: ColumnMapping, row: Mapping[str, str], number: int) -> tuple[str, ...]:
    """Return one row of theirs (header to cell) under our header; `number` is its number in the file."""
    options = _options(mapping, row)
    values = {name: row.get(column, "") for name, column in mapping.fields.items()}
    for name, words in mapping.constants.items():
        given = values.get(name, "").strip()
        values[name] = given or (f"{words}{number}" if name == "id" else words)
    values |= {_LETTERS[place].lower(): text for place, text in enumerate(options)}
    if mapping.key:
        values["correct_letter"] = _key_letters(mapping, row.get(mapping.key, ""), options)
    return tuple(values.get(name, "") for name in our_header(mapping))


def _options(mapping: ColumnMapping, row: Mapping[str, str]) -> tuple[str, ...]:
    if mapping.options:
        return tuple(row.get(column, "") for column in mapping.options)
    return split_options(row.get(mapping.option_cell, ""), mapping.separator) if mapping.option_cell else ()


def split_options(cell: str, separator: Separator) -> tuple[str, ...]:
    """Return the options of one cell; marks before them (`1)`, `A.`, `①`) go when all of them have one."""
    if separator is Separator.NUMBERS:
        marked = list(_NUMBERED.finditer(cell))
        ends = [*(found.start() for found in marked[1:]), len(cell)]
        parts = [cell[found.end() : end] for found, end in zip(marked, ends, strict=False)] or [cell]
    else:
        parts = cell.split(_SIGNS[separator])
    found = [part.strip() for part in parts if part.strip()][:MOST_OPTIONS]
    marks = [_MARKED.match(part) for part in found]
    in_turn = [mark is not None and _place(mark[1] or mark[2]) == place for place, mark in enumerate(marks)]
    if len(found) > 1 and all(in_turn):
        found = [part[mark.end() :] for part, mark in zip(found, marks, strict=True) if mark]
    return tuple(found)


def _place(sign: str) -> int:
    if sign in _CIRCLED:
        return _CIRCLED.index(sign)
    return int(sign) - 1 if sign.isdigit() else _LETTERS.index(sign.upper())


def _key_letters(mapping: ColumnMapping, cell: str, options: Sequence[str]) -> str:
    """Return the letters of the right options; what names none is handed on, so that its row is told."""
    if mapping.key_style is KeyStyle.TEXT:
        return _by_words(cell, options)
    letters = [_letter(part, mapping.key_style) for part in _key_parts(cell, mapping.key_style)]
    return ", ".join(letters)


def _key_parts(cell: str, style: KeyStyle) -> list[str]:
    parts = [_PLAIN_KEY.sub("", part) for part in _KEY_SIGNS.split(cell.strip().strip("[](){}")) if part]
    parts = [part.strip(".)(") for part in parts if part]
    if len(parts) == 1 and len(parts[0]) > 1 and style is KeyStyle.LETTER and parts[0].isascii() and parts[0].isalpha():
        return list(parts[0])
    return [sign for part in parts for sign in (part if part and set(part) <= set(_CIRCLED) else (part,))]


def _letter(part: str, style: KeyStyle) -> str:
    for signs in (_CIRCLED, _SYLLABLES, _CONSONANTS):
        if len(part) == 1 and part in signs:
            return _LETTERS[signs.index(part)]
    plain = unicodedata.normalize("NFKC", part)
    whole = plain.removesuffix(".0")
    if not (whole.isascii() and whole.isdigit()):
        return plain
    place = int(whole[:3]) - (1 if style is KeyStyle.NUMBER else 0)
    # A mark, because our own reader would take the bare number for an index.
    return _LETTERS[place] if style is not KeyStyle.LETTER and 0 <= place < MOST_OPTIONS else f"?{plain}"


def _by_words(cell: str, options: Sequence[str]) -> str:
    known = {comparable(text): _LETTERS[place] for place, text in enumerate(options) if text.strip()}
    whole = known.get(comparable(cell))
    if whole is not None:
        return whole
    for sign in ("\n", "|", ";", ","):
        parts = [comparable(part) for part in cell.split(sign) if part.strip()]
        if len(parts) > 1 and all(part in known for part in parts):
            return ", ".join(known[part] for part in parts)
    return cell


def comparable(text: str) -> str:
    """Return the form in which a key by words is compared with options: composed, single spaces, folded."""
    return " ".join(unicodedata.normalize("NFKC", text).split()).casefold()


def mapping_document(mapping: ColumnMapping) -> dict[str, Any]:
    """Return the document of `mapping`, as it is kept and as a TOML file writes it."""
    return {
        "format": FORMAT,
        "fields": dict(mapping.fields),
        "options": {"columns": list(mapping.options), "cell": mapping.option_cell, "separator": str(mapping.separator)},
        "key": {"column": mapping.key, "style": str(mapping.key_style)},
        "constants": dict(mapping.constants),
    }


def mapping_from(document: Mapping[str, Any]) -> ColumnMapping:
    """Return the mapping of a document; all parts but the fields may be left out. Raises NotAMapping."""
    try:
        if document.get("format", FORMAT) != FORMAT:
            raise NotAMapping(f"format {document['format']!r}")
        options, key = document.get("options", {}), document.get("key", {})
        return ColumnMapping(
            fields=_texts(document.get("fields", {}), frozenset(FIELDS)),
            options=tuple(_text(one) for one in options.get("columns", ()))[:MOST_OPTIONS],
            option_cell=_text(options.get("cell", "")),
            separator=Separator(options.get("separator", Separator.LINE)),
            key=_text(key.get("column", "")),
            key_style=KeyStyle(key.get("style", KeyStyle.LETTER)),
            constants=_texts(document.get("constants", {}), frozenset(CONSTANTS)),
        )
    except (TypeError, ValueError, AttributeError) as error:
        raise NotAMapping(str(error)[:200]) from error


def _texts(found: Mapping[str, Any], known: frozenset[str]) -> Mapping[str, str]:
    strangers = [name for name in found if name not in known]
    if strangers:
        raise NotAMapping(f"there is no field {strangers[0]!r}")
    return MappingProxyType({name: _text(words) for name, words in found.items() if _text(words)})


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise NotAMapping(f"{str(value)[:40]!r} is no text")
    return value.strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownMapping:
    """A mapping that is remembered under a name; `headers` is the digest of those that it was made for."""

    name: str
    headers: bytes
    mapping: ColumnMapping


def digest_of(headers: Sequence[str]) -> bytes:
    """Return the SHA-256 by which the same headers are known again."""
    return digest(encode(list(headers)))


def fitting(known: Sequence[KnownMapping], headers: Sequence[str]) -> tuple[KnownMapping, ...]:
    """Return the mappings whose columns are all there; those that were made for exactly these headers come first."""
    there, own = set(headers), digest_of(headers)
    usable = [one for one in known if one.mapping.columns() <= there]
    return tuple(sorted(usable, key=lambda one: one.headers != own))
