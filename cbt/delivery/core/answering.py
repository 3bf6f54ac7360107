"""From an item's interactions to the controls of a slot: what may be answered, and how often. Made without the key."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from cbt.delivery.core.controls import Control, ControlKind
from itembank.core.forms import Slot
from itembank.core.interactions import (
    AssociateInteraction,
    Choice,
    ChoiceInteraction,
    DrawingInteraction,
    EndAttemptInteraction,
    ExtendedTextInteraction,
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
    MediaInteraction,
    OrderInteraction,
    PositionObjectInteraction,
    SelectPointInteraction,
    SliderInteraction,
    TextEntryInteraction,
    UploadInteraction,
)
from itembank.core.items import ItemContent
from itembank.core.options import OptionGroup, option_groups
from itembank.core.variables import BaseType, Cardinality

# Where an author sets no limit, these keep an answer within what a person does.
MOST_POINTS: Final = 100
MOST_TEXTS: Final = 50
_NUMBERS: Final = frozenset({BaseType.INTEGER, BaseType.FLOAT})
_LONE: Final[Mapping[type[Interaction], ControlKind]] = MappingProxyType(
    {
        SliderInteraction: ControlKind.NUMBER,
        UploadInteraction: ControlKind.FILE,
        DrawingInteraction: ControlKind.FILE,
        MediaInteraction: ControlKind.COUNT,
        EndAttemptInteraction: ControlKind.FLAG,
    }
)
_Often: TypeAlias = Choice | GapImage | Hotspot


def controls_of(content: ItemContent, slot: Slot) -> tuple[Control, ...]:
    """Return how each response of the slot's item is given, options in the order that the form shows them."""
    return tuple(_control(interaction, content, slot) for interaction in content.interactions)


def _control(interaction: Interaction, content: ItemContent, slot: Slot) -> Control:
    if groups := option_groups(interaction):
        orders = tuple(_order(group, slot) for group in groups)
        kind = _naming_kind(interaction)
        if kind is not ControlKind.PAIR:
            most = _at_most(interaction.response, content, _most_choices(interaction) or len(orders[0]))
            return Control(response=interaction.response, kind=kind, values=most, choices=orders[0])
        return _pairing(interaction, content, orders)
    kind, most = _typed(interaction, content)
    return Control(response=interaction.response, kind=kind, values=_at_most(interaction.response, content, most))


def _order(group: OptionGroup, slot: Slot) -> tuple[str, ...]:
    return slot.option_order.get(group.name) or group.identifiers


def _naming_kind(interaction: Interaction) -> ControlKind:
    match interaction:
        case ChoiceInteraction() | HotspotInteraction():
            return ControlKind.CHOICE
        case InlineChoiceInteraction() | HottextInteraction():
            return ControlKind.PICK
        case OrderInteraction() | GraphicOrderInteraction():
            return ControlKind.ORDER
        case _:
            return ControlKind.PAIR


def _most_choices(interaction: Interaction) -> int:
    match interaction:
        case ChoiceInteraction() | HotspotInteraction() | HottextInteraction():
            return interaction.max_choices
        case OrderInteraction() | GraphicOrderInteraction():
            return interaction.max_choices
        case _:
            return 1


def _pairing(interaction: Interaction, content: ItemContent, orders: tuple[tuple[str, ...], ...]) -> Control:
    choices, targets = orders[0], orders[1] if len(orders) > 1 else ()
    every = len(choices) * (len(targets) or len(choices))
    match interaction:
        case AssociateInteraction() | GraphicAssociateInteraction() | MatchInteraction():
            most = interaction.max_associations or every
        case _:
            most = every
    return Control(
        response=interaction.response,
        kind=ControlKind.PAIR,
        values=_at_most(interaction.response, content, most),
        choices=choices,
        targets=targets,
        directed=bool(targets),
        most={name: often for name, often in _often(interaction).items() if often},
    )


def _often(interaction: Interaction) -> dict[str, int]:
    """Return in how many pairs each identifier may stand, 0 where in any number."""
    match interaction:
        case AssociateInteraction():
            return _limits(interaction.choices)
        case MatchInteraction():
            return _limits(interaction.sources, interaction.targets)
        case GapMatchInteraction():
            return _limits(interaction.choices, interaction.images) | dict.fromkeys(interaction.gaps, 1)
        case GraphicGapMatchInteraction():
            return _limits(interaction.choices, interaction.images, interaction.hotspots)
        case GraphicAssociateInteraction():
            return _limits(interaction.hotspots)
        case _:
            return {}


def _limits(*groups: tuple[_Often, ...]) -> dict[str, int]:
    return {one.identifier: one.match_max for group in groups for one in group}


def _typed(interaction: Interaction, content: ItemContent) -> tuple[ControlKind, int]:
    match interaction:
        case TextEntryInteraction():
            declared = content.declaration(interaction.response)
            is_number = declared is not None and declared.base_type in _NUMBERS
            return (ControlKind.NUMBER if is_number else ControlKind.TEXT), 1
        case ExtendedTextInteraction():
            return ControlKind.TEXT, interaction.max_strings or MOST_TEXTS
        case SelectPointInteraction() | PositionObjectInteraction():
            return ControlKind.POINT, min(interaction.max_choices or MOST_POINTS, MOST_POINTS)
        case _:
            return _LONE.get(type(interaction), ControlKind.TEXT), 1


def _at_most(response: str, content: ItemContent, most: int) -> int:
    declared = content.declaration(response)
    return 1 if declared is None or declared.cardinality is Cardinality.SINGLE else most
