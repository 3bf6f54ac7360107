"""What comes in over the wire, and what is decided about it."""

import json

import pytest

from cbt.delivery.core.batch import MOST_ENTRIES, MalformedBatch, Unreadable
from cbt.delivery.core.decision import Stop, decide, known_entries
from cbt.delivery.core.entries import Answered, Refused
from cbt.delivery.core.journal import replay
from cbt.kernel.asgi.http import NotJson
from tests.factories_delivery import (
    after,
    at,
    batch,
    choices,
    expired,
    moved,
    opaque,
    paused,
    ready,
    received,
    refused,
    resumed,
    started,
    submitted,
    wire,
    wire_answer,
    written,
)

RUNNING = after(started(0))


def take(attempt, *entries, now=5.0, lease=1, known=None):
    return decide(attempt, batch(*entries, lease=lease), at(now), choices(), known or {})


def codes(decision) -> dict[int, str]:
    return {one.number: one.code for one in decision.refused}


def act(**fields):
    return batch({"number": 1, **fields}).entries[0].act


# --- reading -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"[]",
        b'{"lease":1,"entries":[NaN]}',
        b'{"lease":1,"entries":' + b"[" * 20_000 + b"]" * 20_000 + b"}",
        b'{"lease":1,"entries":[{"number":' + b"9" * 5_000 + b"}]}",
    ],
)
def test_body_that_is_no_json_object_is_refused(body) -> None:
    with pytest.raises(NotJson):
        received(body)


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (b'{"lease":1}', "entries"),
        (b'{"lease":1,"entries":[]}', "entries"),
        (b'{"lease":1,"entries":{}}', "entries"),
        (b'{"entries":[{"number":1}]}', "lease"),
        (b'{"lease":"1","entries":[{"number":1}]}', "lease"),
        (b'{"lease":0,"entries":[{"number":1}]}', "lease"),
        (b'{"lease":true,"entries":[{"number":1}]}', "lease"),
        (b'{"lease":1,"entries":[{"number":1},5]}', "entries[1]"),
        (b'{"lease":1,"entries":[{"number":1},{}]}', "entries[1].number"),
        (b'{"lease":1,"entries":[{"number":1.0}]}', "entries[0].number"),
        (b'{"lease":1,"entries":[{"number":-1}]}', "entries[0].number"),
        (b'{"lease":1,"entries":[{"number":9007199254740992}]}', "entries[0].number"),
    ],
)
def test_batch_that_cannot_be_placed_is_refused_with_its_place(body, where) -> None:
    with pytest.raises(MalformedBatch) as caught:
        received(body)
    assert caught.value.where == where


def test_batch_has_at_most_200_entries() -> None:
    entries = [wire(number, "hand-lowered") for number in range(1, MOST_ENTRIES + 2)]
    assert len(batch(*entries[:-1]).entries) == MOST_ENTRIES
    with pytest.raises(MalformedBatch):
        batch(*entries)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, "malformed"),
        ({"kind": "started"}, "malformed"),
        ({"kind": ["answered"]}, "malformed"),
        ({"kind": "answered", "slot": 1}, "malformed"),
        ({"kind": "answered", "slot": "1", "responses": {}}, "malformed"),
        ({"kind": "answered", "slot": 0, "responses": {}}, "malformed"),
        ({"kind": "answered", "slot": True, "responses": {}}, "malformed"),
        ({"kind": "answered", "slot": 1.5, "responses": {}}, "malformed"),
        ({"kind": "answered", "slot": 1, "responses": ["A"]}, "malformed"),
        ({"kind": "answered", "slot": 1, "responses": {"RESPONSE": "A"}}, "malformed"),
        ({"kind": "answered", "slot": 1, "responses": {"RESPONSE": [1]}}, "malformed"),
        ({"kind": "answered", "slot": 1, "responses": {"RESPONSE": ["x" * 20_001]}}, "too-long"),
        ({"kind": "answered", "slot": 1, "responses": {"RESPONSE": ["a\0b"]}}, "bad-text"),
        ({"kind": "answered", "slot": 1, "responses": {"RESPONSE": ["가\0"]}}, "bad-text"),
        ({"kind": "answered", "slot": 1, "responses": {"RESPONSE": ["\ud83d"]}}, "bad-text"),
        ({"kind": "answered", "slot": 1, "responses": {"\udc00": ["A"]}}, "bad-text"),
        ({"kind": "flagged", "slot": 1, "on": 1}, "malformed"),
        ({"kind": "hand-raised", "words": None}, "malformed"),
        ({"kind": "hand-raised", "words": "x" * 501}, "too-long"),
    ],
)
def test_entry_that_is_not_understood_is_carried_on_with_its_code(fields, code) -> None:
    found = act(**fields)
    assert isinstance(found, Unreadable)
    assert found.refusal.code == code


def test_longest_text_and_emoji_are_read() -> None:
    assert not isinstance(act(kind="answered", slot=4, responses={"RESPONSE": ["가" * 20_000]}), Unreadable)
    assert not isinstance(act(kind="hand-raised", words="😀" * 500), Unreadable)


