"""What the attempt's state admits, and what it becomes."""

import itertools

import pytest

from cbt.delivery.core.attempt import ENDED, AttemptState
from cbt.delivery.core.entry_documents import _FIELDS
from cbt.delivery.core.entry_kinds import EntryKind, NotADuration
from cbt.delivery.core.refusals import EntryRefused
from cbt.delivery.core.transitions import _REFUSAL_IN, NEXT_STATE, apply
from tests.factories_delivery import (
    after,
    answered,
    at,
    expired,
    extended,
    flagged,
    hand_lowered_by_staff,
    hand_raised,
    moved,
    paused,
    ready,
    refused,
    resumed,
    sent,
    started,
    submitted,
    terminated,
    voided,
)

RUNNING = (started(0),)
PAUSED = (started(0), paused(60))
SUBMITTED = (started(0), submitted(30, 1))
EXPIRED = (started(0), expired(610))
TERMINATED = (started(0), terminated(30))


def refusal(before, entry) -> str:
    with pytest.raises(EntryRefused) as caught:
        apply(before, entry)
    return caught.value.code


@pytest.mark.parametrize(
    ("history", "entry", "state"),
    [
        ((), started(0), "running"),
        ((), voided(0), "voided"),
        (RUNNING, answered(5, 1, 1, "A"), "running"),
        (RUNNING, flagged(5, 1), "running"),
        (RUNNING, refused(5, 1), "running"),
        (RUNNING, paused(5), "paused"),
        (RUNNING, extended(5, 60), "running"),
        (RUNNING, moved(5), "running"),
        (RUNNING, submitted(5, 1), "submitted"),
        (RUNNING, expired(610), "expired"),
        (RUNNING, terminated(5), "terminated"),
        (RUNNING, voided(5), "voided"),
        (PAUSED, resumed(90), "running"),
        (PAUSED, extended(90, 60), "paused"),
        (PAUSED, moved(90), "paused"),
        (PAUSED, hand_raised(90, 1), "paused"),
        (PAUSED, refused(90, 1), "paused"),
        (PAUSED, terminated(90), "terminated"),
        (SUBMITTED, voided(90), "voided"),
        (SUBMITTED, refused(90, 2), "submitted"),
        (EXPIRED, refused(700, 1), "expired"),
        (TERMINATED, voided(90), "voided"),
    ],
)
def test_entry_leads_to_its_state(history, entry, state) -> None:
    assert after(*history, entry).state == state


@pytest.mark.parametrize(
    ("history", "entry", "code"),
    [
        ((), answered(0, 1, 1, "A"), "not-started"),
        ((), submitted(0, 1), "not-started"),
        ((), refused(0, 1), "not-started"),
        ((), paused(0), "not-started"),
        (RUNNING, started(5), "already-started"),
        (RUNNING, resumed(5), "not-paused"),
        (RUNNING, answered(5, 2, 1, "A"), "entry-gap"),
        (RUNNING, answered(5, 1, 1, "A", lease=2), "lease-ended"),
        (RUNNING, answered(5, 1, 6, "A"), "unknown-slot"),
        (RUNNING, flagged(5, 1, 0), "unknown-slot"),
        (RUNNING, moved(5, lease=3), "lease-ended"),
        (RUNNING, expired(609), "time-left"),
        ((*RUNNING, moved(5)), answered(6, 1, 1, "A"), "lease-ended"),
        ((*RUNNING, paused(5)), extended(4, 60), "out-of-order"),
        (PAUSED, started(90), "already-started"),
        (PAUSED, paused(90), "paused"),
        (PAUSED, answered(90, 1, 1, "A"), "paused"),
        (PAUSED, flagged(90, 1), "paused"),
        (PAUSED, submitted(90, 1), "paused"),
        (PAUSED, expired(9_999), "paused"),
        (SUBMITTED, answered(31, 2, 1, "A"), "already-ended"),
        (SUBMITTED, terminated(31), "already-ended"),
        (SUBMITTED, extended(31, 60), "already-ended"),
        (EXPIRED, submitted(611, 1), "already-ended"),
        (TERMINATED, resumed(31), "already-ended"),
        ((*RUNNING, voided(5)), voided(6), "already-ended"),
    ],
)
def test_entry_is_refused_with_the_code_of_the_fact(history, entry, code) -> None:
    assert refusal(after(*history), entry) == code


