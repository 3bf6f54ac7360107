"""All pages of this package under one name: importing this module makes `routes` complete."""

from itembank.web import (
    areas,
    banks,
    blueprints,
    bulk,
    comparison,
    export,
    facts,
    fairness,
    item_editor,
    items,
    load,
    mapping,
    review,
)
from itembank.web.access import routes

__all__ = [
    "areas",
    "banks",
    "blueprints",
    "bulk",
    "comparison",
    "export",
    "facts",
    "fairness",
    "item_editor",
    "items",
    "load",
    "mapping",
    "review",
    "routes",
]
