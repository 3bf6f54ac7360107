"""One value, one byte string: the vectors of RFC 8785 and our own text forms."""

import hashlib
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from uuid import UUID

import pytest

from cbt.kernel.canonical import NotCanonical, base64url, decode, digest, encode, instant, instant_text, read_base64url

SEOUL = timezone(timedelta(hours=9))


class Kind(StrEnum):
    ANSWERED = "answered"


def test_literals_and_strings_are_those_of_rfc_8785():
    # Section 3.2.2; the numbers of that example are floats, which we refuse.
    value = {"string": '\u20ac$\u000f\nA\'B"\\\\"/', "literals": [None, True, False]}
    expected = '{"literals":[null,true,false],"string":"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    assert encode(value) == expected.encode()


def test_keys_are_sorted_as_rfc_8785_sorts_them():
    # Section 3.2.3: by UTF-16 units, so that the emoji (a surrogate pair) comes before U+FB33.
    names = {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\U0001f600": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis",
    }
    assert list(decode(encode(names)).values()) == [
        "Carriage Return",
        "One",
        "Control",
        "Latin Small Letter O With Diaeresis",
        "Euro Sign",
        "Emoji: Grinning Face",
        "Hebrew Letter Dalet With Dagesh",
    ]


def test_text_is_kept_as_it_was_typed():
    # Composed and decomposed Hangul are two texts: nothing is normalized.
    assert encode("\uac00") == '"\uac00"'.encode()
    assert encode("\u1100\u1161") == '"\u1100\u1161"'.encode()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("12.500"), '"12.500"'),
        (Decimal("1E+3"), '"1000"'),
        (Decimal("1E-7"), '"0.0000001"'),
        (Fraction(200, 3), '"200/3"'),
        (2**53 - 1, "9007199254740991"),
        (2**53, '"9007199254740992"'),
        (-(2**53 - 1), "-9007199254740991"),
        (-(2**53), '"-9007199254740992"'),
        (True, "true"),
        (UUID(int=255), '"00000000-0000-0000-0000-0000000000ff"'),
        (b"\xfb\xff\x00", '"-_8A"'),
        (b"", '""'),
        (date(2026, 11, 2), '"2026-11-02"'),
        (datetime(2026, 11, 22, 12, 0, 0, 4, tzinfo=SEOUL), '"2026-11-22T03:00:00.000004Z"'),
        (Kind.ANSWERED, '"answered"'),
        ((1, [2, ()]), "[1,[2,[]]]"),
        (frozenset({"b", "a"}), '["a","b"]'),
        (MappingProxyType({}), "{}"),
        ({Kind.ANSWERED: 1, 10: 2, 9: 3, UUID(int=0): 4}, None),
    ],
)
def test_every_kind_of_value_has_its_text(value, text):
    expected = text or '{"00000000-0000-0000-0000-000000000000":4,"10":2,"9":3,"answered":1}'
    assert encode(value) == expected.encode()


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        0.0,
        float("nan"),
        float("inf"),
        Decimal("NaN"),
        Decimal("-Infinity"),
        ...,
        timedelta(1),
        1j,
        datetime(2026, 11, 22),  # noqa: DTZ001
        datetime.min.replace(tzinfo=SEOUL),
        "\ud800",
        {"\udfff": 1},
        {1.5: 1},
        {True: 1},
        {None: 1},
        {("a",): 1},
        {1: "whole number", "1": "its text"},
    ],
    ids=repr,
)
def test_a_value_without_canonical_form_is_refused(value):
    for wrapped in (value, [value], {"key": value}):
        with pytest.raises(NotCanonical):
            encode(wrapped)


def nested(depth):
    value: object = 1
    for _ in range(depth):
        value = [value]
    return value


def test_a_deep_nest_is_refused():
    assert encode(nested(64)) == b"[" * 64 + b"1" + b"]" * 64
    for depth in (65, 5000):
        with pytest.raises(NotCanonical):
            encode(nested(depth))


def test_fractions_of_stored_numbers_are_decimals():
    assert decode(b'{"a":1.10,"b":2}') == {"a": Decimal("1.10"), "b": 2}


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"NaN", b"[Infinity]", b"-Infinity", b"1e99999999999999999999", b"\xff", b"1" * 5000, b"[" * 200_000],
    ids=lambda data: str(data[:20]),
)
def test_what_is_not_json_is_refused(data):
    with pytest.raises(NotCanonical):
        decode(data)


def test_digest_is_sha_256():
    assert digest(b"abc") == hashlib.sha256(b"abc").digest()


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (datetime(1, 1, 1, tzinfo=UTC), "0001-01-01T00:00:00.000000Z"),
        (datetime(999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC), "0999-12-31T23:59:59.999999Z"),
        (datetime(2026, 11, 22, 3, tzinfo=UTC), "2026-11-22T03:00:00.000000Z"),
        (datetime(9999, 12, 31, tzinfo=UTC), "9999-12-31T00:00:00.000000Z"),
    ],
)
def test_instants_of_every_year_are_read_back(at, text):
    assert instant_text(at) == text
    assert instant(text) == at


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22T03:00:00.000Z",
        "2026-11-22T03:00:00Z",
        "2026-11-22T03:00:00.000000+00:00",
        "2026-11-22T03:00:00.000000",
        "2026-11-22 03:00:00.000000Z",
        "2026-1-2T3:0:0.000000Z",
        "２０２６-11-22T03:00:00.000000Z",
        "999-12-31T00:00:00.000000Z",
        "2026-02-30T03:00:00.000000Z",
        "2026-11-22T03:00:60.000000Z",
        "0000-01-01T00:00:00.000000Z",
        "",
        None,
        5,
    ],
)
def test_any_other_form_of_an_instant_is_refused(text):
    with pytest.raises(NotCanonical):
        instant(text)


def test_base64url_has_no_padding():
    assert base64url(b"\xff\xfe") == "__4"
    assert read_base64url("__4") == b"\xff\xfe"


@pytest.mark.parametrize("text", ["A", "AB", "AA==", "+/", "AA\n", " AA", "가", "A=A", "__5"])
def test_no_other_text_is_read_as_the_same_bytes(text):
    with pytest.raises(NotCanonical):
        read_base64url(text)
