"""Rules of QTI: conditions, exits, fixed templates, drawn items, adaptive items, and what stays for a person."""

import pytest

from itembank.core.qti.faults import ScoringFault, ScoringLimit
from itembank.core.qti.responses import bind, told
from itembank.core.qti.scoring import ScoredBy, respond, start
from itembank.formats.qti.item import parse_scoring
from tests.factories_qti import NULL, SCORE, bag, flt, item, name, num, op, outcomes, responding, txt, var, yes

RESPONSE = op(
    "responseDeclaration",
    op("correctResponse", op("value", "B")),
    op("mapping", op("mapEntry", map_key="B", mapped_value="2")),
    identifier="RESPONSE",
    base_type="identifier",
    cardinality="single",
)
MAXSCORE = op(
    "outcomeDeclaration",
    op("defaultValue", op("value", "2")),
    identifier="MAXSCORE",
    base_type="float",
    cardinality="single",
)
FEEDBACK = op("outcomeDeclaration", identifier="FEEDBACK", base_type="identifier", cardinality="single")
BASIC = FEEDBACK.replace("FEEDBACK", "FEEDBACKBASIC")
CORRECT = op("match", var("RESPONSE"), op("correct", identifier="RESPONSE"))


def give(number, identifier="SCORE"):
    return op("setOutcomeValue", flt(number), identifier=identifier)


def when(test, *rules, otherwise=()):
    last = op("responseElse", *otherwise) if otherwise else ""
    return op("responseCondition", op("responseIf", test, *rules), last)


def score(*rules, declared=SCORE, **responses):
    return outcomes(responding(*rules, declared=declared), **responses)["SCORE"]


@pytest.mark.parametrize(("first", "second", "result"), [(True, True, "1"), (False, True, "2"), (None, None, "3")])
def test_the_first_branch_that_is_true_is_followed(first, second, result):
    condition = op(
        "responseCondition",
        op("responseIf", yes(first), give(1)),
        op("responseElseIf", yes(second), give(2)),
        op("responseElse", give(3)),
    )
    assert score(condition) == result


def test_an_exit_ends_the_processing_from_the_middle_of_a_branch():
    assert score(give(1), when(yes(truth=True), give(2), "<exitResponse/>", give(3)), give(4)) == "2"


def test_a_fragment_is_followed_in_its_place():
    assert score(op("responseProcessingFragment", give(1)), give(2)) == "2"


def test_outcomes_begin_anew_unless_the_item_is_adaptive():
    add = op("setOutcomeValue", op("sum", var("SCORE"), num(1)), identifier="SCORE")
    for adaptive, after in (("false", "1"), ("true", "2")):
        parsed = parse_scoring(item(SCORE, op("responseProcessing", add), adaptive=adaptive))
        state = start(parsed.item, b"1")
        for _ in range(2):
            state = respond(parsed.item, state, {})
        assert told(state.values["SCORE"]) == after
        assert told(state.values["numAttempts"]) == "2"


def test_an_adaptive_item_says_itself_when_it_is_done():
    done = op("setOutcomeValue", name("completed"), identifier="completionStatus")
    payload = responding(when(op("gte", var("numAttempts"), num(2)), done))
    item_read = parse_scoring(payload).item
    first = respond(item_read, start(item_read, b"1"), {})
    second = respond(item_read, first, {})
    assert [told(one.values["completionStatus"]) for one in (first, second)] == ["unknown", "completed"]


@pytest.mark.parametrize(
    ("template", "right", "wrong", "empty"),
    [
        ("match_correct", "1", "0", "0"),
        ("map_response", "2", "0", "0"),
        ("CC2_match", "1", "0", "0"),
        ("CC2_match_basic", "2", "0", "0"),
        ("CC2_map_response", "2", "0", "0"),
    ],
)
@pytest.mark.parametrize("address", ["http://x.org/qti_v2p1/rptemplates/{}", "https://x.org/v3p0/{}.xml", "{}"])
def test_the_fixed_templates_are_built_in(template, right, wrong, empty, address):
    declared = RESPONSE + SCORE + MAXSCORE + FEEDBACK + BASIC
    payload = item(declared, op("responseProcessing", template=address.format(template)))
    assert [outcomes(payload, RESPONSE=given)["SCORE"] for given in ("B", "A", None)] == [right, wrong, empty]


def test_the_templates_of_common_cartridge_set_their_feedback():
    declared = RESPONSE + SCORE + MAXSCORE + FEEDBACK + BASIC
    for template, variable in (("CC2_match_basic", "FEEDBACKBASIC"), ("CC2_map_response", "FEEDBACK")):
        payload = item(declared, op("responseProcessing", template=template))
        assert [outcomes(payload, RESPONSE=given)[variable] for given in "BA"] == ["correct", "incorrect"]


