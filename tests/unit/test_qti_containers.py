"""QTI's containers, records and random choices."""

import pytest

from itembank.core.qti.faults import ScoringFault, ScoringLimit
from itembank.core.variables import BaseType, Cardinality
from tests.factories_qti import NULL, bag, base, faults, flt, name, num, op, row_of, txt, var, variable, worth

ABC = row_of(name("A"), name("B"), name("C"))


@pytest.mark.parametrize(
    ("xml", "result"),
    [
        (bag(num(1), NULL, bag(num(2), num(1))), ["1", "2", "1"]),
        (row_of(num(2), row_of(num(1))), ["2", "1"]),
        (bag(num(1), flt("0.5")), ["1", "0.5"]),
        (bag(), None),
        (bag(NULL), None),
        (op("containerSize", ABC), "3"),
        (op("containerSize", NULL), "0"),
        (op("index", ABC, n=1), "A"),
        (op("index", ABC, n=3), "C"),
        (op("index", ABC, n=4), None),
        (op("index", ABC, n=0), None),
        (op("member", name("B"), ABC), "true"),
        (op("member", name("D"), ABC), "false"),
        (op("member", flt("2.0"), bag(num(1), num(2))), "true"),
        (op("member", base("pair", "B A"), bag(base("pair", "A B"))), "true"),
        (op("member", name("A"), name("A")), "true"),
        (op("delete", name("B"), ABC), ["A", "C"]),
        (op("delete", name("A"), bag(name("A"), name("A"))), None),
        (op("delete", name("X"), ABC), ["A", "B", "C"]),
        (op("contains", ABC, row_of(name("B"), name("C"))), "true"),
        (op("contains", ABC, row_of(name("A"), name("C"))), "false"),
        (op("contains", ABC, row_of(name("B"), name("A"))), "false"),
        (op("contains", bag(name("A"), name("B"), name("C")), bag(name("C"), name("A"))), "true"),
        (op("contains", bag(name("A"), name("B")), bag(name("A"), name("A"))), "false"),
        (op("repeat", num(1), num(2), number_repeats=2), ["1", "2", "1", "2"]),
        (op("repeat", num(1), NULL, number_repeats=2), ["1", "1"]),
        (op("repeat", num(1), number_repeats=0), None),
    ],
)
def test_containers_are_made_and_searched(xml, result):
    assert worth(xml) == result


def test_an_index_may_stand_in_a_variable():
    assert worth(op("index", ABC, n="N"), N=variable(BaseType.INTEGER, "2", role="template")) == "B"


def test_a_container_holds_one_base_type():
    with pytest.raises(ScoringFault):
        worth(bag(num(1), txt("a")))


def test_a_repeated_choice_draws_anew_each_time():
    drawn = worth(op("repeat", op("randomInteger", min=1, max=1000), number_repeats=50))
    assert len(drawn) == 50
    assert len(set(drawn)) > 40


def test_lists_have_a_limit():
    with pytest.raises(ScoringLimit):
        worth(op("repeat", num(1), number_repeats=10_001))
    with pytest.raises(ScoringLimit):
        worth(op("repeat", op("repeat", num(1), number_repeats=1000), number_repeats=1000))


def test_the_same_seed_draws_the_same():
    xml = row_of(op("randomInteger", min=1, max=6), op("randomInteger", min=10, max=20, step=5))
    assert worth(xml, seed=b"7") == worth(xml, seed=b"7")
    drawn = [worth(xml, seed=b"%d" % seed) for seed in range(200)]
    assert {one[0] for one in drawn} == set("123456")
    assert {one[1] for one in drawn} == {"10", "15", "20"}


def test_a_random_float_lies_between_its_bounds():
    drawn = [float(worth(op("randomFloat", min="1.5", max="2.5"), seed=b"%d" % seed)) for seed in range(100)]
    assert min(drawn) >= 1.5
    assert max(drawn) <= 2.5
    assert len(set(drawn)) == 100


def test_one_of_a_container_is_drawn():
    drawn = {worth(op("random", bag(name("A"), name("B"))), seed=b"%d" % seed) for seed in range(50)}
    assert drawn == {"A", "B"}


def test_bounds_of_chance_must_be_in_order():
    with pytest.raises(ScoringFault):
        worth(op("randomInteger", min=2, max=1))
    assert faults(op("randomInteger", min=2)) == ["missing-attribute"]


def test_a_typed_number_becomes_a_record():
    record = variable(BaseType.STRING, "-1.20e2", cardinality=Cardinality.RECORD)
    fields = {
        "stringValue": "-1.20e2",
        "floatValue": "-120",
        "integerValue": None,
        "leftDigits": "1",
        "rightDigits": "2",
        "ndp": "0",
        "nsf": "3",
        "exponent": "2",
        "other": None,
    }
    found = {field: worth(op("fieldValue", var("R"), field_identifier=field), R=record) for field in fields}
    assert found == fields


def test_a_typed_whole_number_has_an_integer_value_and_other_text_only_itself():
    whole = variable(BaseType.STRING, "042", cardinality=Cardinality.RECORD)
    words = variable(BaseType.STRING, "many", cardinality=Cardinality.RECORD)
    assert worth(op("fieldValue", var("R"), field_identifier="integerValue"), R=whole) == "42"
    assert worth(op("fieldValue", var("R"), field_identifier="nsf"), R=whole) == "2"
    assert worth(var("R"), R=words) == {"stringValue": "many"}


def test_a_record_cannot_stand_in_a_container():
    record = variable(BaseType.STRING, "1", cardinality=Cardinality.RECORD)
    with pytest.raises(ScoringFault):
        worth(bag(var("R")), R=record)
    assert worth(op("match", var("R"), var("R")), R=record) == "true"
    assert worth(op("match", var("R"), txt("1")), R=record) == "false"
