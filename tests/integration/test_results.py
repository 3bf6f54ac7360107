"""Results after the grading: confirmed all together, a sheet revoked, each standing shown by the public check."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from cbt.grading.core.result import ResultStatus
from cbt.grading.services.grading import grade_ended
from cbt.grading.services.results import confirm_in, latest_result
from cbt.kernel import canonical
from cbt.kernel.errors import TooManyRequests
from cbt.scheduling.core.exams import ResultPolicy
from cbt.scheduling.core.pass_rules import parse_rule, to_document
from reports.core.facts import PublicStatus, Standing
from reports.core.verify_code import show_code
from reports.services.checking import check, latest_of_attempt
from reports.services.issuing import issue_missing
from reports.services.results import (
    AlreadyRevoked,
    NotReconciled,
    ReasonMissing,
    confirm_sitting,
    revoke_document,
    sitting_results,
)
from tests.factories_exam import make_world, sit_down
from tests.factories_late import set_late_rule

ADDRESS = "198.51.100.7"


def handed_in(rt):
    world = make_world(rt)
    page = sit_down(world)
    page.send(page.answer(1), {"kind": "submitted"})
    grade_ended(rt)
    issue_missing(rt)
    return world, page.facts.attempt_id


def test_confirming_makes_a_new_version_and_a_new_sheet_under_the_same_number(any_rt):
    world, attempt_id = handed_in(any_rt)
    first = latest_of_attempt(any_rt, attempt_id)
    assert confirm_sitting(any_rt, "R4", by=world.staff) == 1
    assert confirm_sitting(any_rt, "R4", by=world.staff) == 0
    issue_missing(any_rt)
    result, second = latest_result(any_rt, attempt_id), latest_of_attempt(any_rt, attempt_id)
    assert (result.version, result.status) == (2, ResultStatus.FINAL)
    assert second.record.number == first.record.number
    assert second.record.issue_number != first.record.issue_number
    assert check(any_rt, show_code(first.record.verify_code), None, ADDRESS).status is PublicStatus.SUPERSEDED
    assert check(any_rt, show_code(second.record.verify_code), None, ADDRESS).status is PublicStatus.VALID


def test_a_revoked_sheet_shows_neither_decision_nor_score(any_rt):
    world, attempt_id = handed_in(any_rt)
    document = latest_of_attempt(any_rt, attempt_id)
    with pytest.raises(ReasonMissing):
        revoke_document(any_rt, document.id, " ", by=world.staff)
    revoke_document(any_rt, document.id, "impersonation", by=world.staff)
    with pytest.raises(AlreadyRevoked):
        revoke_document(any_rt, document.id, "again", by=world.staff)
    birth_on = document.record.holder.birth_on
    answer = check(any_rt, show_code(document.record.verify_code), birth_on, ADDRESS)
    assert answer.status is PublicStatus.REVOKED
    assert answer.full is None
    assert answer.masked.decision is None


def test_what_was_revoked_stays_revoked_when_the_rest_is_confirmed(any_rt):
    world, attempt_id = handed_in(any_rt)
    revoke_document(any_rt, latest_of_attempt(any_rt, attempt_id).id, "impersonation", by=world.staff)
    assert confirm_sitting(any_rt, "R4", by=world.staff) == 0
    with any_rt.transaction() as tx:
        confirm_in(tx, any_rt.clock.now(), attempt_id)
    issue_missing(any_rt)
    assert latest_of_attempt(any_rt, attempt_id).standing is Standing.REVOKED


def test_nothing_is_confirmed_while_somebody_works(any_rt):
    world, _ = handed_in(any_rt)
    sit_down(world, 1)
    with pytest.raises(NotReconciled):
        confirm_sitting(any_rt, "R4", by=world.staff)


def test_a_result_that_late_answers_may_change_is_confirmed_when_their_window_has_closed(rt, clock):
    world, _ = handed_in(rt)
    set_late_rule(rt, 30, policy=ResultPolicy.PROVISIONAL)
    assert sitting_results(rt, "R4").late_open == 1
    assert confirm_sitting(rt, "R4", by=world.staff) == 0
    clock.advance(timedelta(minutes=30))
    assert sitting_results(rt, "R4").late_open == 0
    assert confirm_sitting(rt, "R4", by=world.staff) == 1


def test_an_attempt_that_cannot_be_graded_does_not_hold_up_the_others(any_rt):
    world = make_world(any_rt)
    _give_every_exam(any_rt, parse_rule("count:26:35"))  # as no page lets anybody do
    first, second = sit_down(world), sit_down(world, 1)
    for page in (first, second):
        page.send({"kind": "submitted"})
    assert grade_ended(any_rt) == 2
    assert grade_ended(any_rt) == 0
    assert [line.failure for line in sitting_results(any_rt, "R4").lines] == [
        "the rule is for 35 items, the form has 8"
    ] * 2


def test_the_sheet_tells_the_day_on_which_the_candidate_sat(any_rt):
    _, attempt_id = handed_in(any_rt)
    assert latest_of_attempt(any_rt, attempt_id).record.sat_on.isoformat() == "2026-11-22"


def test_the_counts_of_a_sitting_reconcile(any_rt):
    handed_in(any_rt)
    found = sitting_results(any_rt, "R4")
    assert (len(found.lines), found.ended, found.running, found.graded, found.provisional) == (2, 1, 0, 1, 1)
    assert found.lines[0].document.standing is Standing.ISSUED


def test_birth_dates_cannot_be_tried_out(any_rt):
    _, attempt_id = handed_in(any_rt)
    document = latest_of_attempt(any_rt, attempt_id)
    code, wrong = show_code(document.record.verify_code), document.record.holder.birth_on.replace(year=1950)
    answers = [_status(any_rt, code, wrong, ADDRESS) for _ in range(12)]
    assert answers[:10] == ["no-match"] * 10
    assert answers[10:] == ["too-many-birth-dates"] * 2
    assert _status(any_rt, code, document.record.holder.birth_on, ADDRESS) == "too-many-birth-dates"
    assert _status(any_rt, code, document.record.holder.birth_on, "198.51.100.8") == "matched"


def _give_every_exam(rt, rule):
    with rt.engine.begin() as connection:
        document = canonical.encode(to_document(rule))
        connection.execute(text("UPDATE scheduling_exam_version SET pass_rule = :rule"), {"rule": document})


def _status(rt, code, birth_on, address):
    try:
        return check(rt, code, birth_on, address).second_factor.value
    except TooManyRequests as refused:
        return refused.code
