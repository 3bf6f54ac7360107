"""The text of a QTI document as HTML: its own elements under the allow-list, everything else by name or with a note."""

import re
from collections.abc import Callable, Mapping
from html import escape, unescape
from typing import Final

from lxml import etree

from itembank.core.markup import TEXT_TAGS, clean
from itembank.formats.parsed import Asset
from itembank.formats.qti.elements import attribute, attributes, children, name_of, text_of
from itembank.formats.qti.mathml import MATH, MathWriter
from itembank.formats.qti.own import LOOSE, PLACE, is_own
from itembank.formats.qti.reading import Reading, pixels, words_for
from itembank.formats.qti.shelf import FileRefused

Handler = Callable[[etree._Element], str]  # noqa: SLF001 - lxml names its type so
_SVG: Final = "{http://www.w3.org/2000/svg}svg"
_SPEECH: Final = "{http://www.w3.org/2001/10/synthesis}"
_INCLUDE: Final = "{http://www.w3.org/2001/XInclude}include"
_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_RENAMED: Final[Mapping[str, str]] = {
    **dict.fromkeys(("h1", "h2"), "h3"),
    **dict.fromkeys(("h5", "h6"), "h4"),
    **dict.fromkeys(("address", "article", "aside", "center", "details", "fieldset", "footer", "header"), "div"),
    **dict.fromkeys(("main", "nav", "section", "summary", "legend"), "div"),
    **dict.fromkeys(("big", "font", "label", "time", "tt", "rb"), "span"),
    "acronym": "abbr",
    "strike": "s",
}
_TRANSPARENT: Final = frozenset({"content-body", "rtc", "picture", "stimulus-body"})
_ACTIVE: Final = frozenset({"script", "iframe", "frame", "frameset", "embed", "applet", "form", "base", "meta", "link"})
_SILENT: Final = frozenset({"source", "param", "track"})
_VOID: Final = frozenset({"br", "hr", "img", "wbr", "col"})
_KEPT: Final = frozenset({"class", "lang", "dir", "title", "span", "value", "start", "type", "reversed"}) | frozenset(
    {"colspan", "rowspan", "scope", "abbr"}
)
_SPACES: Final = re.compile(r"[ \t\r\n]+")
_SCRIPT_URL: Final = re.compile(r"\s*(?:javascript|vbscript)\s*:", re.IGNORECASE)


