"""A real test centre for tests: `cbt serve` on a free port, over a home that was filled through the services.

Filling takes longest (banks, blueprints, accounts), so it is done once for all test processes; each site starts from a
copy. Every process that is started here is ended by its id.
"""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

from cbt.cli.demo_centre import SAMPLES
from cbt.cli.preflight import require_schema
from cbt.cli.shell import broker_file
from cbt.delivery.services.preparing import prepare
from cbt.kernel.clock import Clock
from cbt.kernel.runtime import Runtime
from cbt.kernel.settings import Settings
from cbt.kernel.titles import Title
from cbt.people.core.actors import Role
from cbt.people.services.staff import sign_in
from cbt.scheduling.core.exams import Calculator, ExamInput, ResultPolicy
from cbt.scheduling.core.pass_rules import parse_rule
from cbt.scheduling.core.registrations import RegistrationFacts
from cbt.scheduling.core.sittings import SittingRoomId
from cbt.scheduling.services.attendance import check_in_in, open_room_in
from cbt.scheduling.services.exams import create_exam
from cbt.scheduling.services.places import list_centres
from cbt.scheduling.services.registrations import list_registrations
from itembank.formats.bank_file import read_bank
from itembank.formats.toml_blueprint import parse_blueprint_toml
from itembank.services.blueprints import list_blueprints, save_blueprint
from itembank.services.importing import ImportRequest, import_bank
from tests.factories import ManualClock
from tests.factories_exam import BLUEPRINT, World, in_parts, load_small_bank, sit_down
from tests.factories_exam import Page as Seat
from tests.factories_scheduling import PASSWORD, SYSTEM, make_centre, make_room, make_sitting, make_staff, register

ROOT = Path(__file__).resolve().parent.parent
START_PATIENCE_S = 240.0  # a machine that runs other tests as well takes its time
# Compiling all modules anew takes each process that is started two seconds, and nothing is to be written beside them.
COMPILED = Path(tempfile.gettempdir()) / f"cbt-tests-compiled-{os.getuid()}"
_POLL_S = 0.05
STAFF = {
    "chief": (tuple(Role), "한총괄"),
    "admin": ((Role.ADMIN,), "한관리"),
    "author": ((Role.AUTHOR,), "문출제"),
    "proctor": ((Role.PROCTOR,), "감독관"),
    "auditor": ((Role.AUDITOR,), "정감사"),
}
SHORT = Title(ko="짧은 시험", en="Short exam")
_numbers = count(1)


def until(what: Callable[[], Any], *, patience_s: float = 30.0, why: str = "") -> Any:
    """What `what()` returns as soon as it is true; asks again and again, but not for ever."""
    give_up = time.monotonic() + patience_s
    while not (found := what()):
        assert time.monotonic() < give_up, f"not within {patience_s:g} s: {why or what}"
        time.sleep(_POLL_S)
    return found


