"""The presentation of an item as one body of HTML, with a place for every interaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from itembank.core.markup import INTERACTION
from itembank.formats.qti12.asked import Asked
from itembank.formats.qti12.elements import below, children, given, name_of, named
from itembank.formats.qti12.material import MaterialReader, is_block
from itembank.formats.qti12.responses import RESPONSES

_READ: Final = frozenset({"material", "flow_mat", "altmaterial", "material_ref"})
_PROMPTING: Final = frozenset({"render_choice", "render_hotspot", "render_slider", "render_extension"})
_BREAKS: Final = ("<br>", "<br/>", " ")


@dataclass(slots=True)
class Body:
    """Blocks of HTML as they come, and the line that is being written."""

    parts: list[str] = field(default_factory=list)
    line: str = ""

    def add(self, html: str) -> None:
        """Add HTML: into the line, or as a block of its own when it brings blocks."""
        if is_block(html):
            self.end_line()
            self.parts.append(html)
        elif html:
            gap = "" if not self.line or self.line[-1:].isspace() or html[:1].isspace() else " "
            self.line += gap + html

    def place(self, names: Sequence[str], *, inline: bool) -> None:
        """Add the places of interactions."""
        if inline:
            self.add("".join(f'<span {INTERACTION}="{name}"></span>' for name in names))
            return
        self.end_line()
        self.parts += [f'<div {INTERACTION}="{name}"></div>' for name in names]

    def end_line(self) -> None:
        """End the line as a paragraph."""
        line = self.line.strip()
        while line.endswith(_BREAKS) or line.startswith(_BREAKS):
            for one in _BREAKS:
                line = line.removeprefix(one).removesuffix(one).strip()
        if line:
            self.parts.append(f"<p>{line}</p>")
        self.line = ""

    def html(self) -> str:
        """Return all of it."""
        self.end_line()
        return "".join(self.parts)


@dataclass(frozen=True, slots=True)
class BodyReader:
    """Reads one presentation; `asked` holds its responses by element."""

    material: MaterialReader
    asked: Mapping[etree._Element, Asked]
    hidden: frozenset[str] = frozenset()  # responses that get their places elsewhere

    def read(self, presentation: etree._Element, body: Body) -> None:
        """Add what `presentation` shows to `body`."""
        for child in children(presentation):
            name = name_of(child)
            if name in _READ:
                body.add(self.material.read(child))
            elif name in RESPONSES and child in self.asked:
                self._response(child, self.asked[child], body)
            elif name in {"flow", "presentation", "section"}:
                body.end_line()
                self.read(child, body)
                body.end_line()

    def _response(self, element: etree._Element, asked: Asked, body: Body) -> None:
        if asked.ident in self.hidden:
            return
        if not asked.inline:
            body.place(asked.names, inline=False)
            return
        placed = False
        for one in _inside(element):
            if name_of(one) != "response_label":
                body.add(self.material.read(one))
            elif not placed:
                body.place(asked.names, inline=True)
                placed = True
        if not placed:
            body.place(asked.names, inline=True)


def _inside(element: etree._Element) -> list[etree._Element]:
    """Return the materials and labels of a rendering in document order, flows looked into."""
    found: list[etree._Element] = []
    for child in children(element):
        name = name_of(child)
        if name in _READ or name == "response_label":
            found.append(child)
        elif name.startswith(("render_", "flow")):
            found += _inside(child)
    return found


def prompt_html(element: etree._Element, material: MaterialReader) -> str:
    """Return the HTML of what stands directly in a response and directly in its rendering, as its prompt."""
    renderings = [child for child in children(element) if name_of(child) in _PROMPTING]
    for one in renderings:
        if name_of(one) == "render_hotspot":
            material.hide(tuple(below(one, "matimage")))
    inner = [part for one in renderings for part in named(one, *_READ)]
    return " ".join(material.read(one) for one in (*named(element, *_READ), *inner)).strip()


def row(label: str, name: str) -> str:
    """Return one line of a list of things to choose for."""
    return f'<p>{label} <span {INTERACTION}="{name}"></span></p>'


def language_of(element: etree._Element) -> str:
    """Return the language that the element or one around it declares, or nothing."""
    place: etree._Element | None = element
    while place is not None:
        found = given(place, "{http://www.w3.org/XML/1998/namespace}lang")
        if found:
            return found
        place = place.getparent()
    return ""
