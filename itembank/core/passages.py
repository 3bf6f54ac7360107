"""All that a person can read in an item, piece by piece: what a search and a comparison go through."""

from collections.abc import Iterator

from itembank.core.interactions import (
    AssociateInteraction,
    Choice,
    ChoiceInteraction,
    GapMatchInteraction,
    GraphicGapMatchInteraction,
    HottextInteraction,
    InlineChoiceInteraction,
    Interaction,
    MatchInteraction,
    OrderInteraction,
)
from itembank.core.items import ItemContent
from itembank.core.markup import visible_text


def passages(content: ItemContent) -> Iterator[str]:
    """Yield the HTML of every piece, in the order in which it is read."""
    yield content.title
    if content.stimulus is not None:
        yield from (content.stimulus.title, content.stimulus.body)
    yield content.body
    for interaction in content.interactions:
        yield interaction.prompt
        yield from _inside(interaction)


def all_words(content: ItemContent) -> str:
    """Return the words of every piece, with single spaces."""
    return visible_text(" ".join(passages(content)))


def options_of(interaction: Interaction) -> tuple[Choice, ...]:
    """Return the options of an interaction that are HTML."""
    match interaction:
        case ChoiceInteraction() | OrderInteraction() | AssociateInteraction() | InlineChoiceInteraction():
            return interaction.choices
        case GapMatchInteraction() | GraphicGapMatchInteraction():
            return interaction.choices
        case MatchInteraction():
            return (*interaction.sources, *interaction.targets)
        case _:
            return ()


def _inside(interaction: Interaction) -> Iterator[str]:
    if isinstance(interaction, (GapMatchInteraction, HottextInteraction)):
        yield interaction.content
    yield from (choice.content for choice in options_of(interaction))