def filled_home(folder: Path) -> Path:
    """The home to copy: schema, keys, sample banks, blueprints, accounts, a centre. Made by whoever comes first."""
    home = folder / "filled-home"
    with (folder / "filled-home.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "filled").exists():
            shutil.rmtree(home, ignore_errors=True)
            _fill(home)
            (home / "filled").touch()
    return home


def _fill(home: Path) -> None:
    home.mkdir(parents=True)
    settings = Settings.from_env({"CBT_HOME": str(home)})
    require_schema(settings.database_url)
    rt = Runtime.start(settings)
    for login, (roles, name) in STAFF.items():
        make_staff(rt, login, *roles, name=name)
    make_centre(rt)
    for code in ("practitioner", "showcase"):
        _load_sample(rt, code)
    load_small_bank(rt)
    _keep_blueprint(rt, "SMALL", BLUEPRINT.encode())
    rt.close()


def _load_sample(rt: Runtime, code: str) -> None:
    title = Title(ko={"practitioner": "정보처리실무사 필기", "showcase": "문항 유형 견본"}[code], en=code.title())
    request = ImportRequest(bank_code=code, by=SYSTEM, title=title, source=code)
    report = import_bank(rt, read_bank(SAMPLES / code), request)
    assert report.stored, report.problems
    for blueprint in sorted((SAMPLES / code).glob("blueprint*.toml")):
        _keep_blueprint(rt, code, blueprint.read_bytes())


def _keep_blueprint(rt: Runtime, bank: str, toml: bytes) -> None:
    saved = save_blueprint(rt, bank, parse_blueprint_toml(toml).blueprint, SYSTEM)
    assert saved.stored is not None, saved.problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """An exam to plan: the code of its blueprint and its rules."""

    blueprint: str = "small"
    title: Title = SHORT
    rule: str = "subjects-and-average:40:60"
    minutes: int = 30
    policy: ResultPolicy = ResultPolicy.PROVISIONAL
    grace: timedelta = timedelta(seconds=10)
    calculator: Calculator = Calculator.PLAIN
    parts: tuple[tuple[int | None, int], ...] = ()  # minutes and break of each part, where there is no way back


@dataclass(frozen=True, slots=True, kw_only=True)
class Hall:
    """A sitting in one room, with papers for everybody; nobody is checked in."""

    code: str
    room_id: SittingRoomId
    people: tuple[RegistrationFacts, ...]

    @property
    def room(self) -> str:
        """The address of the proctor's live room."""
        return f"/proctor/rooms/{self.room_id}"

    def registration(self, place: int = 0) -> UUID:
        return self.people[place].registration.id


class Site:
    """One running system with its own home, port and processes."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None
        self._rt: Runtime | None = None
        self._tokens: dict[str, str] = {}
        self.passwords = dict.fromkeys(STAFF, PASSWORD)

    @property
    def rt(self) -> Runtime:
        """A runtime on the site's own data; its hints reach the open pages."""
        if self._rt is None:
            self._rt = self.runtime()
        return self._rt

    def runtime(self, clock: Clock | None = None) -> Runtime:
        """One more runtime, perhaps with another clock; the caller closes it."""
        settings = Settings.from_env({"CBT_HOME": str(self.home), "CBT_PORT": str(self.port)})
        note = broker_file(self.home)
        redis_url = note.read_text().strip() or None if note.exists() else None
        return Runtime.start(replace(settings, redis_url=redis_url), clock=clock)

    def start(self) -> None:
        log = self.home / "serve.log"
        with log.open("ab") as stream:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "cbt.cli.main", "serve"],
                env=self.env(),
                cwd=ROOT,
                stdout=stream,
                stderr=stream,
                start_new_session=True,
            )
        until(lambda: self._ready(log), patience_s=START_PATIENCE_S, why="cbt serve is ready")

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """kill -9 of the supervisor; the kernel takes its children along."""
        children = _family(self.pid)
        os.kill(self.pid, signal.SIGKILL)
        assert self._process is not None
        self._process.wait()
        until(lambda: not any(_is_alive(child) for child in children), why="the children die too")

    def stop(self) -> None:
        """End everything at once: what a part does when it is asked to end has tests of its own."""
        if self._rt is not None:
            self._rt.close()
            self._rt = None
        if self._process is not None and self._process.poll() is None:
            self.kill()

    def part(self, words: str, *, nth: int = 0) -> int:
        """The id of the process below the supervisor whose command holds `words`; the eldest is the 0th."""
        found = [pid for pid in _family(self.pid) if words in _command(pid)]
        return found[nth] if nth < len(found) else 0

    def env(self) -> dict[str, str]:
        plain = {name: value for name, value in os.environ.items() if not name.startswith("CBT_")}
        cache = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(COMPILED)}
        return {**plain, **cache, "CBT_HOME": str(self.home), "CBT_PORT": str(self.port)}

    def cbt(self, *words: str) -> subprocess.CompletedProcess[str]:
        """The `cbt` command, run to its end on the site's data."""
        command = [sys.executable, "-m", "cbt.cli.main", *words]
        return subprocess.run(
            command, env=self.env(), cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
        )

    def staff_token(self, login: str) -> str:
        """The session cookie of somebody who has signed in, once for all tests: who tries too often must wait."""
        if login not in self._tokens:
            self._tokens[login] = sign_in(self.rt, login, self.passwords[login], "127.0.0.1")
        return self._tokens[login]

    def hall(self, plan: Plan, candidates: int = 1, *, names: tuple[str, ...] = ()) -> Hall:
        """A new sitting of `plan` in a room of its own."""
        return make_hall(self.rt, plan, candidates, names=names)

    def open_hall(self, plan: Plan, candidates: int = 1) -> Hall:
        """A sitting whose candidates are checked in and whose room is open."""
        made = self.hall(plan, candidates)
        admit(self.rt, made)
        return made

    @contextmanager
    def earlier(self, ago: timedelta) -> Iterator[Runtime]:
        """A runtime whose clock stands `ago` before now, to make what has been going on for a while."""
        rt = self.runtime(ManualClock(self.rt.clock.now() - ago))
        try:
            yield rt
        finally:
            rt.close()

    def _ready(self, log: Path) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, log.read_text()
        line = HTTPConnection(
            "127.0.0.1", self.port, timeout=2
        )  # asked so often that a client with TLS would cost seconds
        try:
            line.request("GET", "/health/ready")
            return line.getresponse().status == HTTPStatus.OK
        except (OSError, HTTPException):
            return False
        finally:
            line.close()


