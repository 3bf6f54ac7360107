"""QTI's arithmetic: exact, with integers that stay integers."""

import math
from fractions import Fraction

import pytest

from itembank.core.qti.exact import (
    number_text,
    power,
    read_float,
    read_integer,
    rounded,
    rounded_to_figures,
    rounded_to_places,
    square_root,
)
from itembank.core.qti.faults import ScoringFault
from itembank.core.qti.functions import compute
from itembank.core.variables import BaseType
from tests.factories_qti import bag, faults, flt, name, num, op, txt, variable, worth


@pytest.mark.parametrize(
    ("xml", "result"),
    [
        (op("sum", num(1), num(2), bag(num(3), num(4))), "10"),
        (op("sum", flt("0.1"), flt("0.2")), "0.3"),
        (op("product", num(2), flt("1.5")), "3"),
        (op("product", bag(num(2), num(3)), num(4)), "24"),
        (op("max", num(3), bag(num(9), num(4))), "9"),
        (op("min", flt("3.5"), num(4)), "3.5"),
        (op("subtract", num(1), flt("0.9")), "0.1"),
        (op("divide", num(1), num(3)), "0.33333333333333333"),
        (op("divide", num(1), num(0)), None),
        (op("product", op("divide", num(1), num(3)), num(3)), "1"),
        (op("power", num(2), num(10)), "1024"),
        (op("power", num(2), num(-2)), "0.25"),
        (op("power", num(0), num(-1)), None),
        (op("power", num(-8), flt("0.5")), None),
        (op("power", num(10), num(400)), None),
        (op("integerDivide", num(7), num(2)), "3"),
        (op("integerDivide", num(-7), num(2)), "-4"),
        (op("integerDivide", num(7), num(0)), None),
        (op("integerModulus", num(7), num(3)), "1"),
        (op("integerModulus", num(-7), num(3)), "2"),
        (op("integerModulus", num(7), num(0)), None),
        (op("truncate", flt("6.9")), "6"),
        (op("truncate", flt("-6.9")), "-6"),
        (op("round", flt("6.5")), "7"),
        (op("round", flt("-6.5")), "-6"),
        (op("round", flt("6.49")), "6"),
        (op("integerToFloat", num(3)), "3"),
        (op("gcd", num(12), bag(num(18), num(30))), "6"),
        (op("gcd", num(0), num(0)), "0"),
        (op("lcm", num(4), num(6)), "12"),
        (op("lcm", num(0), num(6)), "0"),
        (op("roundTo", flt("1234.567"), rounding_mode="decimalPlaces", figures=2), "1234.57"),
        (op("roundTo", flt("-0.125"), rounding_mode="decimalPlaces", figures=2), "-0.13"),
        (op("roundTo", flt("1234.567"), rounding_mode="significantFigures", figures=2), "1200"),
        (op("roundTo", flt("0.0012345"), figures=3), "0.00123"),
        (op("roundTo", flt("9.99"), figures=2), "10"),
        (op("roundTo", flt("9.99"), figures=0), None),
        (op("sum", txt("no number"), num(1)), None),
    ],
)
def test_numbers_are_computed_exactly(xml, result):
    assert worth(xml) == result


@pytest.mark.parametrize(
    ("statistic", "values", "result"),
    [
        ("mean", (1, 2, 3, 4), "2.5"),
        ("popVariance", (2, 4, 4, 4, 5, 5, 7, 9), "4"),
        ("popSD", (2, 4, 4, 4, 5, 5, 7, 9), "2"),
        ("sampleVariance", (1, 2, 3), "1"),
        ("sampleSD", (1, 2, 3), "1"),
        ("sampleVariance", (1,), None),
        ("sampleSD", (1,), None),
        ("popSD", (1,), "0"),
    ],
)
def test_statistics_of_a_container(statistic, values, result):
    assert worth(op("statsOperator", bag(*(num(one) for one in values)), name=statistic)) == result


@pytest.mark.parametrize(
    ("function", "arguments", "result"),
    [
        ("abs", (-3,), "3"),
        ("signum", ("-0.5",), "-1"),
        ("floor", ("-1.5",), "-2"),
        ("ceil", ("-1.5",), "-1"),
        ("log", (1000,), "3"),
        ("ln", (1,), "0"),
        ("ln", (0,), None),
        ("exp", (0,), "1"),
        ("asin", (2,), None),
        ("acos", (1,), "0"),
        ("sinh", (0,), "0"),
        ("cosh", (0,), "1"),
        ("sech", (0,), "1"),
        ("atan2", (0, 1), "0"),
        ("asec", (0,), None),
        ("csc", (0,), None),
    ],
)
def test_functions_have_their_domains(function, arguments, result):
    assert worth(op("mathOperator", *(flt(one) for one in arguments), name=function)) == result


def test_trigonometry_is_exact_where_pi_is():
    pi = op("mathConstant", name="pi")
    assert worth(op("mathOperator", pi, name="sin")) == "0"
    assert worth(op("mathOperator", pi, name="cos")) == "-1"
    assert worth(op("mathOperator", op("divide", pi, num(2)), name="tan")) is None
    assert worth(op("mathOperator", op("divide", pi, num(6)), name="sin")) == "0.5"
    assert worth(op("mathOperator", pi, name="toDegrees")) == "180"
    assert worth(op("mathOperator", num(180), name="toRadians")) == worth(pi)
    assert worth(op("mathOperator", op("mathConstant", name="e"), name="ln")) == "1"


