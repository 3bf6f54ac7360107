"""Blueprints as TOML: read, written back, and every mistake named."""

import pytest

from itembank.formats.toml_blueprint import parse_blueprint_toml, write_blueprint_toml

GOOD = """
code = "practice"
title = { ko = "모의시험", en = "Practice" }
[[parts]]
code = "1"
title = "Design"
[[parts.cells]]
area = "1.1"
count = 5
points = "2.5"
[[parts.cells]]
areas = ["T1A", "T1B"]
count = 1
points = 0.5
difficulty = ["-1", 0.5]
"""


def problems(text):
    read = parse_blueprint_toml(text.encode())
    assert (read.blueprint is None) == bool(read.problems)
    return [(problem.where, problem.code) for problem in read.problems]


def test_a_blueprint_is_read_and_counts_each_area():
    found = parse_blueprint_toml(GOOD.encode()).blueprint
    assert (found.code, found.title.ko, found.shuffle_options) == ("practice", "모의시험", True)
    assert (found.item_count(), found.most_points()) == (7, 13.5)


def test_what_is_written_reads_back_the_same():
    found = parse_blueprint_toml(GOOD.encode()).blueprint
    assert parse_blueprint_toml(write_blueprint_toml(found).encode()).blueprint == found


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('code = "practice"', "", ("blueprint, code", "bad-code")),
        ('code = "practice"', 'code = "a b"', ("blueprint, code", "bad-code")),
        ("count = 5", "count = 0", ("part 1, cell 1, count", "bad-count")),
        ("count = 5", 'count = "5"', ("part 1, cell 1, count", "bad-count")),
        ("count = 5", "count = true", ("part 1, cell 1, count", "bad-count")),
        ('points = "2.5"', 'points = "2.5555"', ("part 1, cell 1, points", "bad-points")),
        ('points = "2.5"', 'points = "-1"', ("part 1, cell 1, points", "bad-points")),
        ('points = "2.5"', "points = nan", ("part 1, cell 1, points", "bad-points")),
        ('area = "1.1"', "", ("part 1, cell 1, areas", "bad-areas")),
        ('area = "1.1"', 'area = "1"\nareas = ["2"]', ("part 1, cell 1, areas", "bad-areas")),
        ('"T1A", "T1B"', '"T1A", "T1A"', ("part 1, cell 2, areas", "duplicate-area")),
        ('["-1", 0.5]', '["1", "0"]', ("part 1, cell 2, difficulty", "bad-difficulty")),
        ('["-1", 0.5]', '"hard"', ("part 1, cell 2, difficulty", "bad-difficulty")),
        ("count = 5", "counts = 5\ncount = 5", ("part 1, cell 1", "unknown-field")),
        ("{ ko =", "{ fr =", ("blueprint, title", "bad-title")),
        ("count = 5", "count = = 5", ("file", "malformed-toml")),
        ("count = 5", "count = 999", ("blueprint", "too-many-items")),
    ],
)
def test_a_mistake_is_named(old, new, expected):
    found = problems(GOOD.replace(old, new, 1))
    assert found == [expected]


def test_a_part_needs_cells_and_a_blueprint_parts():
    assert problems('code = "x"\ntitle = "x"') == [("blueprint", "no-parts")]
    assert problems('code = "x"\ntitle = "x"\n[[parts]]\ncode = "1"\ntitle = "x"') == [("part 1", "no-cells")]


def test_two_parts_of_one_code_are_refused():
    part = GOOD[GOOD.index("[[parts]]") :]
    assert problems(GOOD + part) == [("blueprint", "duplicate-part")]


def test_bytes_that_are_no_text_are_refused():
    assert parse_blueprint_toml(b"\xff").problems[0].code == "encoding"
    assert parse_blueprint_toml(b"x = " + b"[" * 100_000).problems[0].code == "malformed-toml"
