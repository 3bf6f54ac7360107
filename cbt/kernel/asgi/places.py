"""Who may hold an event stream: a few for one key, so many in this process."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from cbt.kernel.asgi.hub import Bell
from cbt.kernel.errors import Unavailable


class TooManyStreams(Unavailable):
    """Too many pages are connected to this server; try again in a moment."""

    code = "too-many-streams"


class Place:
    """One stream's place: kept until it is left, or `lost` to a newer stream of the same key."""

    def __init__(self, bell: Bell) -> None:
        self.lost = False
        self._bell = bell

    def lose(self) -> None:
        """Take the place away and wake its stream."""
        self.lost = True
        self._bell.ring()


class Places:
    """All places of one process; used on the event loop only."""

    def __init__(self, *, per_key: int, in_all: int) -> None:
        self._per_key = per_key
        self._left = in_all
        self._held: dict[str, deque[Place]] = {}

    def require_one(self) -> None:
        """Raise TooManyStreams when all places are taken."""
        if self._left <= 0:
            raise TooManyStreams

    @contextmanager
    def taken(self, key: str, bell: Bell) -> Iterator[Place]:
        """Give a place; the oldest of `key` loses its own when there is one too many."""
        place, held = Place(bell), self._held.setdefault(key, deque())
        held.append(place)
        self._left -= 1
        if len(held) > self._per_key:
            held.popleft().lose()
        try:
            yield place
        finally:
            self._left += 1
            if not place.lost:
                held.remove(place)
                if not held:
                    del self._held[key]
