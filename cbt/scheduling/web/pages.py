"""All pages of this package under one name: importing this module makes `routes` complete."""

from cbt.scheduling.web import candidates, centres, exams, home, needs, registrations, sittings
from cbt.scheduling.web.access import routes

__all__ = ["candidates", "centres", "exams", "home", "needs", "registrations", "routes", "sittings"]
