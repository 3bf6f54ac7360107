"""The words of the room's pages: why something was refused, how a seat stands, what happened there."""

from collections.abc import Callable, Mapping

from flask_babel import gettext as _

from proctor.core.incidents import IncidentCategory
from proctor.core.orders import SeatState
from proctor.services.seats import HistoryLine


def refusal_words(code: str, message: str) -> str:
    """Return why something was refused, in the reader's language."""
    words = {
        "reason-missing": _("Say why in a few words."),
        "reason-too-long": _("The text is longer than 500 characters."),
        "minutes-out-of-range": _("Minutes are a whole number from 1 to 120."),
        "resident-number": _("This looks like a resident registration number. Use the candidate number instead."),
        "order-malformed": _("This order could not be read."),
        "order-not-possible": _("The seat has changed in the meantime; this no longer fits."),
        "already-ended": _("This exam has ended already."),
        "paused": _("This exam is paused already."),
        "not-paused": _("This exam is not paused."),
        "not-started": _("This exam has not started yet."),
        "time-over": _("The time of this exam is over."),
        "no-seat-claim": _("No other computer asks for this seat."),
        "already-checked-in": _("This person is checked in already."),
        "not-checked-in": _("This person is not checked in."),
        "room-state-refused": _("The state of the room does not admit this."),
        "people-waiting": _(
            "Checked in, but not begun here: seats %(seats)s. Who began with the release code is still to be taken in."
            " Wait for the line or the answer file, or close the room nevertheless: both are taken in later, too.",
            seats=message,
        ),
        "room-still-busy": _("Exams in this room are still running. End them first, or wait until they are over."),
        "nodes-differ": _("The servers differ (%(nodes)s). Tell whoever keeps them first.", nodes=message),
        "outside-window": _("This is outside the time of the sitting."),
        "sitting-cancelled": _("This sitting is cancelled."),
        "not-in-this-room": _("This person does not belong to this room."),
        "too-much-extra": _("This exam admits no more extra time for one candidate."),
        "clock-stepped": _("The server's clock has jumped. Tell whoever keeps the server, before a room is opened."),
        "busy": _("Somebody else is at work here. Try again in a moment; a seat that is done already stays as it is."),
        "database-unavailable": _(
            "The server cannot store this right now. Try again in a moment; a seat that is done already stays as it is."
        ),
    }
    return str(words.get(code, message))


def state_words() -> dict[SeatState, str]:
    """Return the states of a seat, in the reader's language."""
    return {
        SeatState.EXPECTED: _("Expected"),
        SeatState.ABSENT: _("Absent"),
        SeatState.CHECKED_IN: _("Checked in"),
        SeatState.READY: _("At the screen"),
        SeatState.RUNNING: _("Working"),
        SeatState.PAUSED: _("Paused"),
        SeatState.SUBMITTED: _("Handed in"),
        SeatState.EXPIRED: _("Time up"),
        SeatState.TERMINATED: _("Ended early"),
        SeatState.VOIDED: _("Void"),
    }


def category_words() -> dict[IncidentCategory, str]:
    """Return the kinds of incidents, in the reader's language."""
    return {
        IncidentCategory.ENVIRONMENT: _("Environment"),
        IncidentCategory.TEST_TAKER: _("Test taker"),
        IncidentCategory.STAFF: _("Staff"),
        IncidentCategory.TECHNICAL: _("Technical"),
    }


def history_words(line: HistoryLine) -> str:
    """Return what happened at a seat, in the reader's language."""
    words: Mapping[str, Callable[[], str]] = {
        "started": lambda: _("Exam started"),
        "answered": lambda: _("Item %(slot)s: answer saved", slot=line.slot),
        "flagged": lambda: (
            _("Item %(slot)s: flagged", slot=line.slot) if line.on else _("Item %(slot)s: flag removed", slot=line.slot)
        ),
        "paused": lambda: _("Paused"),
        "resumed": lambda: _("Resumed"),
        "extended": lambda: _("%(minutes)s minutes added", minutes=line.minutes),
        "moved": lambda: _("Seat granted anew"),
        "hand-raised": lambda: _("Hand up"),
        "hand-lowered": lambda: _("Hand down"),
        "part-left": lambda: _("Part %(number)s finished", number=line.part),
        "part-entered": lambda: _("Part %(number)s begun", number=line.part),
        "refused": lambda: _("An entry was refused"),
        "recovered": lambda: (
            _("Item %(slot)s: answer recovered", slot=line.slot)
            if line.on
            else _("Item %(slot)s: answer kept, it does not count", slot=line.slot)
        ),
        "late-admitted": lambda: _("Late answers admitted"),
        "submitted": lambda: _("Handed in"),
        "expired": lambda: _("Time up"),
        "terminated": lambda: _("Exam ended"),
        "voided": lambda: _("Void"),
        "checked-in": lambda: _("Checked in"),
        "incident": lambda: _("Incident"),
    }
    return str(words[line.kind]()) if line.kind in words else line.kind
