"""The ground that load series stand on: a database that is filled once; for each run a copy, a server and a check."""

import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from bench.load.checking import compare
from bench.load.databases import PLACE, Postgres, Sqlite, opened
from bench.load.halls import Hall
from bench.load.people import Person, people, start_all
from bench.load.processes import Family
from bench.load.servers import DOOR, Measured, drive, own_home, serving
from cbt.cli.valkey import embedded_valkey
from cbt.kernel.runtime import Runtime
from cbt.kernel.schema import migrate
from cbt.kernel.settings import Settings

SEED: Final = 20261122
RUNS: Final = 3
_VALKEY_PATIENCE_S: Final = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One run, checked: what was done, how fast, and at what cost."""

    done: int
    measured: Measured
    wrong: tuple[str, ...]

    @property
    def cpu_s(self) -> float:
        """CPU seconds of server, broker and database; the client's are apart."""
        return self.measured.server_s + self.measured.database_s

    @property
    def faults(self) -> int:
        """Answers that were none, and acknowledged answers that are not in the database as they were sent."""
        return int(self.measured.notes["faults"]) + len(self.wrong)

    def waits_ms(self) -> list[float]:
        """Return how long each answer was waited for, the longest last."""
        return sorted(wait * 1000 for one in self.measured.notes["people"] for wait in one["waits_s"])


def share(sorted_values: Sequence[float], part: float) -> float:
    """Return the value that `part` of them do not exceed."""
    return sorted_values[min(int(len(sorted_values) * part), len(sorted_values) - 1)]


def median(runs: Sequence[Outcome], figure: Callable[[Outcome], float]) -> float:
    """Return the median of a figure over runs."""
    return statistics.median(figure(run) for run in runs)


class Ground:
    """A filled database and what is done on its copies."""

    def __init__(self, database: Postgres | Sqlite, folder: Path) -> None:
        self.database = database
        self.folder = folder
        self._template = folder / "template"

    def fill(self, hall: Hall, *, started: bool) -> None:
        """Fill the template, and start everybody's exam where they are to save at once."""
        with self.runtime(self._template, self.database.template_url) as rt:
            migrate(rt.engine)
            hall.fill(rt)
            if started:
                start_all(rt)

    @contextmanager
    def copy(self) -> Iterator[tuple[Runtime, Path]]:
        """Give a runtime on a fresh copy of the template, and its home."""
        home = own_home(self.folder, self._template)
        with self.runtime(home, self.database.copy(home)) as rt:
            yield rt, home

    @staticmethod
    @contextmanager
    def runtime(home: Path, url: str) -> Iterator[Runtime]:
        """Give a runtime of this process."""
        rt = Runtime.start(Settings.from_env({"CBT_HOME": str(home), "CBT_DATABASE_URL": url}))
        try:
            yield rt
        finally:
            rt.close()

    def run(self, act: str, count: int, job: dict[str, Any], app: Sequence[str] = DOOR) -> Outcome:
        """Let `count` candidates do `act` on a fresh copy, compare what was acknowledged, and return the outcome."""
        with self.copy() as (rt, home):
            who = people(rt, count)
            measured = self.measure(rt, home, {"act": act, **job, "people": [one.to_job() for one in who]}, app=app)
            return checked(rt, who, measured)

    def measure(
        self,
        rt: Runtime,
        home: Path,
        job: dict[str, Any],
        program: str = "bench.load.client",
        *,
        app: Sequence[str] = DOOR,
    ) -> Measured:
        """Serve the copy, broker included, and let the client do `job`."""
        url = rt.settings.database_url
        with _broker(home) as broker, serving(home, url, app, CBT_REDIS_URL=broker.url) as server:
            before = broker.family.cpu_s()
            measured = drive(server, self.database, {"seed": SEED, **job}, home, program)
            used = broker.family.cpu_s() - before
        return replace(measured, server_s=measured.server_s + used)


def checked(rt: Runtime, who: Sequence[Person], measured: Measured) -> Outcome:
    """Return the outcome of a run, each acknowledged answer compared with the database."""
    kept = compare(rt, who, measured.notes)
    done = sum(len(one["waits_s"]) for one in measured.notes["people"])
    return Outcome(done=done, measured=measured, wrong=kept.wrong)


@contextmanager
def ground(kind: type[Postgres] | type[Sqlite], hall: Hall, *, started: bool = True) -> Iterator[Ground]:
    """Give a ground on a database of `kind` that holds `hall`."""
    with opened(kind) as database, tempfile.TemporaryDirectory(prefix="cbt-bench-", dir=PLACE) as folder:
        made = Ground(database, Path(folder))
        made.fill(hall, started=started)
        yield made


@dataclass(frozen=True, slots=True, kw_only=True)
class _Broker:
    url: str
    family: Family


@contextmanager
def _broker(home: Path) -> Iterator[_Broker]:
    """Give the Valkey that `cbt serve` would run beside the door."""
    found = embedded_valkey(home)
    if found is None:
        yield _Broker(url="", family=Family(root=os.getpid()))
        return
    part, url = found
    process = subprocess.Popen(part.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + _VALKEY_PATIENCE_S
    socket = Path(url.removeprefix("unix://"))
    try:
        while not socket.exists() and time.monotonic() < until:
            time.sleep(0.05)
        yield _Broker(url=url, family=Family(root=process.pid))
    finally:
        process.terminate()
        process.wait(_VALKEY_PATIENCE_S)
