"""Scores are exact, and what people see of them never shows a limit that was not reached."""

from decimal import Decimal
from fractions import Fraction

import pytest

from cbt.kernel.score import NotAScore, score, shown, shown_up


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("5", "5.000"),
        (5, "5.000"),
        ("2.5", "2.500"),
        ("0.001", "0.001"),
        (Decimal("1E+2"), "100.000"),
        ("0.0010000", "0.001"),
        ("-3.25", "-3.250"),
        ("1000000", "1000000.000"),
    ],
)
def test_score_keeps_the_value_to_the_thousandth(written, text):
    assert str(score(written)) == text


@pytest.mark.parametrize(
    "written",
    [
        "NaN",
        "sNaN",
        "-nan",
        "Infinity",
        "-inf",
        "0.0001",
        "1.0005",
        "1e-9",
        "1000000.001",
        "1e99999",
        "",
        "five",
        "1,5",
    ],
)
def test_what_is_no_score_is_refused(written):
    with pytest.raises(NotAScore) as refused:
        score(written)
    assert refused.value.code == "not-a-score"
    assert refused.value.ids == {"value": written}


@pytest.mark.parametrize("number", [Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), Decimal("0.0001")])
def test_numbers_are_refused_like_their_text(number):
    with pytest.raises(NotAScore):
        score(number)


def test_a_finer_quantum_is_refused_beyond_the_contexts_digits():
    with pytest.raises(NotAScore):
        score("1." + "0" * 40 + "1")


def test_there_is_one_zero():
    assert {str(score(zero)) for zero in ("0", "-0", "0.000", "-0.000", 0)} == {"0.000"}


def test_sums_of_tenths_are_exact():
    assert sum((score("0.1") for _ in range(10)), Decimal(0)) == score(1)


@pytest.mark.parametrize(
    ("value", "places", "cut", "raised"),
    [
        (Fraction("59.99967"), 1, "59.9", "60.0"),
        (Fraction("59.99967"), 2, "59.99", "60.00"),
        (Fraction("59.99967"), 0, "59", "60"),
        (Fraction(60), 1, "60.0", "60.0"),
        (Fraction(200, 3), 1, "66.6", "66.7"),
        (Fraction(0), 1, "0.0", "0.0"),
        (Fraction(1, 1000), 1, "0.0", "0.1"),
        (Fraction(-1, 1000), 1, "-0.1", "0.0"),
        (Fraction(999_999_999, 1000), 3, "999999.999", "999999.999"),
    ],
)
def test_shown_cuts_and_shown_up_raises(value, places, cut, raised):
    assert (shown(value, places), shown_up(value, places)) == (cut, raised)


def test_one_decimal_is_shown_unless_told_otherwise():
    assert (shown(Fraction(77)), shown_up(Fraction(1, 3))) == ("77.0", "0.4")
