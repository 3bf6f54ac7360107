"""Results reporting from plain values."""

from datetime import UTC, datetime
from fractions import Fraction

from lxml import etree

from itembank.core.variables import BaseType, Cardinality, ResponseDeclaration
from itembank.formats.qti.results import GivenResponse, ItemOutcome, WholeOutcome, write_results

SPACE = "{http://www.imsglobal.org/xsd/imsqti_result_v3p0}"


def outcome(*items, passed=True):
    return WholeOutcome(
        test="R4",
        candidate="2026-0001",
        sessions=(("urn:cbt:attempt", "a"),),
        at=datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC),
        score=Fraction(1, 3),
        max_score=Fraction(2),
        passed=passed,
        subjects=(("전기 1", Fraction(1, 2)),),
        items=items,
    )


def item(base_type, *values, cardinality=Cardinality.SINGLE, awaits_person=False, shown=()):
    declaration = ResponseDeclaration(identifier="RESPONSE", cardinality=cardinality, base_type=base_type)
    given = GivenResponse(declaration=declaration, values=values, shown=shown)
    return ItemOutcome(
        code="P1",
        place=1,
        responses=(given,),
        score=Fraction(0),
        max_score=Fraction(1),
        awaits_person=awaits_person,
    )


def test_the_test_its_names_and_exact_numbers():
    root = etree.fromstring(write_results(outcome()))
    context, test = root
    assert (context.get("sourcedId"), context[0].get("identifier")) == ("2026-0001", "a")
    assert (test.get("identifier"), test.get("datestamp")) == ("R4", "2026-11-22T01:02:03Z")
    told = {one.get("identifier"): one[0].text for one in test}
    assert told == {"SCORE": "0.33333333333333333", "MAXSCORE": "2", "SCORE__1": "0.5", "PASSED": "true"}


def test_no_response_has_no_value_and_pairs_keep_theirs():
    pairs = item(BaseType.DIRECTED_PAIR, "A G1", "B G2", cardinality=Cardinality.MULTIPLE, shown=("B", "A"))
    root = etree.fromstring(write_results(outcome(item(BaseType.IDENTIFIER), pairs)))
    nothing, some = (one.find(f"{SPACE}responseVariable") for one in root.findall(f"{SPACE}itemResult"))
    assert len(nothing[0]) == 0
    assert [one.text for one in some[0]] == ["A G1", "B G2"]
    assert (some.get("choiceSequence"), some.get("baseType")) == ("B A", "directedPair")


def test_an_answer_that_waits_for_its_mark_has_no_score():
    root = etree.fromstring(write_results(outcome(item(BaseType.STRING, "text", awaits_person=True), passed=None)))
    found = root.find(f"{SPACE}itemResult")
    names = [one.get("identifier") for one in found.findall(f"{SPACE}outcomeVariable")]
    assert (found.get("sessionStatus"), names) == ("pendingResponseProcessing", ["MAXSCORE", "completionStatus"])
    assert root.find(f"{SPACE}testResult/{SPACE}outcomeVariable[@identifier='PASSED']") is None


def test_signs_that_no_xml_holds_are_replaced():
    root = etree.fromstring(write_results(outcome(item(BaseType.STRING, "a\x01b\ufffe\n"))))
    assert next(root.iter(f"{SPACE}candidateResponse"))[0].text == "a\ufffdb\ufffd\n"
