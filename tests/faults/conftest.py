"""Nodes that are really running, on each of the two databases, with fault proxies before their ports."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from cbt.kernel.runtime import Runtime
from tests import databases
from tests.factories_site import Site
from tests.faults.node import Node, postgres_socket, running_node, through
from tests.faults.proxy import FaultProxy


@pytest.fixture
def line(node: Site) -> Iterator[FaultProxy]:
    """The line between the candidates and the node."""
    with FaultProxy(("127.0.0.1", node.port)) as proxy:
        yield proxy


@pytest.fixture(scope="session")
def database_line(postgres: str) -> Iterator[FaultProxy]:
    """The line between the node and its PostgreSQL."""
    with FaultProxy(postgres_socket(postgres)) as proxy:
        yield proxy


@pytest.fixture(scope="session")
def postgres_node(postgres: str, database_line: FaultProxy, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """One node on PostgreSQL for all tests of this process, reached by it through `database_line`."""
    home: Path = tmp_path_factory.mktemp("postgres-node") / "home"
    with (
        databases.postgres_database(postgres, f"node_{os.getpid()}") as url,
        running_node(home, database_url=url, CBT_DATABASE_URL=through(database_line, url)) as node,
    ):
        yield node


BOTH = ("sqlite", pytest.param("postgresql", marks=[pytest.mark.postgresql, pytest.mark.slow]))


@pytest.fixture(params=BOTH)
def any_rt(request: pytest.FixtureRequest) -> Runtime:
    """A runtime on each of the two databases; so many orders of two acts are tried on one of them every day."""
    runtime: Runtime = request.getfixturevalue("rt" if request.param == "sqlite" else "postgres_rt")
    return runtime


@pytest.fixture(params=BOTH)
def node(request: pytest.FixtureRequest) -> Site:
    """A running node on each of the two databases."""
    running: Site = request.getfixturevalue("site" if request.param == "sqlite" else "postgres_node")
    return running
