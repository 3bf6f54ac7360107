"""The two rushes: 2,000 start within one second and open their papers; 2,000 hand in within one and are graded."""

import time
from datetime import timedelta
from typing import Any, Final

from bench.figures import Limit
from bench.ground import Ground, checked, ground, share
from bench.load.databases import Postgres
from bench.load.halls import Hall
from bench.load.people import DEVICE, people, registered
from cbt.delivery.core.seat_token import SeatFacts, make_seat_token
from cbt.delivery.services.seat import SEAT_PURPOSE
from cbt.delivery.services.seating import device_digest
from cbt.delivery.store import attempts, papers
from cbt.grading.services.grading import grade_ended
from cbt.kernel.runtime import Runtime

CANDIDATES: Final = 2_000
ITEMS: Final = 20
_LASTS: Final = timedelta(hours=12)


def run_starts() -> tuple[Limit, ...]:
    """Measure the start minute."""
    with ground(Postgres, Hall(candidates=CANDIDATES, items=ITEMS), started=False) as made, made.copy() as (rt, home):
        measured = made.measure(rt, home, {"people": _waiting(rt), "seconds": 1.0}, "bench.load.rush")
        ids = [one.registration.id for one in registered(rt)]
        with rt.reading() as tx:
            found = attempts.attempts_of_registrations(tx, ids)
    told = measured.notes["people"]
    waits = sorted(one["waited_s"] for one in told)
    opened = sum(one["opened"] for one in told)
    started = sum(attempt.started_at is not None for attempt in found.values())
    print(
        f"     {opened} papers of {ITEMS} items opened in {measured.wall_s:.1f} s; a start waits p50 "
        f"{share(waits, 0.5):.2f}, p99 {share(waits, 0.99):.2f} s; server {_ms(measured.server_s):.2f} ms, database "
        f"{_ms(measured.database_s):.2f} ms, opening on the PC {_ms(sum(one['opening_s'] for one in told)):.2f} ms each"
    )
    return (
        Limit(name="CPU of a start", value=_ms(measured.server_s + measured.database_s), most=6, aim=2, unit="ms"),
        Limit(name=f"{CANDIDATES} starts until all have opened", value=measured.wall_s, most=10, aim=4, unit="s"),
        Limit(name="papers not opened, starts not in the journal", value=2 * CANDIDATES - opened - started, most=0),
    )


def run_endings() -> tuple[Limit, ...]:
    """Measure the last minute, and the grading that follows."""
    with ground(Postgres, Hall(candidates=CANDIDATES, items=ITEMS)) as made, made.copy() as (rt, home):
        who = people(rt, CANDIDATES)
        measured = made.measure(rt, home, {"act": "endings", "people": [one.to_job() for one in who]})
        outcome = checked(rt, who, measured)
        graded, grading_s = _grade_all(made, rt)
    handing_in = measured.server_s + measured.database_s
    print(
        f"     {CANDIDATES} handed in within {measured.wall_s:.1f} s, p99 {share(outcome.waits_ms(), 0.99):.0f} ms; "
        f"CPU {_ms(handing_in):.2f} ms for the hand-in, {_ms(grading_s):.2f} ms for the grading of {ITEMS} items"
    )
    return (
        Limit(name="CPU of hand-in and grading", value=_ms(handing_in + grading_s), most=2, aim=0.65, unit="ms"),
        Limit(name=f"{CANDIDATES} hand-ins until all are receipted", value=measured.wall_s, most=10, aim=4, unit="s"),
        Limit(name="answers lost, candidates not graded", value=outcome.faults + CANDIDATES - graded, most=0),
    )


def _grade_all(made: Ground, rt: Runtime) -> tuple[int, float]:
    """Grade everybody as `cbt work` does; return how many, and the CPU seconds of grader and database."""
    stored, began = made.database.cpu_s(), time.process_time()
    graded = 0
    while count := grade_ended(rt):
        graded += count
    return graded, time.process_time() - began + made.database.cpu_s() - stored


def _waiting(rt: Runtime) -> list[dict[str, Any]]:
    """Return what the pages of those who wait hold: seat token and sealed paper."""
    facts = registered(rt)[:CANDIDATES]
    key, digest, now = rt.keys.derive(SEAT_PURPOSE), device_digest(DEVICE), rt.clock.now()
    waiting = []
    with rt.reading() as tx:
        found = attempts.attempts_of_registrations(tx, [one.registration.id for one in facts])
        for one in facts:
            attempt = found[one.registration.id]
            seat = SeatFacts(attempt_id=attempt.id, device=digest, room_id=one.sitting_room.id, expires_at=now + _LASTS)
            waiting.append(
                {
                    "token": make_seat_token(key, seat),
                    "attempt": str(attempt.id),
                    "form": attempt.form_digest.hex(),
                    "sealed": papers.get_paper(tx, attempt.id).document.hex(),
                    "slots": attempt.slots,
                }
            )
    return waiting


def _ms(seconds: float) -> float:
    return seconds / CANDIDATES * 1000
