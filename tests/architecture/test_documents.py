"""The pages of docs/ say what the code says."""

import re
from dataclasses import fields

from cbt.kernel.settings import Settings
from tests.architecture import reference
from tests.architecture.tree import ROOT, files

SETTINGS = ROOT / "docs" / "settings.md"
SHARED = {"malformed"}  # a batch and a single entry of it are malformed alike
NAME = re.compile(r"\bCBT_[A-Z_]*[A-Z]")


def _headings():
    return [name for line in SETTINGS.read_text().splitlines() if line.startswith("## ") for name in NAME.findall(line)]


def test_every_setting_has_its_heading():
    headings = _headings()
    missing = [field.name for field in fields(Settings) if not any(_means(name, field.name) for name in headings)]
    assert missing == []


def _means(heading, field):
    return heading in {f"CBT_{field.upper()}", f"CBT_{field.upper()}_KO"}


def test_every_variable_that_the_code_reads_is_described():
    read = {name for path in files(".py") for name in NAME.findall(path.read_text())}
    headings = set(_headings())
    assert {name for name in read if not headings & {name, f"{name}_KO"}} == set()


def test_every_described_variable_is_read_somewhere():
    sources = [*files(".py"), *files(".py", below=("tests", "bench")), ROOT / "Makefile", ROOT / ".ci" / "run"]
    words = "\n".join(path.read_text() for path in sources)
    assert [name for name in _headings() if name.removesuffix("_KO").removesuffix("_EN") not in words] == []


def test_commands_page_repeats_the_commands():
    assert reference.COMMANDS.read_text() == reference.commands_page(), "run `make docs`"


def test_errors_page_repeats_the_refusals():
    assert reference.ERRORS.read_text() == reference.errors_page(), "run `make docs`"


def test_codes_are_not_shared():
    by_code: dict[str, set[str]] = {}
    for error in reference.refusals():
        if "code" in vars(error):
            by_code.setdefault(error.code, set()).add(error.__qualname__)
    assert {code: names for code, names in by_code.items() if len(names) > 1 and code not in SHARED} == {}
