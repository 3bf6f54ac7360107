"""Fixtures of tests over HTTP: the application on the test's database, a signed-in author, a worker for long work."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from cbt.app import create_app
from cbt.people.core.actors import Role
from tests.factories_bank_pages import sign_in
from tests.factories_jobs import working


@pytest.fixture
def app(rt) -> Flask:
    made = create_app(rt.settings, rt=rt)
    made.testing = True
    return made


@pytest.fixture
def author(app, rt) -> FlaskClient:
    return sign_in(app, rt, "author1", Role.AUTHOR)


@pytest.fixture
def worker(rt) -> Iterator[None]:
    """Somebody who does the long work."""
    with working(rt):
        yield
