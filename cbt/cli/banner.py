"""What the terminal shows once the system serves: the addresses, and who may sign in."""

from collections.abc import Mapping

from rich import box
from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from cbt.kernel.settings import Settings

ADDRESSES: Mapping[str, str] = {
    "Candidates": "/",
    "Proctors": "/proctor/",
    "Administration": "/admin/",
    "Verify a result": "/verify",
}


def print_banner(console: Console, settings: Settings) -> None:
    """Print the addresses of a server that is ready."""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for who, path in ADDRESSES.items():
        table.add_row(who, f"[bold]{settings.public_url}{path}[/bold]")
    table.add_row("Data", str(settings.home))
    console.print(Panel(table, title="cbt", subtitle="Ctrl-C ends it", box=box.ROUNDED, expand=False))
