"""What all readers of interactions need: the element with its texts, numbers, options and areas."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from lxml import etree

from itembank.core.interactions import Choice, GapImage, Hotspot
from itembank.core.qti.exact import read_integer
from itembank.core.qti.shapes import Area, Shape, read_area
from itembank.core.variables import Cardinality
from itembank.formats.qti.elements import attribute, children, name_of, named
from itembank.formats.qti.flow import Flow, Handler
from itembank.formats.qti.reading import Reading

_TRUE: Final = frozenset({"true", "1"})
_CLASS: Final = re.compile(r"(?:qti|language)-[a-z0-9-]{1,40}")
_LONE: Final = re.compile(r"\s*<(p|div)>((?:(?!</?\1\b).)*)</\1>\s*", re.DOTALL)
_MOST: Final = 100_000
_MARK: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}")


@dataclass(frozen=True, slots=True)
class Ask:
    """One interaction's element and the item that it belongs to; `flow` writes the texts in it."""

    element: etree._Element
    reading: Reading
    flow: Flow
    special: Mapping[str, Handler]

    @property
    def response(self) -> str:
        """The response variable."""
        return attribute(self.element, "response-identifier")

    def common(self) -> dict[str, Any]:
        """Return what every interaction has."""
        prompts = named(self.element, "prompt")
        classes = [word for word in attribute(self.element, "class").split() if _CLASS.fullmatch(word)]
        orientation = attribute(self.element, "orientation")
        if orientation and name_of(self.element) != "slider-interaction":  # a slider stands that way by itself
            classes.append(f"qti-orientation-{orientation}" if orientation in {"horizontal", "vertical"} else "")
        return {
            "response": self.response,
            "prompt": self.flow.html(prompts[0]) if prompts else "",
            "classes": tuple(dict.fromkeys(word for word in classes if word)),
        }

    def truth(self, name: str, *, element: etree._Element | None = None) -> bool:
        """Return an attribute that is true or false; without it, false."""
        return attribute(self.element if element is None else element, name) in _TRUE

    def count(self, name: str, default: int = 0, *, element: etree._Element | None = None) -> int:
        """Return a whole number of at least 0."""
        holder = self.element if element is None else element
        text = attribute(holder, name)
        number = read_integer(text) if text else default
        if number is None or number < 0:
            self.reading.notes.lack(holder, "wrong-number", f"has {name}={text[:40]!r}, which is no count")
            return default
        return min(number, _MOST)

    def most(self, name: str = "max-choices") -> int:
        """Return how many may be chosen: without a word of it one, and any number where several are declared."""
        declared = self.reading.declared.get(self.response)
        several = declared is not None and declared.cardinality is not Cardinality.SINGLE
        return self.count(name, 0 if several else 1)

    def at_all(self, name: str) -> tuple[etree._Element, ...]:
        """Return the elements of that name anywhere inside."""
        return tuple(one for one in self.element.iter(etree.Element) if name_of(one) == name)

    def choices(self, *names: str, within: etree._Element | None = None) -> tuple[Choice, ...]:
        """Return the options, in the author's order."""
        holder = self.element if within is None else within
        found = [self._choice(one) for one in children(holder) if name_of(one) in names]
        self.distinct([one.identifier for one in found])
        return tuple(found)

    def _choice(self, element: etree._Element) -> Choice:
        self.shown_if_drawn(element)
        return Choice(
            identifier=attribute(element, "identifier"),
            content=unwrapped(self.flow.html(element)),
            pinned=self.truth("fixed", element=element),
            match_max=self.count("match-max", 1, element=element),
            match_min=self.count("match-min", 0, element=element),
        )

    def shown_if_drawn(self, element: etree._Element) -> None:
        """Note a part that stands in some drawn versions of the item only, and pairs that are limited to groups."""
        if attribute(element, "template-identifier"):
            self.reading.notes.lack(element, "template-part", "stands in some drawn versions only; here it always does")
        if attribute(element, "match-group"):
            self.reading.notes.lack(element, "match-group", "may be paired with some options only; here with all")

    def gap_images(self) -> tuple[GapImage, ...]:
        """Return the pictures that are laid into gaps."""
        found = []
        for element in self.at_all("gap-img"):
            self.shown_if_drawn(element)
            found.append(
                GapImage(
                    identifier=attribute(element, "identifier"),
                    picture=self.reading.picture(element),
                    match_max=self.count("match-max", 1, element=element),
                    match_min=self.count("match-min", 0, element=element),
                )
            )
        return tuple(found)

    def hotspots(self, name: str) -> tuple[Hotspot, ...]:
        """Return the parts of a picture, in the author's order."""
        found = [self._hotspot(one) for one in children(self.element) if name_of(one) == name]
        self.distinct([one.identifier for one in found])
        return tuple(found)

    def _hotspot(self, element: etree._Element) -> Hotspot:
        self.shown_if_drawn(element)
        return Hotspot(
            identifier=attribute(element, "identifier"),
            area=self._area(element),
            label=(attribute(element, "hotspot-label") or attribute(element, "aria-label"))[:200],
            match_max=self.count("match-max", 1, element=element),
            match_min=self.count("match-min", 0, element=element),
        )

    def _area(self, element: etree._Element) -> Area:
        shape, coords = attribute(element, "shape") or "default", attribute(element, "coords")
        area = read_area(shape, coords)
        if area is None:
            self.reading.notes.refuse(element, "wrong-area", "needs a shape with coords in pixels")
            return Area(shape=Shape.DEFAULT)
        return area

    def distinct(self, identifiers: list[str], *, marks: bool = False) -> None:
        """Refuse options without identifiers of their own; `marks` must also be plain enough to stand in HTML."""
        plain = all(one and not any(sign.isspace() for sign in one) for one in identifiers)
        if not plain or len(set(identifiers)) != len(identifiers):
            self.reading.notes.refuse(self.element, "wrong-identifier", "has options without identifiers of their own")
        if marks and not all(_MARK.fullmatch(one) for one in identifiers):
            hint = "has identifiers of other than letters, digits, dot, hyphen and underscore"
            self.reading.notes.refuse(self.element, "wrong-identifier", hint)

    def text_with(self, **special: Handler) -> str:
        """Return the text inside the interaction, with the handlers of `special` for its parts."""
        silent = dict.fromkeys(("prompt", "gap-text", "gap-img"), lambda _element: "")
        handlers = {**self.special, **silent, **{name.replace("_", "-"): one for name, one in special.items()}}
        return Flow(self.reading, self.reading.shown, handlers).html(self.element)


def is_mark(identifier: str) -> bool:
    """Return whether `identifier` may name a place in HTML."""
    return bool(_MARK.fullmatch(identifier))


def unwrapped(html: str) -> str:
    """Return `html` without the one paragraph or block around all of it."""
    while lone := _LONE.fullmatch(html):
        html = lone[2].strip()
    return html
