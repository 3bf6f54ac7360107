"""Builders of what tests need: a clock that is moved by hand and a sitting that is ready to run."""

from datetime import datetime, timedelta


class ManualClock:
    """A clock that stands still until it is moved."""

    def __init__(self, at: datetime) -> None:
        self._at = at
        self.stepped = timedelta()  # how far the wall clock has been set away from it

    def now(self) -> datetime:
        return self._at

    def drift(self) -> timedelta:
        return self.stepped

    def advance(self, by: timedelta) -> None:
        self._at += by
