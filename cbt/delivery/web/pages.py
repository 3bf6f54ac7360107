"""All pages of this package under one name: importing this module makes `routes` complete."""

from cbt.delivery.web import candidate, exam, practice, seat, shell, staff
from cbt.delivery.web.candidate import routes

__all__ = ["candidate", "exam", "practice", "routes", "seat", "shell", "staff"]
