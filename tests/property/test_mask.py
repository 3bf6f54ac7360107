"""A mask never lengthens a name and never shows an inner character."""

from hypothesis import given
from hypothesis import strategies as st

from reports.core.mask import mask_name

SYLLABLES = st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3)


@given(st.text(SYLLABLES, min_size=3, max_size=12))
def test_korean_name_keeps_its_ends_only(name):
    assert mask_name(name) == name[0] + "*" * (len(name) - 2) + name[-1]


@given(st.text(max_size=40))
def test_any_text_can_be_masked(name):
    assert len(mask_name(name)) <= len(name) * 2
