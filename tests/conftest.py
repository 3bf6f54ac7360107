"""Shared fixtures: a runtime on a fresh database, on SQLite or on a real PostgreSQL."""

import importlib
import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from cbt.kernel.db import Base
from cbt.kernel.runtime import Runtime
from cbt.kernel.settings import Settings
from tests.factories import ManualClock

hypothesis_settings.register_profile("dev", max_examples=50, deadline=None)
hypothesis_settings.register_profile("ci", max_examples=200, deadline=None, derandomize=True)
hypothesis_settings.register_profile("deep", max_examples=5000, deadline=None)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))

NOON = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)  # noon in Seoul
TABLES = [
    "cbt.people.tables",
    "itembank.tables",
    "cbt.scheduling.tables",
    "cbt.delivery.tables",
    "cbt.grading.tables",
    "proctor.tables",
    "reports.tables",
]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOON)


@pytest.fixture
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="cbt-") as folder:
        yield Path(folder)


def make_schema(rt: Runtime) -> None:
    for name in TABLES:
        if importlib.util.find_spec(name):
            importlib.import_module(name)
    Base.metadata.create_all(rt.engine)


@pytest.fixture
def rt(home: Path, clock: ManualClock) -> Iterator[Runtime]:
    runtime = Runtime.start(Settings.from_env({"CBT_HOME": str(home)}), clock=clock)
    make_schema(runtime)
    yield runtime
    runtime.close()
