"""Scoring of one item by its key."""

from decimal import Decimal
from fractions import Fraction

import pytest

from itembank.core.keys import ItemKey, MatchCorrect, MatchNumber, MatchText, QtiProgram, ResponseKey
from itembank.core.scoring import ItemOutcome, Scorer, read_number, score_item
from itembank.core.variables import BaseType, Cardinality, ResponseDeclaration
from itembank.formats.qti.item import parse_scoring


def earned(rule, *values, cardinality=Cardinality.SINGLE):
    declaration = ResponseDeclaration(identifier="R", cardinality=cardinality, base_type=BaseType.STRING)
    key = ItemKey(responses=(ResponseKey(identifier="R", rule=rule),))
    return score_item(Scorer(key=key, declarations=(declaration,)), {"R": values}).earned


def test_a_single_choice_is_right_or_wrong():
    rule = MatchCorrect(correct=("B",))
    assert [earned(rule, "B"), earned(rule, "A"), earned(rule), earned(rule, "A", "B")] == [1, 0, 0, 0]


def test_a_multiple_choice_needs_all_and_only_the_right_ones_in_any_order():
    rule = MatchCorrect(correct=("A", "C"))
    given = [("A", "C"), ("C", "A"), ("A",), ("A", "B", "C"), ("A", "A")]
    assert [earned(rule, *values, cardinality=Cardinality.MULTIPLE) for values in given] == [1, 1, 0, 0, 0]


def test_an_ordered_response_needs_the_order():
    rule = MatchCorrect(correct=("A", "C"))
    assert earned(rule, "A", "C", cardinality=Cardinality.ORDERED) == 1
    assert earned(rule, "C", "A", cardinality=Cardinality.ORDERED) == 0


@pytest.mark.parametrize("typed", ["TCP", "tcp", "  tcp ", "Tcp"])
def test_text_is_compared_without_case_and_outer_space(typed):
    assert earned(MatchText(accepted=("TCP",)), typed) == 1


def test_text_is_composed_before_it_is_compared():
    assert earned(MatchText(accepted=("한글",)), "\u1112\u1161\u11ab\u1100\u1173\u11af") == 1


def test_case_counts_when_the_author_says_so():
    assert earned(MatchText(accepted=("malloc",), case_sensitive=True), "Malloc") == 0


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("3.14", True),
        ("3.15", True),
        ("3.151", False),
        ("３．１４", True),
        (" 3.14 ", True),
        ("3,14", False),
        ("pi", False),
    ],
)
def test_a_number_is_right_within_its_tolerance(typed, right):
    assert earned(MatchNumber(value=Decimal("3.14"), tolerance=Decimal("0.01")), typed) == right


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1,234.5", "1234.5"),
        ("−5", "-5"),
        ("1e3", "1000"),
        (".5", "0.5"),
        ("12,34", None),
        ("", None),
        ("1e99", None),
        ("9" * 41, None),
        ("NaN", None),
        ("Infinity", None),
        ("0x10", None),
    ],
)
def test_numbers_are_read_as_people_type_them(typed, number):
    assert read_number(typed) == (None if number is None else Decimal(number))


def test_each_response_of_a_composite_item_counts_the_same():
    key = ItemKey(
        responses=(
            ResponseKey(identifier="R1", rule=MatchCorrect(correct=("A",))),
            ResponseKey(identifier="R2", rule=MatchText(accepted=("x",))),
            ResponseKey(identifier="R3", rule=MatchNumber(value=Decimal(2))),
        )
    )
    outcome = score_item(Scorer(key=key, declarations=()), {"R1": ("A",), "R3": ("2.0",), "R9": ("?",)})
    assert (outcome.earned, outcome.correct) == (Fraction(2, 3), False)


def test_an_item_without_key_earns_nothing():
    assert score_item(Scorer(key=ItemKey(), declarations=()), {}).earned == 0


@pytest.mark.parametrize("most", [Fraction(0), Fraction(-2)])
def test_a_program_without_a_highest_score_above_nothing_waits_for_a_person(most):
    read = parse_scoring(b'<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="x"/>')
    program = QtiProgram(source="", max_score=most)
    outcome = score_item(Scorer(key=ItemKey(program=program), declarations=(), program=read.item), {"R": ("1",)})
    assert outcome == ItemOutcome(earned=Fraction(0), correct=False, awaits_person=True)
