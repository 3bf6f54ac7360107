"""What the identifiers of an item are called when a person reads its key: words of options, names of places."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from itembank.core.interactions import (
    GapMatchInteraction,
    GraphicAssociateInteraction,
    GraphicGapMatchInteraction,
    GraphicOrderInteraction,
    HotspotInteraction,
    HottextInteraction,
    Interaction,
)
from itembank.core.items import ItemContent
from itembank.core.markup import visible_text
from itembank.core.passages import options_of

_LONGEST: Final = 60
_HOTTEXT: Final = re.compile(r'<span data-hottext="([^"]+)"[^>]*>(.*?)</span>', re.DOTALL)


def labels_of(content: ItemContent) -> dict[str, str]:
    """Return the words for each identifier that a response can name; one without words is left out."""
    return {name: _short(words) for one in content.interactions for name, words in _labels(one) if words}


def in_words(value: str, labels: Mapping[str, str]) -> str:
    """Return a value of a response in words: both sides of a pair, an identifier, or what was typed."""
    parts = value.split(" ")
    return " → ".join(labels[part] for part in parts) if all(part in labels for part in parts) else value


def _labels(interaction: Interaction) -> Iterator[tuple[str, str]]:
    for choice in options_of(interaction):
        yield choice.identifier, visible_text(choice.content)
    match interaction:
        case GapMatchInteraction():
            yield from ((gap, f"({number})") for number, gap in enumerate(interaction.gaps, start=1))
            yield from ((image.identifier, image.picture.alt) for image in interaction.images)
        case GraphicGapMatchInteraction():
            yield from ((image.identifier, image.picture.alt) for image in interaction.images)
            yield from ((spot.identifier, spot.label) for spot in interaction.hotspots)
        case HottextInteraction():
            yield from ((found[1], visible_text(found[2])) for found in _HOTTEXT.finditer(interaction.content))
        case HotspotInteraction() | GraphicOrderInteraction() | GraphicAssociateInteraction():
            yield from ((spot.identifier, spot.label) for spot in interaction.hotspots)
        case _:
            return


def _short(words: str) -> str:
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"
