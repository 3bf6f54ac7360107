"""Idle candidates: what a connection that waits for its next beat keeps of the server's memory."""

from typing import Final

from bench.figures import Limit
from bench.ground import ground
from bench.load.databases import Sqlite
from bench.load.halls import Hall
from bench.load.people import people
from cbt.cli.gunicorn_settings import LONGEST_BEAT_S, keepalive

CANDIDATES: Final = 40
CONNECTIONS: Final = 4_000
_KIB: Final = 1024


def run() -> tuple[Limit, ...]:
    """Measure the private memory of the server's processes before and after the connections came."""
    with ground(Sqlite, Hall(candidates=CANDIDATES)) as made, made.copy() as (rt, home):
        who = [one.to_job() for one in people(rt, CANDIDATES)]
        spread = [who[place % CANDIDATES] for place in range(CONNECTIONS)]
        few, many = (made.measure(rt, home, {"act": "idle", "people": crowd}).memory_bytes for crowd in (who, spread))
    each = (many - few) / (CONNECTIONS - CANDIDATES) / _KIB
    return (
        Limit(name=f"memory of one of {CONNECTIONS} idle connections", value=each, most=64, aim=20, unit="KiB"),
        Limit(name="keep-alive beyond the longest beat", value=keepalive - LONGEST_BEAT_S, least=1, unit="s"),
    )
