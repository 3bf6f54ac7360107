"""Areas on pictures as QTI 1.2 writes them, in the pixels that our shapes count.

The standard gives a rectangle as left, top, height, width and an ellipse as centre with both diameters; the last pixel
is one before left plus width. Canvas writes parts of the picture between 0 and 1 instead: corners, or a polygon.
"""

from fractions import Fraction
from typing import Final

from itembank.core.qti.exact import read_float
from itembank.core.qti.shapes import Area, Shape

_FOUR: Final = 4
_LEAST_POLY: Final = 6
_MOST: Final = 2000


def area_of(kind: str, coords: str, size: tuple[int, int] | None, offset: tuple[int, int] = (0, 0)) -> Area | None:
    """Return the area, or None when its numbers do not fit its kind; `offset` is where the picture stands."""
    numbers = [read_float(part) for part in coords.replace(",", " ").split()]
    plain = [number for number in numbers if number is not None]
    if not plain or len(plain) != len(numbers) or len(plain) > _MOST:
        return None
    if (
        size is not None
        and all(0 <= number <= 1 for number in plain)
        and any(number.denominator > 1 for number in plain)
    ):
        return _relative(kind.lower(), plain, size)
    return _absolute(kind.lower(), plain, offset)


def _absolute(kind: str, numbers: list[Fraction], offset: tuple[int, int]) -> Area | None:
    left, top = offset
    if kind.startswith("bounded"):
        return _polygon([int(one) - (top if place % 2 else left) for place, one in enumerate(numbers)])
    if len(numbers) != _FOUR:
        return None
    x, y, third, fourth = (int(one) for one in numbers)
    x, y = x - left, y - top
    if kind.startswith("rect"):
        return Area(shape=Shape.RECT, coords=(x, y, x + fourth - 1, y + third - 1))
    if third == fourth:
        return Area(shape=Shape.CIRCLE, coords=(x, y, third // 2))
    return Area(shape=Shape.ELLIPSE, coords=(x, y, fourth // 2, third // 2))


def _relative(kind: str, numbers: list[Fraction], size: tuple[int, int]) -> Area | None:
    scaled = [round(number * size[place % 2]) for place, number in enumerate(numbers)]
    if kind.startswith("bounded"):
        return _polygon(scaled)
    if len(scaled) != _FOUR:
        return None
    x, y, right, bottom = scaled
    if kind.startswith("rect"):
        return Area(shape=Shape.RECT, coords=(x, y, right, bottom))
    return Area(
        shape=Shape.ELLIPSE, coords=((x + right) // 2, (y + bottom) // 2, abs(right - x) // 2, abs(bottom - y) // 2)
    )


def _polygon(numbers: list[int]) -> Area | None:
    fits = len(numbers) >= _LEAST_POLY and len(numbers) % 2 == 0
    return Area(shape=Shape.POLY, coords=tuple(numbers)) if fits else None
