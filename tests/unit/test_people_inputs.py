"""Fields that people type, read strictly."""

from datetime import date
from fractions import Fraction

import pytest

from cbt.people.core.inputs import Fields, InputRefused, read_day, read_factor, text_problem

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize("text", ["1999-01-31", "1999. 1. 31.", "1999/1/31", "19990131", " 1999-1-31 "])
def test_birth_dates_are_read_in_the_usual_forms(text):
    assert read_day(text) == date(1999, 1, 31)


@pytest.mark.parametrize("text", ["1999-13-14", "1999-02-30", "990131", "31-01-1999", "", "1999-01"])
def test_dates_that_do_not_exist_are_refused(text):
    assert read_day(text) is None


@pytest.mark.parametrize(
    ("text", "factor"), [("1.5", Fraction(3, 2)), ("3/2", Fraction(3, 2)), ("150%", Fraction(3, 2)), ("1", Fraction(1))]
)
def test_time_factors_are_exact(text, factor):
    assert read_factor(text) == factor


@pytest.mark.parametrize("text", ["0.5", "5", "1/0", "x", "1.5e3", "-2", "nan", "1,5"])
def test_impossible_time_factors_are_refused(text):
    assert read_factor(text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "missing"),
        ("x" * 201, "too-long"),
        ("a\x00b", "control-character"),
        ("=1+1", "formula"),
        ("@sum", "formula"),
        ("900101-1234567", "resident-number"),
        ("김하늘", None),
    ],
)
def test_one_line_of_text_is_checked(text, code):
    assert text_problem(text) == code


def test_all_problems_are_told_at_once():
    fields = Fields({"code": "a b", "birth": "1899-01-01", "seats": "many"})
    fields.code("code")
    fields.text("name")
    fields.birth("birth", today=TODAY)
    fields.whole("seats", least=1, most=9)
    with pytest.raises(InputRefused) as refusal:
        fields.check()
    found = {problem.where: problem.code for problem in refusal.value.problems}
    assert found == {"code": "bad-code", "name": "missing", "birth": "date-range", "seats": "bad-number"}


def test_nobody_is_born_tomorrow():
    fields = Fields({"birth": "2026-11-23"})
    fields.birth("birth", today=TODAY)
    assert [problem.code for problem in fields.problems()] == ["date-range"]
