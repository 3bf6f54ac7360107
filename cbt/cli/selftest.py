"""The single tests of `cbt check`: each finds one fact that the exam relies on, and none changes anything."""

import platform
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from cbt.cli import preflight
from cbt.delivery.core.nodes import Node
from cbt.delivery.services.nodes import live_nodes
from cbt.delivery.services.reading import replay_in, room_attempts_in
from cbt.kernel import schema
from cbt.kernel.build import code_version
from cbt.kernel.clock import STEP_ALARM
from cbt.kernel.disk import room_at
from cbt.kernel.errors import CbtError, Conflict, Unavailable
from cbt.kernel.pdf.faces import HANGUL_SYLLABLES
from cbt.kernel.pdf.fonts import Role, load_fonts
from cbt.kernel.runtime import Runtime
from cbt.kernel.settings import Settings
from cbt.people.services.audit import list_latest, verify_audit
from cbt.scheduling.services.registrations import registrations_of_sitting_in
from cbt.scheduling.services.sittings import list_sittings

OLDEST_PYTHON: Final = (3, 11)
_MIB: Final = 1024 * 1024
_SITTINGS: Final = 3
_JOURNALS: Final = 20
_FULL: Final = 2  # PRAGMA synchronous


class SelfTestFailed(Conflict):
    """A fact that the exam relies on does not hold."""

    code = "self-test-failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one test found."""

    name: str
    ok: bool
    detail: str


def examine(settings: Settings) -> tuple[Finding, ...]:
    """Return what each test finds, up to the first fault without which the rest cannot be tested."""
    findings: list[Finding] = []
    for name, test in GROUND:
        findings.append(_find(name, partial(test, settings)))
        if name in NEEDED and not findings[-1].ok:
            return tuple(findings)
    rt = Runtime.start(settings)
    try:
        for name, test_stored in STORED:
            findings.append(_find(name, partial(test_stored, rt)))
            if name in NEEDED and not findings[-1].ok:
                break
    finally:
        rt.close()
    return tuple(findings)


def _find(name: str, test: Callable[[], str]) -> Finding:
    try:
        return Finding(name=name, ok=True, detail=test())
    except CbtError as error:
        return Finding(name=name, ok=False, detail=error.message)
    except (OSError, SQLAlchemyError) as error:
        return Finding(name=name, ok=False, detail=str(error).splitlines()[0])


def _python(_settings: Settings) -> str:
    if sys.version_info < OLDEST_PYTHON:
        raise SelfTestFailed(f"Python {platform.python_version()}; 3.11 or newer is needed")
    return platform.python_version()


def _home(settings: Settings) -> str:
    preflight.require_home(settings.home)
    return str(settings.home)


def _disk(settings: Settings) -> str:
    free = preflight.require_room(settings.home)
    room = room_at(settings.home)
    if room.is_scarce:
        raise SelfTestFailed(f"{room.share:.0%} of the disk are used, {free // _MIB:,} MiB free: make room")
    return f"{free // _MIB:,} MiB free"


def _database(settings: Settings) -> str:
    preflight.require_database(settings.database_url)
    return "SQLite" if settings.database_url.startswith("sqlite") else "PostgreSQL"


def _font(settings: Settings) -> str:
    face = load_fonts(settings.home, settings.font_dir).chains[Role.SANS][0]
    return f"{face.postscript_name}, all {len(HANGUL_SYLLABLES):,} Hangul syllables"


def _schema(rt: Runtime) -> str:
    present, newest = schema.step_of(rt.engine), schema.newest_step()
    if present is None or present != newest:
        raise SelfTestFailed(f"the schema is {present or 'empty'}, the newest is {newest}: run `cbt migrate`")
    return present


def _nodes(rt: Runtime) -> str:
    """See that all server processes that are alive run the same program, which is this one."""
    nodes = live_nodes(rt)
    builds = {(node.version, node.schema) for node in nodes} | {(code_version(), schema.newest_step())}
    if len(builds) > 1:
        raise SelfTestFailed(f"the servers differ from each other or from this program: {_listed(nodes)}")
    return f"{len(nodes)} alive, {code_version()}"


def _listed(nodes: tuple[Node, ...]) -> str:
    return ", ".join(node.words for node in nodes) or "none"


def _durability(rt: Runtime) -> str:
    """See that a commit is on the disk when it returns."""
    with rt.reading() as tx:
        if rt.write_lock is None:
            settings = {name: tx.session.scalar(text(f"SHOW {name}")) for name in ("synchronous_commit", "fsync")}
            if set(settings.values()) != {"on"}:
                raise SelfTestFailed(f"PostgreSQL may lose what it confirmed: {settings}")
            return "synchronous_commit on, fsync on"
        mode, journal = (tx.session.scalar(text(f"PRAGMA {name}")) for name in ("synchronous", "journal_mode"))
        if mode != _FULL or journal != "wal":
            raise SelfTestFailed(f"SQLite may lose what it confirmed: synchronous={mode}, journal_mode={journal}")
        return "WAL, synchronous FULL"


def _broker(rt: Runtime) -> str:
    if rt.settings.redis_url is None:
        return "none; `cbt serve` brings its own"
    if not rt.broker.reachable():
        raise Unavailable("it does not answer: screens follow within seconds instead of at once")
    return "answers"


def _clock(rt: Runtime) -> str:
    """See that nobody has stepped the clock, and that the present is not before the newest record of any server."""
    if not rt.clock_is_sound():
        raise SelfTestFailed(f"the clock was stepped by {rt.clock.drift().total_seconds():.0f} s while the server ran")
    ahead = max((record.at - rt.clock.now() for record in list_latest(rt, 1)), default=-STEP_ALARM)
    if ahead > STEP_ALARM:
        raise SelfTestFailed(f"the clock is {ahead.total_seconds():.0f} s behind the newest record: it was set back")
    return f"{rt.clock.now():%Y-%m-%d %H:%M:%S} UTC"


def _audit(rt: Runtime) -> str:
    problems = verify_audit(rt)
    if problems:
        raise SelfTestFailed(f"{len(problems)} broken, first: {problems[0].where} [{problems[0].code}]")
    return "every record stands in the chain"


def _journals(rt: Runtime) -> str:
    """See that the newest journals are unbroken and add up to what is stored."""
    sittings = list_sittings(rt, until=rt.clock.now())[-_SITTINGS:]
    with rt.reading() as tx:
        registered = [
            facts.registration.id
            for overview in sittings
            for facts in registrations_of_sitting_in(tx, overview.sitting.id)
        ]
        attempts = [view.attempt for view in room_attempts_in(tx, registered).values() if view.attempt.head.number]
        newest = sorted(attempts, key=lambda attempt: attempt.head.at)[-_JOURNALS:]
        broken = [str(attempt.id) for attempt in newest if replay_in(tx, attempt.id).broken is not None]
    if broken:
        raise SelfTestFailed(f"{len(broken)} broken: {', '.join(broken)}; see `cbt delivery replay`")
    return f"the newest {len(newest)} are unbroken" if newest else "none yet"


NEEDED: Final = frozenset({"home", "database", "schema"})
GROUND: Final[tuple[tuple[str, Callable[[Settings], str]], ...]] = (
    ("python", _python),
    ("home", _home),
    ("disk", _disk),
    ("font", _font),
    ("database", _database),
)
STORED: Final[tuple[tuple[str, Callable[[Runtime], str]], ...]] = (
    ("schema", _schema),
    ("nodes", _nodes),
    ("durability", _durability),
    ("broker", _broker),
    ("clock", _clock),
    ("audit trail", _audit),
    ("journals", _journals),
)