class Flow:
    """Writes the text inside elements; `special` handles QTI's own elements, pictures go to `assets`."""

    def __init__(self, reading: Reading, assets: dict[str, Asset], special: Mapping[str, Handler]) -> None:
        self.reading = reading
        self._notes = reading.notes
        self._assets = assets
        self._special = special
        self._math = MathWriter(reading.notes, reading.drawn_in_math)

    def html(self, element: etree._Element) -> str:
        """Return what is inside `element` as cleaned HTML."""
        html = clean(self.inside(element)).strip()
        # Space is left on both sides of what was taken out; a second reading must find the same text.
        return html if "<pre" in html else _SPACES.sub(" ", html)

    def inside(self, element: etree._Element) -> str:
        """Return what is inside `element`, not yet cleaned."""
        parts = [self._words(element, element.text)]
        for child in element:
            # An entity that nobody declares is a node of its own; HTML's names are known.
            parts.append(self._one(child) if isinstance(child.tag, str) else escape(unescape(str(child.text or ""))))
            parts.append(self._words(element, child.tail))
        return "".join(parts)

    def _words(self, element: etree._Element, words: str | None) -> str:
        if not words:
            return ""
        plain = words if element.tag == "pre" else _SPACES.sub(" ", words)
        return escape(plain, quote=False)

    def _one(self, element: etree._Element) -> str:
        name = name_of(element)
        if handler := self._special.get(name):
            return handler(element)
        if name.startswith("{"):
            return self._foreign(element, name)
        if name in _ACTIVE or _runs(element):
            self._notes.refuse(element, "active-content", "runs or loads something, which no item may")
            return ""
        if name in {"img", "object"}:
            return self._picture(element)
        return self._plain(element, name)

    def _plain(self, element: etree._Element, name: str) -> str:
        if name in _SILENT:
            return ""
        if name in {"style", "stylesheet"}:
            self._notes.remark(element, "style-sheet", "is not used; items look as the exam does")
            return ""
        if is_own(element, LOOSE) or is_own(element, PLACE):
            return self.inside(element)
        tag = _RENAMED.get(name, name)
        if tag in _VOID:
            return f"<{tag}{self._attributes(element)}>"
        if tag in TEXT_TAGS:
            return f"<{tag}{self._attributes(element)}>{self.inside(element)}</{tag}>"
        if name not in _TRANSPARENT:
            self._left_out(element, name)
        return self.inside(element)

    def _left_out(self, element: etree._Element, name: str) -> None:
        if name == "a":
            self._notes.lack(element, "link-left-out", "leads out of the exam; only its words are kept")
        else:
            self._notes.lack(element, "element-left-out", "is not understood; only the words in it are kept")

    def _attributes(self, element: etree._Element) -> str:
        given = [(name, text) for name, text in attributes(element).items() if name in _KEPT]
        language = element.get(_LANG)
        if language is not None:
            given.append(("lang", str(language)))
        return "".join(f' {name}="{escape(text)}"' for name, text in given)

    def _picture(self, element: etree._Element) -> str:
        if name_of(element) == "object" and not _is_picture(element):
            self._notes.lack(element, "object-left-out", "is no picture; only the words in it are kept")
            return self.inside(element)
        found = self.reading.image(element, self._assets)
        if found is None or found.size is None:
            return ""
        words = words_for(element)
        if not words and element.get("alt") is None:
            self._notes.remark(element, "figure-alt", "has no words for those who cannot see it")
        given = "".join(f' {name}="{pixels(element, name)}"' for name in ("width", "height") if pixels(element, name))
        classes = f' class="{escape(attribute(element, "class"))}"' if element.get("class") else ""
        return f'<img src="asset:{found.asset.ref.sha256}" alt="{escape(words)}"{given}{classes}>'

    def _foreign(self, element: etree._Element, name: str) -> str:
        if name == f"{{{MATH}}}math":
            return self._math.html(element)
        if name == _SVG:
            return self._drawing(element)
        if name.startswith(_SPEECH):
            self._notes.remark(element, "speech-left-out", "says how words are spoken; the words are kept")
            return self.inside(element)
        if name == _INCLUDE:
            self._notes.refuse(element, "include", "asks for another file, which is never followed")
            return ""
        self._notes.lack(element, "element-left-out", "is not QTI's; only the words in it are kept")
        return self.inside(element)

    def _drawing(self, element: etree._Element) -> str:
        """Return an SVG inside the text as a picture of its own, which is checked like every other."""
        payload = etree.tostring(element, encoding="utf-8", with_tail=False)
        try:
            found = self.reading.shelf.inline(payload)
        except FileRefused as refusal:
            self._notes.refuse(element, "picture-refused", str(refusal))
            return ""
        self._assets[found.asset.ref.sha256] = found.asset
        words = " ".join(text_of(one) for one in children(element) if etree.QName(one).localname == "title")
        return f'<img src="asset:{found.asset.ref.sha256}" alt="{escape(words)}">'


def _is_picture(element: etree._Element) -> bool:
    given = attribute(element, "type")
    return given.startswith("image/") or (
        not given and bool(re.search(r"\.(?:png|jpe?g|gif|svg|webp)$", _href(element)))
    )


def _href(element: etree._Element) -> str:
    return attribute(element, "data").lower()


def _runs(element: etree._Element) -> bool:
    return any(
        name.lower().startswith("on") or _SCRIPT_URL.match(str(text)) for name, text in attributes(element).items()
    )
