"""`cbt`: the one command. Each package adds a group of its own; the commands here keep the whole running."""

from typing import Final

import click

import cbt.checks.cli
import cbt.delivery.cli
import cbt.jobs.cli
import cbt.people.cli
import cbt.scheduling.cli
import reports.cli
from cbt.cli.check import check
from cbt.cli.demo import demo
from cbt.cli.drill import drill
from cbt.cli.migrate import migrate
from cbt.cli.serve import serve
from cbt.cli.shell import shell_runtime
from cbt.cli.work import work
from cbt.kernel.errors import CbtError
from itembank.cli.group import itembank

PROBLEMS_FOUND: Final = 1
# What keeps the system running, and what people do with it: the second kind gets a runtime.
UPKEEP: Final[tuple[click.Command, ...]] = (serve, work, demo, check, drill, migrate)
GROUPS: Final[tuple[click.Group, ...]] = (
    cbt.people.cli.people,
    cbt.jobs.cli.jobs,
    cbt.scheduling.cli.scheduling,
    itembank,
    cbt.delivery.cli.delivery,
    cbt.checks.cli.checks,
    reports.cli.reports,
)


class Shell(click.Group):
    """The root group: a refusal anywhere below becomes one line and exit code 1."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except CbtError as error:
            click.echo(f"cbt: {error.message} [{error.code}]", err=True)
            return ctx.exit(PROBLEMS_FOUND)


@click.group(cls=Shell, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="cbt")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Run a test centre: item banks, sittings, the exam itself, results and their proof."""
    if ctx.invoked_subcommand in {group.name for group in GROUPS}:
        ctx.obj = ctx.with_resource(shell_runtime())


for command in (*UPKEEP, *GROUPS):
    main.add_command(command)


if __name__ == "__main__":
    main()
