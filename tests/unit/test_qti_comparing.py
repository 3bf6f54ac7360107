"""Comparisons of QTI: values, numbers with tolerances, rounded numbers, durations and areas."""

import pytest

from itembank.core.qti.faults import ScoringFault
from itembank.core.variables import BaseType, Cardinality
from tests.factories_qti import bag, base, faults, flt, name, num, op, row_of, txt, variable, worth


@pytest.mark.parametrize(
    ("left", "right", "result"),
    [
        (num(1), num(1), "true"),
        (num(1), flt("1.0"), "true"),
        (flt("0.3"), op("sum", flt("0.1"), flt("0.2")), "true"),
        (name("A"), name("B"), "false"),
        (name("A"), txt("A"), "true"),
        (txt("a"), txt("A"), "false"),
        (txt("e\u0301"), txt("\u00e9"), "true"),
        (base("pair", "A B"), base("pair", "B A"), "true"),
        (base("directedPair", "A B"), base("directedPair", "B A"), "false"),
        (base("point", "1 2"), base("point", "1 2"), "true"),
        (base("boolean", "true"), base("boolean", "1"), "true"),
        (base("boolean", "true"), num(1), "false"),
        (bag(name("A"), name("B")), bag(name("B"), name("A")), "true"),
        (bag(name("A"), name("A")), bag(name("A")), "false"),
        (bag(name("A"), name("A"), name("B")), bag(name("A"), name("B"), name("B")), "false"),
        (row_of(name("A"), name("B")), row_of(name("B"), name("A")), "false"),
        (row_of(name("A"), name("B")), row_of(name("A"), name("B")), "true"),
        (txt("3"), num(3), "true"),
        (txt("three"), num(3), "false"),
    ],
)
def test_values_match(left, right, result):
    assert worth(op("match", left, right)) == result


@pytest.mark.parametrize(
    ("operator", "results"),
    [
        ("gt", ["false", "false", "true"]),
        ("gte", ["false", "true", "true"]),
        ("lt", ["true", "false", "false"]),
        ("lte", ["true", "true", "false"]),
    ],
)
def test_numbers_are_ordered(operator, results):
    assert [worth(op(operator, flt(left), num(2))) for left in ("1.999", "2.0", "2.001")] == results


def test_durations_are_ordered():
    seconds = [base("duration", one) for one in ("1.5", "2")]
    assert worth(op("durationLT", *seconds)) == "true"
    assert worth(op("durationGTE", *seconds)) == "false"


@pytest.mark.parametrize(
    ("left", "right", "attributes", "result"),
    [
        ("10", "10.0", {}, "true"),
        ("0.63", "0.6300", {"tolerance_mode": "exact"}, "true"),
        ("10", "10.5", {"tolerance_mode": "absolute", "tolerance": "0.5"}, "true"),
        ("10", "10.51", {"tolerance_mode": "absolute", "tolerance": "0.5"}, "false"),
        ("10", "9.5", {"tolerance_mode": "absolute", "tolerance": "0.5", "include_lower_bound": "false"}, "false"),
        ("10", "10.5", {"tolerance_mode": "absolute", "tolerance": "0.5", "include_upper_bound": "false"}, "false"),
        ("10", "9.8", {"tolerance_mode": "absolute", "tolerance": "0.1 2"}, "false"),
        ("10", "11.9", {"tolerance_mode": "absolute", "tolerance": "0.1 2"}, "true"),
        ("200", "210", {"tolerance_mode": "relative", "tolerance": "5"}, "true"),
        ("200", "211", {"tolerance_mode": "relative", "tolerance": "5"}, "false"),
        ("-200", "-210", {"tolerance_mode": "relative", "tolerance": "5"}, "true"),
        ("-200", "-190", {"tolerance_mode": "relative", "tolerance": "5"}, "true"),
    ],
)
def test_numbers_are_equal_within_a_tolerance(left, right, attributes, result):
    assert worth(op("equal", flt(left), flt(right), **attributes)) == result