def test_the_template_for_points_maps_areas():
    area = op("areaMapping", op("areaMapEntry", shape="rect", coords="0,0,9,9", mapped_value="3"))
    declared = op("responseDeclaration", area, identifier="RESPONSE", base_type="point", cardinality="single")
    payload = item(declared, SCORE, op("responseProcessing", template="map_response_point"))
    assert [outcomes(payload, RESPONSE=given)["SCORE"] for given in ("5 5", "20 5", None)] == ["3", "0", "0"]


def test_a_known_template_goes_before_the_rules_inside_and_they_before_an_unknown_one():
    known = item(RESPONSE, SCORE, op("responseProcessing", give(9), template="match_correct"))
    other = item(RESPONSE, SCORE, op("responseProcessing", give(9), template="house_rules"))
    assert outcomes(known, RESPONSE="B")["SCORE"] == "1"
    assert outcomes(other, RESPONSE="B")["SCORE"] == "9"
    missing = parse_scoring(item(RESPONSE, SCORE, op("responseProcessing", template="house_rules")))
    assert [one.code for one in missing.problems] == ["unknown-template"]
    assert missing.item.scored_by is ScoredBy.REFUSED


def template_variable(identifier, kind="integer", *inner):
    return op("templateDeclaration", *inner, identifier=identifier, base_type=kind, cardinality="single")


def test_a_drawn_item_sets_its_correct_response_from_its_seed():
    draw = (
        op("setTemplateValue", op("randomInteger", min=1, max=6), identifier="N")
        + op("setTemplateValue", op("product", var("N"), num(2)), identifier="M")
        + op("setCorrectResponse", var("M"), identifier="RESPONSE")
    )
    declared = op("responseDeclaration", identifier="RESPONSE", base_type="integer", cardinality="single")
    declared += SCORE + template_variable("N") + template_variable("M")
    parsed = parse_scoring(responding(when(CORRECT, give(1)), declared=declared, template=draw))
    for seed in range(10):
        drawn = start(parsed.item, b"%d" % seed)
        assert drawn == start(parsed.item, b"%d" % seed)
        assert int(told(drawn.values["M"])) == 2 * int(told(drawn.values["N"]))
        right = respond(parsed.item, drawn, {"RESPONSE": drawn.values["M"]})
        assert told(right.values["SCORE"]) == "1"


def test_a_template_constraint_begins_the_drawing_anew():
    draw = op("setTemplateValue", op("randomInteger", min=1, max=10), identifier="N") + op(
        "templateConstraint", op("gt", var("N"), num(7))
    )
    parsed = parse_scoring(item(template_variable("N"), op("templateProcessing", draw)))
    drawn = {told(start(parsed.item, b"%d" % seed).values["N"]) for seed in range(40)}
    assert drawn == {"8", "9", "10"}


def test_a_constraint_that_is_never_met_leaves_the_defaults_and_the_rest_is_followed():
    draw = (
        op("setTemplateValue", num(5), identifier="N")
        + op("templateConstraint", NULL)
        + op("setTemplateValue", num(7), identifier="M")
    )
    declared = template_variable("N", "integer", op("defaultValue", op("value", "1"))) + template_variable("M")
    drawn = start(parse_scoring(item(declared, op("templateProcessing", draw))).item, b"1")
    assert [told(drawn.values[one]) for one in "NM"] == ["1", "7"]


def test_template_conditions_exits_and_defaults():
    draw = op(
        "templateCondition",
        op("templateIf", yes(truth=False), op("setTemplateValue", num(1), identifier="N")),
        op("templateElseIf", NULL, op("setTemplateValue", num(2), identifier="N")),
        op("templateElse", op("setDefaultValue", flt(4), identifier="SCORE"), "<exitTemplate/>"),
    ) + op("setTemplateValue", num(3), identifier="N")
    payload = responding(declared=SCORE + template_variable("N"), template=draw)
    parsed = parse_scoring(payload)
    assert parsed.problems == ()
    assert told(start(parsed.item, b"1").values["N"]) is None
    assert outcomes(payload)["SCORE"] == "4"


@pytest.mark.parametrize(
    ("expression", "kind", "cardinality", "result"),
    [
        (num(2), "float", "single", "2"),
        (flt("2.0"), "integer", "single", "2"),
        (txt("7"), "float", "single", "7"),
        (num(3), "identifier", "single", "3"),
        (name("A"), "identifier", "multiple", ["A"]),
        (bag(name("A")), "identifier", "single", "A"),
        (bag(name("A"), name("B")), "identifier", "single", ["A", "B"]),
        (bag(name("A"), name("B")), "identifier", "ordered", ["A", "B"]),
        (NULL, "float", "single", None),
    ],
)
def test_a_value_is_fitted_to_the_variable_that_it_is_given_to(expression, kind, cardinality, result):
    declared = op("outcomeDeclaration", identifier="SCORE", base_type=kind, cardinality=cardinality)
    assert score(op("setOutcomeValue", expression, identifier="SCORE"), declared=declared) == result


