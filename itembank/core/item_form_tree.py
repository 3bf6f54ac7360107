"""The fields of the item editor as a tree, and what its buttons do to it.

A field is named by its path: `i-0-choices-2-content` is the content of the third choice of the first interaction. In
the tree a part with fields is a dictionary, rows are a list, and a field is the text that was typed.
"""

import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Final, TypeAlias

Tree: TypeAlias = dict[str, Any]
_NAME: Final = re.compile(r"[a-z0-9_]{1,40}(?:-[a-z0-9_]{1,40}){0,5}")
_NUMBER: Final = re.compile(r"[0-9]{1,3}")


def grown(raw: Mapping[str, str]) -> Tree:
    """Return the tree of the fields; what is no field of any editor is left out."""
    tree: Tree = {}
    for name, value in raw.items():
        if _NAME.fullmatch(name):
            _plant(tree, name.split("-"), value)
    grown_tree: Tree = {name: _with_rows(part) for name, part in tree.items()}
    return grown_tree


def _plant(tree: Tree, path: list[str], value: str) -> None:
    here: Any = tree
    for step in path[:-1]:
        here = here.setdefault(step, {})
        if not isinstance(here, dict):
            return
    if not isinstance(here.get(path[-1]), dict):
        here[path[-1]] = value


def _with_rows(part: Any) -> Any:
    if not isinstance(part, dict):
        return part
    inner = {name: _with_rows(one) for name, one in part.items()}
    if inner and all(_NUMBER.fullmatch(name) for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner


def text_of(tree: Tree, name: str) -> str:
    """Return what was typed into a field, or nothing."""
    value = tree.get(name, "")
    return value if isinstance(value, str) else ""


def rows_of(tree: Tree, name: str) -> list[Tree]:
    """Return the rows under a name."""
    value = tree.get(name, [])
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def part_of(tree: Tree, name: str) -> Tree:
    """Return the fields under a name."""
    value = tree.get(name, {})
    return value if isinstance(value, dict) else {}


def with_row(tree: Tree, path: str, row: Tree) -> Tree:
    """Return the tree with one more row at the end of the rows at `path`."""
    changed = deepcopy(tree)
    holder, name = _holder(changed, path)
    if holder is not None:
        holder[name] = [*rows_of(holder, name), row]
    return changed


def without_row(tree: Tree, path: str, number: int) -> Tree:
    """Return the tree without a row."""
    changed = deepcopy(tree)
    holder, name = _holder(changed, path)
    if holder is not None:
        holder[name] = [row for place, row in enumerate(rows_of(holder, name)) if place != number]
    return changed


def with_moved_row(tree: Tree, path: str, number: int, *, by: int) -> Tree:
    """Return the tree with a row moved by so many places, as far as there are places."""
    changed = deepcopy(tree)
    holder, name = _holder(changed, path)
    if holder is not None and 0 <= number < len(rows_of(holder, name)):
        rows = rows_of(holder, name)
        rows.insert(max(number + by, 0), rows.pop(number))
        holder[name] = rows
    return changed


def find_rows(tree: Tree, path: str) -> list[Tree]:
    """Return the rows at `path`, none where there is no such place."""
    holder, name = _holder(tree, path)
    return [] if holder is None else rows_of(holder, name)


def _holder(tree: Tree, path: str) -> tuple[Tree | None, str]:
    *steps, name = path.split("-")
    here: Any = tree
    for step in steps:
        if isinstance(here, list) and _NUMBER.fullmatch(step):
            here = here[int(step)] if int(step) < len(here) else None
        elif isinstance(here, dict):
            here = here.get(step)
        else:
            here = None
    return (here, name) if isinstance(here, dict) else (None, name)
