"""Simple rules and their QTI programs: the same score for the same response, and each recognised from the other."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itembank.core.items import ItemContent
from itembank.core.keys import ItemKey, MatchCorrect, MatchNumber, MatchText, QtiProgram, ResponseKey, Rule
from itembank.core.scoring import Scorer, comparable, score_item
from itembank.core.variables import BaseType, Cardinality, ResponseDeclaration
from itembank.formats.qti.door import open_document
from itembank.formats.qti.item import parse_scoring
from itembank.formats.qti.making import source_of
from itembank.formats.qti.rules import MATCH_CORRECT, program_of, rules_of

OPTIONS = ("A", "B", "C", "D")
texts = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=5)
words = st.lists(texts, min_size=1, max_size=3).map(" ".join)
numbers = st.decimals(min_value=-(10**9), max_value=10**9, places=5)
named = st.lists(st.sampled_from(OPTIONS), min_size=1, unique=True).map(tuple)
pairs = st.lists(st.tuples(st.sampled_from(OPTIONS), st.sampled_from(OPTIONS)), min_size=1, max_size=3, unique=True)


@st.composite
def responses(draw: st.DrawFn, identifier: str) -> tuple[ResponseDeclaration, Rule]:
    """Return a response variable with a rule that fits it."""
    kind = draw(st.sampled_from(["one", "some", "ordered", "pairs", "text", "number"]))
    rule: Rule = MatchCorrect(correct=draw(named))
    cardinality, base_type = Cardinality.MULTIPLE, BaseType.IDENTIFIER
    if kind == "one":
        rule, cardinality = MatchCorrect(correct=(draw(st.sampled_from(OPTIONS)),)), Cardinality.SINGLE
    elif kind == "ordered":
        cardinality = Cardinality.ORDERED
    elif kind == "pairs":
        rule = MatchCorrect(correct=tuple(" ".join(pair) for pair in draw(pairs)))
        base_type = draw(st.sampled_from([BaseType.PAIR, BaseType.DIRECTED_PAIR]))
    elif kind == "text":
        rule = MatchText(
            accepted=tuple(draw(st.lists(words, min_size=1, max_size=3))), case_sensitive=draw(st.booleans())
        )
        cardinality, base_type = Cardinality.SINGLE, BaseType.STRING
    elif kind == "number":
        rule = MatchNumber(value=draw(numbers), tolerance=abs(draw(numbers)))
        cardinality, base_type = Cardinality.SINGLE, draw(st.sampled_from([BaseType.FLOAT, BaseType.STRING]))
    declared = ResponseDeclaration(identifier=identifier, cardinality=cardinality, base_type=base_type)
    return declared, rule


@st.composite
def keyed(draw: st.DrawFn) -> tuple[ItemContent, ItemKey]:
    """Return what is declared, with the rules of it."""
    names = draw(st.sampled_from([("RESPONSE",), ("ANSWER",), ("RESPONSE", "R2"), ("R1", "R2", "R3")]))
    made = [draw(responses(name)) for name in names]
    content = ItemContent(
        title="t", language="en", body="", declarations=tuple(one for one, _ in made), interactions=()
    )
    rules = [ResponseKey(identifier=declared.identifier, rule=rule) for declared, rule in made]
    return content, ItemKey(responses=tuple(draw(st.permutations(rules))))


@st.composite
def given_to(draw: st.DrawFn, declared: ResponseDeclaration, rule: Rule) -> tuple[str, ...]:
    """Return a response of the declared kind: often one that is right, or close to it."""
    match rule:
        case MatchCorrect():
            options = st.sampled_from(OPTIONS)
            parts = options if declared.base_type is BaseType.IDENTIFIER else st.tuples(options, options).map(" ".join)
            most = 1 if declared.cardinality is Cardinality.SINGLE else 4
            return tuple(draw(st.permutations(rule.correct) | st.lists(parts, max_size=most)))
        case MatchText():
            near = st.sampled_from(rule.accepted)
            return (draw(near | near.map(str.upper) | near.map(str.casefold) | words),)
        case MatchNumber():
            edge = st.sampled_from([rule.value + rule.tolerance, rule.value - rule.tolerance, rule.value])
            off = st.sampled_from([Decimal(0), Decimal("0.00001"), Decimal("-0.00001")])
            return (draw(st.tuples(edge, off).map(lambda two: f"{sum(two):f}") | numbers.map(str)),)


def _by_program(content: ItemContent, key: ItemKey) -> Scorer:
    source = source_of(program_of(content, key))
    item = parse_scoring(source.encode())
    assert not item.problems
    program = QtiProgram(source=source, max_score=Fraction(1))
    return Scorer(key=ItemKey(program=program), declarations=content.declarations, program=item.item)


@given(keyed(), st.data())
def test_the_program_scores_as_the_rules_do(item: tuple[ItemContent, ItemKey], data: st.DataObject) -> None:
    content, key = item
    scorer, by_name = _by_program(content, key), {one.identifier: one for one in content.declarations}
    sent = {one.identifier: data.draw(given_to(by_name[one.identifier], one.rule)) for one in key.responses}
    assert score_item(scorer, sent) == score_item(Scorer(key=key, declarations=content.declarations), sent)


@given(keyed())
def test_the_declared_correct_response_scores_all_and_none_scores_nothing(item: tuple[ItemContent, ItemKey]) -> None:
    content, key = item
    scorer = _by_program(content, key)
    assert scorer.program is not None
    declared = {one.identifier: one.correct for one in scorer.program.declarations if one.correct}
    assert set(declared) == {one.identifier for one in key.responses}
    right = {
        one.identifier: one.rule.correct
        if isinstance(one.rule, MatchCorrect)
        else one.rule.accepted[:1]
        if isinstance(one.rule, MatchText)
        else (str(one.rule.value),)
        for one in key.responses
    }
    assert score_item(scorer, right).correct
    assert score_item(scorer, {}).earned == 0


@given(keyed())
def test_a_program_of_rules_is_recognised_as_them(item: tuple[ItemContent, ItemKey]) -> None:
    content, key = item
    assert rules_of(open_document(source_of(program_of(content, key)).encode())) == key.responses


@given(words, st.sampled_from([" ", "  ", "\u00a0", "\u3000", "\t"]), st.booleans())
def test_what_the_program_finds_right_the_rule_finds_right(text: str, space: str, sensitive: bool) -> None:
    declared = ResponseDeclaration(identifier="R", cardinality=Cardinality.SINGLE, base_type=BaseType.STRING)
    content = ItemContent(title="t", language="en", body="", declarations=(declared,), interactions=())
    rule = MatchText(accepted=(text.replace(" ", space),), case_sensitive=sensitive)
    key = ItemKey(responses=(ResponseKey(identifier="R", rule=rule),))
    by_rule = Scorer(key=key, declarations=(declared,))
    for typed in (text, text.replace(" ", space), f" {text}", comparable(text, case_sensitive=False)):
        if score_item(_by_program(content, key), {"R": (typed,)}).correct:
            assert score_item(by_rule, {"R": (typed,)}).correct


CORRECT = "<qti-correct-response><qti-value> A </qti-value></qti-correct-response>"
SCORE = '<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>'
DEFAULT = "><qti-default-value><qti-value>0.0</qti-value></qti-default-value></qti-outcome-declaration>"
OLD_TEMPLATE = (
    '<qti-response-processing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/>'
)
TEMPLATE = f'<qti-response-processing template="{MATCH_CORRECT}"/>'


def _item(*parts: str, correct: str = CORRECT, more: str = "") -> str:
    response = f'<qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="identifier"{more}>'
    return f"<qti-assessment-item>{response}{correct}</qti-response-declaration>{''.join(parts)}</qti-assessment-item>"


@pytest.mark.parametrize(
    "source",
    [
        _item(SCORE, TEMPLATE),
        _item(SCORE.replace("float", "integer"), TEMPLATE),
        _item(SCORE, OLD_TEMPLATE),
        _item(SCORE.replace("/>", DEFAULT), TEMPLATE),
    ],
)
def test_other_makers_items_that_mean_the_same_are_rules_too(source: str) -> None:
    expected = (ResponseKey(identifier="RESPONSE", rule=MatchCorrect(correct=("A",))),)
    assert rules_of(open_document(source.encode())) == expected


@pytest.mark.parametrize(
    "source",
    [
        _item(TEMPLATE),
        _item(SCORE),
        _item(SCORE, TEMPLATE, correct=""),
        _item(SCORE, TEMPLATE, correct=f'{CORRECT}<qti-mapping default-value="0"/>'),
        _item(SCORE, SCORE.replace("SCORE", "FEEDBACK"), TEMPLATE),
        _item(SCORE, SCORE.replace("SCORE", "MAXSCORE"), TEMPLATE),
        _item(SCORE.replace("/>", ' external-scored="human"/>'), TEMPLATE),
        _item(SCORE, TEMPLATE.replace("match_correct", "map_response")),
        _item(SCORE, "<qti-template-processing/>", TEMPLATE),
        _item(SCORE, "<qti-response-processing><qti-exit-response/></qti-response-processing>"),
        _item(SCORE, TEMPLATE, more=' data-x="1"'),
    ],
)
def test_a_program_that_says_anything_more_is_no_rule(source: str) -> None:
    assert rules_of(open_document(source.encode())) is None
