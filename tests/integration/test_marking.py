"""Marking by hand: results stay provisional until a person has marked what no rule scores."""

from fractions import Fraction

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from cbt.grading.core.result import ResultStatus
from cbt.grading.services.grading import grade_ended
from cbt.grading.services.marking import NothingToMark, PointsRefused, give_mark, list_awaiting, next_task
from cbt.grading.services.results import confirm_in, latest_result
from cbt.people.core.actors import Role
from itembank.formats.parsed import ParsedItem
from tests.factories_exam import essay, make_world, sit_down
from tests.factories_http import service
from tests.factories_scheduling import SYSTEM, make_staff

WRITTEN = "교착 상태는 <b>서로</b> 기다릴 때 생긴다."


def essays_in_the_second_subject(item: ParsedItem) -> ParsedItem:
    return essay(item) if item.area_code == "2" else item


def hand_in(rt, *, written: int = 2):
    """A world whose first candidate has answered the first subject right and written some of the second."""
    world = make_world(rt, change=essays_in_the_second_subject)
    page = sit_down(world)
    answers = [page.answer(slot) for slot in range(1, 5)]
    words = [{"kind": "answered", "slot": slot, "responses": {"RESPONSE": [WRITTEN]}} for slot in range(5, 5 + written)]
    page.send(*answers, *words, {"kind": "submitted"})
    assert grade_ended(rt) == 1
    return page.facts.attempt_id


def test_an_answer_that_waits_keeps_the_result_provisional(any_rt):
    attempt_id = hand_in(any_rt)
    [waiting] = list_awaiting(any_rt)
    assert (waiting.attempt_id, waiting.sitting_code, waiting.slots) == (attempt_id, "R4", 2)
    with any_rt.transaction() as tx:
        assert not confirm_in(tx, any_rt.clock.now(), attempt_id)
    assert latest_result(any_rt, attempt_id).status is ResultStatus.PROVISIONAL


def test_a_mark_makes_a_new_version_and_the_last_one_frees_the_result(any_rt):
    attempt_id = hand_in(any_rt)
    task = next_task(any_rt, "R4")
    assert (task.slot, str(task.possible), task.responses) == (5, "25.000", {"RESPONSE": (WRITTEN,)})
    give_mark(any_rt, attempt_id, 5, "20", "good", by=SYSTEM)
    give_mark(any_rt, attempt_id, 6, "12.5", "", by=SYSTEM)
    result = latest_result(any_rt, attempt_id)
    assert (result.version, result.result.marks.awaiting) == (3, 0)
    assert [mark.earned for mark in result.result.marks.slots[4:]] == [20, Fraction(25, 2), 0, 0]
    assert (next_task(any_rt, "R4"), list_awaiting(any_rt)) == (None, ())
    with any_rt.transaction() as tx:
        assert confirm_in(tx, any_rt.clock.now(), attempt_id)


def test_what_nobody_answered_needs_no_mark(rt):
    attempt_id = hand_in(rt, written=0)
    assert latest_result(rt, attempt_id).result.marks.awaiting == 0


@pytest.mark.parametrize("points", ["26", "-1", "many", "1.2345", "NaN", ""])
def test_points_out_of_range_are_refused_and_change_nothing(rt, points):
    attempt_id = hand_in(rt)
    with pytest.raises(PointsRefused):
        give_mark(rt, attempt_id, 5, points, "", by=SYSTEM)
    assert latest_result(rt, attempt_id).version == 1


def test_an_answer_is_marked_once(rt):
    attempt_id = hand_in(rt)
    give_mark(rt, attempt_id, 5, "20", "", by=SYSTEM)
    for slot in (5, 1, 99):
        with pytest.raises(NothingToMark):
            give_mark(rt, attempt_id, slot, "10", "", by=SYSTEM)


def test_marks_given_are_never_changed(any_rt):
    attempt_id = hand_in(any_rt)
    give_mark(any_rt, attempt_id, 5, "20", "", by=SYSTEM)
    for statement in ("UPDATE grading_mark SET points = 25000", "DELETE FROM grading_mark"):
        with pytest.raises(DatabaseError, match="append-only"), any_rt.transaction() as tx:
            tx.session.execute(text(statement))


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_page_shows_the_answer_as_text_and_not_who_gave_it(rt, language):
    attempt_id = hand_in(rt)
    make_staff(rt, "author1", Role.AUTHOR)
    with service(rt) as web:
        author = web.staff("author1", language)
        assert "R4" in author.get("/admin/marking").text
        page = author.get("/admin/marking/R4").text
        assert "&lt;b&gt;서로&lt;/b&gt;" in page
        assert "홍길동" not in page
        form = {"attempt": str(attempt_id), "slot": "5", "points": "30"}
        assert author.post("/admin/marking/R4", form, seen="/admin/marking").status_code == 400
        author.post("/admin/marking/R4", form | {"points": "20"}, seen="/admin/marking")
    assert next_task(rt, "R4").slot == 6


def test_marking_is_for_authors_and_admins_only(rt):
    make_staff(rt, "proctor2", Role.PROCTOR)
    with service(rt) as web:
        assert web.staff("proctor2").get("/admin/marking").status_code == 403
        assert web.visitor().get("/admin/marking").headers["location"].startswith("/staff/sign-in")
