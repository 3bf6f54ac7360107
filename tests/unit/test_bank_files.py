"""Bank files: what each format gives, and how every mistake is named by row and column."""

import json

import pytest

from itembank.core.interactions import ChoiceInteraction, TextEntryInteraction
from itembank.core.keys import MatchCorrect, MatchNumber, MatchText
from itembank.core.scoring import Scorer, score_item
from itembank.formats.bank_file import parse_bank, read_bank
from itembank.formats.csv_bank import parse_csv
from itembank.formats.json_bank import parse_json
from itembank.formats.spreadsheet_text import neutralised, restored
from tests.factories_itembank import PNG, csv_file, json_file, row, technician, xlsx_file, zip_file


def problems(payload):
    return {(problem.where, problem.code) for problem in parse_bank(payload).problems}


def warnings(payload):
    return {(warning.where, warning.code) for warning in parse_bank(payload).warnings}


def only(payload):
    parsed = parse_bank(payload)
    assert parsed.problems == ()
    (item,) = parsed.items
    return item


def test_the_real_licensing_bank_comes_in_whole_and_alike_from_both_formats():
    folder = technician()
    from_csv = read_bank(folder / "technician-2026-2030.csv")
    from_json = read_bank(folder / "technician-2026-2030.json")
    assert (len(from_csv.items), from_csv.problems, from_json.problems) == (409, (), ())
    assert [(item.content, item.key) for item in from_csv.items] == [
        (item.content, item.key) for item in from_json.items
    ]
    assert len({item.area_code for item in from_csv.items}) == 35
    assert sum(bool(item.assets) for item in from_csv.items) == 12


def test_an_option_about_all_the_others_stays_last_by_itself():
    item = only(csv_file(row(d="All of the above")))
    assert [choice.pinned for choice in item.content.interactions[0].choices] == [False, False, False, True]
    assert not any(
        choice.pinned for choice in only(csv_file(row(d="All of it", pinned=""))).content.interactions[0].choices
    )
    free = only(csv_file(row(d="All of the above", pinned="none")))
    assert not any(choice.pinned for choice in free.content.interactions[0].choices)


def test_options_that_name_others_by_letter_keep_their_order_with_a_warning():
    payload = csv_file(row(d="Both A and B"))
    assert only(payload).content.interactions[0].shuffle is False
    assert warnings(payload) == {("row 2, column shuffle", "names-others")}


@pytest.mark.parametrize("correct", ["2", "C", "c"])
def test_the_key_may_be_an_index_from_0_or_a_letter(correct):
    item = only(csv_file(row(correct=correct, correct_letter="")))
    assert item.key.responses[0].rule == MatchCorrect(correct=("C",))


@pytest.mark.parametrize("correct", ["0,2", "A;C", "AC", "[0, 2]", "A C"])
def test_several_correct_options_make_a_multiple_choice(correct):
    item = only(csv_file(row(correct=correct, correct_letter="")))
    assert item.key.responses[0].rule == MatchCorrect(correct=("A", "C"))
    assert item.content.interactions[0].max_choices == 0


def test_text_and_number_items_are_read_from_columns():
    text = only(csv_file({"id": "T1", "question": "Which protocol?", "accepted": "TCP|tcp/ip", "area": "X"}))
    assert text.key.responses[0].rule == MatchText(accepted=("TCP", "tcp/ip"))
    number = only(csv_file({"id": "N1", "question": "Pi?", "value": "3.14", "tolerance": "0.01", "area": "X"}))
    assert isinstance(number.key.responses[0].rule, MatchNumber)
    assert isinstance(number.content.interactions[0], TextEntryInteraction)


def test_the_width_of_an_entry_never_tells_the_length_of_the_answer():
    short, long = (
        only(csv_file({"id": "T1", "question": "x?", "accepted": accepted, "area": "X"})).content.interactions
        for accepted in ("a", "a very long answer indeed")
    )
    assert short == long


