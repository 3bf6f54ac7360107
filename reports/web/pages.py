"""All pages of this package under one name: importing this module makes `routes` complete."""

from reports.web import check, result, staff
from reports.web.result import routes

__all__ = ["check", "result", "routes", "staff"]
