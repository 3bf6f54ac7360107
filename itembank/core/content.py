"""Authors' text to the HTML that an item holds: plain text is escaped, HTML is cleaned, formulas become MathML.

Whatever is refused or left out is named. Nothing here reads files: pictures are looked up by the caller.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from html import escape, unescape
from typing import Final

from cbt.kernel.errors import Problem
from itembank.core.formulas import Formula, Passage, mathml, pieces
from itembank.core.markup import (
    ACTIVE_TAGS,
    MATH_TAGS,
    TEXT_TAGS,
    clean,
    images_without_words,
    name_images,
    survey,
    visible_text,
)

_ATTRIBUTE: Final = r"""(?:\s+[a-z_:][\w:.-]*(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?)"""
_OPENING: Final = re.compile(rf"<({'|'.join(sorted(TEXT_TAGS | MATH_TAGS))}){_ATTRIBUTE}*\s*/?>")
_VOID: Final = frozenset({"br", "hr", "wbr", "img"})
_ACTIVE: Final = re.compile(
    rf"<(?:{'|'.join(sorted(ACTIVE_TAGS))})\b[^<>]*>|<[A-Za-z][^<>]*?[\s\"'/]on[a-z]+\s*=|<[^<>]*=\s*(?:[\"']\s*)?javascript:",
    re.IGNORECASE,
)
_ONE_PARAGRAPH: Final = re.compile(r"<p>((?:(?!</?p\b).)*)</p>", re.DOTALL)
_PARAGRAPHS: Final = re.compile(r"\n[ \t]*\n\s*")
_BLOCK: Final = re.compile(r"<(?:p|div|pre|table|ul|ol|dl|figure|blockquote|h[34]|hr)\b")


class Notation(StrEnum):
    """How an author's text is to be read."""

    AUTO = "auto"
    TEXT = "text"
    HTML = "html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A text as HTML, with what was refused (`problems`) and what a person should look at (`warnings`)."""

    html: str
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


# Name in the text -> `asset:` address, or None when there is no such picture.
Pictures = Callable[[str], str | None]


def block(text: str, where: str, *, notation: Notation = Notation.AUTO, pictures: Pictures = lambda _: None) -> Written:
    """Return `text` as paragraphs (a blank line parts them), or as cleaned HTML when it brings its own blocks."""
    if _is_markup(text, notation):
        written = _from_markup(text, where, pictures)
        return written if _BLOCK.search(written.html) else replace(written, html=_paragraphs(written.html))
    html, problems = _from_text(text, where)
    return Written(html=_paragraphs(html), problems=problems)


def inline(
    text: str, where: str, *, notation: Notation = Notation.AUTO, pictures: Pictures = lambda _: None
) -> Written:
    """Return `text` as HTML that fits into a line: one paragraph loses its <p>."""
    if _is_markup(text, notation):
        written = _from_markup(text.strip(), where, pictures)
        lone = _ONE_PARAGRAPH.fullmatch(written.html)
        return Written(html=lone[1] if lone else written.html, problems=written.problems, warnings=written.warnings)
    html, problems = _from_text(text, where)
    return Written(html=clean(html.strip().replace("\n", "<br>")), problems=problems)


def kept(text: str, where: str, *, pictures: Pictures = lambda _: None) -> Written:
    """Return HTML cleaned, with its formulas as MathML; nothing is put around it or taken off."""
    return _from_markup(text.strip(), where, pictures)


def _paragraphs(html: str) -> str:
    # Cleaned again, because a blank line may stand inside an element.
    parts = _PARAGRAPHS.split(html.strip())
    return clean("".join(f"<p>{part}</p>" for part in parts).replace("\n", "<br>"))


def _is_markup(text: str, notation: Notation) -> bool:
    if notation is not Notation.AUTO:
        return notation is Notation.HTML
    return "<" in text and (_holds_element(text) or bool(_ACTIVE.search(text)))


def _holds_element(text: str) -> bool:
    # "if a < b" and "List<String>" stay text: HTML is an allowed element that is opened and closed, or an empty one.
    lowered = text.lower()
    last_end: dict[str, int] = {}
    for found in _OPENING.finditer(lowered):
        tag = found[1]
        if tag in _VOID:
            return True
        if last_end.setdefault(tag, lowered.rfind(f"</{tag}>")) >= found.end():
            return True
    return False


def _from_text(text: str, where: str) -> tuple[str, tuple[Problem, ...]]:
    html, problems = _joined(tuple(pieces(text)), where, lambda words: escape(words, quote=False))
    return clean(html), problems


def _joined(
    parts: tuple[Passage | Formula, ...], where: str, spelled: Callable[[str], str]
) -> tuple[str, tuple[Problem, ...]]:
    out: list[str] = []
    problems: list[Problem] = []
    for part in parts:
        match part:
            case Passage():
                out.append(spelled(part.text))
            case Formula():
                converted, wrong = mathml(replace(part, latex=unescape(part.latex)), where)
                out.append(converted)
                problems += wrong
    return "".join(out), tuple(problems)


def _from_markup(text: str, where: str, pictures: Pictures) -> Written:
    parts = tuple(pieces(text))
    found = survey("".join(part.text if isinstance(part, Passage) else " " for part in parts))
    if found.active:
        hint = f"{', '.join(found.active)} is not allowed; to show it as text, set the column format to text"
        return Written(html="", problems=(Problem(where=where, code="active-content", hint=hint),))
    joined, problems = _joined(parts, where, lambda markup: markup)
    sources = {source: pictures(source) for source in found.images}
    problems += tuple(_no_picture(where, source) for source, target in sources.items() if target is None)
    html = name_images(clean(joined), {source: target for source, target in sources.items() if target})
    return Written(html=html, problems=problems, warnings=_doubts(html, found.unknown, where))


def _no_picture(where: str, source: str) -> Problem:
    return Problem(where=where, code="figure-missing", hint=f"there is no picture {source[:80]!r} beside the bank file")


def _doubts(html: str, unknown: tuple[str, ...], where: str) -> tuple[Problem, ...]:
    doubts = []
    if unknown:
        hint = f"{', '.join(unknown[:5])} is not kept, only the text in it"
        doubts.append(Problem(where=where, code="element-left-out", hint=hint))
    if images_without_words(html):
        doubts.append(Problem(where=where, code="figure-alt", hint="a picture has no text (alt) in its place"))
    return tuple(doubts)


def plain_title(html: str, longest: int = 80) -> str:
    """Return the first words of `html` as a title of at most `longest` characters."""
    words = visible_text(html)
    return words if len(words) <= longest else f"{words[: longest - 1]}…"