def test_a_composite_item_has_its_places_and_scores_each_response():
    item = only(
        json_file(
            {
                "id": "C1",
                "area": "X",
                "body": '<p>Fill <span data-interaction="R1"></span>.</p>',
                "responses": {
                    "R1": {"type": "text", "accepted": ["Port"], "case_sensitive": True},
                    "R2": {"type": "single", "answers": ["a", "b"], "correct": 1},
                },
            }
        )
    )
    assert item.content.body.endswith('</p><div data-interaction="R2"></div>')
    outcome = score_item(Scorer(key=item.key, declarations=item.content.declarations), {"R1": ("Port",), "R2": ("B",)})
    assert outcome.correct


def test_the_area_comes_from_the_id_when_no_column_names_it():
    assert only(csv_file(row("DB-012", area=""))).area_code == "DB"
    assert problems(csv_file(row("17", area=""))) == {("row 2, column area", "area-missing")}


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"correct_letter": "E"}, ("row 2, column correct_letter", "wrong-key")),
        ({"correct": "7", "correct_letter": ""}, ("row 2, column correct", "wrong-key")),
        ({"correct": "1"}, ("row 2, column correct_letter", "key-disagrees")),
        ({"correct_letter": ""}, ("row 2, column correct", "key-missing")),
        ({"correct_letter": "A,B", "type": "single"}, ("row 2, column correct_letter", "too-many-correct")),
        ({"type": "essay"}, ("row 2, column type", "unknown-type")),
        ({"question": " "}, ("row 2, column question", "empty")),
        ({"question": "<p> </p>"}, ("row 2, column question", "empty")),
        ({"c": ""}, ("row 2, column c", "empty")),
        ({"c": "one"}, ("row 2, column c", "duplicate-option")),
        ({"b": "<b onclick=x>y</b>"}, ("row 2, column b", "active-content")),
        ({"question": r"\(\foo\)"}, ("row 2, column question", "formula-macro")),
        ({"figure": "x.png"}, ("row 2, column figure", "figure-missing")),
        ({"figure": "../../etc/passwd"}, ("row 2, column figure", "figure-missing")),
        ({"difficulty": "hard"}, ("row 2, column difficulty", "bad-difficulty")),
        ({"difficulty": "nan"}, ("row 2, column difficulty", "bad-difficulty")),
        ({"language": "Korean!"}, ("row 2, column language", "bad-language")),
        ({"format": "markdown"}, ("row 2, column format", "bad-format")),
        ({"pinned": "Z"}, ("row 2, column pinned", "wrong-key")),
        ({"id": "a b"}, ("row 2, column id", "bad-id")),
        ({"id": ""}, ("row 2, column id", "id-missing")),
        ({"question": "x" * 70_000}, ("row 2, column question", "field-too-long")),
        ({"shuffle": "maybe"}, ("row 2, column shuffle", "bad-flag")),
        ({"type": "number", "value": "many"}, ("row 2, column value", "bad-number")),
    ],
)
def test_a_mistake_is_named_by_row_and_column(cells, expected):
    assert expected in problems(csv_file(row(**cells)))
    assert parse_csv(csv_file(row(**cells))).items == ()


def test_options_that_stop_early_are_too_few():
    assert ("row 2, column a", "options-missing") in problems(csv_file(row(b="", c="", d="")))


def test_a_duplicate_id_names_both_rows():
    parsed = parse_csv(csv_file(row("Q1"), row("Q2"), row("Q1")))
    (problem,) = parsed.problems
    assert (problem.where, problem.code) == ("row 4, column id", "duplicate-id")
    assert "row 2" in problem.hint


def test_every_wrong_row_is_named_and_not_only_the_first():
    found = problems(csv_file(row("Q1", correct_letter="Z"), row("Q2"), row("Q3", a="")))
    assert {where for where, _ in found} == {"row 2, column correct_letter", "row 4, column a"}


def test_a_cell_of_ten_megabytes_is_named_and_refused():
    assert problems(csv_file(row(question="x" * 10_000_000))) == {("row 2, column question", "field-too-long")}


