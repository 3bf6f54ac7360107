"""All pages of this package under one name: importing this module makes `routes` complete."""

from cbt.scheduling.web import candidates, centres, exams, home, registrations, sittings
from cbt.scheduling.web.access import routes

__all__ = ["candidates", "centres", "exams", "home", "registrations", "routes", "sittings"]
