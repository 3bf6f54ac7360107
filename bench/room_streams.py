"""Watched rooms: what a stream for each room and each candidate costs at the national rate, and how late it tells."""

import statistics
from dataclasses import dataclass
from typing import Any, Final

from bench.figures import Limit
from bench.ground import Ground, checked, ground
from bench.load.databases import Postgres
from bench.load.halls import BY, Hall
from bench.load.people import Person, people, registered
from cbt.kernel.runtime import Runtime
from cbt.kernel.web.cookies import STAFF, cookie_name
from cbt.people.core.actors import Role
from cbt.people.services.staff import create_staff, sign_in

CANDIDATES: Final = 1_400
ROOMS: Final = 100
ITEMS: Final = 20
SAVES_S: Final = 333
BEATS_S: Final = 1_000
SECONDS: Final = 20
_MOST_MS: Final = 500
_MOST_MORE: Final = 0.30
_PASSWORD: Final = "a long word for the bench"  # noqa: S105


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """How many rooms are watched, and whether every candidate's page has its own stream."""

    rooms: int
    own: bool


_CASES: Final = (Case(rooms=0, own=False), Case(rooms=ROOMS, own=False), Case(rooms=ROOMS, own=True))


def run() -> tuple[Limit, ...]:
    """Measure the same hour without streams, with the rooms', and with everybody's."""
    with ground(Postgres, Hall(candidates=CANDIDATES, items=ITEMS, seats=CANDIDATES // ROOMS)) as made:
        hours = [_hour(made, case) for case in _CASES]
    bare, watched, full = hours
    for name, hour in zip(("no stream", f"{ROOMS} rooms", f"and {CANDIDATES} candidates"), hours, strict=True):
        told = f"{hour.streamed_kib_s:.0f} KiB/s streamed, p99 {hour.p99_ms:.0f} ms"
        print(f"     {name}: {hour.busy_s:.1f} s of processor time, {told}")
    return (
        Limit(name="act to bytes, p99", value=full.p99_ms, most=_MOST_MS, unit="ms"),
        Limit(name="saves that no room was shown", value=watched.unseen + full.unseen, most=0),
        Limit(name="more processor time for rooms", value=watched.busy_s / bare.busy_s - 1, most=_MOST_MORE),
        Limit(name="more for rooms and candidates", value=full.busy_s / bare.busy_s - 1, most=_MOST_MORE),
        Limit(name="faults", value=sum(hour.faults for hour in hours), most=0),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour:
    """One run: processor time of server and database, how late saves were seen, what was streamed."""

    busy_s: float
    p99_ms: float
    unseen: int
    faults: int
    streamed_kib_s: float


def _hour(made: Ground, case: Case) -> Hour:
    with made.copy() as (rt, home):
        who = people(rt, CANDIDATES)
        room_ids = sorted({str(one.sitting_room.id) for one in registered(rt)})[: case.rooms]
        job = {
            "seconds": SECONDS,
            "saves": SAVES_S,
            "beats": BEATS_S,
            "people": [_told(person) for person in who],
            "rooms": room_ids,
            "cookie": _staff_cookie(rt),
            "own_streams": case.own,
        }
        measured = made.measure(rt, home, job, "bench.load.watching")
        outcome = checked(rt, who, measured)
    seen = sorted(measured.notes["seen_s"])
    return Hour(
        busy_s=outcome.cpu_s,
        p99_ms=1000 * statistics.quantiles(seen, n=100)[98] if seen else 0.0,
        unseen=measured.notes["unseen"],
        faults=outcome.faults,
        streamed_kib_s=measured.notes["streamed_bytes"] / 1024 / measured.wall_s,
    )


def _staff_cookie(rt: Runtime) -> str:
    """Return the cookie of somebody who may watch."""
    create_staff(rt, login="bench", name="bench", password=_PASSWORD, roles=[Role.PROCTOR], by=BY)
    return f"{cookie_name(rt.settings, STAFF)}={sign_in(rt, 'bench', _PASSWORD, '127.0.0.1')}"


def _told(person: Person) -> dict[str, Any]:
    return {**person.to_job(), "registration": str(person.registration_id)}
