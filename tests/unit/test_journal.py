"""The chain and the folds over it."""

import hashlib
from dataclasses import replace

import pytest

from cbt.delivery.core.attempt import Head
from cbt.delivery.core.entry_documents import from_document, to_document
from cbt.delivery.core.journal import JournalBroken, advance, given_set, graded_set, link, replay, timeline
from cbt.kernel import canonical
from cbt.kernel.errors import InvalidInput, status_of
from tests.factories_delivery import (
    ATTEMPT_ID,
    FORM_DIGEST,
    STAFF,
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
    written,
)

HISTORY = (
    started(0),
    answered(1, 1, 1, "A"),
    answered(2, 2, 2, "B"),
    answered(3, 3, 1, "C"),
    answered(4, 4, 2),
    submitted(5, 5),
)
ONE_OF_EACH = [
    started(0),
    answered(1, 1, 1, "A"),
    flagged(2, 2),
    paused(3),
    resumed(4),
    extended(5, 60),
    moved(6),
    hand_raised(7, 1, "물"),
    hand_lowered_by_staff(8),
    type(hand_lowered_by_staff(8))(at=at(8), sent=sent(2)),
    refused(9, 3),
    submitted(10, 4),
    expired(700),
    terminated(11),
    voided(12),
    replace(answered(1, 1, 1, "A"), sent=replace(sent(1), claimed_at=None)),
]


@pytest.mark.parametrize("entry", ONE_OF_EACH, ids=lambda entry: entry.kind.value)
def test_entry_is_read_back_from_its_bytes(entry) -> None:
    assert from_document(canonical.decode(canonical.encode(to_document(entry)))) == entry


def test_bytes_of_an_answer_are_these() -> None:
    content = canonical.encode(to_document(answered(1, 1, 3, "B")))
    assert content == (
        b'{"at":"2026-11-22T00:00:01.000000Z","kind":"answered","responses":{"RESPONSE":["B"]},"sent":'
        b'{"at":"2026-11-22T00:00:00.000000Z","digest":"ZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGQ","lease":1,'
        b'"number":1},"slot":3}'
    )


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "guessed"},
        {"kind": None},
        {"kind": "submitted"},
        {"slot": "3"},
        {"slot": True},
        {"slot": -1},
        {"at": "yesterday"},
        {"at": 5},
        {"extra": 1},
        {"responses": []},
        {"responses": {"RESPONSE": "B"}},
        {"responses": {"RESPONSE": [1]}},
        {"sent": None},
        {"sent": {"lease": 1, "number": 1}},
        {"sent": {"lease": 1, "number": 1, "digest": "AAAA"}},
        {"sent": {"lease": 1, "number": 1, "digest": "!"}},
    ],
)
def test_document_that_is_not_exactly_an_entry_is_refused(change) -> None:
    with pytest.raises(InvalidInput):
        from_document({**to_document(answered(1, 1, 3, "B")), **change})


@pytest.mark.parametrize("document", [None, [], {}, "x", {"kind": "expired"}])
def test_document_without_its_fields_is_refused(document) -> None:
    with pytest.raises(InvalidInput):
        from_document(document)


@pytest.mark.parametrize(
    "change", [{"by": "me"}, {"by": STAFF.hex}, {"extra_s": 0}, {"extra_s": 10**12}, {"reason": None}]
)
def test_document_of_staff_is_read_strictly(change) -> None:
    with pytest.raises(InvalidInput):
        from_document({**to_document(extended(5, 60)), **change})


def test_document_of_a_flag_needs_true_or_false() -> None:
    with pytest.raises(InvalidInput):
        from_document({**to_document(flagged(5, 1)), "on": 1})


def test_document_of_a_lowered_hand_needs_one_who_did_it() -> None:
    with pytest.raises(InvalidInput):
        from_document({"kind": "hand-lowered", "at": "2026-11-22T00:00:01.000000Z"})


