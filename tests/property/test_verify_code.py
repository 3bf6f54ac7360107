"""The check character finds the usual typing errors in any code."""

from itertools import combinations

from hypothesis import assume, given
from hypothesis import strategies as st

from cbt.kernel.ids import CROCKFORD
from reports.core.verify_code import LENGTH, new_code, read_code, show_code

CODES = st.binary(min_size=8, max_size=8).map(lambda seed: new_code(lambda _: seed))


@given(CODES)
def test_shown_code_is_read_back(code):
    assert read_code(show_code(code)) == code
    assert read_code(show_code(code).lower()) == code


@given(CODES, st.integers(0, LENGTH - 1), st.sampled_from(CROCKFORD))
def test_one_wrong_character_is_noticed(code, place, other):
    assume(code[place] != other)
    assert read_code(code[:place] + other + code[place + 1 :]) is None


@given(CODES)
def test_any_two_exchanged_characters_are_noticed(code):
    for one, two in combinations(range(LENGTH), 2):
        swapped = list(code)
        swapped[one], swapped[two] = swapped[two], swapped[one]
        assert code[one] == code[two] or read_code("".join(swapped)) is None
