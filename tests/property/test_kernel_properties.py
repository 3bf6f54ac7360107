"""Rules of the ground floor that hold for every value: order, exactness, one text for one value."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite

from cbt.kernel.canonical import NotCanonical, base64url, decode, encode, instant, instant_text, read_base64url
from cbt.kernel.chance import Chance
from cbt.kernel.db import Deflated, Duration, Instant, Thousandths
from cbt.kernel.ids import CROCKFORD, crockford, new_id, read_crockford
from cbt.kernel.personal import find_resident_number
from cbt.kernel.score import NotAScore, score, shown, shown_up
from tests.strategies import json_values

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DIALECT = sqlite.dialect()
text = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
instants = st.datetimes(timezones=st.just(UTC))
zoned = st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31), timezones=st.timezones())  # noqa: DTZ001
thousandths = st.integers(-(10**9), 10**9)
numbers = st.one_of(st.integers(-(10**6), 10**6).map(Fraction), st.fractions(-(10**6), 10**6))
seeds = st.binary(max_size=40)
exact = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4),
    max_leaves=12,
)


# --- ids -----------------------------------------------------------------------------------------------------------


@given(st.datetimes(datetime(1970, 1, 1), timezones=st.just(UTC)), st.binary(min_size=10, max_size=10))  # noqa: DTZ001
def test_an_id_tells_its_millisecond(at, random_bits):
    made = new_id(at, lambda _count: random_bits)
    assert made.version == 7
    assert made.int >> 80 == (at - EPOCH) // timedelta(milliseconds=1)
    assert made.int & (1 << 62) - 1 == int.from_bytes(random_bits) & (1 << 62) - 1


@given(st.integers(1, 13).flatmap(lambda size: st.tuples(st.integers(0, 32**size - 1), st.just(size))))
def test_a_code_is_read_back_however_it_is_typed(made):
    value, size = made
    code = crockford(value, size)
    assert len(code) == size
    assert sum(CROCKFORD.index(each) * 32**place for place, each in enumerate(reversed(code))) == value
    typed = "-".join(code.lower()).replace("0", "o").replace("1", "l")
    assert read_crockford(typed) == code


@given(st.text())
def test_any_text_is_a_code_or_none(typed):
    found = read_crockford(typed)
    assert found is None or set(found) <= set(CROCKFORD)


# --- scores --------------------------------------------------------------------------------------------------------


@given(thousandths)
def test_a_score_of_whole_thousandths_is_kept(count):
    made = score(Decimal(count).scaleb(-3))
    assert made * 1000 == count
    assert score(str(made)) == made
    assert str(score(str(made))) == str(made)


@given(st.decimals(allow_nan=True, allow_infinity=True) | st.decimals(-2_000_000, 2_000_000, places=4))
def test_any_number_is_a_score_as_it_is_or_refused(number):
    is_score = number.is_finite() and abs(number) <= 10**6 and Fraction(number) * 1000 % 1 == 0
    if is_score:
        assert score(number) == number
    else:
        with pytest.raises(NotAScore):
            score(number)


@given(numbers, st.integers(0, 3))
def test_what_is_shown_lies_within_one_step_of_the_value(value, places):
    step = Fraction(1, 10**places)
    assert value - step < Fraction(shown(value, places)) <= value <= Fraction(shown_up(value, places)) < value + step


@given(numbers, thousandths.map(lambda count: Fraction(count, 10)))
def test_a_shown_score_reaches_a_limit_only_when_the_score_does(value, limit):
    assert (Fraction(shown(value)) >= limit) == (value >= limit)
    assert (Fraction(shown_up(limit - value)) > 0) == (value < limit)


# --- chance --------------------------------------------------------------------------------------------------------


@given(seeds, st.integers(1, 2**64))
def test_a_number_lies_below_its_bound(seed, bound):
    assert 0 <= Chance(seed).below(bound) < bound


@given(seeds, st.lists(st.integers(), max_size=30))
def test_shuffled_is_a_permutation_and_leaves_its_input_alone(seed, values):
    before = list(values)
    order = Chance(seed).shuffled(values)
    assert sorted(order) == sorted(before)
    assert values == before


@given(seeds, st.integers(0, 30).flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size))))
def test_a_sample_has_different_places(seed, sizes):
    size, count = sizes
    drawn = Chance(seed).sample(range(size), count)
    assert len(drawn) == len(set(drawn)) == count
    assert set(drawn) <= set(range(size))


@given(seeds, st.lists(st.integers(1, 1000), max_size=20))
def test_one_seed_gives_one_sequence(seed, bounds):
    first, second = Chance(seed), Chance(seed)
    assert [first.below(bound) for bound in bounds] == [second.below(bound) for bound in bounds]


# --- canonical bytes -----------------------------------------------------------------------------------------------


@given(exact)
def test_a_value_is_read_back_from_its_bytes(value):
    data = encode(value)
    assert decode(data) == value
    assert encode(decode(data)) == data
    assert json.loads(data) == value


@given(st.dictionaries(text, st.integers(0, 9), max_size=8).flatmap(lambda made: st.permutations(list(made.items()))))
def test_the_order_of_keys_is_that_of_utf_16_whatever_it_was(pairs):
    data = encode(dict(pairs))
    assert list(decode(data)) == sorted(dict(pairs), key=lambda name: name.encode("utf-16-be"))
    assert data == encode(dict(reversed(pairs)))


@given(st.recursive(exact | text, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=6)))
def test_the_bytes_are_those_of_a_reference_implementation(value):
    assert encode(value) == rfc8785.dumps(value)


@given(exact, st.floats())
def test_a_float_is_refused_wherever_it_stands(value, number):
    for hidden in (number, [value, number], {"a": value, "b": {"c": number}}):
        with pytest.raises(NotCanonical):
            encode(hidden)


@given(st.binary(max_size=40) | json_values.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_a_value_or_refused(data):
    try:
        value = decode(data)
    except NotCanonical:
        return
    assert not isinstance(value, float)


@given(instants)
def test_an_instant_is_read_back_from_its_text(at):
    assert instant(instant_text(at)) == at
    assert len(instant_text(at)) == len("2026-11-22T01:02:03.000004Z")


@given(zoned)
def test_the_text_of_an_instant_does_not_depend_on_its_zone(at):
    assert instant_text(at) == instant_text(at.astimezone(UTC))


@given(st.tuples(instants, instants))
def test_texts_of_instants_are_ordered_as_the_instants(pair):
    first, second = pair
    assert (instant_text(first) < instant_text(second)) == (first < second)


@given(st.binary(max_size=70))
def test_bytes_are_read_back_from_their_text(data):
    assert read_base64url(base64url(data)) == data


@given(st.text(st.sampled_from("AQgwB-_+/= \n"), max_size=9))
def test_bytes_have_one_text(written):
    try:
        data = read_base64url(written)
    except NotCanonical:
        return
    assert base64url(data) == written


# --- stored values -------------------------------------------------------------------------------------------------


@given(zoned)
def test_an_instant_is_stored_to_the_microsecond(at):
    stored = Instant().process_bind_param(at, DIALECT)
    assert isinstance(stored, int)
    assert Instant().process_result_value(stored, DIALECT) == at.astimezone(UTC)  # some zones skip an hour


@given(st.timedeltas())
def test_a_duration_is_stored_to_the_microsecond(length):
    stored = Duration().process_bind_param(length, DIALECT)
    assert isinstance(stored, int)
    assert Duration().process_result_value(stored, DIALECT) == length


@given(thousandths.map(lambda count: score(Decimal(count).scaleb(-3))))
def test_a_score_is_stored_exactly(made):
    stored = Thousandths().process_bind_param(made, DIALECT)
    assert isinstance(stored, int)
    assert str(Thousandths().process_result_value(stored, DIALECT)) == str(made)


@given(st.integers().filter(lambda digits: digits % 10), st.integers(4, 60))
def test_a_finer_number_is_never_stored(digits, places):
    number = Decimal(f"{digits}e-{places}")
    with pytest.raises(ValueError, match="finer"):
        Thousandths().process_bind_param(number, DIALECT)


# --- personal data -------------------------------------------------------------------------------------------------

born = st.dates(date(1900, 1, 1), date(2099, 12, 31))
other_digits = st.from_regex(r"[0-9]{6}", fullmatch=True)
hyphens = st.sampled_from(["", "-", " ", " - ", "\u2013"])
around = st.text(
    st.characters(exclude_characters="0123456789-\u2013", exclude_categories=("Cs", "Zs", "Cc")), max_size=5
)


@st.composite
def patterns(draw):
    day = draw(born)
    century = draw(st.sampled_from("1256" if day.year < 2000 else "3478"))
    return f"{day:%y%m%d}{draw(hyphens)}{century}{draw(other_digits)}"


@given(patterns(), around, around)
def test_the_resident_numbers_pattern_is_found_in_any_text(pattern, before, after):
    assert find_resident_number(before + pattern + after) == (len(before), len(before) + len(pattern))


@given(patterns(), st.from_regex(r"[0-9]{1,5}", fullmatch=True))
def test_longer_runs_of_digits_are_no_resident_number(pattern, digits):
    assert find_resident_number(digits + pattern) is None
    assert find_resident_number(pattern + digits) is None


@given(st.from_regex(r"[0-9]{6}-?[0-9]{7}", fullmatch=True))
def test_a_found_number_has_a_date_and_a_century_digit(number):
    if find_resident_number(number) is None:
        return
    digits = number.replace("-", "")
    assert "1" <= digits[6] <= "8"
    year = {"1": "19", "2": "19", "5": "19", "6": "19"}.get(digits[6], "20") + digits[:2]
    assert date(int(year), int(digits[2:4]), int(digits[4:6])).year == int(year)


# --- what lies deflated --------------------------------------------------------------------------------------------


@given(st.binary(max_size=300) | st.binary(max_size=300).map(lambda data: b"\x01" + data) | st.text().map(str.encode))
def test_deflated_bytes_are_read_back_and_old_plain_ones_too(data):
    column = Deflated(b'"kind":"answered"')
    assert column.process_result_value(column.process_bind_param(data, DIALECT), DIALECT) == data
    if not data.startswith(b"\x01"):
        assert column.process_result_value(data, DIALECT) == data


@given(st.integers(0, 99), st.integers(0, 255))
def test_a_spoilt_row_is_read_as_something_and_never_as_an_error(place, byte):
    column = Deflated(b'"kind":"answered"')
    stored = bytearray(column.process_bind_param(b'{"kind":"answered","slot":3,"kind":"answered"}', DIALECT))
    stored[place % len(stored)] = byte
    assert isinstance(column.process_result_value(bytes(stored), DIALECT), bytes)