def test_hash_chains_previous_attempt_number_and_bytes() -> None:
    _, rows = written(started(0), submitted(5, 1))
    first = hashlib.sha256(FORM_DIGEST + ATTEMPT_ID.bytes + (1).to_bytes(8, "big") + rows[0].content).digest()
    second = hashlib.sha256(first + ATTEMPT_ID.bytes + (2).to_bytes(8, "big") + rows[1].content).digest()
    assert [row.hash for row in rows] == [first, second]


def test_replay_gives_the_same_attempt() -> None:
    attempt, rows = written(*HISTORY)
    assert replay(ready(), rows, head=attempt.head) == attempt


@pytest.mark.parametrize(
    ("damage", "number"),
    [
        (lambda rows: [*rows[:2], *rows[3:]], 3),
        (lambda rows: rows[1:], 1),
        (lambda rows: [rows[1], rows[0], *rows[2:]], 1),
        (lambda rows: [*rows[:3], replace(rows[3], content=rows[3].content.replace(b'"C"', b'"D"')), *rows[4:]], 4),
        (lambda rows: [*rows[:3], replace(rows[3], hash=bytes(32)), *rows[4:]], 4),
        (lambda rows: rows[:-1], 6),
    ],
    ids=["deleted", "beheaded", "swapped", "edited", "rehashed", "truncated"],
)
def test_damage_is_found_at_its_first_row(damage, number) -> None:
    attempt, rows = written(*HISTORY)
    with pytest.raises(JournalBroken) as caught:
        replay(ready(), damage(list(rows)), head=attempt.head)
    assert caught.value.number == number
    assert status_of(caught.value) == 500


def test_head_that_differs_is_found() -> None:
    attempt, rows = written(*HISTORY)
    with pytest.raises(JournalBroken, match="another one"):
        replay(ready(), rows, head=Head(number=6, hash=bytes(32), at=attempt.head.at))


def test_row_that_is_well_chained_but_illegal_is_found() -> None:
    attempt, rows = written(*HISTORY)
    illegal = link(attempt.head, attempt.id, answered(6, 6, 1, "A"))
    with pytest.raises(JournalBroken, match="row 7: already-ended"):
        replay(ready(), [*rows, illegal])


def test_row_that_is_no_entry_is_found() -> None:
    attempt, rows = written(*HISTORY)
    linked = link(attempt.head, attempt.id, voided(6))
    content = b'{"kind":"voided"}'
    hashed = hashlib.sha256(attempt.head.hash + ATTEMPT_ID.bytes + (7).to_bytes(8, "big") + content).digest()
    with pytest.raises(JournalBroken, match="row 7: entry-unreadable"):
        replay(ready(), [*rows, replace(linked, content=content, hash=hashed)])


def test_journal_of_another_attempt_does_not_fit() -> None:
    _, rows = written(*HISTORY)
    with pytest.raises(JournalBroken):
        replay(ready(attempt_id=STAFF), rows)


def test_graded_set_holds_the_last_answers_and_no_emptied_slot() -> None:
    assert graded_set(HISTORY) == {1: {"RESPONSE": ("C",)}}


def test_given_set_shows_emptied_slots_too() -> None:
    assert given_set(HISTORY) == {1: {"RESPONSE": ("C",)}, 2: {"RESPONSE": ()}}


@pytest.mark.parametrize("ending", [submitted(610, 2), expired(610), terminated(610), voided(610)])
def test_every_ending_grades_the_same_answers(ending) -> None:
    entries = (started(0), answered(1, 1, 1, "A"))
    advance(written(*entries)[0], ending)
    assert graded_set((*entries, ending)) == {1: {"RESPONSE": ("A",)}}


def test_timeline_shows_what_happened_but_not_what_was_answered() -> None:
    lines = timeline((started(0), answered(1, 1, 3, "B"), refused(2, 2), paused(3)))
    assert lines[1] == {
        "number": 2,
        "kind": "answered",
        "at": "2026-11-22T00:00:01.000000Z",
        "slot": 3,
        "claimed_at": "2026-11-22T00:00:00.000000Z",
        "lease": 1,
    }
    assert lines[2]["code"] == "unknown-slot"
    assert "received" not in lines[2]
    assert (lines[3]["reason"], lines[3]["by"]) == ("fire drill", str(STAFF))
