"""The options of interactions as groups of identifiers: what a draw orders, what a paper renames, what a key names."""

from dataclasses import dataclass
from typing import Final

from itembank.core.interactions import (
    AssociateInteraction,
    Choice,
    ChoiceInteraction,
    GapImage,
    GapMatchInteraction,
    GraphicAssociateInteraction,
    GraphicGapMatchInteraction,
    GraphicOrderInteraction,
    Hotspot,
    HotspotInteraction,
    HottextInteraction,
    InlineChoiceInteraction,
    Interaction,
    MatchInteraction,
    OrderInteraction,
)

TARGETS: Final = "#targets"


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionGroup:
    """The identifiers that a response names, in the author's order; a match has two groups, its targets the second.

    `name` is the response variable, for targets with `#targets` behind it. What does not `shuffle` stands still. Where
    the author's order may be `telling` (what belongs together, what comes first), no blueprint keeps it standing.
    """

    name: str
    identifiers: tuple[str, ...]
    pinned: frozenset[str] = frozenset()
    shuffle: bool = False
    telling: bool = False


def option_groups(interaction: Interaction) -> tuple[OptionGroup, ...]:
    """Return the groups of identifiers that a response to `interaction` is made of; none for typed and drawn ones."""
    name = interaction.response
    match interaction:
        case ChoiceInteraction() | OrderInteraction() | AssociateInteraction() | InlineChoiceInteraction():
            telling = isinstance(interaction, (OrderInteraction, AssociateInteraction))
            return (_moving(name, interaction.choices, shuffle=interaction.shuffle, telling=telling),)
        case MatchInteraction():
            return (
                _moving(name, interaction.sources, shuffle=interaction.shuffle),
                _moving(name + TARGETS, interaction.targets, shuffle=interaction.shuffle),
            )
        case GapMatchInteraction() | GraphicGapMatchInteraction():
            still = interaction.gaps if isinstance(interaction, GapMatchInteraction) else _named(interaction.hotspots)
            shuffle = isinstance(interaction, GapMatchInteraction) and interaction.shuffle
            given: tuple[Choice | GapImage, ...] = (*interaction.choices, *interaction.images)
            return (_moving(name, given, shuffle=shuffle), _still(name + TARGETS, still))
        case HottextInteraction():
            return (_still(name, interaction.hottexts),)
        case HotspotInteraction() | GraphicOrderInteraction() | GraphicAssociateInteraction():
            return (_still(name, _named(interaction.hotspots)),)
        case _:
            return ()


def _moving(name: str, choices: tuple[Choice | GapImage, ...], *, shuffle: bool, telling: bool = True) -> OptionGroup:
    pinned = frozenset(one.identifier for one in choices if isinstance(one, Choice) and one.pinned)
    return OptionGroup(name=name, identifiers=_named(choices), pinned=pinned, shuffle=shuffle, telling=telling)


def _still(name: str, identifiers: tuple[str, ...]) -> OptionGroup:
    return OptionGroup(name=name, identifiers=identifiers)


def _named(parts: tuple[Choice | GapImage, ...] | tuple[Hotspot, ...]) -> tuple[str, ...]:
    return tuple(one.identifier for one in parts)
