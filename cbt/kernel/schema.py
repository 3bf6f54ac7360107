"""The schema of a database: brought to the newest step, asked for its step, and closed against rewriting history."""

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_OPEN_ROOMS: Final = """
    SELECT count(*) FROM scheduling_sitting_room JOIN scheduling_sitting
    ON scheduling_sitting.id = scheduling_sitting_room.sitting_id
    WHERE scheduling_sitting_room.state = 'open' AND scheduling_sitting.closes_at > :now
"""
MIGRATIONS: Final = Path(__file__).resolve().parents[2] / "migrations"


def migrate(engine: Engine, target: str = "head") -> None:
    """Bring the database of `engine` up to `target`, all steps in one transaction."""
    with engine.connect() as connection:
        command.upgrade(alembic_config(connection), target)
        connection.commit()


def is_frozen(engine: Engine, now: datetime) -> bool:
    """Tell whether exams are going on, by rows that every schema since the first has: nothing is migrated meanwhile.

    A room that somebody forgot to close does not count once its sitting is over and nobody works in it any more.
    """
    with engine.connect() as connection:
        if not inspect(connection).has_table("delivery_attempt"):
            return False
        working = connection.scalar(text("SELECT count(*) FROM delivery_attempt WHERE state IN ('running', 'paused')"))
        at_us = {"now": (now - _EPOCH) // timedelta(microseconds=1)}
        return bool(working) or bool(connection.scalar(text(_OPEN_ROOMS), at_us))


def unmigrate(engine: Engine, target: str) -> None:
    """Take the database of `engine` back down to `target`."""
    with engine.connect() as connection:
        command.downgrade(alembic_config(connection), target)
        connection.commit()


def step_of(engine: Engine) -> str | None:
    """Return the database's step, or None when it is empty."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


@cache
def newest_step() -> str | None:
    """Return the newest step that this program knows; its files are read once."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def alembic_config(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration, on `connection` where one is given."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
