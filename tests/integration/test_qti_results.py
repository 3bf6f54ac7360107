"""The result of an attempt as QTI results reporting: every slot, what was answered, what it earned; never a key."""

from fractions import Fraction

import pytest
from click.testing import CliRunner
from lxml import etree

from cbt.grading.services.grading import grade_ended
from cbt.grading.services.results import NoResult, latest_result
from cbt.people.core.audit import AuditFilter
from cbt.people.services.audit import list_audit
from itembank.core.qti.exact import read_float
from reports.cli import reports
from reports.services.qti_results import qti_results
from tests.factories_exam import make_world, sit_down

SPACE = "{http://www.imsglobal.org/xsd/imsqti_result_v3p0}"


def value(element, name):
    found = element.find(f"{SPACE}outcomeVariable[@identifier='{name}']/{SPACE}value")
    return None if found is None else found.text


def test_an_attempt_is_told_in_full(any_rt):
    world = make_world(any_rt)
    page = sit_down(world)
    choice = page.choice(1, right=True)
    page.send(page.answer(1), {"kind": "submitted"})
    with pytest.raises(NoResult):
        qti_results(any_rt, page.facts.attempt_id, by=world.staff)
    grade_ended(any_rt)
    payload = qti_results(any_rt, page.facts.attempt_id, by=world.staff)
    root = etree.fromstring(payload)
    stored = latest_result(any_rt, page.facts.attempt_id)
    items = root.findall(f"{SPACE}itemResult")
    assert [int(one.get("sequenceIndex")) for one in items] == [one.slot for one in stored.result.marks.slots]
    assert [read_float(value(one, "SCORE")) for one in items] == [one.earned for one in stored.result.marks.slots]
    total = sum((one.earned for one in stored.result.marks.slots), start=Fraction(0))
    test = root.find(f"{SPACE}testResult")
    assert read_float(value(test, "SCORE")) == total
    assert value(test, "PASSED") == ("true" if stored.result.outcome.passed else "false")
    given = [one.text for one in items[0].iter(f"{SPACE}value") if one.getparent().tag == f"{SPACE}candidateResponse"]
    assert len(given) == 1
    assert choice not in payload.decode()  # the candidate's own names of options stay in the paper
    assert b"correctResponse" not in payload
    assert list_audit(any_rt, AuditFilter(act="reports.qti-results-written")).total == 1


def test_the_shell_writes_the_file(rt, tmp_path):
    world = make_world(rt)
    page = sit_down(world)
    page.send(page.answer(1), {"kind": "submitted"})
    grade_ended(rt)
    target = tmp_path / "results.xml"
    done = CliRunner().invoke(reports, ["results", str(page.facts.attempt_id), "-o", str(target)], obj=rt)
    assert done.exit_code == 0, done.output
    assert etree.fromstring(target.read_bytes()).tag == f"{SPACE}assessmentResult"
