"""Tests as QTI structures them: selection, ordering, preconditions, branch rules, limits of time, session control."""

from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itembank.core.qti.assessment.route import draw_route, time_limits
from itembank.core.qti.assessment.structure import (
    AssessmentTest,
    ItemRef,
    Section,
    Selection,
    TestPart,
    TimeLimits,
)
from itembank.core.qti.outcomes import WholeTest
from itembank.formats.qti.assessment import parse_assessment
from itembank.services.qti_walking import walk_document

FIXTURES = Path(__file__).resolve().parents[3] / "shared/fixtures/qtiworks/tests-running"
TRUE = "<baseValue baseType='boolean'>true</baseValue>"
PASSED = "<gte><variable identifier='A.SCORE'/><baseValue baseType='float'>1</baseValue></gte>"


def document(inner: str, *, part: str = "navigationMode='linear' submissionMode='individual'", more: str = "") -> bytes:
    return (
        "<assessmentTest xmlns='http://www.imsglobal.org/xsd/imsqti_v2p1' identifier='T' title='T'>"
        f"{more}<testPart identifier='P1' {part}>{inner}</testPart></assessmentTest>"
    ).encode()


def section(identifier: str, *children: str, inner: str = "", **attributes: str) -> str:
    given_ = "".join(f" {name}='{value}'" for name, value in attributes.items())
    return (
        f"<assessmentSection identifier='{identifier}' title='' visible='true'{given_}>"
        f"{inner}{''.join(children)}</assessmentSection>"
    )


def item(identifier: str, inner: str = "", attributes: str = "") -> str:
    return (
        f"<assessmentItemRef identifier='{identifier}' href='{identifier}.xml' {attributes}>{inner}</assessmentItemRef>"
    )


def branch(target: str, when: str = TRUE) -> str:
    return f"<branchRule target='{target}'>{when}</branchRule>"


def met(payload: bytes, outcomes=None, seed: bytes = b"1") -> str:
    report = walk_document(payload, outcomes or {}, seed=seed, beside=lambda _: None)
    assert report.problems == ()
    return " ".join(report.met)


def test_without_rules_everything_is_met_in_order():
    assert met(document(section("S1", item("A"), section("S2", item("B"), item("C"))))) == "A B C"


@pytest.mark.parametrize(
    ("rule", "way"),
    [
        ("C", "A C D E F"),
        ("S2", "A C D E F"),
        ("F", "A F"),
        ("EXIT_SECTION", "A C D E F"),
        ("EXIT_TESTPART", "A"),
        ("EXIT_TEST", "A"),
        ("nowhere", "A B C D E F"),
    ],
)
def test_a_branch_rule_of_an_item_goes_where_it_says(rule, way):
    inner = section("S1", item("A", branch(rule)), item("B")) + section("S2", item("C"), item("D"), item("E"))
    assert met(document(inner + section("S3", item("F")))) == way


def test_the_first_true_branch_rule_decides_and_null_is_not_true():
    inner = item("A", branch("B", "<null/>") + branch("C") + branch("D"))
    assert met(document(section("S1", inner, item("B"), item("C"), item("D")))) == "A C D"


def test_a_branch_rule_of_a_section_is_asked_when_the_section_is_left():
    first = section("S1", item("A"), item("B"), inner=branch("EXIT_TESTPART"))
    assert met(document(first + section("S2", item("C")))) == "A B"


def test_a_false_precondition_leaves_out_an_item_and_its_branch_rules():
    barred = item("B", "<preCondition><baseValue baseType='boolean'>false</baseValue></preCondition>" + branch("D"))
    assert met(document(section("S1", item("A"), barred, item("C"), item("D")))) == "A C D"


def test_a_false_precondition_leaves_out_a_whole_section():
    barred = section("S2", item("B"), item("C"), inner="<preCondition><null/></preCondition>")
    assert met(document(section("S1", item("A"), barred, item("D")))) == "A D"


@pytest.mark.parametrize(("score", "way"), [("1", "A C"), ("0", "A B C")])
def test_rules_ask_for_what_the_items_came_to(score, way):
    inner = section("S1", item("A", branch("C", PASSED)), item("B"), item("C"))
    assert met(document(inner), {"A": {"SCORE": score}}) == way


def test_in_a_part_that_is_not_linear_the_rules_inside_are_not_asked():
    inner = section("S1", item("A", branch("C")), item("B", "<preCondition><null/></preCondition>"), item("C"))
    assert met(document(inner, part="navigationMode='nonlinear' submissionMode='individual'")) == "A B C"


def test_limits_of_time_hold_at_all_four_levels():
    limits = "<timeLimits minTime='{0}' maxTime='{1}'/>"
    inner = limits.format(2, 60) + section("S1", item("A", limits.format(1, 30)), inner=limits.format(0, 45))
    parsed = parse_assessment(document(inner, more="<timeLimits maxTime='90.5' allowLateSubmission='true'/>"))
    assert parsed.problems == ()
    [stop] = draw_route(parsed.test, b"")
    assert time_limits(parsed.test, stop) == (
        ("T", TimeLimits(most_s=Fraction(181, 2), late=True)),
        ("P1", TimeLimits(least_s=Fraction(2), most_s=Fraction(60))),
        ("S1", TimeLimits(least_s=Fraction(0), most_s=Fraction(45))),
        ("A", TimeLimits(least_s=Fraction(1), most_s=Fraction(30))),
    )


