"""How large a picture is, read from its own bytes, and whether it is a picture to its last byte.

A file that goes on after its picture may be something else as well (a script, a zip): it is refused.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from xml.parsers import expat

from itembank.core.qti.exact import read_float
from itembank.formats.images import PictureRefused

_PADDING: Final = b"\0\t\r\n "
_MOST_PIXELS: Final = 40_000_000
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_FILL: Final = 0xFF  # begins every marker, and may stand before it
_START_OF_SCAN: Final = 0xDA
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
_EXTENSION: Final = 0x21
_IMAGE: Final = 0x2C
_TRAILER: Final = 0x3B


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height in pixels, each at least 1."""

    width: int
    height: int


def measure(payload: bytes, media_type: str) -> Size:
    """Return the size of the picture; raises PictureRefused when it is broken, has a tail, or is far too large."""
    try:
        size = _READERS[media_type](payload)
    except (IndexError, KeyError) as error:
        raise PictureRefused("the picture is cut off") from error
    if size.width < 1 or size.height < 1 or size.width * size.height > _MOST_PIXELS:
        raise PictureRefused(f"the picture is {size.width} x {size.height} pixels")
    return size


def _number(payload: bytes, start: int, count: int, *, little: bool = False) -> int:
    if start + count > len(payload):
        raise IndexError
    return int.from_bytes(payload[start : start + count], "little" if little else "big")


def _refuse_tail(payload: bytes, end: int) -> None:
    if payload[end:].strip(_PADDING):
        raise PictureRefused("the file goes on after its picture")


def _png(payload: bytes) -> Size:
    place = 8
    while True:
        length, kind = _number(payload, place, 4), payload[place + 4 : place + 8]
        place += 12 + length
        if kind == b"IEND" or place > len(payload):
            break
    if place > len(payload):
        raise IndexError
    _refuse_tail(payload, place)
    return Size(_number(payload, 16, 4), _number(payload, 20, 4))


def _gif(payload: bytes) -> Size:
    place = 13 + _palette(payload[10])
    while payload[place] != _TRAILER:
        if payload[place] == _EXTENSION:
            place = _behind_blocks(payload, place + 2)
        elif payload[place] == _IMAGE:
            place = _behind_blocks(payload, place + 11 + _palette(payload[place + 9]))
        else:
            raise PictureRefused("the GIF holds what is no picture")
    _refuse_tail(payload, place + 1)
    return Size(_number(payload, 6, 2, little=True), _number(payload, 8, 2, little=True))


def _palette(flags: int) -> int:
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _behind_blocks(payload: bytes, place: int) -> int:
    while payload[place]:
        place += payload[place] + 1
    return place + 1


def _jpeg(payload: bytes) -> Size:
    place, size = 2, None
    while (kind := _marker(payload, place)) != _START_OF_SCAN:
        place += 1 if kind == _FILL else 2
        if kind == _FILL or kind in _ALONE:
            continue
        if kind in _FRAMES:
            size = Size(_number(payload, place + 5, 2), _number(payload, place + 3, 2))
        place += _number(payload, place, 2)
    if size is None or not payload.rstrip(_PADDING).endswith(b"\xff\xd9"):
        raise PictureRefused("the JPEG does not end as one")
    return size


def _marker(payload: bytes, place: int) -> int:
    if payload[place] != _FILL:
        raise PictureRefused("the JPEG holds what is no picture")
    return payload[place + 1]


def _webp(payload: bytes) -> Size:
    _refuse_tail(payload, 8 + _number(payload, 4, 4, little=True))
    kind = payload[12:16]
    if kind == b"VP8X":
        return Size(1 + _number(payload, 24, 3, little=True), 1 + _number(payload, 27, 3, little=True))
    if kind == b"VP8L":
        bits = _number(payload, 21, 4, little=True)
        return Size(1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF))
    return Size(_number(payload, 26, 2, little=True) & 0x3FFF, _number(payload, 28, 2, little=True) & 0x3FFF)


def _svg(payload: bytes) -> Size:
    # Checked before; only the attributes of the root are of interest.
    found: list[Mapping[str, str]] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda _name, attributes: found.append(attributes)
    parser.Parse(payload, True)  # noqa: FBT003 - expat's own signature
    root = found[0]
    width, height = _pixels(root.get("width", "")), _pixels(root.get("height", ""))
    box = [_pixels(part) for part in root.get("viewBox", "").replace(",", " ").split()]
    if len(box) == 4 and not (width and height):  # noqa: PLR2004 - left, top, width, height
        width, height = (box[2] or 0), (box[3] or 0)
    return Size(width or 300, height or 150)  # what browsers take when an SVG says nothing


def _pixels(text: str) -> int:
    number = read_float(text.strip().removesuffix("px"))
    return 0 if number is None else round(number)


_READERS: Final[Mapping[str, Callable[[bytes], Size]]] = MappingProxyType(
    {"image/png": _png, "image/gif": _gif, "image/jpeg": _jpeg, "image/webp": _webp, "image/svg+xml": _svg}
)
