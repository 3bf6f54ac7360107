"""What all commands of the item bank share: how they answer, in lines or as JSON."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import click

from cbt.kernel.errors import Problem
from cbt.people.core.actors import Actor

PROBLEMS: Final = 1
SHELL: Final = Actor.system("shell")
MOST_SHOWN: Final = 50
FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
AS_JSON: Final = click.option("--json", "as_json", is_flag=True, help="Answer as JSON, for programs.")


def answer(facts: Any, lines: list[str], *, as_json: bool) -> None:
    """Print the facts as JSON, or the lines."""
    click.echo(json.dumps(facts, ensure_ascii=False, indent=2) if as_json else "\n".join(lines))


def problem_facts(problems: Iterable[Problem]) -> list[dict[str, str]]:
    """Return the problems as plain objects."""
    return [{"where": one.where, "code": one.code, "hint": one.hint} for one in problems]


def problem_lines(problems: tuple[Problem, ...]) -> list[str]:
    """Return the problems as lines; the first ones stand for the rest."""
    lines = [f"{one.where}: {one.hint} [{one.code}]" for one in problems[:MOST_SHOWN]]
    rest = len(problems) - MOST_SHOWN
    return [*lines, f"… and {rest} more"] if rest > 0 else lines
