"""`cbt itembank fairness`: figures of a set of forms as lines, JSON and CSV; an impossible blueprint names its rule."""

import csv
import json

import pytest
from click.testing import CliRunner

from itembank.cli.group import itembank
from tests.factories_itembank import csv_file, row

BLUEPRINT = """
code = "ruled"
title = "Ruled"
[rules]
cap = { multiple = 2 }
[[parts]]
code = "1"
title = "One"
levels = { recall = [0, 9] }
expected = { target = "%s", tolerance = "1" }
[[parts.cells]]
area = "X"
count = 4
"""


@pytest.fixture
def run(rt, tmp_path):
    def call(*arguments, **files):
        for name, payload in files.items():
            (tmp_path / name).write_bytes(payload)
        words = [str(tmp_path / word[1:]) if word.startswith("@") else word for word in arguments]
        return CliRunner().invoke(itembank, words, obj=rt)

    rows = [row(f"Q{number}", difficulty=f"{number / 10 - 1:.1f}") for number in range(20)]
    assert call("import", "@bank", "--bank", "B", bank=csv_file(*rows)).exit_code == 0
    return call


def test_the_figures_of_a_set_of_forms(run, tmp_path):
    assert run("blueprint", "@plan", "--bank", "B", plan=(BLUEPRINT % 2).encode()).exit_code == 0
    done = run("fairness", "ruled", "--count", "30", "--seed", "7", "--csv", "@report.csv", "--json")
    assert done.exit_code == 0, done.output
    facts = json.loads(done.output)
    assert (facts["blueprint"], facts["forms"], facts["items"], facts["broken_rules"]) == ("ruled", 30, 4, 0)
    assert abs(facts["expected_score"]["mean"] - 2) < 0.5
    assert facts["expected_score"]["range"] <= 2
    assert facts["exposure"]["max_over_mean"] <= 2
    assert 0 < facts["overlap"]["mean"] <= facts["overlap"]["max"] <= 1
    assert facts["information"]["at_cut"]["mean"] > 0
    assert json.loads(run("fairness", "ruled", "--count", "30", "--seed", "7", "--json").output) == facts
    table = list(csv.reader((tmp_path / "report.csv").read_text("utf-8-sig").splitlines()))
    assert table[0] == ["figure", "mean", "sd", "min", "max"]
    assert sum(line[:1] == ["form"] for line in table) == 1


def test_people_read_lines(run):
    run("blueprint", "@plan", "--bank", "B", plan=(BLUEPRINT % 2).encode())
    lines = run("fairness", "ruled", "--count", "5").output.splitlines()
    assert lines[0] == "5 forms of 4 items, 4 points"
    assert lines[-1] == "broken rules: 0"


def test_an_impossible_blueprint_is_refused_by_the_rule_that_cannot_be_kept(run):
    hard = (BLUEPRINT % 4).replace('tolerance = "1"', 'tolerance = "0.1"').encode()
    done = run("blueprint", "@plan", "--bank", "B", "--json", plan=hard)
    problem = json.loads(done.output)["problems"][0]
    assert done.exit_code == 1
    assert (problem["where"], problem["code"]) == ("part 1, expected score", "expected-out-of-reach")
