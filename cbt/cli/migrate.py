"""`cbt migrate`: bring the database to the schema that this program knows."""

import click

from cbt.cli.preflight import require_database, require_home, require_schema
from cbt.cli.shell import shell_settings
from cbt.kernel import schema
from cbt.kernel.db import open_engine


@click.command()
@click.option("--check", "only_check", is_flag=True, help="Change nothing; exit 1 when the schema is not the newest.")
def migrate(*, only_check: bool) -> None:
    """Bring the database to the newest schema (`cbt serve` does this by itself)."""
    settings = shell_settings()
    require_home(settings.home)
    if not only_check:
        click.echo(f"schema: {require_schema(settings.database_url)}")
        return
    require_database(settings.database_url)
    engine = open_engine(settings.database_url, pool_size=1)
    present = schema.step_of(engine)
    engine.dispose()
    newest = schema.newest_step()
    click.echo(f"schema: {present or 'empty'}, newest: {newest}")
    if present != newest:
        raise click.exceptions.Exit(1)
