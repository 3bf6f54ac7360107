"""The tree of content areas: what lies above an area, and which areas a load has to add."""

from collections.abc import Iterable, Mapping, Sequence

from cbt.kernel.titles import Title
from itembank.core.records import Area, AreaCount


def paths(parents: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """Return for each area its own code with those of all areas above it; `parents` maps code to code or empty."""
    found: dict[str, frozenset[str]] = {}
    for code in parents:
        above: set[str] = set()
        place = code
        while place and place not in above:
            above.add(place)
            place = parents.get(place, "")
        found[code] = frozenset(above)
    return found


def implied_parent(code: str) -> str:
    """Return the area above that a dotted code names (`1.2` lies in `1`), or nothing."""
    return code.rpartition(".")[0]


def missing(wanted: Iterable[str], there: Iterable[str]) -> tuple[str, ...]:
    """Return the areas to add so that all `wanted` are there, those above first."""
    known = set(there)
    added: list[str] = []
    for code in wanted:
        chain = []
        place = code
        while place and place not in known:
            chain.append(place)
            known.add(place)
            place = implied_parent(place)
        added += reversed(chain)
    return tuple(added)


def plain_title(code: str) -> Title:
    """Return the title of an area that nobody has named yet."""
    return Title(ko=code, en=code)


def counted(areas: Sequence[Area], approved: Mapping[str, int]) -> tuple[AreaCount, ...]:
    """Return the tree from the top in the order given, each area with the items in it and below it."""
    above = paths({area.code: area.parent for area in areas})
    totals = dict.fromkeys(above, 0)
    for code, count in approved.items():
        for place in above.get(code, ()):
            totals[place] = totals.get(place, 0) + count
    children: dict[str, list[Area]] = {}
    for area in areas:
        children.setdefault(area.parent if area.parent in above else "", []).append(area)
    found: list[AreaCount] = []

    def walk(parent: str, depth: int) -> None:
        for area in children.get(parent, ()):
            found.append(AreaCount(area=area, depth=depth, approved=totals[area.code]))
            walk(area.code, depth + 1)

    walk("", 0)
    return tuple(found)
