"""Areas on a picture, as QTI and HTML image maps draw them, and whether a point lies inside. Whole numbers only."""

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final

from itembank.core.qti.exact import read_float
from itembank.core.qti.values import Point

_CIRCLE: Final = 3
_BOX: Final = 4
_LEAST_POLY: Final = 6
_MOST_COORDS: Final = 2000


class Shape(StrEnum):
    """What the numbers of an area mean."""

    DEFAULT = "default"
    RECT = "rect"
    CIRCLE = "circle"
    POLY = "poly"
    ELLIPSE = "ellipse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A part of a picture; `coords` are pixels, the border belongs to the area."""

    shape: Shape
    coords: tuple[int, ...] = ()

    def contains(self, point: Point) -> bool:
        """Tell whether `point` lies inside or on the border."""
        match self.shape:
            case Shape.DEFAULT:
                return True
            case Shape.RECT:
                left, top, right, bottom = self.coords
                return min(left, right) <= point.x <= max(left, right) and min(top, bottom) <= point.y <= max(
                    top, bottom
                )
            case Shape.CIRCLE:
                x, y, radius = self.coords
                return (point.x - x) ** 2 + (point.y - y) ** 2 <= radius**2
            case Shape.ELLIPSE:
                return _in_ellipse(self.coords, point)
            case Shape.POLY:
                return _in_polygon(self.coords, point)


def read_area(shape: str, coords: str) -> Area | None:
    """Return the area, or None when the shape is unknown or its numbers do not fit it."""
    if shape not in set(Shape):
        return None
    numbers = [read_float(part) for part in coords.replace(",", " ").split()]
    whole = tuple(int(number) for number in numbers if number is not None)
    if len(whole) != len(numbers) or not _fits(Shape(shape), len(whole)):
        return None
    return Area(shape=Shape(shape), coords=whole)


def _fits(shape: Shape, count: int) -> bool:
    match shape:
        case Shape.DEFAULT:
            return True
        case Shape.CIRCLE:
            return count == _CIRCLE
        case Shape.RECT | Shape.ELLIPSE:
            return count == _BOX
        case Shape.POLY:
            return _LEAST_POLY <= count <= _MOST_COORDS and count % 2 == 0


def _between(one: int, number: int, other: int) -> bool:
    return min(one, other) <= number <= max(one, other)


def _in_ellipse(coords: tuple[int, ...], point: Point) -> bool:
    x, y, wide, high = coords
    if not wide or not high:
        return False
    return ((point.x - x) * high) ** 2 + ((point.y - y) * wide) ** 2 <= (wide * high) ** 2


def _in_polygon(coords: tuple[int, ...], point: Point) -> bool:
    corners = [Point(x, y) for x, y in zip(coords[::2], coords[1::2], strict=True)]
    edges = [*pairwise(corners), (corners[-1], corners[0])]
    return any(_on_edge(edge, point) for edge in edges) or sum(_crosses(edge, point) for edge in edges) % 2 == 1


def _turn(edge: tuple[Point, Point], point: Point) -> int:
    start, end = edge
    return (end.x - start.x) * (point.y - start.y) - (end.y - start.y) * (point.x - start.x)


def _on_edge(edge: tuple[Point, Point], point: Point) -> bool:
    start, end = edge
    inside_x = min(start.x, end.x) <= point.x <= max(start.x, end.x)
    return _turn(edge, point) == 0 and inside_x and min(start.y, end.y) <= point.y <= max(start.y, end.y)


def _crosses(edge: tuple[Point, Point], point: Point) -> bool:
    """Tell whether the ray from `point` to the right crosses the edge (the upper end belongs to it, the lower not)."""
    start, end = edge
    if (start.y > point.y) == (end.y > point.y):
        return False
    return (_turn(edge, point) > 0) == (end.y > start.y)
