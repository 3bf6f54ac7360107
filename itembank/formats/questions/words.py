r"""Texts of questions to the HTML that items hold, whatever notation they came in; what is lost of them is noted.

Places of interactions, gaps and drawn values are put into a text as marks (`place`) before it is cleaned, because
authors write the gaps in the midst of their HTML, and become elements afterwards (`placed`).
"""

import re
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from cbt.kernel.errors import Problem
from cbt.kernel.personal import find_resident_number
from itembank.core.content import Notation, Written, block, inline
from itembank.core.markup import MARKS, clean, visible_text
from itembank.formats.figures import Figures, NoFigures
from itembank.formats.parsed import Asset, Findings
from itembank.formats.pictures import PictureBox
from itembank.formats.questions.account import Account, NotTakenOver
from itembank.formats.questions.markdown import html_of

_OPEN: Final = "\ue000"
_CLOSE: Final = "\ue001"
END: Final = "\ue002"  # of a hottext, which holds words
_PLACE: Final = re.compile(f"{_OPEN}([a-z]+):([A-Za-z0-9_.-]{{1,64}}){_CLOSE}")
_STRAY: Final = re.compile(f"{_OPEN}(?![a-z]+:[A-Za-z0-9_.-]{{1,64}}{_CLOSE})|(?<![A-Za-z0-9_.-]){_CLOSE}")
_OURS: Final = re.compile(r"data-(?=interaction|gap|hottext|feedback|printed)", re.IGNORECASE)
_UNUSABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_HEADING: Final = re.compile(r"<(/?)h([1256])\b", re.IGNORECASE)
_OLD: Final = re.compile(r"<(/?)(center|strike|tt|big)\b", re.IGNORECASE)
_TODAY: Final = {"center": "div", "strike": "s", "tt": "code", "big": "strong"}
_DOLLARS: Final = re.compile(r"\$\$(?!\$)([^$\n]{1,1000})\$\$")
_DATA: Final = re.compile(r"""(\ssrc\s*=\s*["'])data:image/[a-z+.-]{1,20};base64,([A-Za-z0-9+/=\s]*)""")
_LONE_PARAGRAPH: Final = re.compile(r"<p>((?:(?!</?p\b).)*)</p>", re.DOTALL)


class TextFormat(StrEnum):
    """The notations of Moodle's texts; GIFT uses the same."""

    AUTO = "moodle"
    HTML = "html"
    MARKDOWN = "markdown"
    PLAIN = "plain"


def place(kind: str, identifier: str) -> str:
    """Return the mark of a place: `interaction`, `gap`, `hottext` or `printed`."""
    return f"{_OPEN}{kind}:{identifier}{_CLOSE}"


def without_marks(text: str) -> str:
    """Return `text` without the signs that marks are made of, as an author could have typed them."""
    return text.replace(_OPEN, "").replace(_CLOSE, "").replace(END, "")


