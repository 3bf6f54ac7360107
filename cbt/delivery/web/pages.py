"""All pages of this package under one name: importing this module makes `routes` complete."""

from cbt.delivery.web import answer_files, candidate, exam, practice, seat, shell, staff
from cbt.delivery.web.candidate import routes

__all__ = ["answer_files", "candidate", "exam", "practice", "routes", "seat", "shell", "staff"]
