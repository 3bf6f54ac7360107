"""`cbt demo`: a demonstration centre to try everything with."""

import json
from dataclasses import asdict

import click
from rich.console import Console

from cbt.cli.banner import logins_table, sittings_table
from cbt.cli.demo_centre import Demo, is_empty, make_demo, reset_demo_passwords
from cbt.cli.preflight import require_schema
from cbt.cli.shell import shell_runtime


@click.command()
@click.option("--if-empty", is_flag=True, help="Do nothing where a centre or an account exists already.")
@click.option("--reset-passwords", is_flag=True, help="Print new random passwords for the demonstration accounts.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON, for programs.")
def demo(*, if_empty: bool, reset_passwords: bool, as_json: bool) -> None:
    """Make a demonstration centre: sample banks, exams, a sitting today with 40 candidates, staff accounts.

    Safe to repeat: what is there stays. Passwords are random, printed once and kept nowhere.
    """
    with shell_runtime() as rt:
        require_schema(rt.settings.database_url)
        if reset_passwords:
            made = Demo(logins=reset_demo_passwords(rt), sittings=())
        elif if_empty and not is_empty(rt):
            made = Demo(logins=(), sittings=())
        else:
            made = make_demo(rt)
    if as_json:
        click.echo(json.dumps(asdict(made), ensure_ascii=False))
        return
    console = Console(highlight=False)
    if made.logins:
        console.print(logins_table(made.logins))
    if made.sittings:
        console.print(sittings_table(made.sittings))
