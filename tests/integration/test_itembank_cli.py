"""`cbt itembank` on the shell: what it prints and how it ends."""

import json

import pytest
from click.testing import CliRunner

from itembank.cli.group import itembank
from tests.factories_itembank import csv_file, row

BLUEPRINT = """
code = "small"
title = "Small"
[[parts]]
code = "1"
title = "One"
[[parts.cells]]
area = "X"
count = {count}
"""


@pytest.fixture
def run(rt, tmp_path):
    def call(*arguments, files=()):
        for name, payload in dict(files).items():
            (tmp_path / name).write_bytes(payload)
        words = [str(tmp_path / word[1:]) if word.startswith("@") else word for word in arguments]
        return CliRunner().invoke(itembank, words, obj=rt)

    return call


def test_import_blueprint_draw_list_and_show(run):
    files = {"bank.csv": csv_file(row("Q1"), row("Q2"), row("Q3")), "plan.toml": BLUEPRINT.format(count=2).encode()}
    done = run("import", "@bank.csv", "--bank", "B", "--title-en", "Bank", "--json", files=files)
    assert done.exit_code == 0, done.output
    report = json.loads(done.output)
    assert (report["stored"], report["new"], report["problems"]) == (True, 3, [])
    assert run("blueprint", "@plan.toml", "--bank", "B").exit_code == 0
    drawn = json.loads(run("draw", "small", "--seed", "7", "--count", "3", "--json").output)
    assert len(drawn) == 3
    assert drawn == json.loads(run("draw", "small", "--seed", "7", "--count", "3", "--json").output)
    assert {len(form["slots"]) for form in drawn} == {2}
    assert "B: 3 items, blueprints: small" in run("list").output
    assert json.loads(run("list", "--bank", "B", "--text", "q2", "--json").output)["total"] == 1
    shown = run("show", "B", "Q1").output
    assert "status: approved" in shown
    assert "correct" not in shown


def test_problems_are_named_nothing_is_stored_and_the_end_is_1(run):
    done = run("import", "@bank.csv", "--bank", "B", files={"bank.csv": csv_file(row("Q1", correct_letter="Z"))})
    assert done.exit_code == 1
    assert "row 2, column correct_letter" in done.output
    assert "nothing was stored" in done.output
    assert json.loads(run("list", "--json").output) == []


def test_a_dry_run_ends_with_0_and_stores_nothing(run):
    done = run("import", "@bank.csv", "--bank", "B", "--dry-run", files={"bank.csv": csv_file(row("Q1"))})
    assert (done.exit_code, "dry run" in done.output) == (0, True)
    assert json.loads(run("list", "--json").output) == []


def test_an_impossible_blueprint_ends_with_1_and_names_the_shortage(run):
    files = {"bank.csv": csv_file(row("Q1")), "plan.toml": BLUEPRINT.format(count=9).encode()}
    run("import", "@bank.csv", "--bank", "B", files=files)
    for option in ([], ["--dry-run"]):
        done = run("blueprint", "@plan.toml", "--bank", "B", "--json", *option)
        assert done.exit_code == 1
        assert json.loads(done.output)["problems"][0]["hint"] == "wanted 9, available 1"


def test_areas_come_from_a_file(run):
    areas = json.dumps([{"code": "X", "title": {"ko": "엑스", "en": "X"}}]).encode()
    files = {"bank.csv": csv_file(row("Q1")), "areas.json": areas}
    assert run("import", "@bank.csv", "--bank", "B", "--areas", "@areas.json", files=files).exit_code == 0


@pytest.mark.parametrize(
    "words", [["import", "@bank.csv"], ["import", "/nowhere", "--bank", "B"], ["draw", "x"], ["?"]]
)
def test_wrong_use_ends_with_2(run, words):
    assert run(*words, files={"bank.csv": b""}).exit_code == 2
