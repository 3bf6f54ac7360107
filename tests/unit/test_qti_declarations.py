"""Declarations of QTI variables: defaults, mappings, areas, tables, and what is given for them."""

import pytest

from itembank.core.qti.declarations import Declaration, VariableKind
from itembank.core.qti.responses import bind, told
from itembank.core.variables import BaseType, Cardinality
from itembank.formats.qti.item import parse_scoring
from tests.factories_qti import SCORE, item, num, op, outcomes, responding


def response(*inner, kind="identifier", cardinality="single", identifier="RESPONSE"):
    return op("responseDeclaration", *inner, identifier=identifier, base_type=kind, cardinality=cardinality)


def entry(key, mapped, **more):
    return op("mapEntry", map_key=key, mapped_value=mapped, **more)


def mapped(mapping, *given, **declared):
    scored = op("setOutcomeValue", op("mapResponse", identifier="RESPONSE"), identifier="SCORE")
    payload = responding(scored, declared=response(mapping, **declared) + SCORE)
    return outcomes(payload, RESPONSE=given)["SCORE"]


ABCD = op("mapping", entry("A", 0), entry("B", 1), entry("C", "0.5"), entry("D", 0), default_value="-1")


@pytest.mark.parametrize(
    ("given", "score"), [(["C"], "0.5"), (["B", "C"], "1.5"), (["B", "B", "C"], "1.5"), (["X"], "-1"), ([], "-1")]
)
def test_a_mapping_sums_over_the_different_values(given, score):
    assert mapped(ABCD, *given, cardinality="multiple") == score


def test_a_mapping_of_one_value_gives_its_number_or_the_default():
    assert [mapped(ABCD, *given) for given in (["B"], ["X"], [])] == ["1", "-1", "-1"]


def test_a_mapping_has_bounds():
    bounded = op("mapping", entry("A", 5), entry("B", -5), lower_bound="-1", upper_bound="2")
    assert [mapped(bounded, one) for one in "ABX"] == ["2", "-1", "0"]


def test_a_mapping_folds_case_only_when_told():
    folding = op("mapping", entry("York", 1, case_sensitive="false"), entry("PARIS", 2))
    given = ["YORK", "york", "paris", "PARIS"]
    assert [mapped(folding, one, kind="string") for one in given] == ["1", "1", "0", "2"]


def test_an_entry_for_the_empty_text_is_the_one_for_no_response():
    assert mapped(op("mapping", entry("", "0.25"), entry("a", 1), default_value="-1"), kind="string") == "0.25"


def test_pairs_are_mapped_without_order_and_numbers_by_value():
    assert mapped(op("mapping", entry("A B", 1)), "B A", kind="pair") == "1"
    assert mapped(op("mapping", entry("A B", 1)), "B A", kind="directedPair") == "0"
    assert mapped(op("mapping", entry("1.50", 1)), "1.5", kind="float") == "1"


AREAS = op(
    "areaMapping",
    op("areaMapEntry", shape="circle", coords="10,10,5", mapped_value="1"),
    op("areaMapEntry", shape="rect", coords="8,8,30,30", mapped_value="2"),
    default_value="-0.5",
)


@pytest.mark.parametrize(
    ("given", "score"),
    [
        (["10 10"], "1"),
        (["20 20"], "2"),
        (["10 10", "11 11"], "1"),
        (["10 10", "20 20"], "3"),
        (["99 99"], "-0.5"),
        (["99 99", "88 88", "10 10"], "0"),
        ([], "-0.5"),
    ],
)
def test_each_area_counts_once_and_the_first_that_holds_a_point(given, score):
    scored = op("setOutcomeValue", op("mapResponsePoint", identifier="RESPONSE"), identifier="SCORE")
    declared = response(AREAS, kind="point", cardinality="multiple") + SCORE
    assert outcomes(responding(scored, declared=declared), RESPONSE=tuple(given))["SCORE"] == score


def looked_up(table, number):
    declared = op("outcomeDeclaration", table, identifier="GRADE", base_type="identifier", cardinality="single")
    return outcomes(responding(op("lookupOutcomeValue", num(number), identifier="GRADE"), declared=declared))["GRADE"]


def line(kind, source, target, **more):
    return op(f"{kind}TableEntry", source_value=source, target_value=target, **more)


def test_a_match_table_needs_the_number_itself():
    table = op("matchTable", line("match", 1, "one"), line("match", 2, "two"), default_value="other")
    assert [looked_up(table, number) for number in (1, 2, 3)] == ["one", "two", "other"]


