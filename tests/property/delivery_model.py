"""What should become of every answer, written down without journal, leases' books or clock of the product."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

ZERO = timedelta(0)
COUNTS, KEPT, REFUSED, DONE = "counts", "kept", "refused", "done"


@dataclass
class Given:
    """An answer that reached the server: under which lease, when, what, and what became of it."""

    lease: int
    order: int
    slot: int
    value: tuple[str, ...]
    claimed: datetime | None
    received: datetime
    paused: bool  # it came under the live lease while the clock stood
    fate: str
    admitted_over: int = 0


@dataclass
class Plain:
    """One exam: `left` is the working time that is left, `moves` when each lease ended."""

    began: datetime
    left: timedelta = timedelta(minutes=10)
    grace: timedelta = timedelta(seconds=10)
    window: timedelta = timedelta(minutes=30)
    state: str = "running"
    lease: int = 1
    moves: dict[int, datetime] = field(default_factory=dict)
    pauses: list[list[datetime | None]] = field(default_factory=list)
    next: dict[int, int] = field(default_factory=dict)
    given: dict[tuple[int, int], Given] = field(default_factory=dict)
    fates: dict[tuple[int, int], str] = field(default_factory=dict)
    ended: tuple[datetime, datetime] | None = None  # when it ended, and when its time was over
    orders: int = 0

    @property
    def open(self) -> bool:
        return self.state == "running" and self.left + self.grace >= ZERO

    def end(self, state: str, now: datetime) -> None:
        self.state, self.ended = state, (now, now + self.left)

    def take(self, lease: int, entry: dict[str, Any], now: datetime, *, file: bool = False) -> None:
        """The server took the lease's next entry."""
        place = lease, entry["number"]
        self.next[lease] = entry["number"] + 1
        live = lease == self.lease
        if entry["kind"] == "submitted":
            self.fates[place] = DONE if live and self.open else REFUSED
            if self.fates[place] == DONE:
                self.end("submitted", now)
            return
        fate = self._of_file(lease, entry, live) if file or not live else self._of_live()
        self.orders += 1
        self.fates[place] = fate
        paused = live and not file and self.state == "paused"
        self.given[place] = Given(
            lease, self.orders, entry["slot"], tuple(entry["value"]), entry["claimed"], now, paused, fate
        )

    def _of_live(self) -> str:
        return COUNTS if self.open else REFUSED if self.state == "submitted" else KEPT

    def _of_file(self, lease: int, entry: dict[str, Any], live: bool) -> str:
        may = self.open or (self.state == "paused" and not live)
        newer = any(
            one.slot == entry["slot"] and one.lease > lease and one.fate == COUNTS for one in self.given.values()
        )
        moved = self.moves.get(lease)
        return COUNTS if may and not newer and (moved is None or self._before(entry["claimed"], moved)) else KEPT

    @staticmethod
    def _before(claimed: datetime | None, until: datetime) -> bool:
        return claimed is not None and claimed <= until

    def by_rule(self) -> set[tuple[int, int]]:
        """What the written rule admits: claimed in time, while the clock ran, under a lease that held, not outdone."""
        assert self.ended is not None
        at, deadline = self.ended
        return {
            place
            for place, one in self.given.items()
            if one.fate == KEPT
            and not one.paused
            and not one.admitted_over
            and one.received <= at + self.window
            and one.claimed is not None
            and self.began <= one.claimed <= min(at, deadline, self.moves.get(one.lease, deadline))
            and not any(begun <= one.claimed and (until is None or one.claimed < until) for begun, until in self.pauses)
            and not any(
                other.slot == one.slot and other.lease > one.lease and other.fate == COUNTS
                for other in self.given.values()
            )
        }

    def graded(self) -> dict[int, tuple[str, ...]]:
        """The answers that count: the newest lease's last, unless two persons chose another one."""
        standing = sorted(
            (one for one in self.given.values() if one.fate == COUNTS or one.admitted_over),
            key=lambda one: (max(one.admitted_over - 1, 0), one.lease, one.order),
        )
        return {slot: value for slot, value in {one.slot: one.value for one in standing}.items() if value}
