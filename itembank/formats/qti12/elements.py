"""Looking at elements of QTI 1.2, whatever namespace they stand in: names, children, words, places and identifiers."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from lxml import etree

_UNFIT: Final = re.compile(r"[^A-Za-z0-9_.-]+")
_LONGEST: Final = 60
_TRUE: Final = frozenset({"yes", "true", "1"})


def name_of(element: etree._Element) -> str:
    """Return the name without its namespace, in small letters (real files write `Item` too)."""
    return str(element.tag).rpartition("}")[2].lower()


def children(element: etree._Element) -> tuple[etree._Element, ...]:
    """Return the child elements, without whatever else stands between them."""
    return tuple(child for child in element if isinstance(child.tag, str))


def named(element: etree._Element, *names: str) -> tuple[etree._Element, ...]:
    """Return the child elements with one of those names."""
    return tuple(child for child in children(element) if name_of(child) in names)


def below(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """Yield the elements with one of those names anywhere inside, in document order."""
    return (one for one in element.iter(etree.Element) if one is not element and name_of(one) in names)


def first(element: etree._Element, name: str) -> etree._Element | None:
    """Return the first element of that name anywhere inside, or None."""
    return next(below(element, name), None)


def words_of(element: etree._Element | None) -> str:
    """Return all text inside, trimmed."""
    return "" if element is None else "".join(str(part) for part in element.itertext()).strip()


def given(element: etree._Element, name: str, default: str = "") -> str:
    """Return the attribute, trimmed."""
    return str(element.get(name, default)).strip()


def is_yes(text: str) -> bool:
    """Tell whether an attribute or a field says yes."""
    return text.strip().lower() in _TRUE


def line_of(element: etree._Element) -> int:
    """Return the line on which the element begins, 0 when unknown."""
    return int(element.sourceline or 0)


class Names:
    """QTI identifiers for whatever a file calls its parts: the same for the same, another one for another."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._given: dict[str, str] = {}
        self._taken: set[str] = set(taken)

    def of(self, original: str) -> str:
        """Return the identifier: letters, digits, dot, hyphen and underscore, beginning with a letter or `_`."""
        if original not in self._given:
            plain = _UNFIT.sub("_", original)[:_LONGEST]
            plain = plain if plain[:1].isalpha() or plain[:1] == "_" else f"_{plain}"
            made, count = plain, 1
            while made in self._taken:
                count += 1
                made = f"{plain[: _LONGEST - 4]}_{count}"
            self._taken.add(made)
            self._given[original] = made
        return self._given[original]
