"""The stream of chance: pinned, because forms must be drawn again the same way years later."""

from collections import Counter
from itertools import permutations

import pytest

from cbt.kernel.chance import ALGORITHM, Chance

WHOLE_WORD = 1 << 64


# These vectors are SHA-256 of seed and counter, made without this module. If one fails, the algorithm has changed:
# give it a new name and keep the old one, or no stored form can be drawn again.
def test_words_of_the_stream_are_pinned():
    assert ALGORITHM == "sha256-counter/1"
    chance = Chance(b"golden")
    assert [chance.below(WHOLE_WORD) for _ in range(8)] == [
        5044988518534238280,
        5955555245700848901,
        365527680059048203,
        6480759084589067794,
        14148857267463741585,
        17812226187219294245,
        14424824009668156797,
        8460563018576223564,
    ]


def test_numbers_are_pinned():
    chance = Chance(b"golden")
    assert [chance.below(bound) for bound in (2, 3, 6, 10, 52, 100, 1000, 10**6)] == [0, 0, 1, 4, 9, 45, 797, 223564]
    assert Chance(b"").below(WHOLE_WORD) == 12634128529936681850


def test_orders_are_pinned():
    assert Chance(b"golden").shuffled("ABCDEFGH") == tuple("HDCFEGBA")
    assert Chance(bytes(32)).shuffled(range(10)) == (7, 6, 9, 5, 4, 2, 3, 1, 0, 8)


def test_samples_are_pinned():
    assert Chance(b"golden").sample(range(100), 5) == (80, 70, 41, 73, 85)


class Words(Chance):
    """A stream whose next words are known."""

    def __init__(self, *words):
        super().__init__(b"")
        self._words = list(reversed(words))


def test_words_that_would_favour_small_numbers_are_left_out():
    # 2 ** 64 is 1 more than a multiple of 3, so the very last word belongs to no number.
    assert Words(WHOLE_WORD - 1, 5).below(3) == 2
    assert Words(WHOLE_WORD - 2).below(3) == 2
    assert Words(WHOLE_WORD - 1).below(2) == 1


def chi_square(counts, expected):
    return sum((count - expected) ** 2 / expected for count in counts)


# Critical values for p = 0.001; the seeds are fixed, so the outcome never changes.
@pytest.mark.parametrize(("bound", "critical"), [(2, 10.83), (6, 20.52), (10, 27.88), (100, 148.23)])
def test_numbers_are_equally_likely(bound, critical):
    chance, draws = Chance(b"chi-square"), 200 * bound
    counts = Counter(chance.below(bound) for _ in range(draws))
    assert set(counts) == set(range(bound))
    assert chi_square(counts.values(), draws / bound) < critical


def test_orders_are_equally_likely():
    chance, draws = Chance(b"orders"), 2400
    counts = Counter(chance.shuffled("ABCD") for _ in range(draws))
    assert set(counts) == set(permutations("ABCD"))
    assert chi_square(counts.values(), draws / 24) < 49.73


def test_samples_are_equally_likely():
    chance, draws = Chance(b"samples"), 2000
    counts = Counter(chance.sample("ABCDE", 2) for _ in range(draws))
    assert set(counts) == set(permutations("ABCDE", 2))
    assert chi_square(counts.values(), draws / 20) < 43.82


def test_one_number_below_one_is_zero_and_none_is_below_nothing():
    assert Chance(b"s").below(1) == 0
    for bound in (0, -3):
        with pytest.raises(ValueError, match="at least 1"):
            Chance(b"s").below(bound)


def test_more_cannot_be_drawn_than_there_is():
    with pytest.raises(ValueError, match="4 wanted, 3 there"):
        Chance(b"s").sample("ABC", 4)


def test_nothing_can_be_shuffled_and_drawn():
    assert Chance(b"s").shuffled(()) == ()
    assert Chance(b"s").sample((), 0) == ()
