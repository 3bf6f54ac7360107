"""The administrator's first page."""

from typing import Final

from flask import render_template

from cbt.kernel.web.context import runtime
from cbt.kernel.web.filters import DEFAULT_ZONE
from cbt.scheduling.core.timeline import STRIP_WIDTH
from cbt.scheduling.services.overview import look_at
from cbt.scheduling.web.access import admins, routes

ZONE: Final = DEFAULT_ZONE


@routes.get("/admin/")
@admins
def home() -> str:
    """Show the day."""
    return render_template("scheduling/home.html", facts=look_at(runtime(), ZONE), zone=ZONE, width=STRIP_WIDTH)