@pytest.mark.parametrize(
    "entry",
    [
        answered(610.000001, 1, 1, "A"),
        submitted(611, 1),
        hand_raised(611, 1),
        paused(611),
        extended(611, 60),
        terminated(611),
        moved(611),
    ],
)
def test_nothing_but_the_ending_is_admitted_after_deadline_and_grace(entry) -> None:
    assert refusal(after(*RUNNING), entry) == "time-over"


def test_answer_is_in_time_up_to_deadline_and_grace() -> None:
    assert after(*RUNNING, answered(610, 1, 1, "A")).answered == {1}


def test_answer_and_expiry_of_one_instant_are_both_admitted_in_that_order_only() -> None:
    assert after(*RUNNING, answered(610, 1, 1, "A"), expired(610)).answered == {1}
    assert refusal(after(*RUNNING, expired(610)), answered(610, 1, 1, "A")) == "already-ended"


def test_answered_slots_follow_the_last_responses() -> None:
    attempt = after(*RUNNING, answered(1, 1, 1, "A"), answered(2, 2, 2, "B"), answered(3, 3, 1))
    assert attempt.answered == {2}


def test_blank_text_is_not_an_answer() -> None:
    assert after(*RUNNING, answered(1, 1, 4, "  ")).answered == frozenset()


def test_flag_is_set_and_cleared() -> None:
    assert after(*RUNNING, flagged(1, 1, 3), flagged(2, 2, 4), flagged(3, 3, 3, on=False)).flagged == {4}


def test_hand_keeps_its_first_instant_and_its_last_words() -> None:
    hand = after(*RUNNING, hand_raised(5, 1, "pen"), hand_raised(9, 2, "paper")).hand
    assert hand is not None
    assert (hand.since, hand.words) == (at(5), "paper")


def test_hand_is_lowered_by_staff_and_by_the_ending() -> None:
    assert after(*RUNNING, hand_raised(5, 1), hand_lowered_by_staff(6)).hand is None
    assert after(*RUNNING, hand_raised(5, 1), submitted(6, 2)).hand is None


def test_move_gives_the_next_lease_that_counts_from_one() -> None:
    attempt = after(*RUNNING, answered(1, 1, 1, "A"), moved(2), answered(3, 1, 2, "B", lease=2))
    assert (attempt.lease, attempt.lease_next, attempt.device) == (2, 2, "device 2")
    assert attempt.answered == {1, 2}


def test_refused_entry_uses_up_its_number_and_nothing_else() -> None:
    before = after(*RUNNING)
    attempt = apply(before, refused(5, 1))
    assert attempt.lease_next == 2
    assert (attempt.answered, attempt.state) == (before.answered, before.state)


def test_ending_in_a_pause_settles_the_pause() -> None:
    attempt = after(*PAUSED, terminated(100))
    assert (attempt.paused_at, attempt.paused_total.total_seconds()) == (None, 40)


def test_voiding_keeps_the_instant_of_the_ending() -> None:
    assert after(*SUBMITTED, voided(90)).ended_at == at(30)


def test_table_covers_every_kind_and_no_kind_but_voiding_leaves_an_ended_state() -> None:
    assert {kind for _, kind in NEXT_STATE} == set(_FIELDS)
    assert {kind.kind for kind in _FIELDS} == set(EntryKind)
    assert set(_REFUSAL_IN) == set(AttemptState)
    for (state, kind), following in NEXT_STATE.items():
        assert state not in ENDED or following is state or kind.kind is EntryKind.VOIDED


def test_first_legal_ending_wins_in_every_order() -> None:
    endings = [submitted(620, 1), expired(620), terminated(620)]
    for first, second in itertools.permutations(endings, 2):
        attempt = after(started(0, minutes=10, grace_s=20), first)
        assert refusal(attempt, second) == "already-ended"


@pytest.mark.parametrize("extra_s", [0, -60, 0.5])
def test_extension_must_be_positive_whole_seconds(extra_s) -> None:
    with pytest.raises(NotADuration):
        extended(0, extra_s)


def test_start_needs_time() -> None:
    with pytest.raises(NotADuration):
        started(minutes=0)


def test_hand_is_lowered_by_exactly_one_side() -> None:
    with pytest.raises(ValueError, match="either"):
        type(hand_lowered_by_staff(0))(at=at(0), by=None)
    with pytest.raises(ValueError, match="either"):
        type(hand_lowered_by_staff(0))(at=at(0), by=ready().id, sent=sent(1))
