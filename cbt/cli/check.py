"""`cbt check`: the self-test of an installation."""

import json
from dataclasses import asdict

import click
from rich.console import Console
from rich.table import Table

from cbt.cli.selftest import Finding, examine
from cbt.cli.shell import shell_settings


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON, for programs.")
def check(*, as_json: bool) -> None:
    """Test this installation: folders, disk, database, broker, fonts, clock, and every chain of records."""
    findings = examine(shell_settings())
    good = all(finding.ok for finding in findings)
    if as_json:
        click.echo(json.dumps({"ok": good, "findings": [asdict(finding) for finding in findings]}, ensure_ascii=False))
    else:
        _print(findings)
    if not good:
        raise click.exceptions.Exit(1)


def _print(findings: tuple[Finding, ...]) -> None:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for finding in findings:
        mark = "[green]ok[/green]" if finding.ok else "[red bold]wrong[/red bold]"
        table.add_row(mark, finding.name, finding.detail)
    Console(highlight=False).print(table)
