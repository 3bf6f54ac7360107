"""CSV tables of candidates: encodings, headings, rows and the problems that are named."""

from datetime import date

import pytest

from cbt.people.core.candidates import CANDIDATE_COLUMNS, number_key, read_candidate_rows
from cbt.people.formats import read_sheet

TODAY = date(2026, 11, 22)
TABLE = "응시번호,성명,생년월일\n2611-0001,김하늘,1999-01-31\n2611-0002,박바다,2001.2.3\n"


def _problems(text):
    rows, problems = read_sheet(text.encode(), CANDIDATE_COLUMNS)
    _found, more = read_candidate_rows(rows, today=TODAY)
    return [(problem.row, problem.column, problem.code) for problem in problems + more]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_korean_tables_are_read_in_the_usual_encodings(encoding):
    rows, problems = read_sheet(TABLE.encode(encoding), CANDIDATE_COLUMNS)
    people, more = read_candidate_rows(rows, today=TODAY)
    assert (problems, more) == ((), ())
    assert [(person.row, person.entry.name) for person in people] == [(2, "김하늘"), (3, "박바다")]


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_delimiters_are_noticed(delimiter):
    rows, problems = read_sheet(TABLE.replace(",", delimiter).encode(), CANDIDATE_COLUMNS)
    assert problems == ()
    assert rows[0].cells["name"] == "김하늘"


def test_empty_rows_count_but_say_nothing():
    rows, problems = read_sheet(b"number,name,birth\n\n,,\n1234,A,1999-01-31\n", CANDIDATE_COLUMNS)
    assert problems == ()
    assert [row.number for row in rows] == [4]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("number,name\n1,A\n", [(1, "birth", "missing-column")]),
        ("number,name,birth,주민등록번호\n1234,A,1999-01-31,x\n", [(1, "주민등록번호", "unknown-column")]),
        ("number,name,birth,이름\n", [(1, "name", "duplicate-column")]),
        ("number,name,birth\n", [(None, "", "sheet-empty")]),
        ("", [(None, "", "sheet-empty")]),
        ("number,name,birth\n1234,A,1999-01-31,more\n", [(2, "", "extra-cells")]),
        ('number,name,birth\n1234,"A,1999-01-31\n', [(2, "", "bad-csv")]),
        (
            "number,name,birth\n1234," + "A" * 2_000 + ",1999-01-31\n",
            [(2, "name", "cell-too-long"), (2, "name", "too-long")],
        ),
        ("number,name,birth\n12,A,1999-01-31\n", [(2, "number", "bad-candidate-number")]),
        ("number,name,birth\n1234,=A,1999-01-31\n", [(2, "name", "formula")]),
        ("number,name,birth\n1234,A,1999-02-30\n", [(2, "birth", "bad-date")]),
        ("number,name,birth\n1234,A 900101-1234567,1999-01-31\n", [(2, "name", "resident-number")]),
        ("number,name,birth\n900101-1234567,A,1999-01-31\n", [(2, "number", "resident-number")]),
        ("number,name,birth\n12-34,A,1999-01-31\n1234,B,1999-01-31\n", [(3, "number", "duplicate-number")]),
    ],
)
def test_problems_are_named_by_row_and_column(text, found):
    assert _problems(text) == found


def test_bytes_that_are_no_text_are_refused():
    assert read_sheet(b"\xff\xfe\x00\x81", CANDIDATE_COLUMNS)[1][0].code == "bad-encoding"


def test_files_over_the_limit_are_refused():
    assert read_sheet(b"x" * (5 * 1024 * 1024 + 1), CANDIDATE_COLUMNS)[1][0].code == "sheet-too-large"


def test_candidate_numbers_are_the_same_however_they_are_typed():
    assert number_key("2611-0417") == number_key(" 26110417 ") == number_key("２６１１０４１７")
