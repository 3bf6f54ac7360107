"""The invented candidates of the demonstration."""

from datetime import date

import pytest

from cbt.cli.demo_people import candidate_rows
from cbt.cli.demo_plan import EXAMS
from cbt.people.core.inputs import Fields
from cbt.scheduling.core.registrations import REGISTRATION_HINTS, read_registration


@pytest.mark.parametrize("exam", EXAMS, ids=lambda exam: exam.code)
def test_candidates_can_be_registered_as_they_are(exam):
    for row in candidate_rows(exam.first_number, exam.candidates):
        fields = Fields(row.cells, REGISTRATION_HINTS)
        read_registration(fields, row.number, today=date(2026, 11, 22))
        assert fields.problems() == ()


def test_no_two_candidates_are_the_same():
    rows = [row.cells for exam in EXAMS for row in candidate_rows(exam.first_number, exam.candidates)]
    assert len({cells["number"] for cells in rows}) == len(rows)
    one_room = [row.cells for row in candidate_rows(401, 40)]
    assert len({cells["name"] for cells in one_room}) == 40


def test_candidates_are_the_same_each_time():
    assert list(candidate_rows(401, 40)) == list(candidate_rows(401, 40))


def test_rooms_have_a_seat_for_everybody():
    assert all(exam.candidates <= exam.seats for exam in EXAMS)
