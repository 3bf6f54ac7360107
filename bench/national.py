"""The national rate: 333 saves and 1,000 beats a second over 1,400 connections; its cores and its delay."""

from typing import Final

from bench.figures import Limit
from bench.ground import RUNS, Outcome, ground, median, share
from bench.load.databases import Postgres
from bench.load.halls import Hall

CANDIDATES: Final = 1_400
SAVES_S: Final = 333
BEATS_S: Final = 1_000
SECONDS: Final = 20.0


def run() -> tuple[Limit, ...]:
    """Measure it some times and return the medians."""
    job = {"saves": SAVES_S, "beats": BEATS_S, "seconds": SECONDS}
    with ground(Postgres, Hall(candidates=CANDIDATES)) as made:
        runs = [made.run("national", CANDIDATES, job) for _ in range(RUNS)]
    for one in runs:
        waits, measured = one.waits_ms(), one.measured
        print(
            f"     {one.done / measured.wall_s:.0f} saves/s: {_cores(one):.2f} cores (server "
            f"{measured.server_s / measured.wall_s:.2f}, database {measured.database_s / measured.wall_s:.2f}, client "
            f"{measured.client_s / measured.wall_s:.2f} apart); "
            f"save p50 {share(waits, 0.5):.1f}, p99 {_p99(one):.1f} ms"
        )
    return (
        Limit(name="cores of server and database", value=median(runs, _cores), most=1.5, aim=0.6),
        Limit(name="save, p99", value=median(runs, _p99), most=50, aim=15, unit="ms"),
        Limit(name="answers lost or refused", value=sum(one.faults for one in runs), most=0),
    )


def _cores(one: Outcome) -> float:
    return one.cpu_s / one.measured.wall_s


def _p99(one: Outcome) -> float:
    return share(one.waits_ms(), 0.99)
