"""Shared fixtures: a runtime on a fresh database, on SQLite or on a real PostgreSQL."""

import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count, cycle
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from flask import Flask
from flask.templating import Environment
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from jinja2 import FileSystemBytecodeCache

from cbt.delivery.services import sealing
from cbt.kernel.runtime import Runtime
from cbt.kernel.settings import Settings
from cbt.people.services import passwords
from tests import databases
from tests.factories import ManualClock
from tests.factories_site import Site, filled_home, running_site

_QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
hypothesis_settings.register_profile("dev", max_examples=50, deadline=None, suppress_health_check=_QUIET)
hypothesis_settings.register_profile(
    "ci", max_examples=50, deadline=None, derandomize=True, suppress_health_check=_QUIET
)
hypothesis_settings.register_profile("deep", max_examples=5000, deadline=None, suppress_health_check=_QUIET)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))

_HASHER = passwords._HASHER
NOON = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)  # noon in Seoul
_numbers = count(1)


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Passwords of the tests are hashed in a moment; what they are hashed with otherwise has a test of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture(scope="session", autouse=True)
def few_key_pairs() -> Iterator[None]:
    """The sittings of the tests take turns with a few real key pairs: making one takes longer than most tests."""
    pairs = cycle([generate_private_key(65537, sealing.RSA_BITS) for _ in range(3)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealing, "generate_private_key", lambda *_: next(pairs))
        yield


@pytest.fixture(scope="session", autouse=True)
def templates_compiled_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The many applications of the tests share what their templates compile to."""
    compiled = FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))
    create = Flask.create_jinja_environment

    def created(app: Flask) -> Environment:
        environment = create(app)
        environment.bytecode_cache = compiled
        return environment

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flask, "create_jinja_environment", created)
        yield


@pytest.fixture
def lasting_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed as they are outside of tests."""
    monkeypatch.setattr(passwords, "_HASHER", _HASHER)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOON)


@pytest.fixture
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="cbt-") as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return databases.sqlite_template(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    with databases.postgres_server() as uri:
        yield uri


@pytest.fixture
def rt(home: Path, clock: ManualClock, sqlite_template: Path) -> Iterator[Runtime]:
    """A runtime on SQLite."""
    yield from _started(home, clock, databases.copied(sqlite_template, home))


@pytest.fixture
def postgres_rt(home: Path, clock: ManualClock, postgres: str) -> Iterator[Runtime]:
    """A runtime on PostgreSQL."""
    with databases.postgres_database(postgres, f"test_{os.getpid()}_{next(_numbers)}") as url:
        yield from _started(home, clock, url)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def any_rt(request: pytest.FixtureRequest) -> Runtime:
    """A runtime on each of the two databases."""
    runtime: Runtime = request.getfixturevalue("rt" if request.param == "sqlite" else "postgres_rt")
    return runtime


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One running system for all tests of this process; each test has sittings of its own."""
    own = tmp_path_factory.mktemp("site")
    shared = own.parents[1] if "PYTEST_XDIST_WORKER" in os.environ else own
    with running_site(filled_home(shared), own / "home") as running:
        yield running


def _started(home: Path, clock: ManualClock, url: str) -> Iterator[Runtime]:
    settings = Settings.from_env({"CBT_HOME": str(home), "CBT_DATABASE_URL": url})
    runtime = Runtime.start(settings, clock=clock)
    yield runtime
    runtime.close()
