"""QTI's three-valued logic, and NULL wherever it enters an expression."""

import pytest

from itembank.core.qti.expressions import OPERATORS
from tests.factories_qti import NULL, bag, flt, name, num, op, row_of, txt, worth, yes

TRUTHS = {True: "true", False: "false", None: None}


@pytest.mark.parametrize(
    ("operator", "operands", "result"),
    [
        ("and", (True, True), True),
        ("and", (True, None), None),
        ("and", (False, None), False),
        ("and", (True, False), False),
        ("or", (False, False), False),
        ("or", (False, None), None),
        ("or", (True, None), True),
        ("or", (False, True), True),
        ("not", (True,), False),
        ("not", (False,), True),
        ("not", (None,), None),
    ],
)
def test_truths_are_joined_with_three_values(operator, operands, result):
    assert worth(op(operator, *(yes(one) for one in operands))) == TRUTHS[result]


@pytest.mark.parametrize(
    ("least", "most", "operands", "result"),
    [
        (1, 2, (True, False, False), True),
        (2, 3, (True, False, False), False),
        (0, 1, (True, True, False), False),
        (1, 2, (True, None, False), True),
        (2, 3, (True, None, False), None),
        (1, 1, (True, None), None),
        (1, 1, (True, True, None), False),
        (3, 3, (None, False, False), False),
        (0, 0, (False, False), True),
    ],
)
def test_any_n_is_decided_as_soon_as_the_nulls_cannot_change_it(least, most, operands, result):
    assert worth(op("anyN", *(yes(one) for one in operands), min=least, max=most)) == TRUTHS[result]


@pytest.mark.parametrize(
    ("operand", "result"),
    [
        (NULL, "true"),
        (txt(""), "true"),
        (bag(), "true"),
        (row_of(NULL), "true"),
        (num(0), "false"),
        (txt("x"), "false"),
    ],
)
def test_an_empty_text_and_an_empty_container_are_null(operand, result):
    assert worth(op("isNull", operand)) == result


STANDARD = """
and anyN baseValue containerSize contains correct default delete divide durationGTE durationLT equal equalRounded
fieldValue gcd gt gte index inside integerDivide integerModulus integerToFloat isNull lcm lt lte mapResponse
mapResponsePoint match mathConstant mathOperator max member min multiple not null numberCorrect numberIncorrect
numberPresented numberResponded numberSelected or ordered outcomeMaximum outcomeMinimum patternMatch power product
random randomFloat randomInteger repeat round roundTo statsOperator stringMatch substring subtract sum testVariables
truncate variable
"""
STRICT = {
    "match": (num(1), num(1)),
    "gt": (num(1), num(1)),
    "gte": (num(1), num(1)),
    "lt": (num(1), num(1)),
    "lte": (num(1), num(1)),
    "durationLT": (num(1), num(1)),
    "durationGTE": (num(1), num(1)),
    "equal": (num(1), num(1)),
    "sum": (num(1), num(1)),
    "product": (num(1), num(1)),
    "max": (num(1), num(1)),
    "min": (num(1), num(1)),
    "gcd": (num(1), num(1)),
    "lcm": (num(1), num(1)),
    "subtract": (num(1), num(1)),
    "divide": (num(1), num(1)),
    "power": (num(1), num(1)),
    "integerDivide": (num(1), num(1)),
    "integerModulus": (num(1), num(1)),
    "truncate": (flt(1),),
    "round": (flt(1),),
    "integerToFloat": (num(1),),
    "random": (bag(num(1)),),
    "member": (num(1), bag(num(1))),
    "delete": (num(1), bag(num(1), num(2))),
    "contains": (bag(num(1)), bag(num(1))),
    "stringMatch": (txt("a"), txt("a")),
    "substring": (txt("a"), txt("a")),
    "not": (yes(truth=True),),
}
ATTRIBUTES = {
    "equalRounded": ((num(1), num(1)), {"figures": 1}),
    "roundTo": ((num(1),), {"figures": 1}),
    "inside": ((op("baseValue", "1 1", base_type="point"),), {"shape": "default"}),
    "index": ((row_of(num(1)),), {"n": 1}),
    "patternMatch": ((txt("a"),), {"pattern": "a"}),
    "statsOperator": ((bag(num(1)),), {"name": "mean"}),
    "mathOperator": ((num(1),), {"name": "abs"}),
    "fieldValue": ((NULL,), {"field_identifier": "x"}),
}
EACH = [(one, place, operands, {}) for one, operands in STRICT.items() for place in range(len(operands))] + [
    (one, place, operands, more) for one, (operands, more) in ATTRIBUTES.items() for place in range(len(operands))
]


@pytest.mark.parametrize(("operator", "place", "operands", "attributes"), EACH)
def test_an_operand_that_is_null_makes_the_result_null(operator, place, operands, attributes):
    with_null = [NULL if here == place else one for here, one in enumerate(operands)]
    assert worth(op(operator, *with_null, **attributes)) is None
    if operator != "fieldValue":
        assert worth(op(operator, *operands, **attributes)) is not None


def test_every_strict_operator_is_in_this_table():
    tested = {_dashed(one) for one in [*STRICT, *ATTRIBUTES]}
    assert {operator for operator, one in OPERATORS.items() if one.strict} == tested


def test_the_table_holds_every_expression_of_the_standard_but_the_custom_operator():
    assert set(OPERATORS) == {_dashed(one) for one in STANDARD.split()}


def test_identifiers_are_no_truths():
    with pytest.raises(Exception, match="boolean"):
        worth(op("not", name("true")))


def _dashed(operator):
    return (
        "".join(f"-{sign.lower()}" if sign.isupper() else sign for sign in operator)
        .replace("l-t", "lt")
        .replace("g-t-e", "gte")
    )
