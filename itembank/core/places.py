"""The words that name a place of a blueprint in a problem."""

from itembank.core.blueprint import Blueprint, Demand


def place_of(blueprint: Blueprint, demand: Demand) -> str:
    """Return the words that name `demand`: part, cell, area and difficulty."""
    place = f"part {blueprint.parts[demand.part].code}, cell {demand.cell + 1}, area {demand.area}"
    band = demand.difficulty
    return place if band is None else f"{place}, difficulty {band.low_logit} to {band.high_logit}"
