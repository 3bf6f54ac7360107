"""The blueprint on screen: text and back, what is wrong at which input, and the acts of the editor."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itembank.core import blueprint_edit as edit
from itembank.core.blueprint_edit import EditedRow, edited, from_fields, read_edit, sound_rows
from tests.factories_itembank import blueprint, cell

areas = st.lists(st.sampled_from(["1.1", "1.2", "2", "T1A", "T1B"]), min_size=1, max_size=4, unique=True)
cells = st.builds(
    lambda names, count, points, band: cell(*names, count=count, points=points, band=band),
    areas,
    st.integers(1, 9),
    st.sampled_from(["1", "2.5", "0.125", "100"]),
    st.none() | st.sampled_from([("-1.0", "0.50"), ("0", "0"), ("-2", "3")]),
)
blueprints = st.builds(
    lambda parts, shuffle: blueprint(*map(tuple, parts), shuffle_options=shuffle),
    st.lists(st.lists(cells, min_size=1, max_size=4), min_size=1, max_size=3),
    st.booleans(),
)


def as_fields(typed):
    fields = {"code": typed.code, "title_ko": typed.title_ko, "title_en": typed.title_en, "shown": str(typed.shown)}
    fields |= {"shuffle": "on"} if typed.shuffle else {}
    for index, part in enumerate(typed.parts):
        fields |= {f"p{index}-{name}": getattr(part, name) for name in ("code", "title_ko", "title_en")}
        for number, row in enumerate(part.rows):
            names = ("area", "count", "points", "low", "high", "group")
            fields |= {f"{edit.row_id(index, number)}-{name}": getattr(row, name) for name in names}
    return fields


def typed(*rows):
    return replace(edited(blueprint((cell("A"),))), parts=(edit.EditedPart(code="1", title_en="One", rows=rows),))


@given(blueprints)
def test_opening_and_saving_changes_nothing(made):
    assert read_edit(from_fields(as_fields(edited(made)))).blueprint == made


def test_rows_of_one_cell_part_when_one_of_them_changes():
    shown = edited(blueprint((cell("A", "B", "C"),)))
    rows = shown.parts[0].rows
    assert len({row.group for row in rows}) == 1
    changed = replace(shown, parts=(replace(shown.parts[0], rows=(rows[0], replace(rows[1], count="4"), rows[2])),))
    saved = read_edit(changed).blueprint
    assert [(one.areas, one.count) for one in saved.parts[0].cells] == [(("A",), 1), (("B",), 4), (("C",), 1)]


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (EditedRow(area=""), "p0-r1-area"),
        (EditedRow(area="A", count=""), "p0-r1-count"),
        (EditedRow(area="A", count="-1"), "p0-r1-count"),
        (EditedRow(area="A", count="²"), "p0-r1-count"),
        (EditedRow(area="A", points=""), "p0-r1-points"),
        (EditedRow(area="A", points="NaN"), "p0-r1-points"),
        (EditedRow(area="A", low="1"), "p0-r1-low"),
        (EditedRow(area="A", low="2", high="1"), "p0-r1-low"),
    ],
)
def test_a_problem_is_named_at_its_input(row, field):
    read = read_edit(typed(EditedRow(area="B"), row))
    assert read.blueprint is None
    assert [problem.field for problem in read.problems] == [field]
    assert [place for place, _ in sound_rows(typed(EditedRow(area="B"), row))] == [(0, 0)]


def test_problems_of_the_whole_are_named_at_the_top():
    empty = replace(edit.blank(), parts=())
    assert [problem.field for problem in read_edit(empty).problems] == ["code", "title_ko", "parts"]
    assert [problem.field for problem in read_edit(edit.blank("X")).problems] == ["title_ko", "p0-add"]


def test_parts_come_go_and_move():
    two = edit.add_part(edit.blank("X"))
    assert ([part.code for part in two.parts], two.shown) == (["1", "2"], 1)
    assert [part.code for part in edit.move_part(two, 1).parts] == ["2", "1"]
    assert edit.move_part(two, 0) == two
    assert [part.code for part in edit.remove_part(two, 0).parts] == ["2"]
    assert [part.code for part in edit.add_part(edit.remove_part(two, 0)).parts] == ["2", "3"]


def test_new_rows_take_over_the_numbers_above_and_are_one_cell():
    begun = typed(EditedRow(area="A", count="3", points="2.5"))
    grown = edit.add_rows(begun, 0, ("B", "C"))
    assert [(row.area, row.count, row.points) for row in grown.parts[0].rows[1:]] == [
        ("B", "3", "2.5"),
        ("C", "3", "2.5"),
    ]
    assert [one.areas for one in read_edit(grown).blueprint.parts[0].cells] == [("A",), ("B", "C")]
    assert [row.area for row in edit.remove_row(grown, 0, 1).parts[0].rows] == ["A", "C"]


def test_wild_fields_are_cut_or_left_out():
    assert from_fields({}).parts == ()
    assert from_fields({"p0-code": "x" * 999, "shown": "99"}).parts[0].code == "x" * 200
    assert from_fields({"p1-code": "lone"}).parts == ()
