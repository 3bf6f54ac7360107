"""How Alembic reaches the database and what it compares the schema with.

SQLite rebuilds a table to change it, so foreign keys are switched off meanwhile and checked afterwards.
"""

from alembic import context
from sqlalchemy import Connection, text

import cbt.checks.tables
import cbt.delivery.tables
import cbt.grading.tables
import cbt.jobs.tables
import cbt.people.tables
import cbt.scheduling.tables
import itembank.tables
import proctor.tables
import reports.tables
from cbt.kernel.db import Base, open_engine

# Importing a package's tables enters them into the one metadata.
PACKAGES = (
    cbt.people.tables,
    cbt.jobs.tables,
    itembank.tables,
    cbt.scheduling.tables,
    cbt.delivery.tables,
    cbt.grading.tables,
    cbt.checks.tables,
    proctor.tables,
    reports.tables,
)


class ForeignKeysBroken(RuntimeError):
    """After the migration some rows point to rows that are not there; it was not committed."""


def run(connection: Connection) -> None:
    """Run the migrations on `connection` in one transaction."""
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        transactional_ddl=True,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()
        broken = connection.execute(text("PRAGMA foreign_key_check")).all() if sqlite else []
        if broken:
            raise ForeignKeysBroken(str(broken[:5]))
    if sqlite:
        connection.commit()
        connection.exec_driver_sql("PRAGMA foreign_keys = ON")


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    engine = open_engine(context.config.get_main_option("sqlalchemy.url") or "")
    with engine.connect() as opened:
        run(opened)
        opened.commit()
