"""The verify code: its check character and what is read as a code."""

import os

import pytest

from cbt.kernel.ids import CROCKFORD
from reports.core.verify_code import LENGTH, check_character, new_code, read_code, show_code


def test_new_code_has_sixty_random_bits_and_a_check_character():
    codes = {new_code(os.urandom) for _ in range(200)}
    assert len(codes) == 200
    assert all(len(code) == LENGTH and check_character(code[:12]) == code[12] for code in codes)


def test_code_is_shown_in_groups_of_four():
    assert show_code(new_code(bytes)) == "0000-0000-0000-0"


def test_check_character_is_pinned():
    # Codes on paper outlive the code that made them.
    assert check_character("7K2M94QF3XWD") == "R"


@pytest.mark.parametrize(
    "typed",
    ["7k2m-94qf-3xwd-r", " 7K2M 94QF 3XWD R ", "7K2M94QF3XWDR", "7K2M–94QF—3XWD‐R", "７Ｋ２Ｍ９４ＱＦ３ＸＷＤＲ"],
)
def test_code_is_read_however_it_is_typed(typed):
    assert read_code(typed) == "7K2M94QF3XWDR"


def test_look_alikes_are_read_as_digits():
    code = new_code(lambda count: b"\x01" * count)
    assert {"0", "1"} <= set(code)
    assert read_code(code.replace("0", "o").replace("1", "l")) == code
    assert read_code(code.replace("0", "O").replace("1", "I")) == code


@pytest.mark.parametrize(
    "typed", ["", "-", "7K2M94QF3XWD", "7K2M94QF3XWDD", "7K2M94QF3XWDRR", "U" * 13, "가" * 13, "7" * 5000]
)
def test_other_text_is_no_code(typed):
    assert read_code(typed) is None


def test_every_single_wrong_character_is_noticed():
    code = "7K2M94QF3XWDR"
    for place in range(LENGTH):
        for other in CROCKFORD.replace(code[place], ""):
            assert read_code(code[:place] + other + code[place + 1 :]) is None
