"""How long work tells how far it is: in a job, on a terminal, or with nobody listening."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

# (done, total, phase): total 0 means that nobody knows yet; the phase is an English message with a translation.
Tell: TypeAlias = Callable[[int, int, str], None]


def quiet(_done: int, _total: int, _phase: str) -> None:
    """Tell nobody."""


@contextmanager
def shown_progress(*, wanted: bool = True) -> Iterator[Tell]:
    """Show a bar on the error output while somebody watches it there; what a program reads stays clean."""
    if not wanted or not sys.stderr.isatty():
        yield quiet
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def tell(done: int, total: int, phase: str) -> None:
            bar.update(task, description=phase, completed=done, total=total or None)

        yield tell