@pytest.mark.parametrize(
    ("expression", "kind"), [(flt("2.5"), "integer"), (name("A"), "float"), (bag(num(1), num(2)), "float")]
)
def test_a_value_that_does_not_fit_is_a_fault_not_a_guess(expression, kind):
    declared = op("outcomeDeclaration", identifier="SCORE", base_type=kind, cardinality="single")
    with pytest.raises(ScoringFault):
        score(op("setOutcomeValue", expression, identifier="SCORE"), declared=declared)


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (give(1, "NOWHERE"), "unknown-variable"),
        (give(1, "RESPONSE"), "wrong-variable"),
        (op("setOutcomeValue", identifier="SCORE"), "wrong-operands"),
        (op("setOutcomeValue", num(1), num(2), identifier="SCORE"), "wrong-operands"),
        (op("lookupOutcomeValue", num(1), identifier="SCORE"), "no-table"),
        (op("setEverything"), "unknown-rule"),
        (op("responseCondition", op("responseElse", give(1))), "misplaced"),
        (op("responseCondition", op("responseIf")), "wrong-operands"),
        ("<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='file:///etc/passwd'/>", "unknown-rule"),
    ],
)
def test_a_rule_that_cannot_be_followed_is_named_with_its_line_and_nothing_is_scored(rule, code):
    parsed = parse_scoring(responding("\n\n", rule, declared=RESPONSE + SCORE))
    assert code in {one.code for one in parsed.problems}
    assert all(one.where.startswith("line 3, ") for one in parsed.problems)
    assert parsed.item.scored_by is ScoredBy.REFUSED
    state = respond(parsed.item, start(parsed.item, b"1"), {})
    assert state.outcomes(parsed.item)["SCORE"] is None


def test_an_else_if_behind_the_else_is_misplaced():
    condition = op(
        "responseCondition",
        op("responseIf", yes(truth=True), give(1)),
        op("responseElse", give(2)),
        op("responseElseIf", yes(truth=True), give(3)),
    )
    assert [one.code for one in parse_scoring(responding(condition, declared=SCORE)).problems] == ["misplaced"]


def test_vendor_code_is_left_to_a_person_and_its_score_is_null():
    vendor = op("customOperator", op("script", "boom()"), class_="x.y.Z")
    parsed = parse_scoring(responding(when(vendor, give(1)), declared=SCORE + MAXSCORE))
    assert parsed.item.scored_by is ScoredBy.HUMAN
    outcome = respond(parsed.item, start(parsed.item, b"1"), {}).outcomes(parsed.item)
    assert (told(outcome["SCORE"]), told(outcome["MAXSCORE"])) == (None, "2")


def test_an_item_whose_drawing_needs_vendor_code_is_not_drawn():
    draw = op("setTemplateValue", op("customOperator"), identifier="N")
    parsed = parse_scoring(item(template_variable("N"), op("templateProcessing", draw)))
    assert not parsed.item.drawn_by_rules
    assert start(parsed.item, b"1").values["N"] is None


def test_an_outcome_that_is_declared_to_be_scored_from_outside_stays_null_until_it_is():
    external = SCORE.replace("/>", ' externalScored="human"/>')
    parsed = parse_scoring(responding(give(5), declared=external))
    assert parsed.item.scored_by is ScoredBy.HUMAN
    drawn = start(parsed.item, b"1")
    assert respond(parsed.item, drawn, {}).values["SCORE"] is None
    held = {"SCORE": bind(parsed.item.known()["SCORE"], "3").value}
    assert told(respond(parsed.item, drawn, {}, held=held).values["SCORE"]) == "3"


def test_an_outcome_that_a_person_gave_is_not_changed_by_rules():
    parsed = parse_scoring(responding(give(5), declared=SCORE))
    held = {"SCORE": bind(parsed.item.known()["SCORE"], "1").value}
    assert told(respond(parsed.item, start(parsed.item, b"1"), {}, held=held).values["SCORE"]) == "1"


def test_without_response_processing_nobody_scores():
    parsed = parse_scoring(item(SCORE))
    assert parsed.item.scored_by is ScoredBy.NOBODY


def test_steps_have_a_limit():
    many = op("containerSize", op("repeat", num(1), number_repeats=9000))
    with pytest.raises(ScoringLimit):
        score(*[op("setOutcomeValue", many, identifier="SCORE")] * 12)


def test_numbers_cannot_grow_without_end():
    square = op("setOutcomeValue", op("product", var("SCORE"), var("SCORE")), identifier="SCORE")
    third = op("setOutcomeValue", op("divide", num(2), num(3)), identifier="SCORE")
    assert score(third, *[square] * 30) == "0"
    assert score(give(3), *[square] * 30) is None
