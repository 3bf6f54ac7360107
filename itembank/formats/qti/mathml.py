"""MathML of a document to the MathML that browsers draw: `semantics` gives its drawing, `mfenced` its fences."""

from html import escape
from typing import Final

from lxml import etree

from itembank.core.markup import MATH_ATTRIBUTES, MATH_TAGS
from itembank.formats.qti.elements import children, text_of
from itembank.formats.qti.notes import Notes

MATH: Final = "http://www.w3.org/1998/Math/MathML"
# What only says the same once more, or only to machines.
_SILENT: Final = frozenset({"annotation", "annotation-xml", "none", "maligngroup", "malignmark"})
_FIRST_ONLY: Final = frozenset({"semantics", "maction"})
_AS_ROWS: Final = {"mlabeledtr": "mtr", "menclose": "mrow", "mglyph": "mrow"}
_TOKENS: Final = frozenset({"mi", "mn", "mo", "ms", "mtext"})


class MathWriter:
    """Writes one formula; `drawn` are the variables whose value stands where their name does."""

    def __init__(self, notes: Notes, drawn: frozenset[str]) -> None:
        self._notes = notes
        self._drawn = drawn

    def html(self, element: etree._Element) -> str:
        """Return the element and what is in it."""
        name = etree.QName(element).localname
        if name in _SILENT:
            return ""
        inner = children(element)
        if name in _FIRST_ONLY:
            return self.html(inner[0]) if inner else ""
        if name == "mfenced":
            return self._fenced(element)
        if name in _TOKENS:
            return self._token(element, name)
        if name not in MATH_TAGS:
            return self._unknown(element, name)
        return f"<{name}{_attributes(element)}>{self._inside(element)}</{name}>"

    def _inside(self, element: etree._Element) -> str:
        return "".join(self.html(child) for child in children(element))

    def _token(self, element: etree._Element, name: str) -> str:
        words = text_of(element).strip()
        if name == "mi" and words in self._drawn:
            return f'<mn><span data-printed="{escape(words)}"></span></mn>'
        return f"<{name}{_attributes(element)}>{escape(words, quote=False)}</{name}>"

    def _fenced(self, element: etree._Element) -> str:
        opening, closing = str(element.get("open", "(")), str(element.get("close", ")"))
        signs = "".join(str(element.get("separators", ",")).split())
        parts: list[str] = []
        for place, child in enumerate(children(element)):
            if place and signs:
                parts.append(_sign(signs[min(place - 1, len(signs) - 1)]))
            parts.append(self.html(child))
        return f"<mrow>{_sign(opening)}<mrow>{''.join(parts)}</mrow>{_sign(closing)}</mrow>"

    def _unknown(self, element: etree._Element, name: str) -> str:
        kept = _AS_ROWS.get(name, "mrow")
        if name != "mlabeledtr":
            self._notes.lack(element, "math-left-out", "is not drawn by browsers; only what is inside it is kept")
        return f"<{kept}>{self._inside(element)}</{kept}>"


def _sign(text: str) -> str:
    return f"<mo>{escape(text, quote=False)}</mo>" if text.strip() else ""


def _attributes(element: etree._Element) -> str:
    return "".join(
        f' {name}="{escape(str(text))}"' for name, text in element.attrib.items() if str(name) in MATH_ATTRIBUTES
    )
