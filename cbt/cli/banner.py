"""What the terminal shows once the system serves: the addresses, and who may sign in."""

from collections.abc import Iterable, Mapping
from typing import Final

from rich import box
from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from cbt.cli.demo_centre import Demo, DemoSitting, Login
from cbt.kernel.settings import Settings

ADDRESSES: Final[Mapping[str, str]] = {
    "Candidates": "/",
    "Staff": "/staff/sign-in",
    "Verify a result": "/verify",
}


def print_banner(console: Console, settings: Settings, demo: Demo | None) -> None:
    """Print the addresses of a server that is ready, and what the demonstration centre offers."""
    table = _table()
    for who, path in ADDRESSES.items():
        table.add_row(who, f"[bold]{settings.public_url}{path}[/bold]")
    table.add_row("Data", str(settings.home))
    parts: list[Table | Text] = [table]
    if demo is not None:
        parts += [Text(), logins_table(demo.logins), Text(), sittings_table(demo.sittings)]
        parts += [Text(f"\nSimulated candidates: .venv/bin/cbt drill --sitting {demo.sittings[0].code}", style="dim")]
    console.print(Panel(Group(*parts), title="cbt", subtitle="Ctrl-C ends it", box=box.ROUNDED, expand=False))


def logins_table(logins: Iterable[Login]) -> Table:
    """Return the staff accounts; a password is shown once, when it is made."""
    table = _table("Staff", "Password")
    for each in logins:
        table.add_row(each.login, each.password or "[dim]given out before; new ones: cbt demo --reset-passwords[/dim]")
    return table


def sittings_table(sittings: Iterable[DemoSitting]) -> Table:
    """Return today's sittings, each with its first candidates."""
    table = _table("Sitting today", "Candidate", "Birth date", "Seat")
    for sitting in sittings:
        for place, person in enumerate(sitting.first):
            name = f"{sitting.code} ({sitting.registered})" if place == 0 else ""
            table.add_row(name, person.number, person.birth, str(person.seat))
    return table


def _table(*headings: str) -> Table:
    table = Table(box=None, show_header=bool(headings), header_style="dim", padding=(0, 2, 0, 0))
    for heading in headings:
        table.add_column(heading)
    return table
