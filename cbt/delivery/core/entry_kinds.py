"""The names on which entries rest: the wire name of each kind, the ways that answers come, what a duration is."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from cbt.kernel.errors import InvalidInput

_SECOND: Final = timedelta(seconds=1)


class NotADuration(InvalidInput):
    """A duration is a whole number of seconds, and more than none."""

    code = "not-a-duration"


class EntryKind(StrEnum):
    """The wire name of each kind of entry."""

    STARTED = "started"
    ANSWERED = "answered"
    FLAGGED = "flagged"
    PAUSED = "paused"
    RESUMED = "resumed"
    EXTENDED = "extended"
    MOVED = "moved"
    HAND_RAISED = "hand-raised"
    HAND_LOWERED = "hand-lowered"
    PART_LEFT = "part-left"
    PART_ENTERED = "part-entered"
    REFUSED = "refused"
    RECOVERED = "recovered"
    LATE_ADMITTED = "late-admitted"
    SUBMITTED = "submitted"
    EXPIRED = "expired"
    TERMINATED = "terminated"
    VOIDED = "voided"


class Way(StrEnum):
    """How an answer reached the journal that did not come under the live lease in time."""

    OLDER_LEASE = "older-lease"
    ANSWER_FILE = "answer-file"
    LATE = "late"
    PAUSED = "paused"
    PART_OVER = "part-over"


# What a page is told of an answer that is kept without counting.
NOT_COUNTED: Final[Mapping[Way, str]] = MappingProxyType(
    {
        Way.OLDER_LEASE: "lease-ended",
        Way.ANSWER_FILE: "lease-ended",
        Way.LATE: "time-over",
        Way.PAUSED: "paused",
        Way.PART_OVER: "part-closed",
    }
)


def require_whole_seconds(duration: timedelta, *, least: timedelta = _SECOND) -> None:
    """Raise NotADuration unless `duration` is a whole number of seconds, and `least` at least."""
    if duration < least or duration % _SECOND:
        raise NotADuration(duration=duration)
