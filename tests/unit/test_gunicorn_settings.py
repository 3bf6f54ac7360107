"""How gunicorn is told to serve."""

import importlib
import os

import pytest

from cbt.cli import gunicorn_settings


@pytest.fixture
def read(monkeypatch):
    """Read the settings under an environment."""

    def reading(**env):
        for name in [name for name in os.environ if name.startswith("CBT_")]:
            monkeypatch.delenv(name)
        for name, value in env.items():
            monkeypatch.setenv(name, value)
        return importlib.reload(gunicorn_settings)

    yield reading
    monkeypatch.undo()
    importlib.reload(gunicorn_settings)


def test_sqlite_is_served_by_one_process(read):
    assert read().workers == 1


def test_postgresql_is_served_by_a_process_for_each_core(read):
    assert read(CBT_DATABASE_URL="postgresql://127.0.0.1/cbt").workers == os.cpu_count()


def test_who_speaks_for_others_is_left_to_the_application(read):
    assert read().forwarded_allow_ips == ""
    assert read(CBT_TRUSTED_PROXY="10.0.0.1").forwarded_allow_ips == ""


def test_connections_outlive_the_pause_between_two_beats(read):
    settings = read()
    assert settings.keepalive > settings.LONGEST_BEAT_S


def test_it_listens_where_it_is_told(read):
    assert read(CBT_HOST="127.0.0.2", CBT_PORT="9001").bind == "127.0.0.2:9001"
