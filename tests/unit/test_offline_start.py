"""A start that the release code made: it is written when the line is back, and counts from when the room was opened."""

from dataclasses import replace
from datetime import timedelta

from cbt.delivery.core import timing
from cbt.delivery.core.entry_documents import from_document, to_document
from tests.factories_delivery import after, answered, at, started

OFFLINE = replace(started(600), counts_from=at(60), claimed_at=at(65))


def test_the_time_counts_from_when_the_room_was_opened() -> None:
    attempt = after(OFFLINE)
    assert attempt.started_at == at(60)
    assert attempt.head.at == at(600)
    assert timing.deadline_at(attempt) == at(660)


def test_what_was_written_before_the_line_came_back_has_its_rest_of_the_time() -> None:
    attempt = after(OFFLINE, answered(610, 1, 1, "A"))
    assert timing.remaining(attempt, at(610)) == timedelta(seconds=50)


def test_both_kinds_of_start_are_read_as_they_were_written() -> None:
    for entry in (OFFLINE, started()):
        assert from_document(to_document(entry)) == entry
    assert "counts_from" not in to_document(started())
