"""Answers that came another way than under the live lease in time: when they count, and what an admission changes."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from cbt.delivery.core.attempt import Attempt
from cbt.delivery.core.codecs import EntryUnreadable
from cbt.delivery.core.decision import Decision, decide, known_entries
from cbt.delivery.core.entries import Entry, LateAdmitted, Recovered
from cbt.delivery.core.entry_documents import from_document, to_document
from cbt.delivery.core.entry_kinds import Way
from cbt.delivery.core.journal import JournalBroken, ever_given, given_set, graded_set, link, replay, timeline
from cbt.delivery.core.leases import LeaseBook
from cbt.delivery.core.recovery import recover
from cbt.delivery.core.refusals import EntryRefused
from cbt.delivery.core.transitions import apply
from tests.factories_delivery import (
    STAFF,
    after,
    answered,
    at,
    batch,
    choices,
    expired,
    moved,
    opaque,
    paused,
    ready,
    resumed,
    sent,
    started,
    submitted,
    terminated,
    voided,
    wire,
    wire_answer,
    written,
)

MOVED = (started(0), answered(5, 1, 1, "A"), moved(60))
A, B, C = ({"RESPONSE": (letter,)} for letter in "ABC")


def recovered(second: float, number: int, slot: int = 1, *values: str, **more: Any) -> Recovered:
    lease, way = more.get("lease", 1), more.get("way", Way.OLDER_LEASE)
    given = {"RESPONSE": values}
    origin = replace(sent(number, lease), claimed_at=at(more.get("claimed", second)))
    return Recovered(at=at(second), sent=origin, slot=slot, responses=given, way=way, counts=more.get("counts", True))


def admitted(second: float, *numbers: int, answered: tuple[int, ...] = (), **more: Any) -> LateAdmitted:
    by = None if more.get("rule") else STAFF
    return LateAdmitted(at=at(second), numbers=numbers, reason="power cut", by=by, answered=answered, **more)


def bring(
    history: tuple[Entry, ...], *entries: Mapping[str, Any], second: float, way: Way = Way.OLDER_LEASE
) -> Decision:
    """What becomes of these entries of lease 1, brought after `history`."""
    attempt, rows = written(*history)
    known = known_entries(tuple(row for row in rows if getattr(getattr(row.entry, "sent", None), "lease", 0) == 1))
    book = LeaseBook(history)
    return recover(attempt, batch(*map(dict, entries)), at(second), choices(), known, book=book, way=way)


def kept(decision: Decision) -> list[tuple[int, str, bool]]:
    return [
        (row.entry.slot, row.entry.way.value, row.entry.counts)
        for row in decision.linked
        if isinstance(row.entry, Recovered)
    ]


def answer(number: int, slot: int, letter: str, *, claimed_s: float = 30) -> dict[str, Any]:
    claim = at(claimed_s).isoformat().replace("+00:00", "Z")
    return {**wire_answer(number, slot, *opaque(slot, letter)), "claimed_at": claim}


@pytest.mark.parametrize(
    ("history", "claimed_s", "second", "counts"),
    [
        (MOVED, 30, 70, True),
        (MOVED, 60, 70, True),
        (MOVED, 60.5, 70, False),
        ((*MOVED, answered(65, 1, 2, "C", lease=2)), 30, 70, False),
        ((*MOVED, answered(65, 1, 2, lease=2)), 30, 70, False),
        ((*MOVED, answered(65, 1, 3, "C", lease=2)), 30, 70, True),
        ((*MOVED, paused(65)), 30, 70, True),
        (MOVED, 30, 610, True),
        (MOVED, 30, 610.5, False),
        ((*MOVED, submitted(65, 1, lease=2)), 30, 70, False),
        ((*MOVED, terminated(65)), 30, 70, False),
        ((*MOVED, expired(610)), 30, 620, False),
    ],
)
def test_answer_of_an_older_lease_counts_only_where_nothing_newer_stands(history, claimed_s, second, counts) -> None:
    decision = bring(history, answer(2, 2, "B", claimed_s=claimed_s), second=second)
    assert kept(decision) == [(2, "older-lease", counts)]
    assert decision.receipt is not None
    assert [one.code for one in decision.refused] == ([] if counts else ["lease-ended"])
    assert (2 in decision.after.answered) is (counts or (2 in after(*history).answered))


def test_unreadable_claim_of_an_older_lease_does_not_count() -> None:
    entry = {**answer(2, 2, "B"), "claimed_at": "yesterday"}
    assert kept(bring(MOVED, entry, second=70)) == [(2, "older-lease", False)]


def test_older_lease_counts_its_own_numbers() -> None:
    gap = bring(MOVED, answer(4, 2, "B"), second=70)
    assert (gap.stop.code, gap.stop.expected, gap.linked) == ("entry-gap", 2, ())
    both = bring(MOVED, answer(2, 2, "B"), answer(3, 2, "C"), second=70)
    assert (both.following, both.after.lease_next, both.receipt.number) == (4, 1, 3)
    assert given_set([*MOVED, *(row.entry for row in both.linked)])[2] == C


def test_what_else_an_older_lease_sends_is_receipted_and_does_nothing() -> None:
    others = [wire(2, "flagged", slot=2, on=True), wire(3, "hand-raised", words="?"), wire(4, "submitted")]
    decision = bring(MOVED, *others, second=70)
    assert [one.code for one in decision.refused] == ["lease-ended"] * 3
    assert (decision.after.state, decision.after.flagged, decision.after.hand) == ("running", frozenset(), None)
    assert decision.receipt.number == 4


def test_bad_answer_of_an_older_lease_is_refused_under_its_number() -> None:
    decision = bring(MOVED, wire_answer(2, 1, "bad"), answer(3, 2, "B"), second=70)
    assert [(one.number, one.code) for one in decision.refused] == [(2, "unknown-choice")]
    assert kept(decision) == [(2, "older-lease", True)]


def test_lease_that_never_was_is_refused() -> None:
    attempt = after(*MOVED)
    decision = recover(attempt, batch(answer(1, 1, "A"), lease=3), at(70), choices(), {}, book=LeaseBook(MOVED))
    assert decision.stop.code == "lease-ended"


def test_answer_file_of_the_live_lease_counts_while_the_exam_runs() -> None:
    history = (started(0), answered(5, 1, 1, "A"))
    decision = bring(history, answer(1, 1, "A"), answer(2, 2, "B"), second=70, way=Way.ANSWER_FILE)
    assert decision.stop.code == "entry-conflict"  # number 1 holds something else here
    decision = bring(history, answer(2, 2, "B"), wire(3, "submitted"), second=70, way=Way.ANSWER_FILE)
    assert kept(decision) == [(2, "answer-file", True)]
    assert (decision.after.state, decision.after.answered) == ("submitted", {1, 2})


@pytest.mark.parametrize("history", [(started(0), paused(5)), (started(0), expired(610)), (started(0), terminated(9))])
def test_answer_file_of_the_live_lease_is_kept_only_while_paused_and_after_the_end(history) -> None:
    assert kept(bring(history, answer(1, 2, "B"), second=620, way=Way.ANSWER_FILE)) == [(2, "answer-file", False)]


@pytest.mark.parametrize(
    ("history", "second", "way"),
    [
        ((started(0), paused(5)), 8, "paused"),
        ((started(0),), 610.5, "late"),
        ((started(0), expired(610)), 611, "late"),
        ((started(0), terminated(30)), 31, "late"),
    ],
)
def test_answer_that_is_turned_away_under_the_live_lease_is_kept_as_an_answer(history, second, way) -> None:
    attempt = after(*history)
    decision = decide(attempt, batch(answer(1, 2, "B")), at(second), choices(), {})
    assert kept(decision) == [(2, way, False)]
    assert (decision.after.lease_next, decision.after.answered) == (2, frozenset())


@pytest.mark.parametrize("ending", [submitted(30, 1), voided(30)])
def test_after_the_hand_in_and_after_voiding_an_answer_stays_refused(ending) -> None:
    attempt = after(started(0), ending)
    decision = decide(attempt, batch(answer(attempt.lease_next, 2, "B")), at(31), choices(), {})
    assert decision.linked[0].entry.kind == "refused"
    assert decision.refused[0].code == "already-ended"


@pytest.mark.parametrize(
    ("history", "entry", "code"),
    [
        ((started(0), expired(610)), recovered(620, 1, 1, "A"), "already-ended"),
        ((started(0),), recovered(620, 1, 1, "A"), "time-over"),
        ((started(0), paused(5)), recovered(8, 1, 1, "A"), "paused"),
        ((started(0),), recovered(8, 1, 9, "A"), "unknown-slot"),
        ((started(0),), recovered(8, 2, 1, "A"), "entry-gap"),
        ((started(0),), recovered(8, 1, 1, "A", lease=2), "lease-ended"),
        ((started(0), voided(5)), recovered(8, 1, 1, "A", counts=False), "already-ended"),
        ((started(0),), admitted(8, 1), "entry-refused"),
        ((started(0), paused(5)), admitted(8, 1), "paused"),
        ((started(0), expired(610)), admitted(611, 1, answered=(6,)), "unknown-slot"),
    ],
)
def test_journal_refuses_what_may_not_count(history, entry, code) -> None:
    with pytest.raises(EntryRefused) as caught:
        apply(after(*history), entry)
    assert caught.value.code == code


LATE = (started(0), answered(5, 1, 1, "A"), answered(6, 2, 2, "A"), expired(610))


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        ((*LATE, recovered(620, 3, 3, "B", way=Way.LATE, counts=False)), {1: A, 2: A}),
        ((*LATE, recovered(620, 3, 3, "B", way=Way.LATE, counts=False), admitted(630, 5)), {1: A, 2: A, 3: B}),
        ((*LATE, recovered(620, 3, 1, "B", way=Way.LATE, counts=False), admitted(630, 5, rule="x")), {1: B, 2: A}),
        ((*LATE, recovered(620, 3, 1, way=Way.LATE, counts=False), admitted(630, 5)), {2: A}),
        # Two of one slot: the later one stands, in whichever order they were admitted.
        (
            (
                *LATE,
                recovered(620, 3, 3, "B", way=Way.LATE, counts=False),
                recovered(621, 4, 3, "C", way=Way.LATE, counts=False),
                admitted(630, 6),
                admitted(631, 5),
            ),
            {1: A, 2: A, 3: C},
        ),
    ],
)
def test_only_an_admission_changes_what_is_graded(history, expected) -> None:
    assert graded_set(history) == expected


OLD_BEHIND_NEW = (
    *MOVED,
    answered(65, 1, 2, "C", lease=2),
    expired(610),
    recovered(620, 2, 2, "B", counts=False),
)


def test_an_admitted_answer_never_beats_a_newer_lease_unless_a_person_chose_it() -> None:
    assert graded_set((*OLD_BEHIND_NEW, admitted(630, 6)))[2] == C
    assert graded_set((*OLD_BEHIND_NEW, admitted(630, 6, overriding=True)))[2] == B


def test_what_a_person_chose_stands_until_somebody_chooses_again() -> None:
    first = recovered(620, 3, 3, "B", way=Way.LATE, counts=False)
    second = recovered(621, 4, 3, "C", way=Way.LATE, counts=False)
    history = (*LATE, first, second, admitted(630, 5, overriding=True))
    assert graded_set((*history, admitted(640, 6)))[3] == B
    assert graded_set((*history, admitted(640, 6, overriding=True)))[3] == C


def test_what_was_given_while_paused_stands_behind_what_came_after_it() -> None:
    flagged = recovered(8, 1, 1, "B", way=Way.PAUSED, counts=False)
    history = (started(0), paused(5), flagged, resumed(20), answered(25, 2, 1, "C"), expired(635))
    assert graded_set((*history, admitted(640, 3)))[1] == C
    assert graded_set((*history, admitted(640, 3, overriding=True)))[1] == B


def test_admission_moves_the_answered_slots_of_the_attempt() -> None:
    history = (*LATE, recovered(620, 3, 3, "B", way=Way.LATE, counts=False))
    assert after(*history, admitted(630, 5, answered=(1, 2, 3))).answered == {1, 2, 3}


@pytest.mark.parametrize(
    ("rows", "number", "reason"),
    [
        ((*LATE, admitted(630, 2)), 5, "what it admits was not kept"),
        ((*LATE, recovered(620, 3, 3, "B", counts=False, way=Way.LATE), admitted(630, 6)), 6, "was not kept"),
        ((*MOVED, recovered(70, 3, 2, "B")), 4, "entry-gap"),
    ],
)
def test_journal_that_admits_or_counts_what_is_not_there_is_broken(rows, number, reason) -> None:
    _, linked = written(*rows)
    with pytest.raises(JournalBroken) as caught:
        replay(ready(), linked)
    assert caught.value.number == number
    assert reason in caught.value.reason


def test_everything_ever_given_is_told_so_that_its_files_stay() -> None:
    assert list(ever_given(OLD_BEHIND_NEW)) == [A, C, B]


def test_proctors_see_how_an_answer_came_and_not_what_it_was() -> None:
    line = timeline(OLD_BEHIND_NEW)[-1]
    assert (line["kind"], line["way"], line["counts"], line["lease"]) == ("recovered", "older-lease", False, 1)
    assert "responses" not in line


@pytest.mark.parametrize(
    "entry", [recovered(70, 2, 2, "B"), admitted(630, 4, 7, answered=(1,)), admitted(1, 2, rule="r")]
)
def test_entry_is_read_back_from_its_document(entry) -> None:
    assert from_document(to_document(entry)) == entry


@pytest.mark.parametrize(
    "change", [{"numbers": []}, {"numbers": 4}, {"numbers": [True]}, {"rule": "r"}, {"overriding": 1}]
)
def test_admission_that_names_nothing_or_nobody_is_not_an_entry(change) -> None:
    with pytest.raises(EntryUnreadable):
        from_document(to_document(admitted(630, 4)) | change)


def test_way_that_does_not_exist_is_not_an_entry() -> None:
    with pytest.raises(EntryUnreadable):
        from_document(to_document(recovered(70, 2, 2, "B")) | {"way": "by post"})


def test_rows_of_an_older_lease_chain_like_all_others() -> None:
    attempt, rows = written(*MOVED)
    row = link(attempt.head, attempt.id, recovered(70, 2, 2, "B"))
    assert isinstance(replay(ready(), [*rows, row]), Attempt)
