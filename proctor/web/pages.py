"""All pages of this package under one name: importing this module makes `routes` complete."""

from proctor.web import report, rooms
from proctor.web.rooms import routes

__all__ = ["report", "rooms", "routes"]
