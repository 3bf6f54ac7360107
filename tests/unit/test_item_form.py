"""Fields of the item editor: how an item begins, what its buttons do, what is wrong in which field."""

from decimal import Decimal

import pytest

from itembank.core.documents import INTERACTIONS
from itembank.core.item_form import read_draft
from itembank.core.item_form_acts import acted, started
from itembank.core.item_form_tree import grown
from itembank.core.items import AssetRef
from itembank.core.keys import MatchCorrect, MatchNumber, MatchText
from itembank.core.qti.scoring import ScoredBy
from itembank.core.variables import BaseType, Cardinality
from itembank.formats.qti.item import parse_scoring

PICTURE = AssetRef(sha256="ab" * 32, media_type="image/png", name="a.png")
CHOICE = {
    "body": "Which?", "i-0-kind": "choice", "i-0-response": "RESPONSE", "i-0-max_choices": "1",
    "i-0-choices-0-identifier": "A", "i-0-choices-0-content": "one", "i-0-choices-0-right": "on",
    "i-0-choices-1-identifier": "B", "i-0-choices-1-content": "two",
}  # fmt: skip
TYPED = {"body": "How much?", "i-0-kind": "text-entry", "i-0-response": "RESPONSE"}


def draft(fields, **more):
    return read_draft(grown(fields | more), {PICTURE.sha256: PICTURE})


def wrong(fields, **more):
    return {problem.where: problem.code for problem in draft(fields, **more).problems}


def test_a_whole_item_is_read():
    found = draft(CHOICE)
    assert found.problems == ()
    assert found.content.body == '<p>Which?</p><div data-interaction="RESPONSE"></div>'
    assert found.key.responses[0].rule == MatchCorrect(correct=("A",))
    assert found.content.declarations[0].cardinality is Cardinality.SINGLE


def test_a_number_is_typed_with_its_tolerance():
    found = draft(TYPED, **{"i-0-typed-how": "number", "i-0-typed-value": "−1.50", "i-0-typed-tolerance": "0.1"})
    assert found.key.responses[0].rule == MatchNumber(value=Decimal("-1.50"), tolerance=Decimal("0.1"))
    assert found.content.declarations[0].base_type is BaseType.FLOAT


def test_accepted_texts_stand_on_lines():
    found = draft(TYPED, **{"i-0-typed-how": "text", "i-0-typed-accepted": "ohm\r\n\r\n Ω \n", "i-0-typed-case": "on"})
    assert found.key.responses[0].rule == MatchText(accepted=("ohm", "Ω"), case_sensitive=True)


@pytest.mark.parametrize(
    ("fields", "problems"),
    [
        ({"body": " "}, {"body": "no-text"}),
        ({"i-0-choices-0-right": ""}, {"i-0-choices": "bad-ticks"}),
        ({"i-0-choices-1-right": "on"}, {"i-0-choices": "bad-ticks"}),
        ({"i-0-choices-1-identifier": "A"}, {"i-0-choices-1-identifier": "same-identifier"}),
        ({"i-0-choices-1-identifier": '"><b>'}, {"i-0-choices-1-identifier": "bad-identifier"}),
        ({"i-0-choices-1-content": ""}, {"i-0-choices-1-content": "missing"}),
        ({"i-0-max_choices": "many"}, {"i-0-max_choices": "bad-number"}),
        ({"body": "Which? <script>1</script>"}, {"body": "active-content"}),
        ({"body": 'Which? <img src="asset:0" alt="x">'}, {"body": "figure-missing"}),
        ({"body": '<div data-interaction="R2"></div> Which?'}, {"body": "places-differ"}),
        ({"difficulty": "hard"}, {"difficulty": "bad-logit"}),
        ({"i-0-kind": "hotspot"}, {"i-0-picture-file": "no-picture", "i-0-hotspots": "no-options"}),
        ({"i-0-kind": "upload"}, {"scoring": "no-rule"}),
        ({"scoring": "program", "max_score": "0"}, {"program": "missing", "max_score": "bad-max-score"}),
    ],
)
def test_what_is_wrong_is_named_by_its_field(fields, problems):
    assert wrong(CHOICE | fields) == problems


def test_a_picture_is_known_by_its_digest():
    found = draft(CHOICE, body=f'Which? <img src="asset:{PICTURE.sha256}" alt="two lamps">')
    assert (found.problems, found.content.assets, found.files) == ((), (PICTURE,), (PICTURE,))
    explained = draft(CHOICE, explanation=f'<img src="asset:{PICTURE.sha256}" alt="two lamps">')
    assert (explained.content.assets, explained.files) == ((), (PICTURE,))  # what explains is never sent to candidates


@pytest.mark.parametrize("kind", INTERACTIONS)
def test_every_kind_begins_with_a_way_to_score_it(kind):
    tree = started(kind)
    codes = {problem.code for problem in read_draft(tree, {}).problems}
    assert "no-rule" not in codes
    if tree["scoring"] == "program":
        assert parse_scoring(tree["program"].encode()).problems == ()


def test_buttons_change_rows():
    tree = started("choice")
    tree, focus = acted(tree, "add i-0-choices")
    assert focus == "i-0-choices-4"
    tree, _ = acted(tree, "up i-0-choices 4")
    tree, _ = acted(tree, "remove i-0-choices 0")
    assert [row["identifier"] for row in tree["i"][0]["choices"]] == ["B", "C", "E", "D"]


def test_an_item_gets_more_ways_to_answer_and_loses_them():
    tree = started("choice") | {"body": '<div data-interaction="RESPONSE"></div>What?'}
    tree, _ = acted(tree, "interaction extended-text")
    assert [row["response"] for row in tree["i"]] == ["RESPONSE", "RESPONSE_2"]
    tree, _ = acted(tree, "drop 0")
    assert (tree["body"], [row["kind"] for row in tree["i"]]) == ("What?", ["extended-text"])


def test_a_person_may_mark_it():
    found = draft(CHOICE | {"i-0-kind": "extended-text", "scoring": "human"})
    assert (found.problems, found.key.scored_by) == ((), ScoredBy.HUMAN)
