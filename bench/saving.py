"""Saves: what one durable, chained, receipted answer costs on both databases, against pgbench, and with slow disks."""

from typing import Final

from bench.figures import Limit
from bench.ground import RUNS, Ground, Outcome, ground, median, share
from bench.load.databases import Postgres, Sqlite
from bench.load.halls import Hall
from bench.load.people import people
from bench.load.slow_disk import has_compiler, slow_disk
from bench.load.yardstick import CLIENTS, single_row_commits

CANDIDATES: Final = 256
SECONDS: Final = 8.0
_YARDSTICK_S: Final = 5
_DELAY_MS: Final = 5
_ROWS: Final = "SELECT count(*) FROM delivery_entry"
_SIZE: Final = "SELECT pg_total_relation_size('delivery_entry')"
_WAL: Final = "SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint"


def run() -> tuple[Limit, ...]:
    """Print both tables and return the figures that are promised."""
    return (*_postgres(), *_sqlite(), *_slow_disk())


def _postgres() -> tuple[Limit, ...]:
    with ground(Postgres, Hall(candidates=CANDIDATES)) as made:
        if not isinstance(made.database, Postgres):
            raise TypeError
        runs, commits = [], []
        for _ in range(RUNS):
            commits.append(single_row_commits(made.database, made.folder, _YARDSTICK_S))
            runs.append(_run(made))
        row_bytes, wal_bytes = _journal_bytes(made)
    ratios = sorted(_rate(one) / rate for one, (rate, _) in zip(runs, commits, strict=True))
    per_cpu_s = sorted(per_cpu for _, per_cpu in commits)[RUNS // 2]
    _print("PostgreSQL", runs)
    print(
        f"     pgbench, single rows, {CLIENTS} clients: {sorted(rate for rate, _ in commits)[RUNS // 2]:.0f}/s, "
        f"{per_cpu_s:.0f} per CPU second with pgbench's own; WAL {wal_bytes:.0f} bytes a save"
    )
    return (
        Limit(name="PostgreSQL, saves per CPU second", value=median(runs, _per_cpu_s), least=1100, aim=3300),
        Limit(name="HTTP saves / pgbench commits", value=ratios[RUNS // 2], least=0.15, aim=0.40),
        Limit(name="journal bytes per saved answer", value=row_bytes, most=400, aim=300),
        _faults("PostgreSQL", runs),
    )


def _sqlite() -> tuple[Limit, ...]:
    with ground(Sqlite, Hall(candidates=CANDIDATES)) as made:
        runs = [_run(made) for _ in range(RUNS)]
    _print("SQLite", runs)
    return (
        Limit(name="SQLite, saves per CPU second", value=median(runs, _per_cpu_s), least=800, aim=2700),
        _faults("SQLite", runs),
    )


def _slow_disk() -> tuple[Limit, ...]:
    """Put `_DELAY_MS` into every fsync of the database; a library that is loaded before the C library does it."""
    if not has_compiler():
        print("     no C compiler: the slow disk is left out")
        return ()
    with slow_disk(_DELAY_MS) as delay, ground(Postgres, Hall(candidates=CANDIDATES)) as made:
        rates = []
        for _ in range(RUNS):
            delay.off()
            fast = _run(made)
            delay.on()
            slow = _run(made)
            delay.off()
            rates.append(_rate(slow) / _rate(fast))
    value = sorted(rates)[RUNS // 2]
    return (Limit(name=f"save rate with {_DELAY_MS} ms in every fsync / without", value=value, least=0.5, aim=0.9),)


def _run(made: Ground) -> Outcome:
    return made.run("saves", CANDIDATES, {"seconds": SECONDS})


def _per_cpu_s(one: Outcome) -> float:
    return one.done / one.cpu_s


def _rate(one: Outcome) -> float:
    return one.done / one.measured.wall_s


def _faults(name: str, runs: list[Outcome]) -> Limit:
    for one in runs:
        for line in one.wrong[:3]:
            print(f"     {line}")
    return Limit(name=f"{name}, answers lost or refused", value=sum(one.faults for one in runs), most=0)


def _print(name: str, runs: list[Outcome]) -> None:
    for one in runs:
        waits, done = one.waits_ms(), one.done
        server, database, client = (
            seconds / done * 1e6 for seconds in (one.measured.server_s, one.measured.database_s, one.measured.client_s)
        )
        print(
            f"     {name}: {done} saves, {_rate(one):.0f}/s, {_per_cpu_s(one):.0f} per CPU second ("
            f"server {server:.0f} us, database {database:.0f} us, client {client:.0f} us apart); "
            f"p50 {share(waits, 0.5):.0f}, p99 {share(waits, 0.99):.0f} ms"
        )


def _journal_bytes(made: Ground) -> tuple[float, float]:
    """Return table and index bytes of the journal and WAL bytes, each per saved answer of one more run."""
    database = made.database
    if not isinstance(database, Postgres):
        raise TypeError
    with made.copy() as (rt, home):
        url = rt.settings.database_url

        def ask(question: str) -> int:
            return int(str(database.ask(question, url)))

        before, sized, wal = ask(_ROWS), ask(_SIZE), ask(_WAL)
        who = people(rt, CANDIDATES)
        made.measure(rt, home, {"act": "saves", "seconds": SECONDS, "people": [one.to_job() for one in who]})
        saved = ask(_ROWS) - before
        return (ask(_SIZE) - sized) / saved, (ask(_WAL) - wal) / saved
