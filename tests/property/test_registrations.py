"""Whatever is uploaded: no seat is given twice, named seats are kept, and nothing is half done."""

import csv
from datetime import date, timedelta
from fractions import Fraction
from io import StringIO
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from cbt.people.core.candidates import CANDIDATE_COLUMNS, CandidateEntry, number_key, read_candidate_rows
from cbt.people.core.inputs import read_day, read_factor, text_problem
from cbt.people.formats import read_sheet
from cbt.scheduling.core.registrations import FreeSeat, RegistrationEntry, SittingSeats, place

TODAY = date(2026, 11, 22)
births = st.dates(date(1900, 1, 1), TODAY)
names = (
    st.text("가나다라마바사 ABCabc'-.", min_size=1, max_size=20)
    .map(str.strip)
    .filter(lambda text: not text_problem(text))
)
numbers = st.lists(st.integers(1000, 99_999_999), min_size=1, max_size=30, unique=True)


def _seats(count, rooms, taken):
    seats = tuple(
        FreeSeat(
            seat_id=UUID(int=room * 1000 + number),
            sitting_room_id=UUID(int=room),
            centre_code="C",
            room_code=f"R{room}",
            number=number,
        )
        for room in range(1, rooms + 1)
        for number in range(1, count + 1)
    )
    return SittingSeats(seats=seats, taken=frozenset(seat.seat_id for seat in seats[:taken]), registered=frozenset())


@st.composite
def uploads(draw):
    rooms = draw(st.integers(1, 3))
    wishes = st.one_of(
        st.just(""),
        st.integers(1, 12).map(str),
        st.tuples(st.integers(1, 3), st.integers(1, 12)).map(lambda x: f"R{x[0]} {x[1]}"),
    )
    entries = tuple(
        RegistrationEntry(
            row=row,
            candidate=CandidateEntry(number=str(number), name="A", name_latin="", birth_on=TODAY),
            seat=draw(wishes),
            time_factor=Fraction(1),
        )
        for row, number in enumerate(draw(numbers), start=2)
    )
    return entries, _seats(draw(st.integers(1, 12)), rooms, draw(st.integers(0, 5)))


@given(uploads())
def test_no_two_registrations_share_a_seat(upload):
    entries, seats = upload
    placements, problems = place(entries, seats, {})
    given_seats = [placement.seat.seat_id for placement in placements]
    assert len(set(given_seats)) == len(given_seats)
    assert not seats.taken.intersection(given_seats)
    assert bool(placements) != bool(problems)
    if placements:
        assert [placement.entry for placement in placements] == list(entries)


@given(uploads())
def test_a_named_seat_is_the_seat_that_is_given(upload):
    entries, seats = upload
    placements, _problems = place(entries, seats, {})
    for placement in placements:
        if placement.entry.seat:
            number = placement.entry.seat.split()[-1]
            assert placement.seat.number == int(number)


@given(uploads())
def test_every_problem_names_a_row_of_the_upload(upload):
    entries, seats = upload
    _placements, problems = place(entries, seats, {})
    assert {problem.row for problem in problems} <= {entry.row for entry in entries}
    assert all(problem.column in {"seat", "number"} for problem in problems)


@given(st.lists(st.tuples(names, births), min_size=1, max_size=20), st.sampled_from(["utf-8", "utf-8-sig", "cp949"]))
def test_a_table_that_is_written_is_read_again(people, encoding):
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(["number", "name", "birth"])
    for place_, (name, birth) in enumerate(people):
        writer.writerow([f"26-{place_:04d}", name, birth.isoformat()])
    rows, unreadable = read_sheet(text.getvalue().encode(encoding), CANDIDATE_COLUMNS)
    found, problems = read_candidate_rows(rows, today=TODAY)
    assert (unreadable, problems) == ((), ())
    assert [(row.entry.name, row.entry.birth_on) for row in found] == people


@given(st.binary(max_size=400))
def test_any_bytes_are_rows_or_problems(data):
    rows, problems = read_sheet(data, CANDIDATE_COLUMNS)
    assert rows or problems


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text):
    assert text_problem(text) is None or isinstance(text_problem(text), str)
    assert number_key(number_key(text)) == number_key(text)
    factor = read_factor(text)
    assert factor is None or 1 <= factor <= 4
    assert read_day(text) is None or read_day(text) + timedelta(0)
