"""What is at hand while one item is read: its variables, the files beside it, and all that was found so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from itembank.core.interactions import Interaction, Picture
from itembank.core.keys import Feedback
from itembank.core.qti.declarations import Declaration
from itembank.core.variables import ResponseDeclaration
from itembank.formats.parsed import Asset
from itembank.formats.qti.elements import attribute, children, name_of
from itembank.formats.qti.notes import Notes
from itembank.formats.qti.shelf import FileRefused, Shelf, Shown

NOTHING: Final = Picture(sha256="0" * 64, width=1, height=1)


@dataclass(slots=True, kw_only=True)
class Reading:
    """One item while it is read; `shown` are the files that a candidate sees, `kept` those of the key.

    `variables` are all that are declared, `drawn_in_math` those whose names mean their values in formulas.
    """

    notes: Notes
    shelf: Shelf
    declared: Mapping[str, ResponseDeclaration] = field(default_factory=dict)
    variables: Mapping[str, Declaration] = field(default_factory=dict)
    drawn_in_math: frozenset[str] = frozenset()
    shown: dict[str, Asset] = field(default_factory=dict)
    kept: dict[str, Asset] = field(default_factory=dict)
    interactions: list[Interaction] = field(default_factory=list)
    feedback: list[Feedback] = field(default_factory=list)

    def image(self, element: etree._Element, assets: dict[str, Asset]) -> Shown | None:
        """Return the picture that an `img` or `object` names; a missing one refuses the item."""
        href = attribute(element, "src") or attribute(element, "data")
        try:
            found = self.shelf.picture(href)
        except FileRefused as refusal:
            self.notes.refuse(element, refusal.code, str(refusal))
            return None
        assets[found.asset.ref.sha256] = found.asset
        return found

    def picture(self, holder: etree._Element) -> Picture:
        """Return the picture inside `holder`, in the pixels that its coordinates count."""
        for element in children(holder):
            if name_of(element) not in {"object", "img", "picture"}:
                continue
            found = self.image(element, self.shown)
            if found is None or found.size is None:
                return NOTHING
            return Picture(
                sha256=found.asset.ref.sha256,
                width=pixels(element, "width") or found.size.width,
                height=pixels(element, "height") or found.size.height,
                alt=words_for(element),
            )
        self.notes.refuse(holder, "picture-missing", "has no picture")
        return NOTHING


def pixels(element: etree._Element, name: str) -> int:
    """Return a width or height in pixels, 0 when there is none."""
    text = attribute(element, name).removesuffix("px").strip().partition(".")[0]
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else 0  # noqa: PLR2004 - 9999 pixels


def words_for(element: etree._Element) -> str:
    """Return the words that stand for a picture: `alt`, `title`, or what is inside an `object`."""
    inner = " ".join("".join(str(part) for part in element.itertext()).split())
    return (attribute(element, "alt") or inner or attribute(element, "title") or attribute(element, "label"))[:500]
