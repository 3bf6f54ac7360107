"""One demonstration centre for all fault tests of a worker; each test drills candidates who have not begun."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.serving import Served


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home: Path = tmp_path_factory.mktemp("home")
    server = Served(home)
    server.start()
    yield server
    server.stop()
