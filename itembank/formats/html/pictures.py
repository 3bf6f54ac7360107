"""Pictures of items: addresses, and the parts of a picture as SVG shapes laid over it."""

import re
import string
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Final

from markupsafe import Markup

from itembank.core.interactions import Hotspot, Picture
from itembank.core.qti.shapes import Area, Shape

_SOURCE: Final = re.compile(r' src="asset:([0-9a-f]{64})"')
_IMAGE: Final = re.compile(r'<img((?: [a-z-]+="[^"]*")*)>')
# Signs on a picture are about this part of its longer side, so that they read at any size of the picture.
_SIGN_PART: Final = 34
_SMALLEST_SIGN: Final = 13
_SMALL: Final = 320
_LETTERS: Final = string.ascii_uppercase


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureView:
    """A picture to show: its address and its size in the pixels that coordinates count."""

    url: str
    width: int
    height: int
    alt: str

    @property
    def sign(self) -> int:
        """The size of letters on the picture, in its pixels."""
        return max(_SMALLEST_SIGN, round(max(self.width, self.height) / _SIGN_PART))

    @property
    def small(self) -> bool:
        """Whether its parts would be too small to press at the picture's own size."""
        return 0 < max(self.width, self.height) < _SMALL

    @property
    def image(self) -> Markup:
        """The picture alone."""
        size = f' width="{self.width}" height="{self.height}"' if self.width and self.height else ""
        return Markup(f'<img src="{escape(self.url)}" alt="{escape(self.alt)}"{size}>')  # noqa: S704 - escaped here


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A part of a picture: its shape as SVG, and where its number or letter stands."""

    name: str
    number: int
    letter: str
    label: str
    shape: Markup
    x: int
    y: int
    match_max: int


def with_pictures(html: str, asset_url: Callable[[str], str]) -> str:
    """Return cleaned HTML with the addresses of its pictures filled in."""

    def image(found: re.Match[str]) -> str:
        attributes = _SOURCE.sub(lambda source: f' src="{escape(asset_url(source[1]))}"', found[1])
        return f"<img{attributes}>"

    return _IMAGE.sub(image, html)


def picture_view(picture: Picture, asset_url: Callable[[str], str]) -> PictureView:
    """Return the picture with its address."""
    return PictureView(url=asset_url(picture.sha256), width=picture.width, height=picture.height, alt=picture.alt)


def spot(name: str, number: int, hotspot: Hotspot) -> Spot:
    """Return a hotspot as it is drawn under `name`."""
    x, y = _middle(hotspot.area)
    return Spot(
        name=name,
        number=number,
        letter=letter_of(number),
        label=hotspot.label,
        shape=_svg(hotspot.area),
        x=x,
        y=y,
        match_max=hotspot.match_max,
    )


def letter_of(number: int) -> str:
    """Return A for 1, B for 2, and AA after Z."""
    before, place = divmod(number - 1, len(_LETTERS))
    return (letter_of(before) if before else "") + _LETTERS[place]


def _svg(area: Area) -> Markup:
    match area.shape, area.coords:
        case Shape.RECT, (left, top, right, bottom):
            x, y, width, height = min(left, right), min(top, bottom), abs(right - left), abs(bottom - top)
            return Markup('<rect x="%d" y="%d" width="%d" height="%d"/>') % (x, y, width, height)
        case Shape.CIRCLE, (x, y, radius):
            return Markup('<circle cx="%d" cy="%d" r="%d"/>') % (x, y, radius)
        case Shape.ELLIPSE, (x, y, wide, high):
            return Markup('<ellipse cx="%d" cy="%d" rx="%d" ry="%d"/>') % (x, y, wide, high)
        case Shape.POLY, coords:
            return Markup('<polygon points="%s"/>') % " ".join(map(str, coords))
        case _:
            return Markup('<rect width="100%" height="100%"/>')


def _middle(area: Area) -> tuple[int, int]:
    match area.shape, area.coords:
        case Shape.RECT, (left, top, right, bottom):
            return (left + right) // 2, (top + bottom) // 2
        case ((Shape.CIRCLE | Shape.ELLIPSE), (x, y, *_)):
            return x, y
        case Shape.POLY, coords:
            across, down = coords[::2], coords[1::2]
            return sum(across) // len(across), sum(down) // len(down)
        case _:
            return 0, 0
