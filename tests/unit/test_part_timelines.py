"""The clock of parts that are passed in one direction, as tables of timelines; ten seconds of grace throughout."""

from datetime import timedelta

import pytest

from cbt.delivery.core import parts, timing
from cbt.delivery.core.decision import decide
from cbt.delivery.core.entries import Recovered, Refused
from cbt.delivery.core.entry_documents import from_document, to_document
from cbt.delivery.core.entry_kinds import Way
from cbt.delivery.core.leases import LeaseBook, may_count
from cbt.delivery.core.part_documents import place_document, place_from
from cbt.delivery.core.refusals import EntryRefused
from cbt.delivery.core.status import may, short_status
from cbt.delivery.core.transitions import apply
from tests.factories_delivery import (
    after,
    answered,
    at,
    batch,
    choices,
    expired,
    extended,
    flagged,
    hand_raised,
    moved,
    opaque,
    part_entered,
    part_left,
    paused,
    resumed,
    sent,
    started,
    started_in_parts,
    submitted,
    terminated,
    wire_answer,
    written,
)

T = started_in_parts((2, 600, 120), (3, 300, 0))  # ten minutes, a break of two, five minutes
N = started_in_parts((2, 600, 0), (3, 300, 0))  # the same without a break
U = started_in_parts((2, None, 120), (3, None, 0), minutes=10)  # ten minutes for both parts together
THREE = started_in_parts((1, 60, 0), (1, 60, 30), (3, 60, 0))
GONE = part_left(100, 1, 0)

TIMELINES = [
    # history                                              now    part break  left   end of part  end of all  overdue
    ((T,), 0, 0, False, 600, 600, 1_020, False),
    ((T,), 599.5, 0, False, 0.5, 600, 1_020, False),
    ((T,), 600, 1, True, 120, 720, 1_020, False),  # the part ran out: left at its limit
    ((T,), 719, 1, True, 1, 720, 1_020, False),
    ((T,), 720, 1, False, 300, 1_020, 1_020, False),  # the break ran out: ended at its end
    ((T,), 1_020, 1, False, 0, 1_020, 1_020, False),
    ((T,), 1_029.9, 1, False, 0, 1_020, 1_020, False),
    ((T,), 1_030, 1, False, 0, 1_020, 1_020, True),
    ((T,), 86_400, 1, False, 0, 1_020, 1_020, True),
    ((N,), 600, 1, False, 300, 900, 900, False),
    ((N,), 910, 1, False, 0, 900, 900, True),
    ((THREE,), 59, 0, False, 1, 60, 210, False),
    ((THREE,), 60, 1, False, 60, 120, 210, False),
    ((THREE,), 130, 2, True, 20, 150, 210, False),
    ((THREE,), 150, 2, False, 60, 210, 210, False),
    # leaving early: what is left of a part is given up, the break begins at once
    ((T, GONE), 100, 1, True, 120, 220, 520, False),
    ((T, GONE), 220, 1, False, 300, 520, 520, False),
    ((T, GONE, part_entered(130, 2, 1)), 130, 1, False, 300, 430, 430, False),
    ((T, GONE, part_entered(130, 2, 1)), 440, 1, False, 0, 430, 430, True),
    ((N, GONE), 100, 1, False, 300, 400, 400, False),
    # pauses within parts and breaks move what is going on, and all that follows
    ((T, paused(100)), 5_000, 0, False, 500, None, None, False),
    ((T, paused(100), resumed(400)), 400, 0, False, 500, 900, 1_320, False),
    ((T, paused(100), resumed(400)), 900, 1, True, 120, 1_020, 1_320, False),
    ((T, paused(650)), 5_000, 1, True, 70, None, None, False),
    ((T, paused(650), resumed(750)), 750, 1, True, 70, 820, 1_120, False),
    ((T, paused(650), resumed(750)), 820, 1, False, 300, 1_120, 1_120, False),
    ((T, paused(800), resumed(900)), 900, 1, False, 220, 1_120, 1_120, False),
    ((T, paused(600), resumed(700)), 700, 1, True, 120, 820, 1_120, False),
    # an extension belongs to the present part, on a break to the one that follows
    ((T, extended(10, 60)), 10, 0, False, 650, 660, 1_080, False),
    ((T, extended(10, 60)), 660, 1, True, 120, 780, 1_080, False),
    ((T, extended(605, 60)), 605, 1, True, 115, 720, 1_080, False),
    ((T, extended(605, 60)), 720, 1, False, 360, 1_080, 1_080, False),
    ((T, extended(605, 60), part_entered(620, 1, 1)), 620, 1, False, 360, 980, 980, False),
    ((T, extended(800, 60)), 800, 1, False, 280, 1_080, 1_080, False),
    ((T, extended(1_025, 60)), 1_025, 1, False, 55, 1_080, 1_080, False),
    ((T, paused(100), extended(200, 60)), 300, 0, False, 560, None, None, False),
    ((T, paused(650), extended(660, 60), resumed(670)), 740, 1, False, 360, 1_100, 1_100, False),
    ((T, extended(10, 60), GONE), 220, 1, False, 300, 520, 520, False),  # given up with its part
    # parts without limits of their own share the working time; a break stands outside it
    ((U,), 0, 0, False, 600, 600, 600, False),
    ((U,), 600, 0, False, 0, 600, 600, False),
    ((U,), 610, 0, False, 0, 600, 600, True),
    ((U, GONE), 100, 1, True, 120, 220, 720, False),
    ((U, GONE), 220, 1, False, 500, 720, 720, False),
    ((U, GONE, part_entered(150, 2, 1)), 150, 1, False, 500, 650, 650, False),
    ((U, extended(10, 60), GONE), 220, 1, False, 560, 780, 780, False),
    ((U, paused(50), resumed(80), part_left(100, 1, 0)), 220, 1, False, 530, 750, 750, False),
    # what has no bearing on the clock
    ((T, moved(50)), 60, 0, False, 540, 600, 1_020, False),
    ((T, hand_raised(650, 1)), 650, 1, True, 70, 720, 1_020, False),
]


