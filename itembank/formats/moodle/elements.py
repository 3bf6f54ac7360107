"""Parts of Moodle XML as text: fields with notation and their files, answers, categories."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from html import escape, unescape
from typing import Final
from urllib.parse import quote

from itembank.formats.exported import ExportItem
from itembank.formats.parsed import ParsedArea
from itembank.formats.questions.asking import percent_of
from itembank.formats.questions.bodies import picture_of, with_pictures

_SUFFIX: Final = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/svg+xml": "svg",
}


@dataclass(slots=True)
class Writer:
    """Writes the texts of one item; the pictures of a text follow it as files."""

    item: ExportItem
    _names: dict[str, str] = field(default_factory=dict)

    def html(self, name: str, html: str, more: str = "") -> str:
        """Return `<name format="html"><text>…</text>` with its pictures and what else belongs into it."""
        return f'<{name} format="html">{self.inner(html)}{more}</{name}>'

    def inner(self, html: str) -> str:
        """Return the text of a field and the files of its pictures."""
        shown: dict[str, str] = {}

        def address(sha256: str) -> str:
            shown[sha256] = self._name(sha256)
            return f"@@PLUGINFILE@@/{quote(shown[sha256])}"

        text = escape(with_pictures(html, address), quote=False)
        files = "".join(self._file(sha256, name) for sha256, name in shown.items())
        return f"<text>{text}</text>{files}"

    def answer(self, html: str, fraction: Fraction, more: str = "") -> str:
        """Return an answer whose text is HTML."""
        return f'<answer fraction="{percent_of(fraction)}" format="html">{self.inner(html)}{more}</answer>'

    def _file(self, sha256: str, name: str) -> str:
        payload, _ = picture_of(self.item, sha256)
        return f'<file name="{escape(name)}" path="/" encoding="base64">{b64encode(payload).decode()}</file>'

    def _name(self, sha256: str) -> str:
        """Return the author's name of a picture, or its digest where two have the same name."""
        if sha256 not in self._names:
            ref = next((one for one in self.item.content.assets if one.sha256 == sha256), None)
            name = ref.name.replace("/", "-") if ref is not None else ""
            suffix = _SUFFIX.get(ref.media_type, "bin") if ref is not None else "bin"
            taken = not name or name in self._names.values() or name != " ".join(name.split())
            self._names[sha256] = f"{sha256[:16]}.{suffix}" if taken else name
        return self._names[sha256]


def plain_answer(text: str, fraction: Fraction, more: str = "") -> str:
    """Return an answer that is compared as it is typed."""
    return (
        f'<answer fraction="{percent_of(fraction)}" format="plain_text"><text>{escape(text, quote=False)}</text>'
        f"{more}</answer>"
    )


def plain_words(html: str) -> str:
    """Return the text of HTML that is text only."""
    return unescape(html)


def category(areas: Sequence[ParsedArea]) -> str:
    """Return the change to the category of these areas; each level brings its code."""
    out = ""
    for depth in range(1, len(areas) + 1):
        path = "/".join(area.title.en.replace("/", "//") for area in areas[:depth])
        out += (
            f'<question type="category"><category><text>$course$/top/{escape(path, quote=False)}</text></category>'
            f"<idnumber>{escape(areas[depth - 1].code)}</idnumber></question>\n"
        )
    return out
