"""Writes the pages of docs/ that repeat what the code says: every command, every refusal.

`make docs` writes them; the tests compare.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator

import click

import cbt
import itembank
import proctor
import reports
from cbt.cli.main import main as root
from cbt.kernel.errors import STATUS, CbtError
from tests.architecture.tree import ROOT

COMMANDS = ROOT / "docs" / "commands.md"
ERRORS = ROOT / "docs" / "errors.md"
_COMMANDS_HEAD = """# Commands

`cbt` is the one command: `cbt serve` and its like keep the system running, and each package has a group of its own, in
which each command calls one service. Exit codes: 0 done, 1 problems found, 2 wrong use. The environment is described in
[settings.md](settings.md). This page repeats what `--help` says (`make docs`).
"""
_ERRORS_HEAD = """# Refusals

What the system refuses, it refuses with a stable code: on pages, in JSON (`{"error": {"code": ..., "message": ...}}`)
and on the shell. The sentence is the English one; pages show it in the reader's language. Faults that a person
corrects in bulk (an import, a blueprint) come as a list of problems instead, each with the place, a code and what would
be right.
This page repeats what the code says (`make docs`).
"""


def commands_page() -> str:
    """Return docs/commands.md."""
    context = click.Context(root, info_name="cbt", terminal_width=88)
    return _COMMANDS_HEAD + "".join(_command(path, command, context) for path, command in walk(root, ("cbt",)))


def errors_page() -> str:
    """Return docs/errors.md."""
    rows = sorted({(error.code, _status(error), _sentence(error)) for error in refusals()})
    table = "".join(f"| `{code}` | {status} | {sentence} |\n" for code, status, sentence in rows)
    return f"{_ERRORS_HEAD}\n| code | HTTP | meaning |\n|---|---|---|\n{table}"


def walk(command: click.Command, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield every command below `command` with its words, in the order of the alphabet."""
    command._help_option = None  # the words of whoever asked for help first would stay
    yield path, command
    if isinstance(command, click.Group):
        for name, child in sorted(command.commands.items()):
            yield from walk(child, (*path, name))


def refusals() -> set[type[CbtError]]:
    """Return every class of refusal in the product."""
    for package in (cbt, itembank, proctor, reports):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if module.name != "cbt.cli.gunicorn_settings":  # reads the environment, for gunicorn
                importlib.import_module(module.name)
    return set(_below(CbtError))


def _below(kind: type[CbtError]) -> Iterator[type[CbtError]]:
    for child in kind.__subclasses__():
        if not child.__module__.startswith("tests."):
            yield child
            yield from _below(child)


def _status(error: type[CbtError]) -> int:
    return next((STATUS[kind] for kind in error.__mro__ if kind in STATUS), 500)


def _sentence(error: type[CbtError]) -> str:
    return (inspect.getdoc(error) or "").split("\n\n", maxsplit=1)[0].replace("\n", " ").replace("|", "\\|")


def _command(path: tuple[str, ...], command: click.Command, root_context: click.Context) -> str:
    context = click.Context(command, info_name=" ".join(path), terminal_width=88, max_content_width=88)
    context.help_option_names = root_context.help_option_names
    return f"\n## {' '.join(path)}\n\n```\n{command.get_help(context).rstrip()}\n```\n"


def main() -> None:
    """Write the pages."""
    COMMANDS.write_text(commands_page())
    ERRORS.write_text(errors_page())


if __name__ == "__main__":
    main()