@pytest.mark.parametrize("function", ["sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "exp"])
def test_functions_agree_with_the_binary_ones(function):
    for hundredth in range(-99, 100, 9):
        number = Fraction(hundredth, 100)
        ours, binary = compute(function, (number,)), getattr(math, function)(float(number))
        assert math.isclose(float(ours), binary, rel_tol=1e-13, abs_tol=1e-15)


def test_reciprocal_functions_agree_with_what_they_are_the_reciprocals_of():
    half = (Fraction(1, 2),)
    for function, of in (("sec", "cos"), ("csc", "sin"), ("cot", "tan"), ("sech", "cosh"), ("csch", "sinh")):
        assert math.isclose(float(compute(function, half)) * float(compute(of, half)), 1)
    for function, of in (("asec", "acos"), ("acsc", "asin"), ("acot", "atan")):
        assert math.isclose(compute(function, (Fraction(2),)), compute(of, half))
    assert compute("coth", (Fraction(0),)) is None
    assert compute("acot", (Fraction(-1),)) == -compute("acot", (Fraction(1),))


def test_all_four_quarters_of_the_plane_have_their_angle():
    angles = [compute("atan2", (up, right)) for up, right in ((1, 1), (1, -1), (-1, -1), (-1, 1), (0, -1), (1, 0))]
    wanted = [math.atan2(up, right) for up, right in ((1, 1), (1, -1), (-1, -1), (-1, 1), (0, -1), (1, 0))]
    assert [float(angle) for angle in angles] == pytest.approx(wanted)


def test_a_number_of_figures_may_stand_in_a_variable():
    figures = variable(BaseType.INTEGER, "1", role="template")
    assert worth(op("roundTo", flt("2.345"), figures="F", rounding_mode="decimalPlaces"), F=figures) == "2.3"
    assert worth(op("roundTo", flt("2.345"), figures="{F}", rounding_mode="decimalPlaces"), F=figures) == "2.3"


def test_broken_numbers_have_no_common_divisor():
    with pytest.raises(ScoringFault):
        worth(op("gcd", flt("1.5"), num(3)))


def test_a_function_needs_its_name():
    assert faults(op("mathOperator", num(1), name="sine")) == ["wrong-attribute"]
    with pytest.raises(ScoringFault):
        worth(op("mathOperator", num(1), name="atan2"))
    with pytest.raises(ScoringFault):
        worth(op("sum", op("baseValue", "A B", base_type="pair")))
    assert worth(op("sum", name("3"))) == "3"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", Fraction(12)),
        (" -1.50 ", Fraction(-3, 2)),
        (".5", Fraction(1, 2)),
        ("5.", Fraction(5)),
        ("1e3", Fraction(1000)),
        ("1.2E-2", Fraction(3, 250)),
        ("\u22123", Fraction(-3)),
        ("\uff11\uff12", Fraction(12)),
        ("0e9999", Fraction(0)),
        ("1e400", None),
        ("1e9999", None),
        ("1e-9999", Fraction(0)),
        ("1e-400", Fraction(0)),
        ("NaN", None),
        ("INF", None),
        ("-INF", None),
        ("1,5", None),
        ("1 000", None),
        ("", None),
        (".", None),
        ("1_0", None),
        ("0x10", None),
        ("9" * 500, None),
    ],
)
def test_floats_are_read_as_xml_schema_writes_them(text, number):
    assert read_float(text) == number


def test_integers_are_whole_numbers():
    assert [read_integer(text) for text in ("7", "+7", "7.0", "7.5", "x")] == [7, 7, 7, None, None]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (3, "3"),
        (Fraction(3), "3"),
        (Fraction(-1, 8), "-0.125"),
        (Fraction(1, 1000), "0.001"),
        (Fraction(2, 3), "0.66666666666666667"),
        (Fraction(-1, 3), "-0.33333333333333333"),
        (Fraction(1, 3 * 10**30), "3.3333333333333333E-31"),
        (Fraction(10**70), "1E+70"),
        (Fraction(0), "0"),
    ],
)
def test_numbers_are_written_as_value_text(number, text):
    assert number_text(number) == text
    assert float(read_float(text)) == float(number)


def test_roundings_keep_their_promises():
    assert [rounded(Fraction(one, 2)) for one in (-3, -1, 1, 3)] == [-1, 0, 1, 2]
    assert rounded_to_places(Fraction(5, 1000), 2) == Fraction(1, 100)
    assert rounded_to_figures(Fraction(99995), 4) == 100_000
    assert rounded_to_figures(Fraction(0), 3) == 0


def test_roots_and_powers_are_exact_where_they_can_be():
    assert square_root(Fraction(9, 16)) == Fraction(3, 4)
    assert abs(square_root(Fraction(2)) ** 2 - 2) < Fraction(1, 10**30)
    assert power(Fraction(4), Fraction(1, 2)) == 2
    assert power(Fraction(-2), Fraction(3)) == -8
    assert power(Fraction(0), Fraction(0)) == 1
    assert power(Fraction(1, 2), Fraction(10**6)) == 0
    assert power(Fraction(-3), Fraction(10**5)) is None
