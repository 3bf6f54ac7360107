"""The two doors measured again: the same save through the door's group commit and through Flask, on the same ground."""

from typing import Final

from bench.figures import Limit
from bench.ground import ground, median
from bench.load.databases import Postgres
from bench.load.halls import Hall

CANDIDATES: Final = 128
SECONDS: Final = 6.0
RUNS: Final = 3
_FLASK: Final = ("--worker-class", "gthread", "--threads", "8", "bench.load.flask_door:app")


def run() -> tuple[Limit, ...]:
    """Print what a save costs each way, measured in turns, and return their ratio."""
    job = {"seconds": SECONDS}
    with ground(Postgres, Hall(candidates=CANDIDATES)) as made:
        door, flask = [], []
        for _ in range(RUNS):
            door.append(made.run("saves", CANDIDATES, job))
            flask.append(made.run("saves", CANDIDATES, job, app=_FLASK))
    ways = (("door, group commit", door), ("Flask, a commit each", flask))
    for name, runs in ways:
        per_cpu_s = median(runs, lambda one: one.done / one.cpu_s)
        rate = median(runs, lambda one: one.done / one.measured.wall_s)
        print(f"     {name}: {per_cpu_s:.0f} saves per CPU second, {rate:.0f}/s")
    better = sorted(
        (one.done / one.cpu_s) / (other.done / other.cpu_s) for one, other in zip(door, flask, strict=True)
    )[RUNS // 2]
    return (
        Limit(name="saves per CPU second, door / Flask", value=better, least=1),
        Limit(name="answers lost or refused", value=sum(one.faults for one in (*door, *flask)), most=0),
    )