@pytest.mark.parametrize(
    "claimed", [None, 5, "", "soon", "2026-11-22T09:00:00+09:00", "+275760-09-13T00:00:00.000Z", "0001-01-01T00:00:00Z"]
)
def test_unreadable_claim_of_an_instant_loses_no_answer(claimed) -> None:
    entry = {**wire_answer(1, 1, *opaque(1, "B")), "claimed_at": claimed}
    decision = take(RUNNING, entry)
    assert decision.after.answered == {1}
    assert decision.linked[0].entry.sent.claimed_at is None


def test_digest_covers_everything_but_the_number() -> None:
    one, other = batch(wire_answer(1, 1, "a"), wire_answer(2, 1, "a")).entries
    assert one.digest == other.digest
    for change in ({"slot": 2}, {"kind": "flagged"}, {"claimed_at": None}, {"responses": {}}, {"more": 1}):
        assert batch({**wire_answer(1, 1, "a"), **change}).entries[0].digest != one.digest


def test_digest_of_text_that_cannot_be_stored_is_still_repeatable() -> None:
    entries = [wire_answer(1, 4, text) for text in ("\ud83d", "\ud83d", "\ud83e", "\\ud83d", "?")]
    digests = [batch(entry).entries[0].digest for entry in entries]
    assert digests[0] == digests[1]
    assert len(set(digests)) == 4


# --- deciding ------------------------------------------------------------------------------------------------------


def test_answer_is_taken_in_canonical_ids() -> None:
    decision = take(RUNNING, wire_answer(1, 2, *opaque(2, "B")))
    entry = decision.linked[0].entry
    assert isinstance(entry, Answered)
    assert entry.responses == {"RESPONSE": ("B",)}
    assert (decision.refused, decision.stop) == ((), None)


def test_receipt_names_the_last_row_of_the_batch() -> None:
    decision = take(RUNNING, wire_answer(1, 2, *opaque(2, "B")), wire(2, "flagged", slot=2, on=True))
    receipt = decision.receipt
    assert receipt is not None
    assert (receipt.lease, receipt.number, receipt.head, receipt.at) == (1, 2, decision.linked[1].hash, at(5))
    assert decision.after.head.hash == receipt.head


def test_batch_is_taken_in_the_order_of_its_numbers() -> None:
    decision = take(RUNNING, wire_answer(2, 1, *opaque(1, "B")), wire_answer(1, 1, *opaque(1, "A")))
    assert decision.stop is None
    assert decision.linked[-1].entry.responses == {"RESPONSE": ("B",)}


def test_everything_that_a_candidate_may_do_is_taken() -> None:
    decision = take(
        RUNNING,
        wire_answer(1, 3, *opaque(3, "A", "C")),
        wire_answer(2, 4, "about three"),
        wire(3, "answered", slot=5, responses={"FIRST": ["물"], "SECOND": opaque(5, "no", response="SECOND")}),
        wire(4, "flagged", slot=1, on=True),
        wire(5, "hand-raised", words="소음이 있어요"),
        wire(6, "hand-lowered"),
        wire(7, "submitted"),
    )
    assert (decision.refused, decision.stop) == ((), None)
    assert decision.after.answered == {3, 4, 5}
    assert decision.after.state == "submitted"


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (wire_answer(1, 6, "x"), "unknown-slot"),
        (wire(1, "flagged", slot=6, on=True), "unknown-slot"),
        (wire_answer(1, 1, "x", response="OTHER"), "unknown-response"),
        (wire_answer(1, 1, "A"), "unknown-choice"),
        (wire_answer(1, 1, "zzzzzz"), "unknown-choice"),
        (wire_answer(1, 1, *opaque(2, "A")), "unknown-choice"),
        (wire_answer(1, 1, *opaque(1, "A", "B")), "too-many-choices"),
        (wire_answer(1, 3, *opaque(3, "A", "A")), "too-many-choices"),
        (wire_answer(1, 4, "1", "2"), "too-many-choices"),
        (wire(1, "answered", slot=1), "malformed"),
        (wire(1, "voided", reason="x", by="y"), "malformed"),
        (wire_answer(1, 4, "\ud83d"), "bad-text"),
    ],
)
def test_bad_entry_is_refused_kept_and_blocks_nothing(entry, code) -> None:
    decision = take(RUNNING, entry, wire_answer(2, 2, *opaque(2, "A")))
    assert codes(decision) == {1: code}
    assert decision.after.answered == {2}
    assert decision.stop is None
    kept = decision.linked[0].entry
    assert isinstance(kept, Refused)
    assert json.loads(kept.received) == {key: value for key, value in entry.items() if key != "number"}


def test_longest_refused_text_is_kept_whole() -> None:
    decision = take(RUNNING, wire_answer(1, 1, "답" * 20_000))
    assert "답" * 20_000 in decision.linked[0].entry.received


def test_number_that_is_no_number_is_kept_as_typed() -> None:
    decision = take(RUNNING, wire_answer(1, 4, "세 개쯤"))
    assert decision.linked[0].entry.responses == {"RESPONSE": ("세 개쯤",)}
    assert decision.after.answered == {4}


