"""The resident number's pattern: found where it may stand for a person, not in every long number."""

import pytest

from cbt.kernel.personal import ResidentNumber, find_resident_number, refuse_resident_number

# Made up: a valid date and a century digit, but no number that anybody has.
PATTERN = "900101-1000000"


@pytest.mark.parametrize(
    "text",
    [
        PATTERN,
        "9001011000000",
        "900101 1000000",
        "900101 - 1000000",
        "900101\u20131000000",
        "000229-3000000",  # 2000 was a leap year
        "991231-8999999",
        "주민번호: 900101-1000000.",
        "이름900101-1000000씨",
    ],
)
def test_the_pattern_is_found(text):
    assert find_resident_number(text) is not None


@pytest.mark.parametrize("century", "12345678")
def test_every_century_digit_from_1_to_8_counts(century):
    assert find_resident_number(f"900101-{century}000000") == (0, 14)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "900101-9000000",
        "900101-0000000",
        "901301-1000000",
        "900132-1000000",
        "900230-1000000",
        "000229-1000000",  # 1900 was not a leap year
        "900101-100000",
        "900101--1000000",
        "90010-11000000",
        "19900101-1000000",
        "900101-10000001",
        "1900101-1000000",
        "90010110000005",
        "59001011000000",
        "00009001011000000000",
        "010-1234-5678",
        "2026-11-22 03:00",
    ],
)
def test_other_numbers_are_left_alone(text):
    assert find_resident_number(text) is None


def test_a_number_that_is_no_date_does_not_hide_the_next():
    text = f"999999-1000000, {PATTERN}"
    assert find_resident_number(text) == (16, len(text))


def test_the_place_is_told():
    assert find_resident_number(f"가나 {PATTERN} 다") == (3, 17)


def test_the_field_is_named_but_the_number_is_not_repeated():
    with pytest.raises(ResidentNumber) as refused:
        refuse_resident_number("note", PATTERN)
    assert (refused.value.code, refused.value.ids) == ("resident-number", {"where": "note"})
    assert "1000000" not in str(refused.value)


def test_an_innocent_field_passes():
    refuse_resident_number("note", "1990-01-01")
