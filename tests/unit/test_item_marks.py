"""Marks: what an item shows and how it is answered, as bits that never change their meaning."""

import pytest

from itembank.core.interactions import (
    ChoiceInteraction,
    DrawingInteraction,
    Interaction,
    OrderInteraction,
    Picture,
    TextEntryInteraction,
)
from itembank.core.items import ItemContent
from itembank.core.marks import BITS, AnswerKind, Feature, Scoring, answer_kinds, bears, features, marks_of
from itembank.core.qti.scoring import ScoredBy
from itembank.core.variables import BaseType, Cardinality, ResponseDeclaration


def content(body: str, *interactions: Interaction, base_type: BaseType = BaseType.IDENTIFIER) -> ItemContent:
    declared = tuple(
        ResponseDeclaration(identifier=one.response, cardinality=Cardinality.SINGLE, base_type=base_type)
        for one in interactions
    )
    return ItemContent(title="", language="en", body=body, declarations=declared, interactions=interactions)


def test_a_bit_keeps_its_meaning_for_good():
    names = (
        "person figure table code formula single multiple text number order associate match inline-choice gap-match "
        "hottext extended-text hotspot select-point graphic-order graphic-associate graphic-gap-match position-object "
        "slider upload drawing media end-attempt"
    )
    assert " ".join(sorted(BITS, key=BITS.__getitem__)) == names
    assert list(BITS.values()) == [1 << place for place in range(len(BITS))]
    assert {*Feature, *AnswerKind, *Scoring} - BITS.keys() == {Feature.PLAIN, Scoring.RULES}


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("<p>Words</p>", {Feature.PLAIN}),
        ('<p><img src="asset:00" alt=""></p>', {Feature.FIGURE}),
        ("<pre>x</pre><table></table>", {Feature.CODE, Feature.TABLE}),
        ("<math></math>&lt;table", {Feature.FORMULA}),
    ],
)
def test_what_an_item_shows(body, shown):
    assert set(features(marks_of(content(body), ScoredBy.RULES))) == shown


def test_how_an_item_is_answered():
    choice = ChoiceInteraction(response="A", choices=(), max_choices=0)
    entry = TextEntryInteraction(response="B")
    order = OrderInteraction(response="C", choices=())
    marks = marks_of(content("", choice, entry, order), ScoredBy.HUMAN)
    assert answer_kinds(marks) == (AnswerKind.MULTIPLE, AnswerKind.TEXT, AnswerKind.ORDER)
    assert bears(marks, Scoring.PERSON)
    assert not bears(marks, Scoring.RULES)
    number = marks_of(content("", entry, base_type=BaseType.FLOAT), ScoredBy.RULES)
    assert answer_kinds(number) == (AnswerKind.NUMBER,)
    assert bears(number, Scoring.RULES)


def test_a_picture_to_work_on_is_a_figure():
    drawing = DrawingInteraction(response="A", picture=Picture(sha256="00", width=1, height=1))
    marks = marks_of(content("", drawing), ScoredBy.HUMAN)
    assert features(marks) == (Feature.FIGURE,)
    assert answer_kinds(marks) == (AnswerKind.DRAWING,)
