"""The QTI interpreter under fire: exact, the same for the same seed, and no exception but our own."""

import json
import re
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cbt.kernel.errors import CbtError
from itembank.core.qti.exact import number_text, read_float, settled
from itembank.core.qti.expressions import OPERATORS
from itembank.core.qti.faults import PatternRefused
from itembank.core.qti.functions import NAMES, compute
from itembank.core.qti.patterns import matches
from itembank.core.qti.responses import bind, told
from itembank.core.qti.scoring import respond, start
from itembank.formats.qti.given import read_given
from itembank.formats.qti.item import parse_scoring
from itembank.formats.qti.whole_test import parse_test
from itembank.services.qti_scoring import score_document
from tests.factories_qti import bag, flt, num, op, worth, yes

plain = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=6)
decimals = st.decimals(min_value=-(10**6), max_value=10**6, places=4)
IDENTIFIERS = ["RESPONSE", "POINTS", "NUMBER", "SCORE", "FEEDBACK", "N", "numAttempts", "NOWHERE", "ITEM.SCORE", ""]
KINDS = ["identifier", "string", "integer", "float", "boolean", "pair", "directedPair", "point", "duration", "uri", "x"]
TEXTS = ["A", "A B", "1", "-2.5", "true", "0", "10 20", "1e300", "1e-300", "NaN", "", "가", "99999999999999999999"]
ATTRIBUTES = {
    "identifier": st.sampled_from(IDENTIFIERS),
    "base-type": st.sampled_from(KINDS),
    "name": st.sampled_from([*sorted(NAMES), "mean", "popSD", "sampleSD", "pi", "e", "x"]),
    "tolerance-mode": st.sampled_from(["exact", "absolute", "relative"]),
    "tolerance": st.sampled_from(["1", "0.5 2", "N", "", "-1"]),
    "rounding-mode": st.sampled_from(["significantFigures", "decimalPlaces"]),
    "figures": st.sampled_from(["0", "3", "400", "-1", "N", "x"]),
    "pattern": st.sampled_from(["[0-9]+", "(a|b)*", "(", "{N}", r"\p{L}*", "(a*)*"]),
    "shape": st.sampled_from(["rect", "circle", "poly", "default", "star"]),
    "coords": st.sampled_from(["0,0,9,9", "1,1,5", "0,0,5,0,5,5", "", "x"]),
    "field-identifier": st.sampled_from(["floatValue", "x"]),
    **{name: st.sampled_from(["0", "1", "2", "9", "99999", "N", "-3", "1.5"]) for name in ("min", "max", "step", "n")},
    "number-repeats": st.sampled_from(["0", "2", "300", "N", "99999"]),
    "variable-identifier": st.just("SCORE"),
    "outcome-identifier": st.just("SCORE"),
}
LEAVES = ["base-value", "variable", "correct", "default", "map-response", "map-response-point", "null"]


FITTING = {
    "map-response": "RESPONSE",
    "map-response-point": "POINTS",
    "set-outcome-value": "SCORE",
    "set-template-value": "N",
    "set-correct-response": "RESPONSE",
    "lookup-outcome-value": "SCORE",
}
WRITTEN = [
    ("identifier", "A"),
    ("string", "가"),
    ("integer", "-3"),
    ("float", "1e300"),
    ("float", "0.25"),
    ("point", "5 5"),
]
WRITTEN += [("boolean", "true"), ("pair", "A B"), ("directedPair", "B A"), ("duration", "1.5"), ("integer", "2")]
mostly = st.integers(0, 49).map(bool)  # one time in fifty, anything goes


@st.composite
def expressions(draw, depth=4):
    known = sorted(OPERATORS)
    usual = draw(mostly)
    name = draw(st.sampled_from(LEAVES if not depth else known if usual else ["odd"]))
    if name == "base-value" and usual:
        kind, text = draw(st.sampled_from(WRITTEN))
        return f'<qti-base-value base-type="{kind}">{text}</qti-base-value>'
    operator = OPERATORS.get(name)
    count, wanted = draw(st.integers(0, 2)), []
    if operator is not None:
        count = draw(st.integers(operator.least, operator.least + 2 if operator.most is None else operator.most))
        wanted = [one for one in operator.attributes if one in ATTRIBUTES]
    attributes = "".join(f" {one}={quoteattr(draw(_attribute(name, one, usual=usual)))}" for one in wanted)
    inner = "".join(draw(expressions(depth=depth - 1)) for _ in range(count)) if depth else ""
    text = escape(draw(st.sampled_from(TEXTS) | plain)) if name == "base-value" else ""
    return f"<qti-{name}{attributes}>{text}{inner}</qti-{name}>"