@pytest.mark.parametrize(
    ("history", "now", "code"),
    [
        ((started(0), paused(2)), 5, "paused"),
        ((started(0),), 611, "time-over"),
        ((started(0), expired(610)), 611, "time-over"),
        ((started(0), refused(1, 1), submitted(2, 2)), 5, "already-ended"),
    ],
)
def test_answer_out_of_time_is_kept_but_does_not_count(history, now, code) -> None:
    attempt = after(*history)
    number = attempt.lease_next
    decision = take(attempt, wire_answer(number, 1, *opaque(1, "B")), now=now)
    assert codes(decision) == {number: code}
    assert decision.after.answered == frozenset()
    assert decision.receipt is not None


def test_answer_is_taken_within_the_grace() -> None:
    assert take(RUNNING, wire_answer(1, 1, *opaque(1, "B")), now=610).after.answered == {1}


def test_clock_set_back_stamps_with_the_head() -> None:
    attempt = after(started(0), paused(100), resumed(101))
    decision = take(attempt, wire_answer(1, 1, *opaque(1, "B")), now=50)
    assert decision.linked[0].entry.at == at(101)


def test_gap_is_answered_with_the_expected_number() -> None:
    decision = take(RUNNING, wire_answer(3, 1, *opaque(1, "A")))
    assert decision.stop == Stop(code="entry-gap", number=3, expected=1)
    assert (decision.linked, decision.receipt, decision.after) == ((), None, RUNNING)


def test_what_comes_before_a_gap_counts() -> None:
    decision = take(RUNNING, wire_answer(1, 1, *opaque(1, "A")), wire_answer(3, 2, *opaque(2, "A")))
    assert decision.stop == Stop(code="entry-gap", number=3, expected=2)
    assert decision.after.answered == {1}
    assert decision.receipt is not None
    assert decision.receipt.number == 1


def test_repeated_batch_gets_the_same_receipt_and_changes_nothing() -> None:
    entries = [wire_answer(1, 1, "zzzzzz"), wire_answer(2, 2, *opaque(2, "B"))]
    first = take(RUNNING, *entries)
    again = take(first.after, *entries, now=99, known=known_entries(first.linked))
    assert again.receipt == first.receipt
    assert again.refused == first.refused
    assert (again.linked, again.after) == ((), first.after)


def test_known_and_new_entries_mix() -> None:
    first = take(RUNNING, wire_answer(1, 1, *opaque(1, "B")))
    again = take(
        first.after,
        wire_answer(1, 1, *opaque(1, "B")),
        wire_answer(2, 2, *opaque(2, "B")),
        now=6,
        known=known_entries(first.linked),
    )
    assert len(again.linked) == 1
    assert again.receipt is not None
    assert again.receipt.number == 2


def test_number_twice_in_one_batch_is_a_repetition() -> None:
    entry = wire_answer(1, 1, *opaque(1, "B"))
    decision = take(RUNNING, entry, entry)
    assert (len(decision.linked), decision.stop) == (1, None)


def test_same_number_with_other_content_is_a_conflict_without_receipt() -> None:
    first = take(RUNNING, wire_answer(1, 1, *opaque(1, "B")))
    other = take(first.after, wire_answer(1, 1, *opaque(1, "C")), known=known_entries(first.linked))
    assert other.stop == Stop(code="entry-conflict", number=1)
    assert (other.receipt, other.linked) == (None, ())


def test_old_lease_has_ended_but_what_it_was_receipted_for_is_receipted_again() -> None:
    first = take(RUNNING, wire_answer(1, 1, *opaque(1, "B")))
    known = known_entries(first.linked)
    rows = first.linked
    attempt = after(started(0), *(row.entry for row in rows), moved(7))
    again = take(attempt, wire_answer(1, 1, *opaque(1, "B")), wire_answer(2, 2, *opaque(2, "B")), now=9, known=known)
    assert again.receipt == first.receipt
    assert again.stop == Stop(code="lease-ended", number=2)
    assert again.linked == ()


def test_lease_that_is_not_given_yet_is_refused() -> None:
    assert take(RUNNING, wire_answer(1, 1), lease=2).stop == Stop(code="lease-ended", number=1)


def test_nothing_is_taken_before_the_start() -> None:
    assert take(ready(), wire_answer(1, 1)).stop == Stop(code="not-started", number=1)


def test_number_that_the_caller_forgot_to_look_up_is_a_defect() -> None:
    first = take(RUNNING, wire_answer(1, 1, *opaque(1, "B")))
    with pytest.raises(ValueError, match="not given as known"):
        take(first.after, wire_answer(1, 1, *opaque(1, "B")))


def test_rows_of_a_decision_replay() -> None:
    before, rows = written(started(0))
    decision = take(before, wire_answer(1, 1, "bad"), wire_answer(2, 2, *opaque(2, "B")), wire(3, "submitted"))
    assert replay(ready(), [*rows, *decision.linked], head=decision.after.head) == decision.after
