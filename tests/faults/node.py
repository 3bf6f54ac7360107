"""A node under test: `cbt serve` whose database, broker and own port may lie behind fault proxies."""

import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from cbt.cli.preflight import require_schema
from cbt.kernel.clock import Clock
from cbt.kernel.runtime import Runtime
from cbt.kernel.settings import Settings
from cbt.people.core.actors import Role
from itembank.formats.toml_blueprint import parse_blueprint_toml
from itembank.services.blueprints import save_blueprint
from tests.factories_exam import BLUEPRINT, load_small_bank
from tests.factories_scheduling import SYSTEM, make_centre, make_staff
from tests.factories_site import Hall, Plan, Site, take_seat, until
from tests.faults.candidates import WireCandidate
from tests.faults.proxy import FaultProxy

MASTER, WORKER = ("gunicorn_settings", 0), ("gunicorn_settings", 1)


class Node(Site):
    """A site with settings of its own; its tests read the database past every proxy."""

    def __init__(self, home: Path, **settings: str) -> None:
        super().__init__(home)
        self.settings = settings  # as the server sees them
        self.database_url: str | None = None  # as the tests see it, where that differs

    def env(self) -> dict[str, str]:
        return {**super().env(), **self.settings}

    def runtime(self, clock: Clock | None = None) -> Runtime:
        settings = Settings.from_env({"CBT_HOME": str(self.home), "CBT_PORT": str(self.port), **self.settings})
        return Runtime.start(replace(settings, database_url=self.database_url or settings.database_url), clock=clock)


def kill_part(site: Site, part: tuple[str, int], *, patience_s: float = 60.0) -> None:
    """kill -9 of one process; returns when there is another one."""
    words, nth = part
    old = until(lambda: site.part(words, nth=nth), why=f"{part} is there")
    os.kill(old, signal.SIGKILL)
    until(lambda: site.part(words, nth=nth) not in (0, old), patience_s=patience_s, why=f"{part} is there again")


def kill_all(site: Site) -> None:
    """kill -9 of the supervisor, which takes everything along; returns when it serves again."""
    site.kill()
    site.start()


def fill_small(rt: Runtime) -> None:
    """What every hall needs: staff, a centre, the small bank and its blueprint."""
    make_staff(rt, "chief", *Role)
    make_centre(rt)
    load_small_bank(rt)
    saved = save_blueprint(rt, "SMALL", parse_blueprint_toml(BLUEPRINT.encode()).blueprint, SYSTEM)
    assert saved.stored is not None, saved.problems


@contextmanager
def running_node(home: Path, *, database_url: str | None = None, **settings: str) -> Iterator[Node]:
    """A node on a fresh home; ended whatever happens. `database_url` is the way of the tests past a proxy."""
    home.mkdir(parents=True, exist_ok=True)
    node = Node(home, **settings)
    node.database_url = database_url
    require_schema(node.rt.settings.database_url)
    fill_small(node.rt)
    try:
        node.start()
        yield node
    finally:
        node.stop()
        shutil.rmtree(home, ignore_errors=True)


def postgres_socket(url: str) -> Path:
    """Where the server of `url` listens."""
    host = parse_qs(urlsplit(url).query)["host"][0]
    return Path(host) / ".s.PGSQL.5432"


def through(proxy: FaultProxy, url: str) -> str:
    """The database of `url`, by way of a proxy before its server."""
    return f"postgresql://postgres@127.0.0.1:{proxy.port}{urlsplit(url).path}"


@contextmanager
def seated(site: Site, count: int = 1, *, url: str | None = None, plan: Plan | None = None) -> Iterator["Seated"]:
    """A hall that is open, whose candidates have begun at `url`: the site's own, or one behind a proxy."""
    hall = site.open_hall(plan or Plan(), count)
    with ExitStack() as stack:
        people = [
            stack.enter_context(WireCandidate(site.rt, take_seat(site.rt, hall, place), url or site.url))
            for place in range(count)
        ]
        yield Seated(site, hall, people)


class Seated:
    """Those who sit in one hall."""

    def __init__(self, site: Site, hall: Hall, people: list[WireCandidate]) -> None:
        self.site = site
        self.hall = hall
        self.people = people

    @property
    def receipts(self) -> int:
        """How many receipts they have got so far, all together."""
        return sum(len(person.receipts) for person in self.people)

    def busy(self, changes: int, *, pace_s: float = 0.0, deeds: Sequence[tuple[int, Callable[[], None]]] = ()) -> None:
        """Everybody answers and changes answers; each deed is done once so many receipts are there."""
        with ThreadPoolExecutor(len(self.people)) as threads:
            working = [threads.submit(_work, person, changes, pace_s) for person in self.people]
            for moment, deed in deeds:
                enough = partial(self._enough, moment, working)
                until(enough, patience_s=90, why=f"{moment} receipts")
                assert self.receipts >= moment, "everybody was ready before it could happen"
                deed()
            for one in working:
                one.result()

    def _enough(self, moment: int, working: "list[Future[None]]") -> bool:
        return self.receipts >= moment or all(one.done() for one in working)


def _work(person: WireCandidate, changes: int, pace_s: float) -> None:
    slots = len(person.seat.paper["slots"])
    for change in range(changes):
        person.answer(1 + change % slots, right=change % 3 != 0, patience_s=90)
        time.sleep(pace_s)
