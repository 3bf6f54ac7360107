"""Outcome processing of QTI tests: sums over items, weights, categories, sections and counts."""

from dataclasses import replace
from fractions import Fraction

import pytest

from itembank.core.qti.outcomes import score_test
from itembank.core.qti.responses import told
from itembank.core.qti.values import Value
from itembank.core.variables import BaseType, Cardinality
from itembank.formats.qti.whole_test import parse_test
from tests.factories_qti import flt, num, op, var

SCORED = {"A": "1", "B": "2", "C": None}


def declare(identifier, kind="float", cardinality="single"):
    return op("outcomeDeclaration", identifier=identifier, base_type=kind, cardinality=cardinality)


def ref(identifier, category="", weight=None):
    weighed = "" if weight is None else op("weight", identifier="W", value=weight)
    return op("assessmentItemRef", weighed, identifier=identifier, href="x.xml", category=category)


SECTIONS = op(
    "testPart",
    op(
        "assessmentSection",
        ref("A", "easy", "0.5"),
        op("assessmentSection", ref("B", "hard open", "3"), identifier="S2"),
        identifier="S1",
    ),
    op("assessmentSection", ref("C", "hard"), identifier="S3"),
    identifier="P",
)


def whole(*rules, declared=None):
    outcome = declare("TOTAL") if declared is None else declared
    return parse_test(op("assessmentTest", outcome, SECTIONS, op("outcomeProcessing", *rules), identifier="T").encode())


def total(expression, declared=None, **facts):
    parsed = whole(op("setOutcomeValue", expression, identifier="TOTAL"), declared=declared)
    assert parsed.problems == ()
    items = [_with_score(one, SCORED[one.identifier], facts) for one in parsed.test.items]
    return told(score_test(parsed.test, items)["TOTAL"])


def _with_score(item, score, facts):
    value = None
    if score is not None:
        value = Value(cardinality=Cardinality.SINGLE, base_type=BaseType.FLOAT, scalars=(Fraction(score),))
    return replace(item, outcomes={"SCORE": value}, **facts)


def summed(**attributes):
    return op("sum", op("testVariables", variable_identifier="SCORE", **attributes))


@pytest.mark.parametrize(
    ("attributes", "result"),
    [
        ({}, "3"),
        ({"weight_identifier": "W"}, "6.5"),
        ({"include_category": "hard"}, "2"),
        ({"include_category": "easy hard"}, "3"),
        ({"exclude_category": "hard"}, "1"),
        ({"include_category": "hard", "exclude_category": "open"}, None),
        ({"section_identifier": "S1"}, "3"),
        ({"section_identifier": "S2"}, "2"),
        ({"base_type": "float"}, "3"),
        ({"base_type": "integer"}, None),
    ],
)
def test_variables_of_items_are_gathered(attributes, result):
    assert total(summed(**attributes)) == result


def test_one_item_is_asked_by_name_and_weighed():
    assert total(var("A.SCORE")) == "1"
    assert total(op("variable", identifier="B.SCORE", weight_identifier="W")) == "6"
    assert total(op("variable", identifier="B.SCORE", weight_identifier="NONE")) == "2"
    assert total(var("C.SCORE")) is None
    assert total(var("NOBODY.SCORE")) is None


def test_items_are_counted():
    assert total(op("numberSelected")) == "3"
    assert total(op("numberPresented", include_category="hard")) == "2"
    assert total(op("numberResponded", section_identifier="S3")) == "1"
    assert total(op("numberCorrect"), correct=True) == "3"
    assert total(op("numberIncorrect"), correct=False) == "3"
    assert total(op("numberIncorrect"), correct=False, responded=False) == "0"


def test_bounds_of_outcomes_are_gathered():
    bounds = {"maxima": {"SCORE": Fraction(4)}, "minima": {"SCORE": Fraction(-1)}}
    most = op("sum", op("outcomeMaximum", outcome_identifier="SCORE", weight_identifier="W"))
    assert total(most, **bounds) == "18"
    assert total(op("sum", op("outcomeMinimum", outcome_identifier="SCORE")), **bounds) == "-3"
    assert total(most) is None


def test_outcomes_follow_conditions_and_end_at_an_exit():
    passed = op("outcomeIf", op("gte", summed(), num(3)), op("setOutcomeValue", flt(1), identifier="TOTAL"))
    parsed = whole(op("outcomeCondition", passed), "<exitTest/>", op("setOutcomeValue", flt(9), identifier="TOTAL"))
    items = [_with_score(one, SCORED[one.identifier], {}) for one in parsed.test.items]
    assert told(score_test(parsed.test, items)["TOTAL"]) == "1"


def test_only_a_test_asks_for_items():
    parsed = whole(op("setOutcomeValue", var("NOWHERE"), identifier="TOTAL"))
    assert [one.code for one in parsed.problems] == ["unknown-variable"]
