"""What holds for every journal: replay, the chain and the clock."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cbt.delivery.core import timing
from cbt.delivery.core.attempt import AttemptState
from cbt.delivery.core.batch import MalformedBatch
from cbt.delivery.core.decision import decide
from cbt.delivery.core.entries import Answered, Extended, Submitted
from cbt.delivery.core.entry_documents import to_bytes, to_document
from cbt.delivery.core.journal import JournalBroken, advance, graded_set, graded_set_of, read_entry, replay, timeline
from cbt.delivery.core.receipts import Receipt
from cbt.delivery.core.refusals import EntryRefused
from cbt.delivery.core.status import short_status
from cbt.kernel import canonical
from cbt.kernel.asgi.http import NotJson
from cbt.kernel.errors import InvalidInput
from tests.factories_delivery import (
    at,
    choices,
    ready,
    received,
    started,
)
from tests.strategies import History, entry_of, histories, hostile_entries, steps

CHOICES = choices()
_NO_TIME = timedelta(0)


@given(histories())
def test_replay_of_the_journal_is_the_state(history: History) -> None:
    assert replay(history.before, history.rows, head=history.after.head) == history.after


@given(histories())
def test_entries_are_read_back_from_their_bytes(history: History) -> None:
    assert [read_entry(row.content) for row in history.rows] == list(history.entries)
    assert len(timeline(history.entries)) == len(history.rows)


@given(histories())
def test_the_bytes_of_an_entry_are_those_of_its_document(history: History) -> None:
    for entry in history.entries:
        assert to_bytes(entry) == canonical.encode(to_document(entry))


@given(st.integers(1, 2**53 - 1), st.integers(1, 2**53 - 1), st.uuids(), st.datetimes(timezones=st.just(UTC)))
def test_what_is_signed_is_the_receipt_in_its_canonical_form(lease: int, number: int, one: UUID, at: datetime) -> None:
    receipt = Receipt(attempt_id=one, lease=lease, number=number, head=one.bytes * 2, at=at)
    assert receipt.to_bytes() == canonical.encode(receipt.to_document())


@given(histories(), st.data())
def test_one_flipped_bit_breaks_the_chain_at_its_row(history: History, data: st.DataObject) -> None:
    rows = list(history.rows)
    assume(rows)
    place = data.draw(st.integers(0, len(rows) - 1))
    part = data.draw(st.sampled_from(["content", "hash"]))
    held = bytearray(getattr(rows[place], part))
    bit = data.draw(st.integers(0, 8 * len(held) - 1))
    held[bit // 8] ^= 1 << bit % 8
    rows[place] = replace(rows[place], **{part: bytes(held)})
    with pytest.raises(JournalBroken) as caught:
        replay(history.before, rows)
    assert caught.value.number == place + 1


@given(histories(), st.data())
def test_missing_or_swapped_rows_are_found(history: History, data: st.DataObject) -> None:
    rows = list(history.rows)
    assume(len(rows) > 1)
    place = data.draw(st.integers(0, len(rows) - 2))
    swapped = [*rows[:place], rows[place + 1], rows[place], *rows[place + 2 :]]
    missing = [*rows[:place], *rows[place + 1 :]]
    for damaged in (swapped, missing, rows[:-1]):
        with pytest.raises(JournalBroken):
            replay(history.before, damaged, head=history.after.head)


@given(st.lists(steps, min_size=1, max_size=25))
def test_remaining_time_grows_only_by_an_extension(taken: list[Any]) -> None:
    attempt = ready()
    for step in taken:
        entry = entry_of(step, attempt)
        before = timing.remaining(attempt, entry.at)
        try:
            after, _ = advance(attempt, entry)
        except EntryRefused:
            continue
        left = timing.remaining(after, entry.at)
        if before is not None and left is not None:
            assert left - before <= (entry.extra if isinstance(entry, Extended) else _NO_TIME)
        attempt = after


@given(histories(), st.timedeltas(min_value=_NO_TIME, max_value=timedelta(hours=1)))
def test_time_runs_while_running_and_stands_still_while_paused(history: History, passed: timedelta) -> None:
    attempt, now = history.after, history.after.head.at
    left = timing.remaining(attempt, now)
    if left is None:
        return
    spent = passed if attempt.state is AttemptState.RUNNING else _NO_TIME
    assert timing.remaining(attempt, now + passed) == max(_NO_TIME, left - spent)


@given(histories())
def test_no_answer_counts_after_the_time_or_the_ending(history: History) -> None:
    attempt = ready()
    for row in history.rows:
        if isinstance(row.entry, (Answered, Submitted)):
            assert attempt.state is AttemptState.RUNNING
            assert timing.used(attempt, row.entry.at) <= timing.allowed(attempt) + attempt.grace
        attempt, _ = advance(attempt, row.entry)


@given(histories())
def test_answered_slots_are_those_of_the_graded_set(history: History) -> None:
    assert set(graded_set(history.entries)) == history.after.answered


@given(histories())
def test_what_is_graded_of_the_stored_rows_is_the_graded_set(history: History) -> None:
    assert graded_set_of(row.content for row in history.rows) == graded_set(history.entries)


@pytest.mark.parametrize(
    "content",
    [
        b"[]",
        b'{"kind":"unheard-of"}',
        b'{"kind":["answered"]}',
        b'{"at":"2026-11-22T03:00:00.000000Z","kind":"answered","responses":{},"slot":1}',
        b'{"at":"","kind":"answered","responses":{},"sent":{"lease":"1"},"slot":1}',
        b'{"at":"","kind":"answered","responses":{"RESPONSE":"A"},"sent":{"lease":1},"slot":1}',
        b'{"at":"","kind":"answered","more":1,"responses":{},"sent":{"lease":1},"slot":1}',
        b'{"kind":"recovered"}',
    ],
)
def test_no_stored_row_that_is_not_understood_is_passed_over(content: bytes) -> None:
    with pytest.raises(InvalidInput):
        graded_set_of([content])


@given(histories(), st.timedeltas(min_value=_NO_TIME, max_value=timedelta(hours=1)))
def test_status_of_every_attempt_is_plain_json(history: History, passed: timedelta) -> None:
    status = short_status(history.after, history.after.head.at + passed)
    assert json.loads(json.dumps(status)) == status


@given(st.lists(hostile_entries, min_size=1, max_size=4))
def test_no_entry_whatever_it_holds_breaks_the_journal(entries: list[dict[str, Any]]) -> None:
    numbered = [{**entry, "number": place} for place, entry in enumerate(entries, start=1)]
    body = json.dumps({"lease": 1, "entries": numbered})
    attempt, first = advance(ready(), started(0))
    try:
        batch = received(body.encode())
    except NotJson:
        assert "NaN" in body or "Infinity" in body
        return
    decision = decide(attempt, batch, at(5), CHOICES, {})
    assert decision.stop is None
    assert len(decision.linked) == len(entries)
    assert replay(ready(), [first, *decision.linked], head=decision.after.head) == decision.after


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_bytes_that_are_no_batch_are_refused_and_nothing_else(body: bytes) -> None:
    with pytest.raises((MalformedBatch, NotJson)):
        received(body)
