"""How long work tells how far it is: in a job, on a terminal, or with nobody listening."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
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


@contextmanager
def interrupted_between(tell: Tell) -> Iterator[Tell]:
    """Let Ctrl-C end the work where it tells how far it is, and nowhere else; only for the main thread.

    What is written in one go is then never cut in the middle of its own clearing up.
    """
    asked: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        asked.append(number)

    def told(done: int, total: int, phase: str) -> None:
        if asked:
            raise KeyboardInterrupt
        tell(done, total, phase)

    before = signal.signal(signal.SIGINT, note)
    try:
        yield told
    finally:
        signal.signal(signal.SIGINT, before)
