"""What goes wrong with the grading of one exam, or takes long there, is nothing to anybody else."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from fractions import Fraction

from cbt.delivery.services.reading import graded_sets_in
from cbt.grading.core.marks import grade
from cbt.grading.services import grading
from cbt.grading.services.grading import grade_ended
from cbt.grading.services.results import latest_result
from itembank.core.keys import QtiProgram
from itembank.formats.parsed import ParsedItem
from tests.factories_exam import make_world, sit_down


def hand_in(world, place: int):
    page = sit_down(world, place)
    page.send(page.answer(1), {"kind": "submitted"})
    return page.facts.attempt_id


def test_a_fault_of_the_program_in_one_exam_leaves_the_others_their_results(any_rt, monkeypatch):
    world = make_world(any_rt)
    broken, sound = hand_in(world, 0), hand_in(world, 1)
    real = graded_sets_in

    def faulty(tx, attempt_ids):
        if broken in attempt_ids:
            raise RecursionError
        return real(tx, attempt_ids)

    monkeypatch.setattr(grading, "graded_sets_in", faulty)
    assert grade_ended(any_rt) == 2
    assert latest_result(any_rt, broken) is None
    assert latest_result(any_rt, sound) is not None
    assert grade_ended(any_rt) == 0  # it rests


def no_points(item: ParsedItem) -> ParsedItem:
    source = '<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="x"/>'
    return replace(item, key=replace(item.key, responses=(), program=QtiProgram(source=source, max_score=Fraction(0))))


def test_a_program_worth_nothing_waits_for_a_person(rt):
    attempt_id = hand_in(make_world(rt, change=no_points), 0)
    grade_ended(rt)
    assert latest_result(rt, attempt_id).result.marks.awaiting == 1


def test_programs_run_while_nothing_is_locked(rt, monkeypatch):
    world = make_world(rt)
    attempt_id = hand_in(world, 0)
    real, wrote = grade, []

    def write():
        with rt.transaction():  # refused after a while where another one is open
            wrote.append(True)

    def slow(*arguments, **named):
        with ThreadPoolExecutor(1) as others:
            others.submit(write).result()
        return real(*arguments, **named)

    monkeypatch.setattr(grading, "grade", slow)
    assert grade_ended(rt) == 1
    assert wrote == [True]
    assert latest_result(rt, attempt_id) is not None