@pytest.mark.parametrize(
    ("payload", "where", "code"),
    [
        (b"", "file", "empty"),
        (b"\n \n", "file", "empty"),
        (b"id,question,correct\n", "file", "empty"),
        (b"question,correct\nx,1\n", "row 1", "column-missing"),
        (b"id,question\nQ1,x\n", "row 1", "column-missing"),
        (b"id,question,correct,id\nQ1,x,1,Q2\n", "row 1, column id", "duplicate-column"),
        (b'id,question,correct\nQ1,"x,1\n', "row 2", "malformed-csv"),
        (b'id,question,correct\nQ1,"x"y,1\n', "row 2", "malformed-csv"),
        (b"id,question,correct\nQ1,x,1,2,3\n", "row 2, column 4", "too-many-cells"),
        (b"id,question,correct\nQ1,x\x00y,1\n", "line 2", "control-character"),
        (b"id,question,correct\nQ1,\xff\xfe,1\n", "line 2", "encoding"),
        (b"\x89PNG\r\n\x1a\n", "file", "unknown-format"),
        (b"%PDF-1.7", "file", "unknown-format"),
        (b"<?xml version='1.0'?><x/>", "file", "unknown-format"),
        (b"PK\x03\x04rubbish", "file", "zip-refused"),
        (b"[", "line 1, column 2", "malformed-json"),
        (b"[1]", "item 1", "bad-item"),
        (b"{}", "file", "no-items"),
        (b"[]", "file", "no-items"),
        (b'[{"id": "Q1", "id": "Q2"}]', "file", "malformed-json"),
        (b'[{"id": "Q1", "value": NaN}]', "file", "malformed-json"),
        (b'[{"id": "Q1", "value": ' + b"9" * 5000 + b"}]", "file", "malformed-json"),
        (b"[" * 100_000, "file", "malformed-json"),
        (b'[{"id": "Q1", "area": "X", "question": "\\ud800?"}]', "item 1 (Q1), field question", "control-character"),
        (b'[{"id": "Q1", "area": "X", "question": {"x": 1}}]', "item 1 (Q1), field question", "bad-field"),
        (b'[{"id": "Q1", "area": "X", "question": "x", "responses": []}]', "item 1 (Q1), field responses", "bad-field"),
    ],
)
def test_a_broken_file_is_refused_with_its_place(payload, where, code):
    assert (where, code) in problems(payload)


def test_json_names_item_and_field():
    payload = json_file({"id": "Q1", "area": "X", "question": "x?", "answers": ["a", "", "c"], "correct": 9})
    assert problems(payload) == {
        ("item 1 (Q1), field answers[1]", "empty"),
        ("item 1 (Q1), field correct", "wrong-key"),
    }


def test_korean_excel_files_are_read_and_the_encoding_is_named():
    payload = csv_file(row(question="다음 중 옳은 것은?", a="가나다")).decode().encode("cp949")
    assert only(payload).content.body.startswith("<p>다음 중 옳은 것은?</p>")
    assert ("file", "encoding-cp949") in warnings(payload)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_files_are_read_with_and_without_mark(encoding):
    item = only(csv_file(row(question="옳은 것은?")).decode().encode(encoding))
    assert item.content.language == "ko"


def test_semicolons_and_tabs_separate_as_well():
    for sign in ";\t":
        assert only(csv_file(row()).replace(b",", sign.encode())).code == "Q1"


def test_text_that_looks_like_a_formula_stays_text():
    item = only(csv_file(row(a="=1+1", b="-1 dB", c="@x", d="+5")))
    assert [choice.content for choice in item.content.interactions[0].choices] == ["=1+1", "-1 dB", "@x", "+5"]


@pytest.mark.parametrize("text", ["=1+1", "-1", "@x", "+5", "'=x", "''=x", "plain", "", "\t=x", "'quoted'"])
def test_neutralised_text_comes_back_as_it_was(text):
    assert restored(neutralised(text)) == text
    assert not neutralised(text).startswith(("=", "+", "-", "@", "\t"))