@pytest.mark.parametrize(("history", "now", "part", "on_break", "left", "until", "end", "overdue"), TIMELINES)
def test_timeline(history, now, part, on_break, left, until, end, overdue) -> None:
    attempt = after(*history)
    present = parts.view(attempt, at(now))
    assert present is not None
    assert (present.index, present.on_break) == (part, on_break)
    assert present.remaining == timedelta(seconds=left)
    assert present.ends_at == (None if until is None else at(until))
    assert timing.deadline_at(attempt) == (None if end is None else at(end))
    assert timing.is_overdue(attempt, at(now)) is overdue


ENTRIES = [
    # history                           entry                             refusal (None: admitted)
    ((T,), answered(599, 1, 1, "A"), None),
    ((T,), answered(5, 1, 3, "A"), "part-closed"),  # a part that has not begun
    ((T,), flagged(5, 1, 3), "part-closed"),
    ((T,), answered(5, 1, 6, "A"), "unknown-slot"),
    ((T,), answered(610, 1, 1, "A"), None),  # on its way when the part ran out
    ((T,), answered(610.001, 1, 1, "A"), "part-closed"),
    ((T,), answered(605, 1, 3, "A"), "part-closed"),
    ((N,), answered(605, 1, 1, "A"), None),
    ((N,), answered(605, 1, 3, "A"), None),
    ((T, GONE), answered(100, 2, 1, "A"), "part-closed"),  # who leaves a part leaves it
    ((T, GONE), answered(101, 2, 3, "A"), "part-closed"),  # a break is a break
    ((T, GONE), answered(220, 2, 3, "A"), None),
    ((T, GONE, part_entered(130, 2, 1)), answered(131, 3, 3, "A"), None),
    ((T, GONE, part_entered(130, 2, 1)), answered(131, 3, 2, "A"), "part-closed"),
    ((T,), answered(1_030, 1, 3, "A"), None),
    ((T,), answered(1_030.001, 1, 3, "A"), "time-over"),
    # leaving and entering
    ((T,), part_left(5, 1, 1), "part-closed"),
    ((T,), part_left(600, 1, 0), "part-closed"),  # it has been left at its limit
    ((T, GONE), part_left(110, 2, 0), "part-closed"),
    ((T, GONE), part_left(110, 2, 1), "part-closed"),
    ((T,), part_left(800, 1, 1), "last-part"),
    ((T,), part_entered(5, 1, 1), "part-closed"),
    ((T,), part_entered(5, 1, 0), "no-break"),
    ((T,), part_entered(719, 1, 1), None),
    ((T,), part_entered(720, 1, 1), "no-break"),
    ((N, GONE), part_entered(101, 2, 1), "no-break"),
    ((T, paused(50)), part_left(60, 1, 0), "paused"),
    ((started(0),), part_left(5, 1, 0), "part-closed"),
    ((started(0),), part_entered(5, 1, 0), "part-closed"),
    # handing in belongs to the last part; every other ending to all of them
    ((T,), submitted(5, 1), "part-closed"),
    ((T, GONE), submitted(110, 2), "part-closed"),
    ((T,), submitted(720, 1), None),
    ((T,), terminated(5), None),
    ((T,), terminated(650), None),
    ((T,), expired(1_029), "time-left"),
    ((T,), expired(1_030), None),
    ((T, extended(10, 60)), expired(1_030), "time-left"),
    ((T, GONE), expired(530), None),
    ((T, GONE), extended(531, 60), "time-over"),
]


