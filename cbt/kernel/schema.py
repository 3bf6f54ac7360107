"""The schema of a database: brought to the newest step, asked for its step, and closed against rewriting history."""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

MIGRATIONS: Final = Path(__file__).resolve().parents[2] / "migrations"


def migrate(engine: Engine, target: str = "head") -> None:
    """Bring the database of `engine` up to `target`, all steps in one transaction."""
    with engine.connect() as connection:
        command.upgrade(alembic_config(connection), target)
        connection.commit()


def unmigrate(engine: Engine, target: str) -> None:
    """Take the database of `engine` back down to `target`."""
    with engine.connect() as connection:
        command.downgrade(alembic_config(connection), target)
        connection.commit()


def step_of(engine: Engine) -> str | None:
    """Return the database's step, or None when it is empty."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest_step() -> str | None:
    """Return the newest step that this program knows."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def alembic_config(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration, on `connection` where one is given."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