HEADER = ["id", "question", "a", "b", "c", "d", "correct", "area"]


def test_a_workbook_gives_the_same_as_a_csv():
    item = only(xlsx_file([HEADER, ["Q1", "Which one?", "one", "two", "three", 4, 2, "X"]]))
    assert [choice.content for choice in item.content.interactions[0].choices] == ["one", "two", "three", "4"]
    assert item.key.responses[0].rule == MatchCorrect(correct=("C",))


def test_a_formula_in_a_workbook_is_refused_with_its_cell():
    payload = xlsx_file([HEADER, ["Q1", "Which?", "=1+1", "two", "three", "four", 2, "X"]])
    assert ("row 2, column a", "formula") in problems(payload)


def test_a_zip_brings_its_figures():
    item = only(zip_file(**{"bank/items.csv": csv_file(row(figure="a.png", figure_alt="A")), "bank/a.png": PNG}))
    (asset,) = item.assets
    assert asset.payload == PNG
    assert f'<img src="asset:{asset.ref.sha256}" alt="A">' in item.content.body


def test_a_figure_is_judged_by_its_content():
    payload = zip_file(**{"items.csv": csv_file(row(figure="a.png")), "a.png": b"MZ this is a program"})
    assert problems(payload) == {("row 2, column figure", "figure-refused")}


def test_a_zip_needs_exactly_one_bank_file():
    assert problems(zip_file(**{"a.csv": b"x", "b.json": b"[]"})) == {("file", "not-one-bank-file")}


def test_a_folder_reads_all_its_item_files_and_its_areas(tmp_path):
    (tmp_path / "items-1.csv").write_bytes(csv_file(row("Q1", figure="a.png", figure_alt="A")))
    (tmp_path / "items-2.json").write_bytes(
        json_file({"id": "Q2", "area": "X.1", "question": "x?", "answers": ["a", "b"], "correct": 0})
    )
    (tmp_path / "areas.json").write_text(
        json.dumps([{"code": "X", "title": {"ko": "가", "en": "X"}, "children": [{"code": "X.1"}]}])
    )
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "a.png").write_bytes(PNG)
    parsed = read_bank(tmp_path)
    assert parsed.problems == ()
    assert [item.code for item in parsed.items] == ["Q1", "Q2"]
    assert [(area.code, area.parent) for area in parsed.areas] == [("X", ""), ("X.1", "X")]


def test_an_id_that_two_files_of_a_folder_use_is_a_problem(tmp_path):
    for name in ("items-1.csv", "items-2.csv"):
        (tmp_path / name).write_bytes(csv_file(row()))
    assert [problem.code for problem in read_bank(tmp_path).problems] == ["duplicate-id"]


def test_a_link_out_of_the_folder_finds_no_figure(tmp_path):
    (tmp_path / "secret.png").write_bytes(PNG)
    inside = tmp_path / "bank"
    inside.mkdir()
    (inside / "a.png").symlink_to(tmp_path / "secret.png")
    (inside / "items.csv").write_bytes(csv_file(row(figure="a.png")))
    assert [problem.code for problem in read_bank(inside).problems] == ["figure-missing"]


def test_a_resident_number_in_an_item_is_a_warning_only():
    assert ("row 2, column question", "resident-number") in warnings(csv_file(row(question="900101-1234567 is what?")))


def test_choices_never_carry_the_key():
    item = only(csv_file(row(explanation="Because of the third", refs="[97.1]")))
    assert isinstance(item.content.interactions[0], ChoiceInteraction)
    assert "third" not in repr(item.content)
    assert item.key.references == ("97.1",)


def test_areas_in_a_circle_are_refused():
    areas = [{"code": "A", "parent": "B"}, {"code": "B", "parent": "A"}]
    items = [{"id": "Q1", "area": "A", "question": "x?", "answers": ["a", "b"], "correct": 0}]
    found = parse_json(json.dumps({"items": items, "areas": areas}).encode()).problems
    assert {problem.code for problem in found} == {"area-circle"}
