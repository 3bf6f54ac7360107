"""Guesses which column of a foreign table means what: by its header, Korean or English, and by its cells."""

import re
import string
import unicodedata
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from itembank.core.mapping import (
    MOST_OPTIONS,
    ColumnMapping,
    KeyStyle,
    Separator,
    comparable,
    headers_of,
    split_options,
)

_WORDS: Final[Mapping[str, str]] = {
    "id": "id|code|no|nr|number|item|item id|item code|question id|question no|question number|qid|key id|uuid"
    "|번호|문항번호|문제번호|문항 번호|문제 번호|코드|문항코드|문항 코드|식별자|순번|연번|일련번호",
    "question": "question|stem|text|prompt|body|question text|question stem|item text|problem|content"
    "|문제|문항|질문|발문|문제내용|문제 내용|문항내용|문항 내용|지문|내용",
    "key": "answer|answers|correct|key|correct answer|right answer|correct option|correct choice|answer key"
    "|정답|답|정답번호|정답 번호|답안|옳은 답|맞는 답",
    "explanation": "explanation|feedback|rationale|solution|comment|general feedback|해설|풀이|설명|정답해설|정답 해설",
    "area": "area|category|topic|subject|chapter|unit|domain|section|content area|subtopic"
    "|과목|영역|단원|분류|주제|출제영역|출제 영역|내용영역|내용 영역|교과|대단원|중단원",
    "title": "title|name|제목|문항명",
    "difficulty": "difficulty logit|difficulty (logit)|logit|b|난이도 로짓|난이도(로짓)",
    "refs": "reference|references|refs|source|citation|출처|근거|참고|참고문헌|관련 법령",
    "figure": "figure|image|picture|media|img|그림|이미지|사진|그림파일|그림 파일",
    "figure_alt": "alt|alt text|figure alt|image alt|대체텍스트|대체 텍스트|그림 설명",
    "accepted": "accepted|accepted answers|possible answers|인정답안|인정 답안|허용답안|유사답안",
    "value": "value|numeric answer|수치 답|숫자 답",
    "tolerance": "tolerance|margin|허용오차|허용 오차|오차",
    "language": "language|lang|locale|언어",
    "option_cell": "options|choices|alternatives|answer options|answer choices|보기|선택지|선지|답지|문항보기",
}
_NAMED: Final = MappingProxyType({word: name for name, words in _WORDS.items() for word in words.split("|")})
_OPTION: Final = re.compile(
    r"(?:option|choice|alternative|answer|distractor|ans|opt|보기|선택지|선지|답지|문항보기|지문)\s*[_#.-]?\s*"
    r"([a-j]|10|[1-9]|[①-⑩]|[가나다라마바사아자차])\s*(?:번)?|([a-j])|([①-⑩])|([1-9]|10)\s*번|([가나다라마바사아자차])"
)
_LISTED: Final = (
    Separator.LINE,
    Separator.BAR,
    Separator.SEMICOLON,
    Separator.NUMBERS,
    Separator.SLASH,
    Separator.COMMA,
)
_CIRCLED: Final = "①②③④⑤⑥⑦⑧⑨⑩"
_SYLLABLES: Final = "가나다라마바사아자차"
_MANY: Final = 2
_MOSTLY: Final = 0.8
_OFTEN: Final = 0.6


def guess(header: Sequence[str], rows: Sequence[Sequence[str]]) -> ColumnMapping:
    """Return what the columns seem to be, from their header and the first rows below it."""
    names = headers_of(header)
    found: dict[str, str] = {}
    for name in names:
        meant = _NAMED.get(_plain(name))
        if meant is not None:
            found.setdefault(meant, name)
    options = _option_columns(names, frozenset(found.values()))
    cells = {name: [row[place] if place < len(row) else "" for row in rows] for place, name in enumerate(names)}
    cell = "" if options else found.pop("option_cell", "")
    found.pop("option_cell", None)
    key = found.pop("key", "")
    separator = _separator(cells.get(cell, [])) if cell else Separator.LINE
    if "question" not in found:
        found |= _longest(cells, {*found.values(), *options, key, cell})
    per_row = [_texts(number, cells, options, cell, separator) for number in range(len(rows))]
    style = _style(cells.get(key, []), per_row)
    if key and not options and not cell:
        found.setdefault("accepted", key)
        key = ""
    constants = {} if "id" in found else {"id": "Q-"}
    return ColumnMapping(
        fields=MappingProxyType(found),
        options=options,
        option_cell=cell,
        separator=separator,
        key=key,
        key_style=style,
        constants=MappingProxyType(constants),
    )


def _plain(name: str) -> str:
    return " ".join(re.sub(r"[_\-:*.]+", " ", unicodedata.normalize("NFKC", name)).split()).lower()


def _option_columns(names: Sequence[str], taken: frozenset[str]) -> tuple[str, ...]:
    """Return the columns of the options in the order of their letters or numbers."""
    places: dict[int, str] = {}
    for name in names:
        plain = " ".join(name.split()).lower().replace("_", " ")
        mark = _OPTION.fullmatch(plain)
        if mark is None or name in taken:
            continue
        sign = next(group for group in mark.groups() if group)
        places.setdefault(_place(sign), name)
    ordered = tuple(places[place] for place in sorted(places))[:MOST_OPTIONS]
    return ordered if len(ordered) >= _MANY else ()


def _place(sign: str) -> int:
    for row in (_CIRCLED, _SYLLABLES):
        if sign in row:
            return row.index(sign)
    return int(sign) - 1 if sign.isdigit() else string.ascii_lowercase.index(sign)


def _longest(cells: Mapping[str, list[str]], taken: set[str]) -> dict[str, str]:
    lengths = {name: sum(map(len, texts)) for name, texts in cells.items() if name not in taken}
    longest = max(lengths, key=lambda name: lengths[name], default="")
    return {"question": longest} if longest and lengths[longest] else {}


def _separator(texts: Sequence[str]) -> Separator:
    """Return the separator that parts most cells into several options, the plainest first."""
    filled = [text for text in texts if text.strip()]
    for one in _LISTED:
        parted = sum(1 for text in filled if len(split_options(text, one)) >= _MANY)
        if filled and parted >= len(filled) * _OFTEN:
            return one
    return Separator.LINE


def _texts(
    number: int, cells: Mapping[str, list[str]], options: Sequence[str], cell: str, separator: Separator
) -> tuple[str, ...]:
    if options:
        return tuple(cells[name][number] for name in options)
    return split_options(cells[cell][number], separator) if cell else ()


def _style(keys: Sequence[str], options: Sequence[tuple[str, ...]]) -> KeyStyle:
    filled = [(key.strip(), texts) for key, texts in zip(keys, options, strict=False) if key.strip()]
    if not filled:
        return KeyStyle.LETTER
    by_words = sum(
        1 for key, texts in filled if comparable(key) in {comparable(text) for text in texts if text.strip()}
    )
    plain = [
        unicodedata.normalize("NFKC", key).removesuffix("번").removesuffix(".0").strip("[]() ") for key, _ in filled
    ]
    digits = [one for one in plain if re.fullmatch(r"\d{1,2}(?:\s*[,;/|]\s*\d{1,2})*", one)]
    if len(digits) >= len(filled) * _MOSTLY and by_words < len(filled):
        zero = any("0" in re.split(r"\D+", one) for one in digits)
        return KeyStyle.INDEX if zero else KeyStyle.NUMBER
    if by_words >= len(filled) * _MOSTLY and not all(len(key) == 1 for key, _ in filled):
        return KeyStyle.TEXT
    return KeyStyle.LETTER
