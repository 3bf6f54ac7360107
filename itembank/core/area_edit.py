"""Editing the tree of content areas: where an area may lie, and its place among those beside it."""

from collections.abc import Sequence

from cbt.kernel.errors import Conflict
from itembank.core.areas import paths
from itembank.core.records import Area


class AreaInUse(Conflict):
    """The area is not empty: items, older versions of items or other areas lie in it."""

    code = "area-in-use"


class AreaInBlueprint(Conflict):
    """A blueprint asks for items of this area; change the blueprint first."""

    code = "area-in-blueprint"


class AreaInItself(Conflict):
    """An area cannot lie in itself or in an area below it."""

    code = "area-in-itself"


def check_parent(areas: Sequence[Area], code: str, parent: str) -> None:
    """Raise AreaInItself when `parent` is the area itself or lies in it."""
    if code in paths({area.code: area.parent for area in areas}).get(parent, ()):
        raise AreaInItself(area=code, parent=parent)


def stepped(areas: Sequence[Area], code: str, step: int) -> tuple[Area, ...]:
    """Return the areas in their order after one of them went `step` places (-1 up, 1 down) among its siblings.

    At the end of the siblings nothing changes.
    """
    ordered = list(areas)
    moved = next((area for area in ordered if area.code == code), None)
    if moved is None:
        return tuple(ordered)
    siblings = [place for place, area in enumerate(ordered) if area.parent == moved.parent]
    here = siblings.index(ordered.index(moved))
    there = here + step
    if 0 <= there < len(siblings):
        first, second = siblings[here], siblings[there]
        ordered[first], ordered[second] = ordered[second], ordered[first]
    return tuple(ordered)
