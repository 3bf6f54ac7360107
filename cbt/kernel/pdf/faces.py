"""One font file, tested before it may draw: TrueType outlines, static, embeddable, all of modern Hangul.

ReportLab raises no error for a glyph that a font lacks, draws a variable font in its default weight (often Thin) and
cannot embed CFF outlines, so all of that is asked here, before the first page.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from reportlab.pdfbase.ttfonts import TTFError, TTFont

from cbt.kernel.errors import Unavailable

HANGUL_SYLLABLES: Final = range(0xAC00, 0xD7A4)
_BLANKS: Final = frozenset({0x20, 0xA0})
_MAY_NOT_EMBED: Final = 0x0002 | 0x0100 | 0x0200  # OS/2 fsType: restricted licence, no subsetting, bitmaps only
_TRUETYPE: Final = (b"\x00\x01\x00\x00", b"true")


class FontMissing(Unavailable):
    """There is no font that can print Korean."""

    code = "font-missing"


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """One tested face; `drawable` holds the code points that leave a mark or are a plain space."""

    path: Path
    font: TTFont
    postscript_name: str
    drawable: frozenset[int]
    widths: Mapping[int, float]

    def draws(self, text: str) -> bool:
        """Return whether every character of `text` has a glyph here."""
        return self.drawable.issuperset(map(ord, text))

    def advance(self, text: str) -> float:
        """Return the width of `text` at size 1 (the text must be drawable)."""
        widths = self.widths
        return sum(widths[ord(character)] for character in text) / 1000


@cache
def load_face(path: Path) -> Face:
    """Return the face in `path`, once per process; raises FontMissing with the file and the reason."""
    try:
        data = path.read_bytes()
        _refuse_unusable(path, data)
        # Without `asciiReadable` only the glyphs in use are embedded, not all of ASCII in every face.
        font = TTFont(str(path), str(path), asciiReadable=False)
    except (OSError, struct.error) as error:
        raise _unusable(path, f"cannot be read: {error}") from error
    except TTFError as error:
        raise _unusable(path, str(error)) from error
    drawable = _drawable(font)
    lacking = len(HANGUL_SYLLABLES) - len(drawable.intersection(HANGUL_SYLLABLES))
    if lacking:
        raise _unusable(path, f"lacks {lacking:,} of {len(HANGUL_SYLLABLES):,} Hangul syllables")
    name = bytes(font.face.name).decode("latin-1")
    return Face(path=path, font=font, postscript_name=name, drawable=drawable, widths=font.face.charWidths)


def _refuse_unusable(path: Path, data: bytes) -> None:
    tables = _tables(path, data)
    if b"fvar" in tables:
        raise _unusable(path, "is a variable font; a static one is needed")
    if b"glyf" not in tables:
        raise _unusable(path, "has no TrueType outlines (glyf); CFF outlines cannot be embedded")
    if b"OS/2" in tables:
        (permissions,) = struct.unpack_from(">H", data, tables[b"OS/2"] + 8)
        if permissions & _MAY_NOT_EMBED:
            raise _unusable(path, f"may not be embedded and subset (fsType {permissions:#06x})")


def _tables(path: Path, data: bytes) -> dict[bytes, int]:
    """Return tag -> offset of the tables of a single TrueType font."""
    if data[:4] not in _TRUETYPE:
        kind = {b"OTTO": "has CFF outlines", b"ttcf": "is a collection"}.get(data[:4], "is no TrueType font")
        raise _unusable(path, f"{kind}; a single TrueType font (.ttf) is needed")
    (count,) = struct.unpack_from(">H", data, 4)
    records = (struct.unpack_from(">4sLLL", data, 12 + 16 * number) for number in range(count))
    return {tag: offset for tag, _, offset, _ in records}


def _drawable(font: TTFont) -> frozenset[int]:
    """Return the code points with an outline: a mapped but empty glyph would print as nothing at all."""
    starts = font.face.glyphPos
    last = len(starts) - 1
    return frozenset(
        code
        for code, glyph in font.face.charToGlyph.items()
        if code in _BLANKS or (0 < glyph < last and starts[glyph + 1] > starts[glyph])
    )


def _unusable(path: Path, reason: str) -> FontMissing:
    return FontMissing(f"font {path.name}: {reason}", font=str(path), reason=reason)
