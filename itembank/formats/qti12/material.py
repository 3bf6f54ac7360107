"""Material of QTI 1.2 (texts, pictures, sounds, line breaks, references) to HTML that is still to be cleaned.

Every text is HTML here, plain ones escaped; the marks by which our own bodies place interactions are taken out of it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from html import escape, unescape
from typing import Final

from lxml import etree

from itembank.formats.qti12.elements import children, given, name_of, words_of
from itembank.formats.qti12.sheet import Sheet

_MARKS: Final = re.compile(r"\bdata-(?:interaction|gap|hottext|feedback|printed)\b", re.IGNORECASE)
_EQUATION: Final = re.compile(r"<img\b[^>]*\bdata-equation-content\s*=\s*(\"[^\"]*\"|'[^']*')[^>]*>", re.IGNORECASE)
_OLD_EQUATION: Final = re.compile(
    r"<img\b(?=[^>]*\bclass\s*=\s*[\"'][^\"']*equation_image)[^>]*\balt\s*=\s*(\"[^\"]*\"|'[^']*')[^>]*>", re.IGNORECASE
)
_INLINE: Final = re.compile(
    r"(\bsrc\s*=\s*[\"'])\s*data:image/[a-z+.-]{1,20};base64,([A-Za-z0-9+/=\s]+)", re.IGNORECASE
)
_LABEL: Final = re.compile(r"^LaTeX:\s*")
_XMLNS: Final = re.compile(r'\sxmlns(?::\w+)?="[^"]*"')
_BLOCK: Final = re.compile(r"<(?:p|div|pre|table|ul|ol|dl|figure|blockquote|h[1-6]|hr)\b", re.IGNORECASE)
# What the letters of the old Symbol font look like; files name it by the charset "greek".
_GREEK: Final = str.maketrans("abcdefghijklmnopqrstuvwxyzDFGLPQSWXY", "αβχδεφγηιϕκλμνοπθρστυϖωξψζΔΦΓΛΠΘΣΩΞΨ")
_HTML: Final = frozenset({"text/html", "text/xhtml", "html", "xhtml", "application/xhtml+xml", "text/rtf"})
_FLOWS: Final = frozenset({"flow_mat", "altmaterial", "presentation_material", "mat_extension", "rubric", "objectives"})


def is_block(html: str) -> bool:
    """Tell whether the HTML brings blocks of its own."""
    return _BLOCK.search(html) is not None


class MaterialReader:
    """Turns material into HTML; what it cannot keep goes on the sheet."""

    def __init__(self, sheet: Sheet, labelled: Mapping[str, etree._Element]) -> None:
        self._sheet = sheet
        self._labelled = labelled
        self._following: list[str] = []
        self._hidden: list[etree._Element] = []
        self._readers: Mapping[str, Callable[[etree._Element], str]] = {
            "mattext": self._text,
            "mat_formattedtext": self._text,
            "matemtext": self._emphasis,
            "matbreak": self._break,
            "matimage": self._image,
            **dict.fromkeys(("mataudio", "matvideo", "matapplet", "matapplication"), self._sound),
            "matref": self._reference,
            "material_ref": self._reference,
        }

    def hide(self, elements: Sequence[etree._Element]) -> None:
        """Leave these pictures out of what is read from now on: they are shown by an interaction."""
        self._hidden += elements

    def read(self, element: etree._Element) -> str:
        """Return the HTML of everything that `element` (a material, a flow of them) holds."""
        return "".join(self._part(child) for child in children(element))

    def _part(self, element: etree._Element) -> str:
        name = name_of(element)
        if name == "material" or name in _FLOWS:
            return self.read(element)
        reader = self._readers.get(name)
        return "" if reader is None else reader(element)

    def _text(self, element: etree._Element) -> str:
        kind = given(element, "texttype", "text/plain").lower()
        if children(element):
            return self._tidy(_inner(element))
        text = element.text or ""
        if given(element, "charset").lower() in {"greek", "symbol"}:
            text = text.translate(_GREEK)
        if kind in _HTML or kind == "smart_text":
            return self._tidy(text)
        plain = _MARKS.sub("data", escape(text, quote=False))
        return " ".join(plain.split()).join((" " if text[:1].isspace() else "", " " if text[-1:].isspace() else ""))

    def _emphasis(self, element: etree._Element) -> str:
        return f"<em>{self._text(element)}</em>"

    def _break(self, _element: etree._Element) -> str:
        return "<br>"

    def _image(self, element: etree._Element) -> str:
        if element in self._hidden:
            return ""
        words = escape(given(element, "label") or given(element, "alt"))
        size = "".join(
            f' {name}="{given(element, name)}"' for name in ("width", "height") if given(element, name).isdigit()
        )
        if given(element, "embedded").lower() == "base64" or (not given(element, "uri") and words_of(element)):
            found = self._sheet.media.embedded(words_of(element), given(element, "label") or "picture")
            if isinstance(found, str):
                self._sheet.note("figure-refused", f"an embedded picture: {found[:100]}")
                return ""
            return f'<img src="asset:{self._sheet.keep(found).ref.sha256}" alt="{words}"{size}>'
        return f'<img src="{escape(given(element, "uri"))}" alt="{words}"{size}>'

    def _sound(self, element: etree._Element) -> str:
        source = given(element, "uri") or name_of(element).removeprefix("mat")
        self._sheet.note("media-left-out", f"{source[:80]} cannot be played here, its name stands in its place")
        return f" [{escape(source.rpartition('/')[2])}] "

    def _reference(self, element: etree._Element) -> str:
        label = given(element, "linkrefid")
        target = self._labelled.get(label)
        if target is None or label in self._following:
            self._sheet.note("reference-missing", f"there is no material {label[:60]!r}")
            return ""
        self._following.append(label)
        try:
            return self._part(target)
        finally:
            self._following.pop()

    def _tidy(self, html: str) -> str:
        html = _INLINE.sub(self._embedded, _MARKS.sub("data", html))
        html = _EQUATION.sub(_formula, html)
        return _OLD_EQUATION.sub(_formula, html)

    def _embedded(self, found: re.Match[str]) -> str:
        asset = self._sheet.media.embedded(found[2], "picture")
        if isinstance(asset, str):
            self._sheet.note("figure-refused", f"an embedded picture: {asset[:100]}")
            return ""
        return f"{found[1]}asset:{self._sheet.keep(asset).ref.sha256}"


def _formula(found: re.Match[str]) -> str:
    latex = _LABEL.sub("", unescape(found[1][1:-1])).strip()
    return rf"\({escape(latex, quote=False)}\)" if latex else ""


def _inner(element: etree._Element) -> str:
    parts = [escape(element.text or "", quote=False)]
    parts += [_XMLNS.sub("", etree.tostring(child, encoding="unicode")) for child in children(element)]
    return "".join(parts)


def labelled(root: etree._Element) -> dict[str, etree._Element]:
    """Return the material that references name by its label or identifier, the first of each name."""
    found: dict[str, etree._Element] = {}
    for element in root.iter(etree.Element):
        if name_of(element).startswith("mat"):
            for name in (given(element, "label"), given(element, "ident")):
                if name:
                    found.setdefault(name, element)
    return found
