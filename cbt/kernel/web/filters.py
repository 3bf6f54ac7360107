"""How numbers, dates, instants and durations look to the reader."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from babel.dates import format_date
from flask import Flask

from cbt.kernel.score import shown
from cbt.kernel.titles import Title
from cbt.kernel.web.language import language

DEFAULT_ZONE = "Asia/Seoul"


def init_filters(app: Flask) -> None:
    """Give the templates of `app` the filters of this module."""
    app.jinja_env.filters.update(
        score=score_text, on=date_text, at=instant_text, time=time_text, clock=clock_text, title=title_text
    )


def score_text(value: Fraction | Decimal | int, places: int = 1) -> str:
    """Return a score cut to `places` decimals."""
    return shown(Fraction(value), places)


def date_text(value: date | None) -> str:
    """Return `2026. 11. 22.` or `22 November 2026`; a dash for nothing."""
    if value is None:
        return "—"
    if language() == "ko":
        return f"{value.year}. {value.month}. {value.day}."
    return str(format_date(value, "d MMMM y", locale="en"))


def instant_text(value: datetime | None, zone: str = DEFAULT_ZONE) -> str:
    """Return date and time of an instant in `zone`."""
    if value is None:
        return "—"
    local = value.astimezone(ZoneInfo(zone))
    return f"{date_text(local.date())} {local:%H:%M}"


def time_text(value: datetime | None, zone: str = DEFAULT_ZONE) -> str:
    """Return the time of day of an instant in `zone`, to the second."""
    return "—" if value is None else f"{value.astimezone(ZoneInfo(zone)):%H:%M:%S}"


def clock_text(value: timedelta | int | None) -> str:
    """Return a duration (or whole seconds) as `HH:MM:SS`."""
    if value is None:
        return "—"
    total = int(value.total_seconds()) if isinstance(value, timedelta) else value
    hours, rest = divmod(max(total, 0), 3600)
    return f"{hours:02d}:{rest // 60:02d}:{rest % 60:02d}"


def title_text(value: Title | str) -> str:
    """Return a name in the reader's language."""
    return value if isinstance(value, str) else value.in_language(language())
