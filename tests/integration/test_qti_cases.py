"""Real QTI: every published scoring case gives its expected outcome, and no document of anybody breaks anything."""

import json
import re
from dataclasses import replace
from fractions import Fraction

import pytest

from cbt.kernel.errors import CbtError
from itembank.core.qti.declarations import VariableKind
from itembank.core.qti.outcomes import score_test
from itembank.core.qti.responses import told
from itembank.core.qti.scoring import ScoredBy, respond, start
from itembank.core.qti.templates import TEMPLATES
from itembank.core.qti.values import Value, read_scalar
from itembank.core.variables import BaseType, Cardinality
from itembank.formats.qti.door import open_document
from itembank.formats.qti.elements import text_of
from itembank.formats.qti.item import parse_scoring
from itembank.formats.qti.whole_test import parse_test
from itembank.services.qti_scoring import score_document
from tests.factories_qti import FIXTURES, fixtures, op

CITO = FIXTURES / "cito-scoring"
CASES = json.loads((CITO / "cases.json").read_text()) if (CITO / "cases.json").is_file() else []
ITEMS = [case for case in CASES if case["kind"] == "item"]
TESTS = [case for case in CASES if case["kind"] == "test"]
DOCUMENTS = sorted(FIXTURES.rglob("*.xml")) if FIXTURES.is_dir() else []


def _named(case):
    return case["source"]


def _scored_by_hand(case):
    """Return the outcomes that the case's result says a person gave (external-scored)."""
    if "result_file" not in case:
        return {}
    root = open_document((CITO / case["result_file"]).read_bytes())
    wanted = re.sub(r"\W|_", "", str(open_document((CITO / case["file"]).read_bytes()).get("identifier")))
    return {
        variable.get("identifier"): [text_of(value) for value in variable]
        for result in root.iter("qti-item-result")
        if re.sub(r"\W|_", "", str(result.get("identifier"))) == wanted
        for variable in result.iter("qti-outcome-variable")
        if variable.get("external-scored") == "human"
    }


def _report(case):
    held, payload = json.dumps(_scored_by_hand(case)), (CITO / case["file"]).read_bytes()
    return score_document(payload, json.dumps(case.get("responses", {})).encode(), held=held.encode())


@pytest.mark.parametrize("case", ITEMS, ids=_named)
def test_an_item_case_gives_its_expected_outcome(case):
    report = _report(case)
    if case.get("custom_operators"):
        assert report.scored_by is ScoredBy.HUMAN
        assert {one.code for one in report.problems} == {"custom-operator"}
        assert report.outcomes["SCORE"] is None
    elif case.get("expected_error"):
        assert report.scored_by is ScoredBy.REFUSED
        assert [one.where for one in report.problems] == ["line 50, qti-lookup-outcome-value"]
    else:
        assert report.problems == ()
        assert {name: report.outcomes.get(name) for name in case["expected"]} == case["expected"]
        assert set(case.get("expected_count", ())) <= set(report.outcomes)


def _with_totals(payload, categories):
    """Return the test with the totals that the case's engine adds before it follows the rules of the test."""
    declared, rules = "", ""
    for suffix, category in [("", None), *((f"_{one}", one) for one in sorted(categories))]:
        for name, weight in (("SCORE_TOTAL", {}), ("SCORE_TOTAL_WEIGHTED", {"weight_identifier": "WEIGHT"})):
            of = {} if category is None else {"include_category": category}
            gathered = op("sum", op("testVariables", variable_identifier="SCORE", **weight, **of))
            rules += op("setOutcomeValue", gathered, identifier=name + suffix)
            declared += op("outcomeDeclaration", identifier=name + suffix, base_type="float", cardinality="single")
    text = payload.decode("utf-8-sig").replace("<testPart", declared + "<testPart", 1)
    return text.replace("<outcomeProcessing>", f"<outcomeProcessing>{rules}", 1).encode()


def _with_outcomes(item, given):
    values = {name: (BaseType.FLOAT if name == "SCORE" else BaseType.STRING, text) for name, text in given.items()}
    outcomes = {
        name: Value(cardinality=Cardinality.SINGLE, base_type=kind, scalars=(read_scalar(kind, text),))
        for name, (kind, text) in values.items()
    }
    return replace(item, outcomes=outcomes)


@pytest.mark.parametrize("case", TESTS, ids=_named)
def test_a_test_case_gives_its_expected_outcome(case):
    payload = (CITO / case["file"]).read_bytes()
    added = case.get("options", {}).get("add_total_and_category_scores", False)
    if added:
        categories = set().union(*(item.categories for item in parse_test(payload).test.items))
        payload = _with_totals(payload, categories)
    parsed = parse_test(payload)
    assert parsed.problems == ()
    given = case["item_outcomes"]
    outcomes = score_test(
        parsed.test, [_with_outcomes(one, given.get(one.identifier, {})) for one in parsed.test.items]
    )
    nothing = "0" if added else None  # the engine's total of no item is 0, the standard's sum of nothing is NULL
    assert {name: told(outcomes[name]) or nothing for name in case["expected"]} == case["expected"]
    assert {name: outcomes[name].base_type for name in case.get("expected_base_type", ())} == case.get(
        "expected_base_type", {}
    )


def _best(item):
    """Return the most that the fixed template of `item` can give."""
    declaration = item.known()["RESPONSE"]
    if item.response_rules is TEMPLATES["match_correct"]:
        return Fraction(1)
    worths = [max(entry.mapped, Fraction(0)) for entry in declaration.mapping.entries]
    best = max(worths) if declaration.cardinality is Cardinality.SINGLE else sum(worths)
    return best if declaration.mapping.upper is None else min(best, declaration.mapping.upper)


def test_the_declared_correct_response_scores_the_maximum_of_each_fixed_template():
    scored = 0
    for folder in ("kennisnet-qti3", "qtiworks"):
        for path in sorted(fixtures(folder).rglob("*.xml")):
            item = parse_scoring(path.read_bytes()).item
            if item is None or item.scored_by is not ScoredBy.RULES or item.response_rules not in TEMPLATES.values():
                continue
            drawn = start(item, b"1")
            right = respond(item, drawn, {name: drawn.correct[name] for name in item.of_kind(VariableKind.RESPONSE)})
            assert right.values["SCORE"].scalars == (_best(item),), path
            assert told(respond(item, drawn, {}).values["SCORE"]) == "0", path
            scored += 1
    assert scored >= 17


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(FIXTURES)))
def test_no_document_breaks_anything(path):
    payload = path.read_bytes()
    for parsed in (parse_scoring(payload), parse_test(payload)):
        assert all(one.where and one.code and one.hint for one in parsed.problems)
    item = parse_scoring(payload).item
    if item is None:
        return
    try:
        drawn = start(item, b"1")
        empty = respond(item, drawn, {})
        right = respond(item, empty, {name: drawn.correct[name] for name in item.of_kind(VariableKind.RESPONSE)})
    except CbtError as refusal:
        pytest.fail(f"{path.name}: {refusal.message}")
    assert {told(value) != "" for state in (empty, right) for value in state.outcomes(item).values()} <= {True}
    assert respond(item, start(item, b"1"), {}) == empty