def _attribute(name, attribute, *, usual):
    if not usual:
        return ATTRIBUTES[attribute]
    if attribute == "identifier":
        return st.just(FITTING[name]) if name in FITTING else st.sampled_from(IDENTIFIERS[:7])
    narrow = {
        "figures": ["0", "3", "400", "N"],
        "pattern": ["[0-9]+", "(a|b)*", r"\p{L}*"],
        "shape": ["rect", "default"],
        "coords": ["0,0,9,9"],
        "tolerance": ["1", "0.5 2", "N"],
        "number-repeats": ["0", "2", "30", "N"],
        "name": {"stats-operator": ["mean", "popSD", "sampleSD"], "math-constant": ["pi"]}.get(name, sorted(NAMES)),
    }
    return st.sampled_from(narrow[attribute]) if attribute in narrow else ATTRIBUTES[attribute]


@st.composite
def rules(draw, kind="response", depth=2):
    target = draw(
        st.sampled_from(["set-outcome-value"] if kind == "response" else ["set-template-value", "set-correct-response"])
    )
    other = "lookup-outcome-value" if kind == "response" else "template-constraint"
    name = draw(st.sampled_from([target, target, target, "condition", "condition", other, "exit"]))
    if name == "condition" and depth:
        first = draw(expressions()) + draw(rules(kind=kind, depth=depth - 1))
        last = draw(rules(kind=kind, depth=depth - 1))
        inner = f"<qti-{kind}-if>{first}</qti-{kind}-if><qti-{kind}-else>{last}</qti-{kind}-else>"
        return f"<qti-{kind}-condition>{inner}</qti-{kind}-condition>"
    if name in {"condition", "exit"}:
        return f"<qti-exit-{kind}/>"
    identifier = FITTING.get(name, "") if draw(mostly) else draw(st.sampled_from(IDENTIFIERS))
    return f"<qti-{name} identifier={quoteattr(identifier)}>{draw(expressions())}</qti-{name}>"


DECLARED = """
<qti-response-declaration identifier="RESPONSE" base-type="identifier" cardinality="multiple">
<qti-correct-response><qti-value>A</qti-value><qti-value>B</qti-value></qti-correct-response>
<qti-mapping default-value="-1"><qti-map-entry map-key="A" mapped-value="0.1"/></qti-mapping></qti-response-declaration>
<qti-response-declaration identifier="POINTS" base-type="point" cardinality="ordered"><qti-area-mapping>
<qti-area-map-entry shape="circle" coords="5,5,3" mapped-value="2"/></qti-area-mapping></qti-response-declaration>
<qti-response-declaration identifier="NUMBER" cardinality="record"/>
<qti-outcome-declaration identifier="SCORE" base-type="float" cardinality="single"><qti-interpolation-table>
<qti-interpolation-table-entry source-value="1" target-value="2"/></qti-interpolation-table></qti-outcome-declaration>
<qti-outcome-declaration identifier="FEEDBACK" base-type="identifier" cardinality="single"/>
<qti-template-declaration identifier="N" base-type="integer" cardinality="single"/>
"""
items = st.tuples(st.lists(rules(kind="template"), max_size=2), st.lists(rules(), max_size=4)).map(
    lambda both: (
        f'<qti-assessment-item identifier="I">{DECLARED}'
        f"<qti-template-processing>{''.join(both[0])}</qti-template-processing>"
        f"<qti-response-processing>{''.join(both[1])}</qti-response-processing></qti-assessment-item>"
    )
)
responses = st.fixed_dictionaries(
    {},
    optional={
        "RESPONSE": st.lists(st.sampled_from("ABC"), max_size=4),
        "POINTS": st.lists(st.sampled_from(["5 5", "99 9", "x"]), max_size=3),
        "NUMBER": st.sampled_from(["1.50", "-3e2", "many"]),
        "numAttempts": st.sampled_from(["1", "2"]),
        "OTHER": plain,
    },
)


@given(items, responses, st.binary(max_size=4))
def test_any_item_with_any_response_is_scored_or_named_impossible_and_always_alike(payload, given_values, seed):
    asked = json.dumps(given_values).encode()
    report = score_document(payload.encode(), asked, seed=seed)
    assert report == score_document(payload.encode(), asked, seed=seed)
    assert set(report.outcomes) == {"completionStatus", "SCORE", "FEEDBACK"}
    assert (report.scored_by in {"human", "refused"}) <= bool(report.problems)


@given(items, responses, st.booleans())
def test_rules_that_pass_the_check_raise_nothing_but_refusals(payload, given_values, adaptive):
    parsed = parse_scoring(
        payload.replace("<qti-assessment-item", f'<qti-assessment-item adaptive="{adaptive}"').encode()
    )
    known = parsed.item.known()
    values = {name: bind(known[name], text).value for name, text in given_values.items() if name in known}
    try:
        state = start(parsed.item, b"1")
        for _ in range(3):
            state = respond(parsed.item, state, values)
    except CbtError:
        return
    assert all(told(value) != "" for value in state.values.values())


