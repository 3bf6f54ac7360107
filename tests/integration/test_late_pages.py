"""The pages of late answers: what arrived, a proposal, another person's word, the next version of the result."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from cbt.delivery.services.sweeping import expire_overdue
from cbt.grading.services.grading import grade_ended
from cbt.grading.services.results import latest_result
from cbt.kernel.canonical import instant_text
from cbt.people.core.actors import Role
from cbt.scheduling.services.exams import list_exams
from tests.factories_exam import Page, make_world, sit_down
from tests.factories_http import Service, service
from tests.factories_late import set_late_rule, two_admins
from tests.factories_scheduling import make_staff


@pytest.fixture
def web(rt) -> Iterator[Service]:
    with service(rt) as made:
        yield made


@pytest.fixture
def page(rt, clock) -> Page:
    """A page whose exam ran out before its last answer arrived."""
    world = make_world(rt, minutes=10)
    set_late_rule(rt, 0)
    two_admins(rt)
    page = sit_down(world)
    claimed = instant_text(clock.now() + timedelta(minutes=9))
    clock.advance(timedelta(minutes=11))
    assert expire_overdue(rt) == 1
    page.send({**page.answer(2), "claimed_at": claimed})
    assert grade_ended(rt) == 1
    return page


def test_one_person_proposes_and_another_one_admits(rt, web, page):
    first, second = web.staff("admin1"), web.staff("admin2")
    path = f"/admin/late/{page.facts.attempt_id}"
    assert "2611-1000" in first.get("/admin/late").text
    shown = first.get(path).text
    assert "After the end" in shown
    assert page.choice(2, right=True) not in shown
    number = re.findall(r'name="number" value="(\d+)"', shown)[0]
    assert "Write down why" in first.post(path, {"number": number, "reason": ""}, seen=path).text
    assert "Choose the answers" in first.post(path, {"reason": "power cut"}, seen=path).text
    first.post(path, {"number": number, "reason": "power cut"}, seen=path)
    proposal = re.findall(r'name="proposal" value="([0-9a-f-]{36})"', second.get(path).text)[0]
    assert 'name="proposal"' not in first.get(path).text
    first.post(f"{path}/decide", {"proposal": proposal, "act": "admit"}, seen=path)
    assert latest_result(rt, page.facts.attempt_id).version == 1
    second.post(f"{path}/decide", {"proposal": proposal, "act": "admit"}, seen=path)
    assert "the exam was graded anew" in second.get(path).text
    result = latest_result(rt, page.facts.attempt_id)
    assert (result.version, result.status.value) == (2, "final")
    second.post(f"{path}/decide", {"proposal": proposal, "act": "decline"}, seen=path)
    assert "in the meantime" in second.get(path).text


def test_the_pages_are_for_admins_and_in_korean_too(rt, web, page):
    make_staff(rt, "author1", Role.AUTHOR)
    assert web.staff("author1").get("/admin/late").status_code in (302, 303, 403)
    korean = web.staff("admin1", language="ko")
    assert "늦은 답안" in korean.get("/admin/late").text
    assert "시험이 끝난 뒤" in korean.get(f"/admin/late/{page.facts.attempt_id}").text


@pytest.mark.usefixtures("page")
def test_an_exam_keeps_its_late_rule_in_each_version(rt, web):
    [exam] = list_exams(rt)
    admin, path = web.staff("admin1"), f"/admin/exams/{exam.exam_id}"
    shown = admin.get(path).text
    fields = dict(re.findall(r'name="([a-z_]+)"[^>]*? value="([^"]*)"', shown))
    assert "Answers after the end" in shown
    fields |= {"late_rule": "claimed-in-time", "late_minutes": "45", "rule": "subjects-and-average"}
    fields |= {"blueprint": str(exam.blueprint_version_id), "calculator": "plain", "result_policy": "final"}
    fields.pop("navigation", None)
    done = admin.post(path, {**fields, "navigation": "free"}, seen=path)
    assert done.status_code in (302, 303), done.text[-3000:]
    assert list_exams(rt)[0].late_rule.text == "claimed-in-time:45"
