"""Why an entry is not admitted: one class per fact, each with the code that the wire, the journal and people see."""

from cbt.kernel.errors import Conflict


class EntryRefused(Conflict):
    """The attempt's state does not admit this entry."""

    code = "entry-refused"


class NotStarted(EntryRefused):
    """The attempt has not started yet."""

    code = "not-started"


class AlreadyStarted(EntryRefused):
    """The attempt has already started."""

    code = "already-started"


class AttemptPaused(EntryRefused):
    """The attempt is paused."""

    code = "paused"


class NotPaused(EntryRefused):
    """The attempt is not paused."""

    code = "not-paused"


class TimeOver(EntryRefused):
    """The time, with its grace, is over."""

    code = "time-over"


class TimeLeft(EntryRefused):
    """The time, with its grace, is not over yet."""

    code = "time-left"


class AlreadyEnded(EntryRefused):
    """The attempt has already ended."""

    code = "already-ended"


class OutOfOrder(EntryRefused):
    """The entry is older than the head of the journal; its writer must stamp it with `attempt.stamp(now)`."""

    code = "out-of-order"


class LeaseEnded(EntryRefused):
    """Another page holds the attempt now."""

    code = "lease-ended"


class EntryGap(EntryRefused):
    """The number is not the next one of this lease."""

    code = "entry-gap"


class EntryConflict(EntryRefused):
    """The number was used before with other content."""

    code = "entry-conflict"


class MalformedEntry(EntryRefused):
    """The entry has not the form that its kind asks for."""

    code = "malformed"


class BadText(EntryRefused):
    """The text holds a character that cannot be stored (U+0000 or half of a surrogate pair)."""

    code = "bad-text"


class TooLong(EntryRefused):
    """The text is longer than may be stored."""

    code = "too-long"


class UnknownSlot(EntryRefused):
    """The form has no such slot."""

    code = "unknown-slot"


class UnknownResponse(EntryRefused):
    """The slot has no such response variable."""

    code = "unknown-response"


class UnknownChoice(EntryRefused):
    """The response variable has no such choice."""

    code = "unknown-choice"


class TooManyChoices(EntryRefused):
    """More values than the response variable takes, or the same one twice."""

    code = "too-many-choices"


class PairedTooOften(EntryRefused):
    """An option stands in more pairs than it may."""

    code = "paired-too-often"


class UnknownFile(EntryRefused):
    """The value does not name a file of this attempt."""

    code = "unknown-file"


class PartClosed(EntryRefused):
    """The part is not open: it is over, or it has not begun yet."""

    code = "part-closed"


class PartOver(PartClosed):
    """The part is behind the candidate: its time is over, or it was left."""


class LastPart(EntryRefused):
    """The last part is not left but handed in."""

    code = "last-part"


class NoBreak(EntryRefused):
    """The part has begun already: there is no break to end."""

    code = "no-break"
