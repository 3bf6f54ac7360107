"""A page measured in millimetres from the top left: text in roles, rules, boxes, rings, forms and QR codes.

Sizes of type are millimetres as well. Each text is checked for glyphs before it is drawn (see `fonts`). Numbers in
the file are the same millimetres: one matrix at the head of the page turns them into points.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cbt.kernel.pdf.document import POINTS_PER_MM, About, Document, Link
from cbt.kernel.pdf.fonts import FontSet, Role
from cbt.kernel.pdf.guilloche import Form, circle
from cbt.kernel.pdf.operators import colour, number
from cbt.kernel.pdf.qr import qr_code

A4_WIDTH_MM: Final = 210.0
A4_HEIGHT_MM: Final = 297.0


class Align(StrEnum):
    """Which point of a text stands at its x."""

    START = "start"
    MIDDLE = "middle"
    END = "end"


_SCALE: Final = number(POINTS_PER_MM, 6)
_IN_MILLIMETRES: Final = f"{_SCALE} 0 0 {_SCALE} 0 0 cm"
_BEFORE: Final = {Align.START: 0.0, Align.MIDDLE: 0.5, Align.END: 1.0}


@dataclass(frozen=True, slots=True)
class Style:
    """How a text looks: face, size in millimetres, colour and extra space between letters in millimetres."""

    role: Role
    size: float
    ink: str = "#15202b"
    spacing: float = 0.0


@dataclass(frozen=True, slots=True)
class Pen:
    """How a line looks: width in millimetres and colour."""

    width: float
    ink: str


class Page:
    """One A4 page under construction; `turn` begins another one, `finish` gives the file."""

    def __init__(self, fonts: FontSet, about: About) -> None:
        self.fonts = fonts
        self._document = Document(about)
        self._operators = [_IN_MILLIMETRES]

    def turn(self) -> None:
        """Begin the next page."""
        self._document.turn("\n".join(self._operators), A4_WIDTH_MM, A4_HEIGHT_MM)
        self._operators = [_IN_MILLIMETRES]

    def finish(self) -> bytes:
        """Return the PDF file, this page the last one."""
        self.turn()
        return self._document.close()

    def width(self, words: str, style: Style) -> float:
        """Return the width of `words` in millimetres; raises MissingGlyph."""
        return self.fonts.width(style.role, words) * style.size + style.spacing * max(len(words) - 1, 0)

    def text(
        self, x: float, y: float, words: str, style: Style, *, align: Align = Align.START, fit: float = 0
    ) -> float:
        """Draw `words` on the base line `y`, shrunk to be at most `fit` wide (0: as wide as they are).

        Returns the width drawn, in millimetres. Raises MissingGlyph before anything is drawn.
        """
        if not words:
            return 0.0
        runs = self.fonts.runs(style.role, words)
        length = sum(len(run.text) for run in runs)
        natural = sum(run.face.advance(run.text) for run in runs) * style.size + style.spacing * max(length - 1, 0)
        shrink = min(1.0, fit / natural) if fit and natural else 1.0
        left = x - _BEFORE[align] * natural * shrink
        shown = []
        for run in runs:
            for font, codes in self._document.codes(run.face, run.text):
                shown.append(f"{font} {number(style.size * shrink)} Tf <{codes.hex()}> Tj")
        place = f"1 0 0 1 {number(left)} {number(A4_HEIGHT_MM - y)} Tm"
        spacing = f"{number(style.spacing * shrink, 4)} Tc"
        self._operators.append(f"BT {colour(style.ink)} {spacing} {place} {' '.join(shown)} ET")
        return natural * shrink

    def spread(self, x: float, y: float, words: str, style: Style, *, over: float) -> None:
        """Draw `words` around `x` with the letters spread evenly `over` that width (in millimetres)."""
        tight = Style(style.role, style.size, style.ink)
        spacing = (over - self.width(words, tight)) / max(len(words) - 1, 1)
        self.text(x, y, words, Style(style.role, style.size, style.ink, spacing), align=Align.MIDDLE)

    def rule(self, left: float, y: float, right: float, pen: Pen) -> None:
        """Draw a horizontal line."""
        self._draw(pen, f"{number(left)} {number(A4_HEIGHT_MM - y)} m {number(right)} {number(A4_HEIGHT_MM - y)} l S")

    def box(self, left: float, top: float, width: float, height: float, pen: Pen) -> None:
        """Draw the outline of a rectangle."""
        bottom = A4_HEIGHT_MM - top - height
        self._draw(pen, f"{number(left)} {number(bottom)} {number(width)} {number(height)} re S")

    def ring(self, x: float, y: float, radius: float, pen: Pen) -> None:
        """Draw a circle."""
        self._draw(pen, f"{circle(x, A4_HEIGHT_MM - y, radius)} S")

    def disc(self, x: float, y: float, radius: float, ink: str) -> None:
        """Draw a filled circle."""
        self._operators.append(f"{colour(ink)} {circle(x, A4_HEIGHT_MM - y, radius)} f")

    def form(self, form: Form) -> None:
        """Draw a prepared form of the size of the page."""
        self._operators.append(f"q /{self._document.form(form)} Do Q")

    def qr(self, left: float, top: float, side: float, text: str) -> None:
        """Draw the QR code of `text` as one path, `side` millimetres wide without the quiet zone."""
        code = qr_code(text)
        module = number(side / code.side, 5)
        bars = " ".join(f"{x} {y} {length} 1 re" for x, y, length in code.bars)
        place = f"{module} 0 0 -{module} {number(left)} {number(A4_HEIGHT_MM - top)} cm"
        self._operators.append(f"q {place} {colour('#000000')} {bars} f Q")

    def link(self, left: float, top: float, right: float, bottom: float, *, url: str) -> None:
        """Make a rectangle open `url`."""
        self._document.link(Link(left, A4_HEIGHT_MM - bottom, right, A4_HEIGHT_MM - top, url))

    def wrap(self, words: str, style: Style, limit: float) -> tuple[str, ...]:
        """Return `words` in as few lines as fit `limit` millimetres, evened out; breaks at spaces.

        A single word that is wider than the limit has a line of its own (draw it with `fit`).
        """
        sized = [(word, self.width(word, style)) for word in words.split()]
        space = self.width(" ", style) + 2 * style.spacing
        lines = _filled(sized, space, limit)
        # The narrowest limit that still gives this many lines makes them even.
        low, high = limit / max(len(lines), 1), limit
        while len(lines) > 1 and high - low > 1:
            middle = (low + high) / 2
            low, high = (low, middle) if len(_filled(sized, space, middle)) <= len(lines) else (middle, high)
        return tuple(_filled(sized, space, high))

    def _draw(self, pen: Pen, path: str) -> None:
        self._operators.append(f"{colour(pen.ink, stroke=True)} {number(pen.width)} w {path}")


def _filled(sized: Iterable[tuple[str, float]], space: float, limit: float) -> list[str]:
    """Return the words (each with its width) in lines that are filled one after the other."""
    lines: list[list[str]] = []
    used = 0.0
    for word, width in sized:
        if lines and used + space + width <= limit:
            lines[-1].append(word)
            used += space + width
        else:
            lines.append([word])
            used = width
    return [" ".join(line) for line in lines]
