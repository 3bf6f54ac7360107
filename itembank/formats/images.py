"""Pictures by their content, never by their name: PNG, JPEG, GIF, WebP, and SVG without anything active in it."""

import re
from dataclasses import dataclass
from typing import Final
from xml.parsers import expat

MOST_BYTES: Final = 5 * 1024 * 1024
MOST_SVG_BYTES: Final = 512 * 1024
_MOST_DEPTH: Final = 64
_SVG: Final = "http://www.w3.org/2000/svg"
_ACTIVE: Final = frozenset(
    {"script", "foreignobject", "iframe", "embed", "object", "audio", "video", "handler", "listener", "a", "set"}
    | {"animate", "animatetransform", "animatemotion"}
)
_CSS_LOADS: Final = re.compile(r"url\s*\(\s*['\"]?\s*(?!#)|@import|expression\s*\(|\\", re.IGNORECASE)
# Markup in a raster picture is there to be taken for a page by whoever guesses types.
_MARKUP: Final = re.compile(rb"<(?:script|html|svg|iframe|body|!doctype|\?php)\b", re.IGNORECASE)
_SVG_START: Final = re.compile(
    rb"^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*(?:<!DOCTYPE|<svg\b)", re.DOTALL
)


class PictureRefused(ValueError):
    """Says why a file is not a picture that an item may show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A checked picture: its media type and the suffix of its kind."""

    media_type: str
    suffix: str


_PNG: Final = Picture(media_type="image/png", suffix="png")
_JPEG: Final = Picture(media_type="image/jpeg", suffix="jpg")
_GIF: Final = Picture(media_type="image/gif", suffix="gif")
_WEBP: Final = Picture(media_type="image/webp", suffix="webp")
_SVG_PICTURE: Final = Picture(media_type="image/svg+xml", suffix="svg")


def look_at(payload: bytes) -> Picture:
    """Return what kind of picture `payload` is; raises PictureRefused for anything else, and for active SVG."""
    if len(payload) > MOST_BYTES:
        raise PictureRefused(f"{len(payload):,} bytes; {MOST_BYTES:,} is the most")
    raster = _raster(payload)
    if raster is not None:
        if _MARKUP.search(payload):
            raise PictureRefused("the picture holds markup")
        return raster
    if _SVG_START.match(payload[:4096]):
        _check_svg(payload)
        return _SVG_PICTURE
    raise PictureRefused("neither PNG, JPEG, GIF, WebP nor SVG by its content")


def _raster(payload: bytes) -> Picture | None:
    if payload.startswith(b"\x89PNG\r\n\x1a\n") and payload[12:16] == b"IHDR":
        return _PNG
    if payload.startswith(b"\xff\xd8\xff"):
        return _JPEG
    if payload.startswith((b"GIF87a", b"GIF89a")):
        return _GIF
    if payload.startswith(b"RIFF") and payload[8:12] == b"WEBP":
        return _WEBP
    return None


def _check_svg(payload: bytes) -> None:
    if len(payload) > MOST_SVG_BYTES:
        raise PictureRefused(f"an SVG of {len(payload):,} bytes; {MOST_SVG_BYTES:,} is the most")
    guard = _SvgGuard()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = guard.start
    parser.EndElementHandler = guard.end
    parser.CharacterDataHandler = guard.words
    parser.EntityDeclHandler = guard.entity
    parser.ProcessingInstructionHandler = guard.instruction
    try:
        parser.Parse(payload, True)  # noqa: FBT003 - expat's own signature
    except (expat.ExpatError, ValueError, LookupError) as error:
        if isinstance(error, PictureRefused):
            raise
        raise PictureRefused(f"the SVG is not well-formed: {error}") from error


class _SvgGuard:
    def __init__(self) -> None:
        self._open: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, tag = name.rpartition(" ")
        if not self._open and (tag != "svg" or namespace != _SVG):
            raise PictureRefused("the root is not an SVG element in its namespace")
        if tag.lower() in _ACTIVE:
            raise PictureRefused(f"the SVG holds <{tag}>")
        for attribute, value in attributes.items():
            self._attribute(attribute, value)
        self._open.append(tag.lower())
        if len(self._open) > _MOST_DEPTH:
            raise PictureRefused("the SVG is nested too deeply")

    def end(self, _name: str) -> None:
        self._open.pop()

    def words(self, data: str) -> None:
        if self._open[-1:] == ["style"] and _CSS_LOADS.search(data):
            raise PictureRefused("the SVG's style sheet loads or escapes something")

    def entity(self, *_declaration: object) -> None:
        raise PictureRefused("the SVG declares an entity")

    def instruction(self, target: str, _data: str) -> None:
        raise PictureRefused(f"the SVG holds the instruction <?{target}?>")

    def _attribute(self, name: str, value: str) -> None:
        plain = name.rpartition(" ")[2].lower()
        if plain.startswith("on"):
            raise PictureRefused(f"the SVG holds the attribute {plain}")
        link = value.strip().lower()
        if plain in {"href", "src"} and not link.startswith(("#", "data:image/png;", "data:image/jpeg;")):
            raise PictureRefused(f"the SVG refers to {value[:40]!r}; only parts of itself are allowed")
        if "javascript:" in link.replace(" ", "") or _CSS_LOADS.search(value):
            raise PictureRefused(f"the SVG's attribute {plain} loads or runs something")
