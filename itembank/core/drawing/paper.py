"""From chosen items to a form: the order of a part's items, and of each item's options."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Final

from cbt.kernel.chance import Chance
from itembank.core.bank import Candidate, OptionSet
from itembank.core.blueprint import Blueprint, Demand
from itembank.core.forms import FormPart, Slot

Picked = tuple[Demand, Candidate]
_MOST_LISTED: Final = 5
# All orders of up to five options: one number of the chance stream then picks the order.
_ORDERS: Final = tuple(tuple(permutations(range(size))) for size in range(_MOST_LISTED + 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """The parts and slots of a form."""

    parts: tuple[FormPart, ...]
    slots: tuple[Slot, ...]


def option_order(options: OptionSet, chance: Chance) -> tuple[str, ...]:
    """Return the choices shuffled, pinned ones in their places."""
    moving = [choice for choice in options.choices if choice not in options.pinned]
    return _merged(options, chance.shuffled(moving))


def quick_option_order(options: OptionSet, chance: Chance) -> tuple[str, ...]:
    """Return the choices shuffled with one number of the stream where they are few, pinned ones in their places."""
    if not options.pinned and len(options.choices) <= _MOST_LISTED:
        orders = _ORDERS[len(options.choices)]
        return tuple([options.choices[place] for place in orders[chance.below(len(orders))]])
    return option_order(options, chance)


def lay_out(blueprint: Blueprint, by_part: Iterable[Sequence[Picked]], chance: Chance, *, quick: bool) -> Laid:
    """Return the form's parts and slots from the items of each part in their order; `quick` shuffles options so.

    `by_part` may take from `chance` itself: each part is asked for when the one before is laid out.
    """
    order = quick_option_order if quick else option_order
    parts: list[FormPart] = []
    slots: list[Slot] = []
    for index, (part, picked) in enumerate(zip(blueprint.parts, by_part, strict=True)):
        first = len(slots) + 1
        for number, (demand, candidate) in enumerate(picked, start=first):
            shown = {
                options.response: order(options, chance)
                if options.shuffle and (blueprint.shuffle_options or options.telling)
                else options.choices
                for options in candidate.option_sets
            }
            slots.append(
                Slot(
                    number=number,
                    part=index,
                    item_code=candidate.item_code,
                    item_version_id=candidate.item_version_id,
                    key_version_id=candidate.key_version_id,
                    option_order=shown,
                    points=demand.points,
                )
            )
        parts.append(FormPart(code=part.code, title=part.title, first=first, last=len(slots)))
    return Laid(parts=tuple(parts), slots=tuple(slots))


def _merged(options: OptionSet, shuffled: tuple[str, ...]) -> tuple[str, ...]:
    moved = iter(shuffled)
    return tuple(choice if choice in options.pinned else next(moved) for choice in options.choices)
