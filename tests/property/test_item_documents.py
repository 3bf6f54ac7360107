"""Items and keys as documents: what is stored reads back the same."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from cbt.kernel.canonical import decode, encode
from itembank.core.documents import (
    content_document,
    content_from,
    key_document,
    key_from,
    metadata_document,
    metadata_from,
)
from itembank.core.items import ItemContent
from itembank.core.keys import ItemKey, MatchCorrect, MatchNumber, MatchText, ResponseKey
from itembank.core.metadata import ItemMetadata
from itembank.core.scoring import Scorer, score_item
from itembank.core.variables import ResponseDeclaration

words = st.text(st.characters(codec="utf-8"), max_size=20)
numbers = st.decimals(-(10**20), 10**20, places=4)
finite = st.floats(allow_nan=False, allow_infinity=False)
for made, strategy in ((str, words), (int, st.integers(-999, 999)), (float, finite), (Decimal, numbers)):
    st.register_type_strategy(made, strategy)
declarations = st.from_type(ResponseDeclaration)
rules = st.one_of(
    st.builds(MatchCorrect, correct=st.lists(words, max_size=3).map(tuple)),
    st.builds(MatchText, accepted=st.lists(words, max_size=3).map(tuple), case_sensitive=st.booleans()),
    st.builds(MatchNumber, value=numbers, tolerance=numbers.map(abs)),
)
keys = st.builds(
    ItemKey,
    responses=st.lists(st.builds(ResponseKey, identifier=words, rule=rules), max_size=4).map(tuple),
    explanation=words,
    references=st.lists(words, max_size=2).map(tuple),
)


@settings(max_examples=40)
@given(st.from_type(ItemContent))
def test_content_reads_back_as_it_was_written(content):
    assert content_from(decode(encode(content_document(content)))) == content


@given(st.from_type(ItemKey))
def test_a_key_reads_back_as_it_was_written(key):
    assert key_from(decode(encode(key_document(key)))) == key


@given(st.from_type(ItemMetadata))
def test_metadata_reads_back_as_it_was_written(metadata):
    assert metadata_from(decode(encode(metadata_document(metadata)))) == metadata


@given(keys, st.lists(declarations, max_size=4), st.dictionaries(words, st.lists(words, max_size=3).map(tuple)))
def test_scoring_never_fails_and_stays_between_nothing_and_all(key, declared, responses):
    outcome = score_item(Scorer(key=key, declarations=tuple(declared)), responses)
    assert 0 <= outcome.earned <= 1
    assert outcome.correct == (outcome.earned == 1)


@given(st.text(max_size=60), numbers)
def test_any_typed_text_is_scored(typed, value):
    key = ItemKey(responses=(ResponseKey(identifier="R", rule=MatchNumber(value=value, tolerance=Decimal(1))),))
    assert score_item(Scorer(key=key, declarations=()), {"R": (typed,)}).earned in (0, 1)
    assert score_item(Scorer(key=key, declarations=()), {"R": (str(value),)}).correct
