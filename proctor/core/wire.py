"""What the room's page is sent: seats, the room and its incidents as plain documents."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from cbt.delivery.core.entries import SECOND
from cbt.kernel.canonical import instant_text
from proctor.core.incidents import Incident
from proctor.core.rooms import RoomSnapshot
from proctor.core.seats import Note, PartProgress, Progress, SeatView, remaining_at


def room_document(snapshot: RoomSnapshot) -> dict[str, Any]:
    """Return the whole room: its state, every seat, the empty seats, the incidents."""
    return {
        **state_document(snapshot),
        "seats": seat_documents(snapshot.seats, snapshot.now),
        "empty": list(snapshot.empty),
        "incidents": [incident_document(incident) for incident in snapshot.incidents],
    }


def state_document(snapshot: RoomSnapshot) -> dict[str, Any]:
    """Return what goes with every event: the server's instant and the state of the room."""
    return {
        "now": instant_text(snapshot.now),
        "state": snapshot.head.state.value,
        "opened_at": _text(snapshot.head.opened_at),
    }


def clock_document(snapshot: RoomSnapshot) -> dict[str, Any]:
    """Return what the room tells while nothing happens: the instant, and when each seat was heard."""
    heard = {str(seat.sitter.registration): _text(seat.last_contact_at) for seat in snapshot.seats}
    return {**state_document(snapshot), "contacts": heard}


def seat_documents(seats: Iterable[SeatView], now: datetime) -> list[dict[str, Any]]:
    """Return the documents of some seats."""
    return [seat_document(seat, now) for seat in seats]


def seat_document(seat: SeatView, now: datetime) -> dict[str, Any]:
    """Return one seat; `alarm` is the rank of its urgency (0 first) or None, `may` the orders that fit."""
    sitter = seat.sitter
    return {
        "seat": sitter.seat,
        "registration": str(sitter.registration),
        "number": sitter.number,
        "name": sitter.name,
        "factor": factor_text(sitter.time_factor),
        "checked_in_at": _text(sitter.checked_in_at),
        "state": seat.state.value,
        "word": seat.word.value,
        "alarm": seat.alarm,
        "since": _text(seat.since),
        "last_contact": _text(seat.last_contact_at),
        "may": list(seat.may),
        **_progress_document(seat.progress, now),
    }


def incident_document(incident: Incident) -> dict[str, Any]:
    """Return one line of the room's log."""
    return {
        "id": str(incident.id),
        "seat": incident.seat,
        "category": incident.category.value,
        "about": incident.about,
        "words": incident.words,
        "at": instant_text(incident.at),
        "by": incident.by_name,
    }


def factor_text(factor: Fraction) -> str:
    """Return a time factor as people write it: 1, 1.5, or 1.33 where it has no short form."""
    return f"{round(float(factor), 2):g}"


def _progress_document(progress: Progress | None, now: datetime) -> dict[str, Any]:
    if progress is None:
        nothing = ("remaining_s", "deadline_at", "ended_at", "hand", "claim", "pause", "part")
        none = ("answered", "items", "head", "extended_s", "recovered", "not_counted")
        return {**dict.fromkeys(none, 0), **dict.fromkeys(nothing)}
    left = remaining_at(progress, now)
    return {
        "answered": progress.answered,
        "items": progress.items,
        "head": progress.head,
        "remaining_s": None if left is None else -(-left // SECOND),
        "deadline_at": _text(progress.deadline_at),
        "extended_s": progress.extended // SECOND,
        "ended_at": _text(progress.ended_at),
        "hand": _note(progress.hand),
        "claim": _note(progress.claim),
        "pause": _note(progress.pause),
        "recovered": progress.recovered,
        "not_counted": progress.not_counted,
        "part": None if progress.part is None else _part_document(progress.part, now),
    }


def _part_document(part: PartProgress, now: datetime) -> dict[str, Any]:
    left = part.remaining if part.ends_at is None else max(part.ends_at - now, timedelta())
    return {
        "number": part.number,
        "of": part.of,
        "on_break": part.on_break,
        "ends_at": _text(part.ends_at),
        "remaining_s": None if left is None else -(-left // SECOND),
    }


def _note(note: Note | None) -> dict[str, str] | None:
    return None if note is None else {"since": instant_text(note.since), "words": note.words}


def _text(at: datetime | None) -> str | None:
    return None if at is None else instant_text(at)
