"""Items and keys as documents: what is stored reads back the same."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from cbt.kernel.canonical import decode, encode
from itembank.core.documents import content_document, content_from, key_document, key_from
from itembank.core.items import (
    AssetRef,
    BaseType,
    Cardinality,
    Choice,
    ChoiceInteraction,
    ItemContent,
    ResponseDeclaration,
    TextEntryInteraction,
)
from itembank.core.keys import ItemKey, MatchCorrect, MatchNumber, MatchText, ResponseKey
from itembank.core.scoring import score_item

words = st.text(st.characters(codec="utf-8"), max_size=20)
numbers = st.decimals(-(10**20), 10**20, places=4)
choices = st.builds(Choice, identifier=words, content=words, pinned=st.booleans())
interactions = st.one_of(
    st.builds(
        ChoiceInteraction,
        response=words,
        choices=st.lists(choices, max_size=5).map(tuple),
        max_choices=st.integers(0, 9),
        min_choices=st.integers(0, 9),
        shuffle=st.booleans(),
    ),
    st.builds(TextEntryInteraction, response=words, expected_length=st.integers(0, 80), placeholder_hint=words),
)
declarations = st.builds(
    ResponseDeclaration, identifier=words, cardinality=st.sampled_from(Cardinality), base_type=st.sampled_from(BaseType)
)
contents = st.builds(
    ItemContent,
    title=words,
    language=words,
    body=words,
    declarations=st.lists(declarations, max_size=3).map(tuple),
    interactions=st.lists(interactions, max_size=3).map(tuple),
    assets=st.lists(st.builds(AssetRef, sha256=words, media_type=words, name=words), max_size=2).map(tuple),
)
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


@given(contents)
def test_content_reads_back_as_it_was_written(content):
    assert content_from(decode(encode(content_document(content)))) == content


@given(keys)
def test_a_key_reads_back_as_it_was_written(key):
    assert key_from(decode(encode(key_document(key)))) == key


@given(keys, st.lists(declarations, max_size=4), st.dictionaries(words, st.lists(words, max_size=3).map(tuple)))
def test_scoring_never_fails_and_stays_between_nothing_and_all(key, declared, responses):
    outcome = score_item(key, declared, responses)
    assert 0 <= outcome.earned <= 1
    assert outcome.correct == (outcome.earned == 1)


@given(st.text(max_size=60), numbers)
def test_any_typed_text_is_scored(typed, value):
    key = ItemKey(responses=(ResponseKey(identifier="R", rule=MatchNumber(value=value, tolerance=Decimal(1))),))
    assert score_item(key, (), {"R": (typed,)}).earned in (0, 1)
    assert score_item(key, (), {"R": (str(value),)}).correct