@given(st.binary(max_size=400))
def test_any_bytes_are_answered(payload):
    assert parse_scoring(payload).item is None or not payload.strip().startswith(b"\x00")
    assert parse_test(payload).test is None or parse_test(payload).problems is not None


@given(items, st.data())
def test_a_damaged_document_is_answered(payload, data):
    raw = bytearray(payload.encode())
    for _ in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(0, len(raw) - 1))
        raw[place : place + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=3))
    parsed = parse_scoring(bytes(raw))
    assert parsed.item is not None or parsed.problems


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(json_values.map(json.dumps).map(str.encode) | st.binary(max_size=60))
@example(b"[" * 100_000)
@example(b'{"RESPONSE": "\\ud800"}')
@example(b'{"RESPONSE": NaN, "X": 1e999, "Y": [[]]}')
def test_any_json_is_answered(payload):
    read = read_given(payload)
    assert read.problems or all(isinstance(one, str | tuple | dict | None) for one in read.values.values())


@given(st.lists(decimals, min_size=1, max_size=8))
def test_sums_are_exact_and_free_of_order(numbers):
    wanted = sum(map(Fraction, numbers))
    forwards = worth(op("sum", *(flt(one) for one in numbers)))
    assert forwards == worth(op("sum", bag(*(flt(one) for one in reversed(numbers)))))
    assert Fraction(forwards) == wanted


@given(decimals, decimals.filter(bool))
def test_what_is_divided_comes_back_exactly(left, right):
    back = op("product", op("divide", flt(left), flt(right)), flt(right))
    assert worth(op("equal", back, flt(left))) == "true"


@given(decimals, decimals, st.integers(0, 5))
def test_comparisons_agree_with_exact_decimals(left, right, places):
    assert worth(op("lt", flt(left), flt(right))) == str(left < right).lower()
    assert worth(op("match", flt(left), flt(right))) == str(left == right).lower()
    rounded = worth(op("roundTo", flt(left), rounding_mode="decimalPlaces", figures=places))
    assert abs(Decimal(rounded) - left) <= Decimal(10) ** -places / 2


@given(st.integers(), st.integers().filter(bool))
def test_whole_division_has_its_remainder(left, right):
    left, right = left % 10**9, right % 10**9 or 1
    quotient = worth(op("integerDivide", num(left), num(right)))
    remainder = worth(op("integerModulus", num(left), num(right)))
    assert int(quotient) * right + int(remainder) == left


@given(st.fractions(), st.integers(-400, 400))
def test_every_number_is_written_so_that_it_is_read_again(number, exponent):
    kept = settled(number * Fraction(10) ** exponent)
    if kept is not None:
        again = read_float(number_text(kept))
        assert again is not None
        assert abs(again - kept) <= abs(kept) * Fraction(1, 10**16)


@given(st.sampled_from(sorted(NAMES)), st.fractions() | st.integers(-(10**40), 10**40), st.integers(-9, 9))
def test_functions_give_a_number_or_nothing(name, number, other):
    result = compute(name, (number, other) if name == "atan2" else (number,))
    assert result is None or abs(result) < 2**1024


truths = st.sampled_from([True, False, None])


@given(st.lists(truths, min_size=1, max_size=5), st.integers(0, 5), st.integers(0, 5))
def test_null_truths_decide_nothing_that_could_be_otherwise(operands, least, most):
    def possible(verdict):
        worlds = [[]]
        for one in operands:
            worlds = [[*world, truth] for world in worlds for truth in ([True, False] if one is None else [one])]
        found = {verdict(world) for world in worlds}
        return str(found.pop()).lower() if len(found) == 1 else None

    inner = [yes(one) for one in operands]
    assert worth(op("and", *inner)) == possible(all)
    assert worth(op("or", *inner)) == possible(any)
    assert worth(op("anyN", *inner, min=least, max=most)) == possible(lambda world: least <= sum(world) <= most)


simple_patterns = st.recursive(
    st.sampled_from(["a", "b", ".", "[ab]", "[^a]", r"\d"]),
    lambda inner: (
        st.tuples(inner, inner).map("".join)
        | st.tuples(inner, inner).map(lambda both: f"({both[0]}|{both[1]})")
        | st.tuples(inner, st.sampled_from(["?", "*", "+", "{1,2}"])).map(lambda both: f"({both[0]}){both[1]}")
    ),
    max_leaves=5,
)


@given(simple_patterns, st.text("ab1", max_size=6))
def test_patterns_agree_with_backtracking_ones(pattern, text):
    assert matches(pattern, text) == bool(re.fullmatch(pattern, text))


@given(st.text("ab(|)*+?{}[]^$-\\pdLu0,1", max_size=20), st.text(max_size=10))
def test_any_pattern_is_matched_or_refused(pattern, text):
    with suppress(PatternRefused):
        assert matches(pattern, text) in {True, False}


def test_a_pattern_of_another_dialect_is_refused_with_words():
    with pytest.raises(PatternRefused, match="means nothing"):
        matches("(?=a)", "a")