def test_an_interpolation_table_gives_the_first_range_that_is_reached():
    table = op(
        "interpolationTable",
        line("interpolation", 10, "high", include_boundary="false"),
        line("interpolation", "5.0", "middle"),
    )
    assert [looked_up(table, number) for number in (11, 10, 5, 4)] == ["high", "middle", "middle", None]


@pytest.mark.parametrize(
    ("kind", "cardinality", "initial"),
    [("float", "single", "0"), ("integer", "single", "0"), ("string", "single", None), ("float", "multiple", None)],
)
def test_a_number_that_is_an_outcome_starts_at_0_and_everything_else_at_null(kind, cardinality, initial):
    declared = op("outcomeDeclaration", identifier="O", base_type=kind, cardinality=cardinality)
    assert outcomes(responding(declared=declared))["O"] == initial


@pytest.mark.parametrize(
    ("kind", "cardinality", "given", "value", "noted"),
    [
        (BaseType.IDENTIFIER, Cardinality.SINGLE, " A ", "A", False),
        (BaseType.STRING, Cardinality.SINGLE, " A ", " A ", False),
        (BaseType.STRING, Cardinality.SINGLE, "", None, False),
        (BaseType.INTEGER, Cardinality.SINGLE, ("7",), "7", False),
        (BaseType.INTEGER, Cardinality.SINGLE, "7.5", None, True),
        (BaseType.FLOAT, Cardinality.SINGLE, "3,14", None, True),
        (BaseType.BOOLEAN, Cardinality.SINGLE, "True", "true", False),
        (BaseType.BOOLEAN, Cardinality.SINGLE, "yes", None, True),
        (BaseType.PAIR, Cardinality.SINGLE, "A  B", "A B", False),
        (BaseType.PAIR, Cardinality.SINGLE, "A", None, True),
        (BaseType.POINT, Cardinality.SINGLE, "10.6 20", "10 20", False),
        (BaseType.POINT, Cardinality.SINGLE, "10", None, True),
        (BaseType.DURATION, Cardinality.SINGLE, "12.5", "12.5", False),
        (BaseType.IDENTIFIER, Cardinality.MULTIPLE, ("A", "B"), ["A", "B"], False),
        (BaseType.IDENTIFIER, Cardinality.MULTIPLE, (), None, False),
        (BaseType.IDENTIFIER, Cardinality.SINGLE, ("A", "B"), ["A", "B"], True),
        (BaseType.IDENTIFIER, Cardinality.SINGLE, None, None, False),
        (BaseType.FILE, Cardinality.SINGLE, "essay.pdf", "essay.pdf", False),
        (None, Cardinality.RECORD, {"a": "1", "b": ""}, {"a": "1"}, False),
    ],
)
def test_given_text_becomes_a_value(kind, cardinality, given, value, noted):
    declaration = Declaration(kind=VariableKind.RESPONSE, identifier="R", base_type=kind, cardinality=cardinality)
    bound = bind(declaration, given)
    assert told(bound.value) == value
    assert bool(bound.note) == noted


@pytest.mark.parametrize(
    ("declared", "code"),
    [
        (response(kind="number"), "wrong-base-type"),
        (response(cardinality="many"), "wrong-cardinality"),
        (response() + response(), "wrong-identifier"),
        (response(identifier=""), "wrong-identifier"),
        (response(op("correctResponse", op("value", "x")), kind="integer"), "wrong-value"),
        (response(op("correctResponse", op("val", "x"))), "unknown-element"),
        (response(op("mapping", entry("A", "much"))), "wrong-value"),
        (response(op("mapping", entry("x", 1)), kind="integer"), "wrong-value"),
        (response(op("mapping", entry("A", 1), default_value="none")), "wrong-value"),
        (response(op("areaMapping", op("areaMapEntry", shape="oval", coords="1", mapped_value=1))), "wrong-area"),
    ],
)
def test_a_declaration_that_cannot_be_read_is_a_problem(declared, code):
    assert [one.code for one in parse_scoring(item(declared)).problems] == [code]


def test_odd_values_are_warnings():
    several = response(op("correctResponse", op("value", "A"), op("value", "B")))
    empty = response(op("correctResponse", op("value", "")), identifier="OTHER")
    parsed = parse_scoring(item(several, empty))
    assert [one.code for one in parsed.warnings] == ["several-values", "empty-value"]
    assert parsed.problems == ()


def test_records_have_fields_with_types_of_their_own():
    fields = op("value", "3", field_identifier="n", base_type="integer") + op(
        "value", "x", field_identifier="s", base_type="string"
    )
    declared = op("outcomeDeclaration", op("defaultValue", fields), identifier="R", cardinality="record")
    assert outcomes(responding(declared=declared))["R"] == {"n": "3", "s": "x"}
