"""All pages of this package under one name: importing this module makes `routes` complete."""

from itembank.web import banks, blueprints, items, load, review
from itembank.web.access import routes

__all__ = ["banks", "blueprints", "items", "load", "review", "routes"]