def test_a_tolerance_may_stand_in_a_variable():
    tolerance = variable(BaseType.FLOAT, "0.5", role="template")
    xml = op("equal", flt(10), flt("10.4"), tolerance_mode="absolute", tolerance="T")
    assert worth(xml, T=tolerance) == "true"


def test_typed_text_that_is_no_number_is_null_where_a_number_is_compared():
    assert worth(op("equal", txt("100cm"), num(100))) is None
    assert worth(op("equal", txt("100"), num(100))) == "true"


def test_a_boolean_is_no_number():
    with pytest.raises(ScoringFault):
        worth(op("gt", base("boolean", "true"), num(0)))


@pytest.mark.parametrize(
    ("left", "right", "mode", "figures", "result"),
    [
        ("3.175", "3.183", "significantFigures", 3, "true"),
        ("3.175", "3.1749", "significantFigures", 3, "false"),
        ("1.68572", "1.69", "significantFigures", 3, "true"),
        ("1.68572", "1.68432", "significantFigures", 3, "false"),
        ("1.0049", "1.0", "decimalPlaces", 2, "true"),
        ("1.005", "1.0", "decimalPlaces", 2, "false"),
        ("0", "0.0", "significantFigures", 2, "true"),
    ],
)
def test_numbers_are_equal_when_rounded(left, right, mode, figures, result):
    assert worth(op("equalRounded", flt(left), flt(right), rounding_mode=mode, figures=figures)) == result


@pytest.mark.parametrize(
    ("shape", "coords", "inside", "outside"),
    [
        ("rect", "10,10,20,20", ["10 10", "20 20", "15 12"], ["9 10", "21 15", "15 21"]),
        ("circle", "10,10,5", ["10 10", "13 14", "15 10"], ["14 14", "16 10"]),
        ("ellipse", "10,10,5,2", ["15 10", "10 12", "12 11"], ["10 13", "15 11"]),
        ("poly", "0,0,10,0,10,10,0,10", ["5 5", "0 0", "10 5", "5 10"], ["11 5", "-1 -1"]),
        ("poly", "0,0,10,0,10,10,5,5,0,10,0,0", ["1 8", "9 8", "5 5", "5 2"], ["5 8", "5 6"]),
        ("default", "", ["0 0", "999 999"], []),
    ],
)
def test_points_lie_inside_areas(shape, coords, inside, outside):
    def lies(point):
        return worth(op("inside", base("point", point), shape=shape, coords=coords))

    assert [lies(point) for point in inside] == ["true"] * len(inside)
    assert [lies(point) for point in outside] == ["false"] * len(outside)


def test_one_point_of_a_container_inside_is_enough():
    several = variable(BaseType.POINT, "99 99", "5 5", cardinality=Cardinality.MULTIPLE)
    xml = op("inside", op("variable", identifier="P"), shape="rect", coords="0,0,10,10")
    assert worth(xml, P=several) == "true"


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (op("equal", num(1), num(1), tolerance_mode="absolute"), "missing-attribute"),
        (op("equal", num(1), num(1), tolerance_mode="near", tolerance="1"), "wrong-attribute"),
        (op("equal", num(1), num(1), tolerance_mode="absolute", tolerance="x"), "wrong-attribute"),
        (op("equal", num(1)), "wrong-operands"),
        (op("equalRounded", num(1), num(1)), "missing-attribute"),
        (op("inside", base("point", "1 1"), shape="star", coords="1"), "wrong-attribute"),
        (op("inside", base("point", "1 1"), shape="circle", coords="1,2"), "wrong-area"),
        (op("inside", base("point", "1 1"), shape="rect", coords="10%,2,3,4"), "wrong-area"),
        (num("three"), "wrong-value"),
        (base("number", 3), "wrong-attribute"),
        (op("variable", identifier="NOWHERE"), "unknown-variable"),
        (op("mapResponse", identifier="NOWHERE"), "unknown-variable"),
        (op("guess"), "unknown-expression"),
        (op("customOperator", num(1)), "custom-operator"),
    ],
)
def test_what_cannot_be_computed_is_said_beforehand(xml, code):
    assert code in faults(xml)
