"""Ids are ordered by time and random enough; codes that people type are read however they are typed."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest

from cbt.kernel.ids import CROCKFORD, crockford, new_id, read_crockford

NOON = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def test_new_id_is_the_example_of_rfc_9562():
    # Appendix A.6: rand_a 0xCC3, rand_b 0x18C4DC0C0C07398F, on 2022-02-22 at 19:22:22 UTC.
    random_bits = (0xCC3 << 64 | 0x18C4DC0C0C07398F).to_bytes(10)
    made = new_id(datetime(2022, 2, 22, 19, 22, 22, tzinfo=UTC), lambda _count: random_bits)
    assert str(made) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"


@pytest.mark.parametrize("filler", [b"\x00", b"\xff"])
def test_version_and_variant_stand_whatever_the_random_bits_are(filler):
    made = new_id(NOON, lambda count: filler * count)
    assert (made.version, made.variant) == (7, "specified in RFC 4122")


def test_new_ids_follow_the_clock():
    made = [new_id(NOON + timedelta(milliseconds=step)) for step in range(50)]
    assert all(before < after for before, after in pairwise(made))
    assert [each.bytes for each in made] == sorted(each.bytes for each in made)


def test_new_ids_of_one_instant_differ():
    assert len({new_id(NOON) for _ in range(1000)}) == 1000


def test_milliseconds_are_exact():
    ids = [new_id(NOON + timedelta(milliseconds=step)) for step in range(1000)]
    first = ids[0].int >> 80
    assert [each.int >> 80 for each in ids] == list(range(first, first + 1000))


def test_the_zone_of_an_instant_does_not_matter():
    seoul = NOON.astimezone(timezone(timedelta(hours=9)))
    assert new_id(NOON, bytes) == new_id(seoul, bytes)


def test_an_instant_without_zone_is_refused():
    with pytest.raises(TypeError):
        new_id(NOON.replace(tzinfo=None))


def test_alphabet_has_no_look_alikes():
    assert len(set(CROCKFORD)) == 32
    assert not set("ILOU") & set(CROCKFORD)


def test_crockford_writes_a_number_at_full_length():
    assert crockford(0, 4) == "0000"
    assert crockford(31, 2) == "0Z"
    assert crockford(32**3 - 1, 3) == "ZZZ"


@pytest.mark.parametrize(("value", "length"), [(32, 1), (-1, 4), (1, 0)])
def test_a_number_that_does_not_fit_is_refused(value, length):
    with pytest.raises(ValueError, match="needs more than"):
        crockford(value, length)


@pytest.mark.parametrize("typed", ["7K2M-94QF", "7k2m94qf", " 7k2m 94qf "])
def test_a_code_is_read_however_it_is_typed(typed):
    assert read_crockford(typed) == "7K2M94QF"


def test_look_alikes_are_read_as_digits():
    assert read_crockford("oOiIlL") == "001111"


@pytest.mark.parametrize("typed", ["", "-", "7U", "가", "7_2", "7\u20132"])
def test_foreign_text_is_no_code(typed):
    assert read_crockford(typed) is None
