"""Looking at one Moodle question: its fields as text with notation, and the files that its texts show."""

import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final
from urllib.parse import unquote

from lxml import etree

from itembank.core.scoring import read_number
from itembank.formats.parsed import Asset, Findings, Original
from itembank.formats.pictures import PictureBox
from itembank.formats.questions.account import Account, NotTakenOver
from itembank.formats.questions.words import InsideFigures, TextFormat, Words

_FORMATS: Final = {
    "html": TextFormat.HTML,
    "moodle_auto_format": TextFormat.AUTO,
    "markdown": TextFormat.MARKDOWN,
    "plain_text": TextFormat.PLAIN,
}
_PLUGIN_FILE: Final = re.compile(r"^@@PLUGINFILE@@/")
_TRUE: Final = frozenset({"1", "true"})
_LARGEST_ORIGINAL: Final = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class QuestionFiles:
    """The files beside one text, by their paths."""

    files: dict[str, bytes]

    def find(self, name: str) -> bytes | None:
        """Return the bytes that `@@PLUGINFILE@@/name` stands for, or None."""
        plain = _PLUGIN_FILE.sub("", name)
        return self.files.get(unquote(plain.partition("?")[0])) if plain != name else None


@dataclass(slots=True)
class Fields:
    """The fields of one `<question>` element."""

    element: etree._Element
    account: Account
    words: Words

    def plain(self, name: str, default: str = "") -> str:
        """Return a field without notation: `<single>true</single>` or `<name><text>…`."""
        return plain_text(self.element.find(name), default)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return a field that is true or false."""
        text = self.plain(name).lower()
        return text in _TRUE if text else default

    def number(self, name: str, default: str = "0") -> Decimal:
        """Return a field that is a number; what is none is refused."""
        return number_in(self.plain(name, default), name, self.account)

    def all(self, name: str) -> tuple[etree._Element, ...]:
        """Return the elements with that name."""
        return tuple(self.element.iterfind(name))

    def block(self, name: str) -> str:
        """Return the HTML of a field that is needed."""
        element = self.element.find(name)
        if element is None or not plain_text(element):
            raise self.account.refusal("empty", "there is no text", name)
        return self.block_in(element, name)

    def block_in(self, element: etree._Element, part: str, text: str | None = None) -> str:
        """Return the HTML of an element's text; `text` takes its place when marks were put into it."""
        given = source_text(element) if text is None else text
        return self.words_for(element).block(given, notation_of(element), part)

    def line(self, element: etree._Element, part: str, default: TextFormat = TextFormat.HTML) -> str:
        """Return the HTML of an element's text as it fits into a line."""
        return self.words_for(element).inline(source_text(element), notation_of(element, default), part)

    def aside(self, element: etree._Element | None, part: str) -> str:
        """Return the HTML of an element that explains."""
        if element is None or not plain_text(element):
            return ""
        return self.words_for(element).aside(source_text(element), notation_of(element), part)

    def words_for(self, element: etree._Element) -> Words:
        """Return the words with the files that stand beside this text."""
        return replace(self.words, figures=QuestionFiles(dict(self._files(element))))

    def file_of(self, element: etree._Element, part: str) -> Asset | None:
        """Return the picture that stands beside an element, or None; one that is refused refuses the question."""
        found = dict(self._files(element))
        if not found:
            return None
        name, payload = next(iter(found.items()))
        findings = Findings()
        used: dict[str, Asset] = {}
        PictureBox(InsideFigures({name: payload}), findings).lookup(self.account.at(part), used)(name)
        if findings.problems:
            raise NotTakenOver(*findings.problems)
        self.words.used.update(used)
        return next(iter(used.values()))

    def _files(self, element: etree._Element) -> Iterator[tuple[str, bytes]]:
        for one in element.iterfind("file"):
            path = f"{one.get('path', '/')}/{one.get('name', '')}".replace("//", "/").strip("/")
            try:
                yield path, b64decode("".join((one.text or "").split()), validate=True)
            except (NotBase64, ValueError):
                self.account.remark("file", f"the file {path[:60]!r} cannot be read")

    def original(self) -> Original | None:
        """Return the question as it stood in the file, unless it is very large."""
        payload: bytes = etree.tostring(self.element, encoding="utf-8", with_tail=False)
        if len(payload) > _LARGEST_ORIGINAL:
            return None
        return Original(name=f"{self.account.where}.xml", media_type="application/xml", payload=payload)


def source_text(element: etree._Element) -> str:
    """Return the text of `<x><text>…</text></x>`, or that of `<x>…</x>`."""
    inner = element.find("text")
    return (inner if inner is not None else element).text or ""


def plain_text(element: etree._Element | None, default: str = "") -> str:
    """Return the text without white space around it."""
    return default if element is None else source_text(element).strip() or default


def notation_of(element: etree._Element, default: TextFormat = TextFormat.HTML) -> TextFormat:
    """Return the notation that the element names."""
    return _FORMATS.get(str(element.get("format", "")), default)


def number_in(text: str, part: str, account: Account) -> Decimal:
    """Return the number; raises NotTakenOver."""
    number = read_number(text)
    if number is None:
        raise account.refusal("number", f"{text.strip()[:40]!r} is not a number", part)
    return number
