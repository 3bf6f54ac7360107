"""Where the parts of the project lie, for the tests that read the code as text."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
PRODUCT: Final = ("cbt", "itembank", "proctor", "reports")
# From the ground up; each owns its tables, its words and its refusals.
PACKAGES: Final = (
    "cbt.kernel",
    "cbt.people",
    "cbt.jobs",
    "itembank",
    "cbt.scheduling",
    "cbt.delivery",
    "cbt.grading",
    "cbt.checks",
    "proctor",
    "reports",
)


def files(*suffixes: str, below: tuple[str, ...] = PRODUCT) -> Iterator[Path]:
    """Yield the files of the product that end on one of `suffixes`, in a fixed order."""
    for folder in below:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in suffixes and "samples" not in path.parts and path.is_file():
                yield path


def modules(below: tuple[str, ...] = PRODUCT) -> Iterator[tuple[str, ast.Module]]:
    """Yield (path relative to the root, syntax tree) of every Python file of the product."""
    for path in files(".py", below=below):
        yield str(path.relative_to(ROOT)), ast.parse(path.read_text())