def test_what_an_item_does_not_say_of_its_control_holds_from_outside():
    control = "<itemSessionControl {0}/>"
    inside = item("A", control.format("allowReview='false'"))
    payload = document(control.format("maxAttempts='3' allowSkipping='false'") + section("S1", inside, item("B")))
    first, second = draw_route(parse_assessment(payload).test, b"")
    assert (first.control.max_attempts, first.control.allow_skipping, first.control.allow_review) == (3, False, False)
    assert (second.control.allow_review, second.control.show_feedback) == (True, False)


def test_a_section_in_a_file_of_its_own_is_read_from_beside():
    payload = document("<assessmentSectionRef identifier='S1' href='s.xml'/>")
    inside = section("S1", item("A")).replace(
        " identifier", " xmlns='http://www.imsglobal.org/xsd/imsqti_v2p1' identifier", 1
    )
    assert [stop.name for stop in draw_route(parse_assessment(payload, {"s.xml": inside.encode()}.get).test, b"")] == [
        "A"
    ]
    assert [problem.code for problem in parse_assessment(payload).problems] == ["section-missing"]


def test_outcome_processing_weighs_what_was_met():
    more = "<outcomeDeclaration identifier='TOTAL' cardinality='single' baseType='float'/>"
    processing = (
        "<outcomeProcessing><setOutcomeValue identifier='TOTAL'><sum><testVariables variableIdentifier='SCORE' "
        "weightIdentifier='W'/></sum></setOutcomeValue></outcomeProcessing></assessmentTest>"
    )
    weight = "<weight identifier='W' value='2.5'/>"
    payload = document(section("S1", item("A", weight), item("B")), more=more).replace(
        b"</assessmentTest>", processing.encode()
    )
    report = walk_document(payload, {"A": {"SCORE": "2"}, "B": {"SCORE": "1"}}, seed=b"", beside=lambda _: None)
    assert (report.problems, report.outcomes["TOTAL"]) == ((), "6")


# --- selection and ordering ----------------------------------------------------------------------------------------


def refs(count: int, **marked: frozenset[int]) -> tuple[ItemRef, ...]:
    return tuple(
        ItemRef(
            identifier=f"I{place}",
            required=place in marked.get("required", frozenset()),
            fixed=place in marked.get("fixed", frozenset()),
        )
        for place in range(count)
    )


def a_test(*sections: Section) -> AssessmentTest:
    part = TestPart(identifier="P", sections=sections)
    return AssessmentTest(identifier="T", title="", parts=(part,), scoring=WholeTest(identifier="T", declarations=()))


def names(test: AssessmentTest, seed: bytes) -> list[str]:
    return [stop.name for stop in draw_route(test, seed)]


@given(st.binary(max_size=8), st.integers(1, 8), st.integers(0, 10), st.frozensets(st.integers(0, 7), max_size=3))
def test_a_selection_takes_so_many_the_required_ones_among_them(seed, count, select, required):
    there = frozenset(place for place in required if place < count)
    section_ = Section(identifier="S", children=refs(count, required=there), selection=Selection(select=select))
    taken = names(a_test(section_), seed)
    assert len(taken) == len(set(taken)) == max(min(select, count), len(there))
    assert {f"I{place}" for place in there} <= set(taken)
    assert taken == sorted(taken)
    assert names(a_test(section_), seed) == taken


@given(st.binary(max_size=8), st.frozensets(st.integers(0, 6)))
def test_a_shuffle_keeps_everything_and_leaves_the_fixed_where_they_are(seed, fixed):
    shuffled = names(a_test(Section(identifier="S", children=refs(7, fixed=fixed), shuffle=True)), seed)
    assert sorted(shuffled) == [f"I{place}" for place in range(7)]
    assert all(shuffled[place] == f"I{place}" for place in fixed)


@given(st.binary(max_size=8))
def test_an_item_that_is_drawn_again_gets_a_number(seed):
    rule = Selection(select=5, with_replacement=True)
    drawn = names(a_test(Section(identifier="S", children=refs(2), selection=rule)), seed)
    assert len(drawn) == len(set(drawn)) == 5
    times = Counter(name.partition(".")[0] for name in drawn)
    assert all((f"{name}.1" in drawn) == (times[name] > 1) for name in times)


@given(st.lists(st.binary(max_size=4), min_size=30, max_size=30, unique=True))
def test_only_an_invisible_section_that_need_not_stay_together_mixes(seeds):
    def around(**inner: bool) -> AssessmentTest:
        group = Section(identifier="G", children=refs(3), **inner)
        others = tuple(ItemRef(identifier=name) for name in "ABC")
        return a_test(Section(identifier="S", children=(*others, group), shuffle=True))

    def apart(test: AssessmentTest) -> bool:
        return any("I0 I1 I2" not in " ".join(names(test, seed)) for seed in seeds)

    assert not apart(around(visible=False, keep_together=True))
    assert not apart(around(visible=True, keep_together=False))
    assert apart(around(visible=False, keep_together=False))


@pytest.mark.skipif(not FIXTURES.is_dir(), reason="sample data is not here")
@pytest.mark.parametrize(
    ("name", "way"),
    [
        ("test-linear-branchRule", "i1111 i1113 i1122 i1131 i211"),
        ("test-linear-branchRule-exit", "i111"),
        ("test-linear-preCondition", "i1111 i1132 i1133 i1211 i123"),
        ("test-nonlinear", "i1111 i112 i211"),
    ],
)
def test_published_tests_are_walked_as_they_say(name, way):
    assert met((FIXTURES / f"{name}.xml").read_bytes()) == way