@pytest.mark.parametrize(("history", "entry", "code"), ENTRIES)
def test_entry_is_admitted_or_refused_with_its_code(history, entry, code) -> None:
    before = after(*history)
    if code is None:
        apply(before, entry)
        return
    with pytest.raises(EntryRefused) as caught:
        apply(before, entry)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("history", "now", "allowed"),
    [
        ((T,), 5, ("answer", "flag", "leave-part", "raise-hand")),
        ((T,), 650, ("enter-part", "raise-hand")),
        ((T,), 800, ("answer", "flag", "submit", "raise-hand")),
        ((T,), 1_020, ()),
        ((T, paused(650)), 900, ("raise-hand",)),
        ((started(0),), 5, ("answer", "flag", "submit", "raise-hand")),
    ],
)
def test_page_may_offer_what_the_part_admits(history, now, allowed) -> None:
    assert may(after(*history), at(now)) == allowed


@pytest.mark.parametrize(
    ("history", "now", "used"),
    [
        ((T,), 650, 600),
        ((T,), 730, 610),
        ((T, GONE), 150, 100),
        ((T, GONE), 230, 110),
        ((T, paused(650)), 900, 600),
        ((T, GONE, part_entered(130, 2, 1), submitted(200, 3)), 900, 170),
        ((T, terminated(660)), 900, 600),
        ((T, paused(50), terminated(660)), 900, 50),
    ],
)
def test_used_time_leaves_breaks_and_pauses_out(history, now, used) -> None:
    assert timing.used(after(*history), at(now)) == timedelta(seconds=used)


def test_answer_to_a_part_that_is_over_is_kept_without_counting() -> None:
    attempt = after(T, GONE)
    late = decide(attempt, batch(wire_answer(2, 1, *opaque(1, "A"))), at(105), choices(), {})
    assert [row.entry for row in late.linked if isinstance(row.entry, Recovered) and not row.entry.counts]
    assert [(refused.number, refused.code) for refused in late.refused] == [(2, "part-closed")]
    early = decide(attempt, batch(wire_answer(2, 4, "5")), at(105), choices(), {})
    assert [type(row.entry) for row in early.linked] == [Refused]


@pytest.mark.parametrize(("second", "counts"), [(110, True), (705, True), (711, False), (800, False)])
def test_answer_of_an_older_lease_counts_only_while_its_part_is_open(second, counts) -> None:
    attempt, rows = written(started_in_parts((2, 600, 120), (3, 300, 0)), moved(50), extended(60, 100))
    book = LeaseBook(row.entry for row in rows)
    entry = Recovered(
        at=at(second), sent=sent(1), slot=1, responses={"RESPONSE": ("A",)}, way=Way.OLDER_LEASE, counts=False
    )
    assert may_count(attempt, book, entry) is counts


def test_status_tells_the_part_and_what_follows_by_itself() -> None:
    assert short_status(after(T), at(5))["part"] == {
        "index": 0,
        "on_break": False,
        "deadline_at": "2026-11-22T00:10:00.000000Z",
        "break_until": None,
        "remaining_s": 595,
        "limit_s": 600,
        "ahead": [
            {"index": 1, "begins_at": "2026-11-22T00:12:00.000000Z", "deadline_at": "2026-11-22T00:17:00.000000Z"}
        ],
    }


def test_status_of_a_break_tells_when_the_next_part_begins() -> None:
    status = short_status(after(T, GONE), at(110))["part"]
    assert (status["index"], status["on_break"], status["deadline_at"]) == (1, True, None)
    assert (status["break_until"], status["remaining_s"]) == ("2026-11-22T00:03:40.000000Z", 110)
    assert [part["index"] for part in status["ahead"]] == [1]


def test_paused_status_names_no_instants() -> None:
    status = short_status(after(T, paused(100)), at(110))["part"]
    assert (status["deadline_at"], status["break_until"], status["ahead"]) == (None, None, [])
    assert status["remaining_s"] == 500


def test_free_paper_has_no_parts_in_its_status_and_none_in_its_journal() -> None:
    assert "part" not in short_status(after(started(0)), at(5))
    assert "parts" not in to_document(started(0))
    assert "part" not in short_status(after(T, terminated(5)), at(6))


@pytest.mark.parametrize("start", [T, N, U, THREE])
def test_plan_is_read_back_from_the_journal(start) -> None:
    assert from_document(to_document(start)) == start


@pytest.mark.parametrize("history", [(T,), (T, GONE), (T, paused(100.25), resumed(101.5)), (T, extended(605, 60))])
def test_place_is_read_back_from_the_projection(history) -> None:
    place = after(*history).place
    assert place is not None
    assert place_from(place_document(place)) == place
