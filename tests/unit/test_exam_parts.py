"""Parts that are passed in one direction, as somebody enters them and as people read them."""

from datetime import timedelta
from fractions import Fraction

import pytest

from cbt.delivery.core.allowance import plan_for, time_for
from cbt.kernel.titles import Title
from cbt.people.core.inputs import Fields, InputRefused
from cbt.scheduling.core.exam_parts import (
    ExamPart,
    PartTimes,
    part_words,
    parts_document,
    parts_from,
    read_part_times,
    time_of,
)
from cbt.scheduling.core.exams import EXAM_HINTS, MOST_EXTRA, Navigation, read_exam
from tests.unit.test_scheduling_rules import EXAM

MINUTE = timedelta(minutes=1)


def times(own: int | None, pause: int = 0) -> PartTimes:
    return PartTimes(time_allowed=None if own is None else own * MINUTE, break_after=pause * MINUTE)


def fields_of(*parts: tuple[str, str]) -> dict[str, str]:
    minutes = {f"part_minutes_{number}": own for number, (own, _) in enumerate(parts, start=1)}
    return minutes | {f"break_minutes_{number}": pause for number, (_, pause) in enumerate(parts, start=1)}


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ([("40", "10"), ("50", "")], (times(40, 10), times(50))),
        ([("40", ""), ("50", "")], (times(40), times(50))),
        ([("", "10"), ("", "")], (times(None, 10), times(None))),
        ([("40", "0"), ("50", "99")], (times(40), times(50))),  # after the last part is no break
        ([], ()),
    ],
)
def test_minutes_of_parts_are_read(typed, read) -> None:
    raw = fields_of(*typed)
    fields = Fields(raw, EXAM_HINTS)
    assert read_part_times(fields, raw) == read
    assert fields.problems() == ()


@pytest.mark.parametrize(
    ("typed", "problems"),
    [
        ([("40", ""), ("", "")], [("part_minutes_2", "minutes-in-some-parts")]),
        ([("", ""), ("40", "")], [("part_minutes_1", "minutes-in-some-parts")]),
        ([("0", ""), ("40", "")], [("part_minutes_1", "number-range")]),
        ([("x", ""), ("40", "")], [("part_minutes_1", "bad-number")]),
        ([("40", "-1"), ("40", "")], [("break_minutes_1", "bad-number")]),
        ([("40", "721"), ("40", "")], [("break_minutes_1", "number-range")]),
        ([("1000", "0"), ("441", "")], [("part_minutes_1", "day-too-short")]),
    ],
)
def test_minutes_that_cannot_be_are_named(typed, problems) -> None:
    raw = fields_of(*typed)
    fields = Fields(raw, EXAM_HINTS)
    read_part_times(fields, raw)
    assert [(problem.where, problem.code) for problem in fields.problems()] == problems


def test_time_of_the_exam_is_the_sum_of_its_parts() -> None:
    entered = read_exam({**EXAM, "navigation": "parts", **fields_of(("40", "10"), ("50", "")), "minutes": "1"})
    assert (entered.navigation, entered.time_allowed) == (Navigation.PARTS, 90 * MINUTE)


def test_parts_without_minutes_share_those_of_the_exam() -> None:
    entered = read_exam({**EXAM, "navigation": "parts", **fields_of(("", "10"), ("", ""))})
    assert entered.time_allowed == int(EXAM["minutes"]) * MINUTE
    assert time_of(entered.parts) is None


def test_free_exam_takes_no_notice_of_parts() -> None:
    entered = read_exam({**EXAM, **fields_of(("40", "10"), ("50", ""))})
    assert (entered.navigation, entered.parts, entered.most_extra) == (Navigation.FREE, (), MOST_EXTRA)


@pytest.mark.parametrize(("field", "value"), [("navigation", "round"), ("extra_minutes", "-5")])
def test_foreign_way_and_negative_extra_time_are_refused(field, value) -> None:
    with pytest.raises(InputRefused) as caught:
        read_exam({**EXAM, field: value})
    assert [problem.where for problem in caught.value.problems] == [field]


PARTS = (
    ExamPart(
        code="1",
        title=Title(ko="국어", en="Korean"),
        items=20,
        time_allowed=40 * MINUTE,
        break_after=10 * MINUTE,
    ),
    ExamPart(code="2", title=Title(ko="수학", en=""), items=30, time_allowed=50 * MINUTE, break_after=0 * MINUTE),
)


def test_parts_are_read_back_from_their_document() -> None:
    assert parts_from(parts_document(PARTS)) == PARTS


@pytest.mark.parametrize(
    ("number", "limit", "ko", "en"),
    [
        (1, 40 * MINUTE, "1교시 국어 40분, 쉬는 시간 10분", "Part 1: Korean, 40 min, then a break of 10 min"),
        (1, None, "1교시 국어, 쉬는 시간 10분", "Part 1: Korean, then a break of 10 min"),
        (2, timedelta(seconds=4_000), "2교시 수학 66분 40초", "Part 2: 수학, 66 min 40 s"),
    ],
)
def test_part_reads_as_a_line(number, limit, ko, en) -> None:
    assert part_words(PARTS[number - 1], number, limit) == Title(ko=ko, en=en)


class _Exam:
    parts = PARTS
    time_allowed = 90 * MINUTE


@pytest.mark.parametrize(
    ("factor", "limits_s", "whole_s"),
    [
        (Fraction(1), (2_400, 3_000), 5_400),
        (Fraction(3, 2), (3_600, 4_500), 8_100),
        (Fraction(4, 3), (3_200, 4_000), 7_200),
        (Fraction(10, 7), (3_429, 4_286), 7_715),  # each part rounds up by itself
    ],
)
def test_factor_is_exact_on_each_part_and_leaves_breaks_alone(factor, limits_s, whole_s) -> None:
    plan = plan_for(_Exam, factor)
    assert [(part.first, part.last) for part in plan] == [(1, 20), (21, 50)]
    assert [part.time_allowed for part in plan] == [timedelta(seconds=limit) for limit in limits_s]
    assert [part.break_after for part in plan] == [10 * MINUTE, 0 * MINUTE]
    assert time_for(_Exam, factor) == timedelta(seconds=whole_s)
