"""The cookies of the system, the same for both doors.

With https they are Secure and carry the `__Host-` prefix; plain http is served on the loopback address only.
"""

from datetime import timedelta
from typing import Final

from flask import Response

from cbt.kernel.settings import Settings

STAFF: Final = "staff"
CANDIDATE: Final = "candidate"
LANGUAGE: Final = "language"


def cookie_name(settings: Settings, name: str) -> str:
    """Return the name under which cookie `name` is set and read."""
    return f"__Host-{name}" if settings.secure else name


def set_cookie(response: Response, settings: Settings, name: str, value: str, *, max_age: timedelta) -> None:
    """Set cookie `name`: HttpOnly, SameSite=Lax, for the whole site, for `max_age`."""
    response.set_cookie(
        cookie_name(settings, name),
        value,
        max_age=max_age,
        path="/",
        secure=settings.secure,
        httponly=True,
        samesite="Lax",
    )


def drop_cookie(response: Response, settings: Settings, name: str) -> None:
    """Take cookie `name` back."""
    response.delete_cookie(cookie_name(settings, name), path="/", secure=settings.secure, httponly=True, samesite="Lax")
