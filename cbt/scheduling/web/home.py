"""The administrator's first page."""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date
from flask import render_template

from cbt.kernel.web.context import runtime
from cbt.kernel.web.filters import DEFAULT_ZONE
from cbt.kernel.web.language import language
from cbt.scheduling.core.timeline import STRIP_WIDTH
from cbt.scheduling.services.overview import look_at
from cbt.scheduling.web.access import admins, routes

ZONE: Final = DEFAULT_ZONE


@routes.app_template_filter("weekday")
def weekday_date(day: date) -> str:
    """Return `11월 22일 일요일` or `Sunday 22 November`."""
    pattern = "M월 d일 EEEE" if language() == "ko" else "EEEE d MMMM"
    return str(format_date(day, pattern, locale=language()))


@routes.app_template_filter("short_day")
def short_day(day: date) -> str:
    """Return `11.23 월` or `Mon 23 Nov`."""
    return str(format_date(day, "M.d EEE" if language() == "ko" else "EEE d MMM", locale=language()))


@routes.app_template_filter("hours")
def hours_of(window: tuple[datetime, datetime], zone: str) -> str:
    """Return `10:00–12:30`, with dates where the window goes beyond one day."""
    opens, closes = (at.astimezone(ZoneInfo(zone)) for at in window)
    if opens.date() == closes.date():
        return f"{opens:%H:%M}–{closes:%H:%M}"
    return f"{opens.month}.{opens.day} {opens:%H:%M}–{closes.month}.{closes.day} {closes:%H:%M}"


@routes.get("/admin/")
@admins
def home() -> str:
    """Show the day."""
    return render_template("scheduling/home.html", facts=look_at(runtime(), ZONE), zone=ZONE, width=STRIP_WIDTH)
