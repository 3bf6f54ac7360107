"""The size of a picture in pixels, read from its first bytes: PNG, GIF, JPEG, WebP and SVG."""

import re
import struct
from typing import Final

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xDA)})
_MARK: Final = 0xFF
_SVG: Final = re.compile(rb"<svg\b([^>]*)>")
_NUMBER: Final = rb"""\b%s\s*=\s*["']\s*([0-9]{1,5})(?:\.[0-9]+)?(?:px)?\s*["']"""
_VIEW: Final = re.compile(rb"""viewBox\s*=\s*["']\s*\S+\s+\S+\s+([0-9]{1,5})\S*\s+([0-9]{1,5})""")


def size_of(payload: bytes) -> tuple[int, int] | None:
    """Return width and height, or None when the picture does not tell; never raises."""
    try:
        size = _raster(payload) or _svg(payload)
    except (struct.error, IndexError):
        return None
    return size if size is not None and min(size) > 0 else None


def _raster(payload: bytes) -> tuple[int, int] | None:
    if payload.startswith(_PNG):
        width, height = struct.unpack(">II", payload[16:24])
        return width, height
    if payload.startswith((b"GIF87a", b"GIF89a")):
        width, height = struct.unpack("<HH", payload[6:10])
        return width, height
    if payload.startswith(b"\xff\xd8"):
        return _jpeg(payload)
    if payload.startswith(b"RIFF") and payload[8:12] == b"WEBP":
        return _webp(payload)
    return None


def _jpeg(payload: bytes) -> tuple[int, int] | None:
    place = 2
    while place + 9 < len(payload):
        if payload[place] != _MARK:
            return None
        kind = payload[place + 1]
        if kind in _FRAMES:
            height, width = struct.unpack(">HH", payload[place + 5 : place + 9])
            return width, height
        if kind == _MARK:
            place += 1
        elif kind in _ALONE:
            place += 2
        else:
            place += 2 + max(2, int(struct.unpack(">H", payload[place + 2 : place + 4])[0]))
    return None


def _webp(payload: bytes) -> tuple[int, int] | None:
    kind = payload[12:16]
    if kind == b"VP8X":
        return int.from_bytes(payload[24:27], "little") + 1, int.from_bytes(payload[27:30], "little") + 1
    if kind == b"VP8L":
        bits = int.from_bytes(payload[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack("<HH", payload[26:30])
    return width & 0x3FFF, height & 0x3FFF


def _svg(payload: bytes) -> tuple[int, int] | None:
    head = _SVG.search(payload[:8192])
    if head is None:
        return None
    sizes = [re.search(_NUMBER % name, head[1]) for name in (b"width", b"height")]
    view = _VIEW.search(head[1])
    if sizes[0] and sizes[1]:
        return int(sizes[0][1]), int(sizes[1][1])
    return (int(view[1]), int(view[2])) if view else None
