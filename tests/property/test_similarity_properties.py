"""Likeness is symmetric and bounded; the index finds every text that is the same, and nothing that is not near."""

from hypothesis import given
from hypothesis import strategies as st

from itembank.core.comparison import compare
from itembank.core.similarity import NEAR, Index, likeness, shingles

WORDS = st.sampled_from(["tcp", "udp", "주소", "라우터", "is", "the", "옳은", "것은", "3", "4", "port", "데이터"])
TEXTS = st.lists(WORDS, max_size=25).map(" ".join)


@given(TEXTS, TEXTS)
def test_likeness_is_symmetric_and_lies_from_0_to_1(first, second):
    found = likeness(shingles(first), shingles(second))
    assert found == likeness(shingles(second), shingles(first))
    assert 0 <= found <= 1
    assert (found == 1) == (shingles(first) == shingles(second) != frozenset())


@given(st.lists(TEXTS, max_size=15), TEXTS)
def test_the_index_finds_the_same_and_only_what_is_near(texts, asked):
    index = Index(dict(enumerate(texts)))
    found = {one.key: one.likeness for one in index.near(asked)}
    for key, text in enumerate(texts):
        real = likeness(shingles(text), shingles(asked))
        assert found.get(key, real) == real
        assert (real == 1) <= (key in found)
        assert (key in found) <= (real >= NEAR)


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_comparison_loses_no_character(older, newer):
    found = compare("", older, newer)
    assert "".join(piece.words for piece in found.older) == older
    assert "".join(piece.words for piece in found.newer) == newer
    assert found.differs == (older != newer)
