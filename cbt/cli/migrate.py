"""`cbt migrate`: bring the database to the schema that this program knows."""

import click

from cbt.cli.preflight import require_database, require_home
from cbt.cli.shell import shell_settings
from cbt.kernel import schema
from cbt.kernel.db import open_engine


@click.command()
@click.option("--check", "only_check", is_flag=True, help="Change nothing; exit 1 when the schema is not the newest.")
def migrate(only_check: bool) -> None:  # noqa: FBT001  # click passes flags by name
    """Bring the database to the newest schema (`cbt serve` does this by itself)."""
    settings = shell_settings()
    require_home(settings.home)
    require_database(settings.database_url)
    engine = open_engine(settings.database_url, pool_size=1)
    newest = schema.newest_step()
    if not only_check:
        schema.migrate(engine)
    present = schema.step_of(engine)
    engine.dispose()
    click.echo(f"schema: {present or 'empty'}" + ("" if present == newest else f", newest: {newest}"))
    if present != newest:
        raise click.exceptions.Exit(1)