def make_hall(rt: Runtime, plan: Plan, candidates: int = 1, *, names: tuple[str, ...] = ()) -> Hall:
    """A new sitting of `plan` in a room of its own, on any runtime."""
    number = next(_numbers)
    code = f"S{number:03}"
    [stored] = [one for one in list_blueprints(rt) if one.blueprint.code == plan.blueprint]
    entered = ExamInput(
        code=f"E{number:03}",
        title=plan.title,
        blueprint_version_id=stored.version_id,
        time_allowed=timedelta(minutes=plan.minutes),
        grace=plan.grace,
        pass_rule=parse_rule(plan.rule),
        result_policy=plan.policy,
        calculator=plan.calculator,
    )
    exam = create_exam(rt, in_parts(entered, plan.parts) if plan.parts else entered, by=SYSTEM)
    room = make_room(rt, list_centres(rt)[0].centre.id, code=f"R{number:03}", seats=max(candidates, 4))
    sitting_id = make_sitting(rt, code=code, rooms=(room,), exam=exam)
    rows = (
        f"{26_000 + number}-{place:03},{names[place - 1] if names else f'홍길동{place}'},{_birth(place)},{place},"
        for place in range(1, candidates + 1)
    )
    done = register(rt, sitting_id, *rows)
    assert not done.problems, done.problems
    prepare(rt, sitting_id, by=SYSTEM)
    people = list_registrations(rt, sitting_id)
    return Hall(code=code, room_id=people[0].sitting_room.id, people=people)


def admit(rt: Runtime, hall: Hall) -> None:
    """Check everybody in and open the room."""
    now = rt.clock.now()
    with rt.transaction() as tx:
        for person in hall.people:
            check_in_in(tx, now, person.registration.id, by=SYSTEM)
        open_room_in(tx, now, hall.room_id, by=SYSTEM)


def take_seat(rt: Runtime, hall: Hall, place: int = 0) -> Seat:
    """A candidate who has started, as the server sees the browser."""
    world = World(rt=rt, staff=SYSTEM, room_id=hall.room_id, people=hall.people)
    return sit_down(world, place, device=f"browser {place}")


def _birth(place: int) -> date:
    return date(1990, 1, 1) + timedelta(days=97 * (place % 120))


@contextmanager
def running_site(template: Path, home: Path) -> Iterator[Site]:
    """A site on a copy of `template`, started, and ended whatever happens."""
    shutil.copytree(template, home)
    site = Site(home)
    try:
        site.start()
        yield site
    finally:
        site.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _family(parent: int) -> list[int]:
    """The processes below `parent`, parents before children, elder before younger."""
    parents = {pid: fields[1] for pid in _processes() if (fields := _stat(pid))}
    below = sorted(pid for pid, above in parents.items() if above == str(parent))
    return below + [grandchild for child in below for grandchild in _family(child)]


def _processes() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal()]


def _stat(pid: int) -> list[str]:
    """State and parent of a process, and what follows them; nothing where it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return []


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def _is_alive(pid: int) -> bool:
    return _stat(pid)[:1] not in ([], ["Z"])
