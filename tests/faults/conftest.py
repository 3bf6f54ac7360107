"""One running system for the fault tests of a module."""

import os
from collections.abc import Iterator

import pytest

from tests.factories_site import Site, filled_home, running_site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    own = tmp_path_factory.mktemp("faults")
    shared = own.parents[1] if "PYTEST_XDIST_WORKER" in os.environ else own
    with running_site(filled_home(shared), own / "home") as running:
        yield running
