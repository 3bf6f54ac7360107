"""What can be wrong with a line (`tests.faults.proxy`); the names are those that such proxies give them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar


class Way(StrEnum):
    """Up: what clients send. Down: what the server answers."""

    UP = "up"
    DOWN = "down"


@dataclass(slots=True, kw_only=True)
class Toxic:
    """One thing wrong with the line; `times` of it, or as long as it is there. Nothing of it counts twice."""

    only: Way | None = None
    times: int | None = None
    WAYS: ClassVar[tuple[Way, ...]] = (Way.UP, Way.DOWN)

    def concerns(self, way: Way) -> bool:
        return way in self.WAYS and self.only in (None, way) and (self.times is None or self.times > 0)

    def happened(self) -> None:
        if self.times is not None:
            self.times -= 1


@dataclass(slots=True, kw_only=True)
class Latency(Toxic):
    """Every piece arrives `delay_s` later, give or take `jitter_s`; the order stays."""

    delay_s: float
    jitter_s: float = 0.0


@dataclass(slots=True, kw_only=True)
class Bandwidth(Toxic):
    """So many bytes a second and no more."""

    bytes_per_s: float


@dataclass(slots=True, kw_only=True)
class SlowClose(Toxic):
    """The end of a connection is passed on late."""

    delay_s: float


@dataclass(slots=True, kw_only=True)
class Timeout(Toxic):
    """Nothing passes; after `after_s` the connection is closed, with None it stays half open."""

    after_s: float | None = None


@dataclass(slots=True, kw_only=True)
class ResetPeer(Toxic):
    """Both ends get a reset once `after` bytes of a connection have passed, or once `seen` has.

    Upwards the server may have got the whole request; downwards it has answered, and nobody hears it.
    """

    after: int = 0
    seen: bytes = b""


@dataclass(slots=True, kw_only=True)
class Slicer(Toxic):
    """What comes in one piece goes on in many."""

    size: int = 1
    delay_s: float = 0.0


@dataclass(slots=True, kw_only=True)
class LimitData(Toxic):
    """The connection is closed after `limit` bytes."""

    limit: int