@dataclass(slots=True)
class Words:
    """Turns the texts of one question into HTML; pictures that they show are collected in `used`."""

    account: Account
    figures: Figures = field(default_factory=NoFigures)
    used: dict[str, Asset] = field(default_factory=dict)

    def block(self, text: str, notation: TextFormat, part: str) -> str:
        """Return paragraphs; raises NotTakenOver where something needed is refused or missing."""
        return self._needed(self._written(block, text, notation, part), text, part)

    def inline(self, text: str, notation: TextFormat, part: str) -> str:
        """Return what fits into a line; raises NotTakenOver where something needed is refused or missing."""
        return self._needed(self._written(inline, text, notation, part), text, part)

    def aside(self, text: str, notation: TextFormat, part: str) -> str:
        """Return what explains: what is refused in it is left out and noted."""
        if not text.strip():
            return ""
        try:
            written = self._written(block, text, notation, part)
        except NotTakenOver as refusal:
            written = Written(html="", problems=refusal.problems)
        for one in (*written.problems, *written.warnings):
            self.account.remark(one.code, f"{part}: {one.hint.partition(';')[0]}")
        return self._finished(written.html, text, part)

    def _written(self, reading: Callable[..., Written], text: str, notation: TextFormat, part: str) -> Written:
        where = self.account.at(part)
        text, inside = _taken_out(_STRAY.sub("", text))
        if _UNUSABLE.search(text):
            raise self.account.refusal("control-character", "a character that cannot be stored", part)
        self.account.bounded(text, part)
        findings = Findings()
        pictures = PictureBox(InsideFigures(inside, self.figures), findings).lookup(where, self.used)
        prepared = _prepared(text, notation)
        written: Written = reading(prepared, where, notation=_NOTATIONS[notation], pictures=pictures)
        return Written(html=written.html, problems=(*written.problems, *findings.problems), warnings=written.warnings)

    def _needed(self, written: Written, text: str, part: str) -> str:
        if written.problems:
            raise NotTakenOver(*(_said(one) for one in written.problems))
        for one in written.warnings:
            self.account.remark(one.code, one.hint, part)
        html = self._finished(written.html, text, part)
        if text.strip() and not visible_text(html) and "data-" not in html:
            raise self.account.refusal("empty", "nothing would be seen of it", part)
        return html

    def _finished(self, html: str, text: str, part: str) -> str:
        if find_resident_number(html):
            self.account.remark("resident-number", "this looks like a resident registration number", part)
        wanted = len(_PLACE.findall(text))
        if not wanted and _OPEN not in html:
            return html
        finished = clean(_PLACE.sub(_element, html).replace(END, "</span>"))
        kept = sum(finished.count(f' {mark}="') for mark in MARKS)
        if kept != wanted or _OPEN in finished:
            raise self.account.refusal("place", "a gap or value stands where none can be shown", part)
        return finished


_NOTATIONS: Final = {
    TextFormat.AUTO: Notation.AUTO,
    TextFormat.HTML: Notation.HTML,
    TextFormat.MARKDOWN: Notation.HTML,
    TextFormat.PLAIN: Notation.TEXT,
}


@dataclass(frozen=True, slots=True)
class InsideFigures:
    """Pictures that came in the text itself or beside it, by name; others are looked for elsewhere."""

    pictures: Mapping[str, bytes]
    beyond: Figures = field(default_factory=NoFigures)

    def find(self, name: str) -> bytes | None:
        """Return the bytes, or None."""
        found = self.pictures.get(name)
        return self.beyond.find(name) if found is None else found


def _taken_out(text: str) -> tuple[str, Mapping[str, bytes]]:
    """Return `text` with names instead of the pictures that it holds as data, and these by name."""
    if "data:image/" not in text:
        return text, {}
    pictures: dict[str, bytes] = {}

    def named(found: re.Match[str]) -> str:
        try:
            payload = b64decode(found[2], validate=False)
        except ValueError:
            return found[0]
        name = f"picture-{len(pictures) + 1}"
        pictures[name] = payload
        return f"{found[1]}{name}"

    return _DATA.sub(named, text), pictures


def lone_paragraph(html: str) -> str:
    """Return the inside of HTML that is a single paragraph, else the HTML."""
    found = _LONE_PARAGRAPH.fullmatch(html)
    return found[1] if found else html


def _element(found: re.Match[str]) -> str:
    start = f'<span data-{found[1]}="{found[2]}">'
    return start if found[1] == "hottext" else f"{start}</span>"


def _prepared(text: str, notation: TextFormat) -> str:
    if notation is TextFormat.PLAIN:
        return text
    text = _DOLLARS.sub(r"\\(\1\\)", text)
    if notation is TextFormat.MARKDOWN:
        text = html_of(text)
    text = _OURS.sub("data-other-", text)
    text = _HEADING.sub(lambda found: f"<{found[1]}h{3 if found[2] in '12' else 4}", text)
    return _OLD.sub(lambda found: f"<{found[1]}{_TODAY[found[2].lower()]}", text)


def _said(one: Problem) -> Problem:
    # The second half of the sentence is for people who mend a column of a CSV.
    return Problem(where=one.where, code=one.code, hint=one.hint.partition(";")[0])
