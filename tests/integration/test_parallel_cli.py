"""`cbt itembank capacity` and `parallel`: the solver as a program of its own, never loaded into this process."""

import json
import subprocess
import sys
from itertools import combinations

import pytest
from click.testing import CliRunner

from itembank.cli.group import itembank
from tests.factories_itembank import csv_file, row

BLUEPRINT = b"""
code = "p"
title = "P"
[[parts]]
code = "1"
title = "One"
expected = { target = "2.2", tolerance = "0.6" }
[[parts.cells]]
area = "X"
count = 4
"""


@pytest.fixture
def run(rt, tmp_path):
    def call(*arguments):
        return CliRunner().invoke(itembank, [str(word) for word in arguments], obj=rt)

    rows = [row(f"Q{number}", difficulty=f"{number / 8 - 1.4:.2f}") for number in range(18)]
    (tmp_path / "bank.csv").write_bytes(csv_file(*rows))
    (tmp_path / "plan.toml").write_bytes(BLUEPRINT)
    assert call("import", tmp_path / "bank.csv", "--bank", "B").exit_code == 0
    assert call("blueprint", tmp_path / "plan.toml", "--bank", "B").exit_code == 0
    return call


def test_a_bank_says_how_many_disjoint_forms_it_holds(run):
    facts = json.loads(run("capacity", "p", "--seconds", "10", "--json").output)
    assert (facts["at_least"], facts["at_most"]) == (4, 4)


def test_the_solver_is_not_loaded_by_the_command_itself():
    code = "import sys, cbt.cli.main; sys.exit('highspy' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_parallel_forms_share_no_item_and_are_more_even_than_a_draw(run):
    done = run("parallel", "p", "--count", "3", "--seconds", "5", "--json")
    assert done.exit_code == 0, done.output
    facts = json.loads(done.output)
    forms = [{slot["item"] for slot in form["slots"]} for form in facts["forms"]]
    assert len(forms) == 3
    assert all(one.isdisjoint(other) for one, other in combinations(forms, 2))
    assert facts["fairness"]["broken_rules"] == 0
    assert facts["fairness"]["expected_score"]["range"] <= 0.1


def test_more_forms_than_there_are_is_refused(run):
    refused = run("parallel", "p", "--count", "6", "--seconds", "5")
    assert refused.exit_code == 1
    assert refused.exception.code == "not-so-many-forms"
