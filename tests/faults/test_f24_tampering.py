"""F24: a page that was rewritten: the server takes choices of the candidate's own form and nothing else it is told."""

import json

import pytest

from tests.faults.kept import assert_kept, held_answers, journal_of
from tests.faults.node import seated

FORGED = {"score": 100, "correct": True, "points": "5", "at": "2026-11-22T00:00:00Z", "counts": True}


@pytest.fixture
def room(site):
    with seated(site, 2) as room:
        yield room


def sent(person, act, **body):
    """One forged entry under the next number; what the server says."""
    number = person.journal.next
    entry = {"number": number, "claimed_at": "2026-11-22T03:00:00Z", **act}
    answer = person.post([entry], **body)
    assert answer.status_code < 500, answer.text
    if answer.status_code == 200:
        person.journal.write(act, "2026-11-22T03:00:00Z")
        person._keep(answer.json())
        return "".join(refused["code"] for refused in answer.json()["refused"]) or "taken"
    return answer.json()["error"]["code"]


def test_f24_choices_of_another_form_and_slots_that_are_not_there_are_refused(room):
    person, other = room.people
    person.answer(1)
    foreign = other.seat.answer(2)["responses"]
    acts = [
        {"kind": "answered", "slot": 2, "responses": foreign},
        {"kind": "answered", "slot": 2, "responses": {"RESPONSE": ["A"]}},  # the canonical name
        {"kind": "answered", "slot": 2, "responses": {"RESPONSE": [0]}},  # a position
        {"kind": "answered", "slot": 2, "responses": {"OTHER": person.seat.answer(2)["responses"]["RESPONSE"]}},
        {"kind": "answered", "slot": 99, "responses": {"RESPONSE": []}},
        {"kind": "answered", "slot": -1, "responses": {"RESPONSE": []}},
        {"kind": "answered", "slot": 2},
        {"kind": "flagged", "slot": 99, "on": True},
    ]
    assert "taken" not in {sent(person, act) for act in acts}
    assert set(held_answers(person.rt, person.attempt_id)) == {1}
    assert_kept(person, other)


@pytest.mark.parametrize("kind", ["started", "extended", "resumed", "moved", "late-admitted", "recovered", "graded"])
def test_f24_no_page_writes_what_only_the_server_writes(room, kind):
    person = room.people[0]
    act = {"kind": kind, "extra": 3600, "time_allowed": 9000, "lease": 2, "numbers": [1], "reason": "mine", "by": None}
    assert sent(person, act) != "taken"
    attempt, _ = journal_of(person.rt, person.attempt_id)
    assert attempt.extended.total_seconds() == 0
    assert_kept(person)


def test_f24_scores_and_times_that_a_page_claims_are_not_believed(room):
    person = room.people[0]
    before = person.rt.clock.now()
    sent(person, {**person.seat.answer(1, right=False), **FORGED})
    person.hand_in()
    attempt, journal = journal_of(person.rt, person.attempt_id)
    assert all(entry.at >= attempt.started_at for entry in journal)
    assert attempt.ended_at >= before
    assert "100" not in json.dumps(held_answers(person.rt, person.attempt_id))
    assert_kept(person)


def test_f24_another_lease_or_attempt_in_the_body_opens_nothing(room):
    person, other = room.people
    person.answer(1)
    act = person.seat.answer(2)
    assert sent(person, act, lease=2) == "token-invalid"
    assert sent(person, act, attempt=str(other.attempt_id)) in {"taken", "malformed-batch"}
    assert len(journal_of(other.rt, other.attempt_id)[1]) == 1
    token = person.token
    person.token = token[:-2] + ("AA" if token[-2:] != "AA" else "BB")
    assert sent(person, act) == "token-invalid"
    person.token = "none"
    assert sent(person, act) == "token-invalid"
    person.token = token
    assert_kept(person, other)


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{}", b"null", b"\xff", b'{"lease":1,"entries":[{}]}', b'{"lease":1e999,"entries":[]}',
     b'{"lease":1,"entries":[{"number":1e400}]}', b"[" * 60_000, b'{"lease":1,"entries":' + b"[]" * 9],
)  # fmt: skip
def test_f24_bodies_that_are_no_batch_are_refused_and_leave_nothing(room, body):
    person = room.people[0]
    answer = person._client.post(f"{person.url}/delivery/entries", content=body, headers=person.bearer())
    assert answer.status_code == 400
    assert len(journal_of(person.rt, person.attempt_id)[1]) == 1


def test_f24_a_flood_of_numbers_or_bytes_is_bounded(room):
    person = room.people[0]
    act = person.seat.answer(1)
    many = [{"number": number, "claimed_at": "2026-11-22T03:00:00Z", **act} for number in range(1, 202)]
    assert person.post(many).status_code in {400, 413}
    long = {**act, "responses": {"RESPONSE": ["x" * 70_000]}}
    assert person.post([{"number": 1, "claimed_at": "2026-11-22T03:00:00Z", **long}]).status_code == 413
    assert len(journal_of(person.rt, person.attempt_id)[1]) == 1
