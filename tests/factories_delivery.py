"""Builders for attempts and their entries: short words for what journals are made of."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from cbt.delivery.core.attempt import Attempt, ready_attempt
from cbt.delivery.core.batch import Batch, parse_batch
from cbt.delivery.core.choices import ChoiceMap, choice_map
from cbt.delivery.core.controls import Control, ControlKind
from cbt.delivery.core.entries import (
    Answered,
    Entry,
    Expired,
    Extended,
    Flagged,
    HandLowered,
    HandRaised,
    Moved,
    PartEntered,
    PartLeft,
    Paused,
    Refused,
    Resumed,
    Sent,
    Started,
    Submitted,
    Terminated,
    Voided,
)
from cbt.delivery.core.journal import Linked, advance
from cbt.delivery.core.part_plan import PartPlan
from cbt.kernel.asgi.http import Call

NINE = datetime(2026, 11, 22, 0, 0, tzinfo=UTC)  # nine in the morning in Seoul
ATTEMPT_ID = UUID("01936000-0000-7000-8000-000000000001")
STAFF = UUID("01936000-0000-7000-8000-0000000000aa")
FORM_DIGEST = bytes(range(32))
SECRET = b"s" * 32
SLOTS = 5
CONTROLS: Mapping[int, Sequence[Control]] = {
    1: [Control(response="RESPONSE", kind=ControlKind.CHOICE, choices=("A", "B", "C", "D"))],
    2: [Control(response="RESPONSE", kind=ControlKind.CHOICE, choices=("D", "C", "B", "A"))],
    3: [Control(response="RESPONSE", kind=ControlKind.CHOICE, values=2, choices=("A", "B", "C"))],
    4: [Control(response="RESPONSE", kind=ControlKind.NUMBER)],
    5: [
        Control(response="FIRST", kind=ControlKind.TEXT),
        Control(response="SECOND", kind=ControlKind.CHOICE, choices=("yes", "no")),
    ],
}


def at(seconds: float) -> datetime:
    """The instant so many seconds after nine."""
    return NINE + timedelta(seconds=seconds)


def ready(slots: int = SLOTS, *, attempt_id: UUID = ATTEMPT_ID) -> Attempt:
    return ready_attempt(attempt_id=attempt_id, form_digest=FORM_DIGEST, slots=slots, at=NINE)


def choices(attempt_id: UUID = ATTEMPT_ID) -> ChoiceMap:
    return choice_map(SECRET, attempt_id, CONTROLS.items())


def started(second: float = 0, *, minutes: int = 10, grace_s: int = 10) -> Started:
    return Started(
        at=at(second), time_allowed=timedelta(minutes=minutes), grace=timedelta(seconds=grace_s), device="first"
    )


def sent(number: int, lease: int = 1, *, digest: bytes = b"d" * 32) -> Sent:
    return Sent(lease=lease, number=number, claimed_at=NINE, digest=digest)


def answered(second: float, number: int, slot: int = 1, *values: str, lease: int = 1) -> Answered:
    return Answered(at=at(second), sent=sent(number, lease), slot=slot, responses={"RESPONSE": values})


def flagged(second: float, number: int, slot: int = 1, *, on: bool = True) -> Flagged:
    return Flagged(at=at(second), sent=sent(number), slot=slot, on=on)


def hand_raised(second: float, number: int, words: str = "") -> HandRaised:
    return HandRaised(at=at(second), sent=sent(number), words=words)


def hand_lowered_by_staff(second: float) -> HandLowered:
    return HandLowered(at=at(second), by=STAFF)


def refused(second: float, number: int) -> Refused:
    return Refused(at=at(second), sent=sent(number), code="unknown-slot", received="{}")


def submitted(second: float, number: int, lease: int = 1) -> Submitted:
    return Submitted(at=at(second), sent=sent(number, lease))


def paused(second: float) -> Paused:
    return Paused(at=at(second), reason="fire drill", by=STAFF)


def resumed(second: float) -> Resumed:
    return Resumed(at=at(second), by=STAFF)


def extended(second: float, extra_s: int) -> Extended:
    return Extended(at=at(second), extra=timedelta(seconds=extra_s), reason="late start", by=STAFF)


def moved(second: float, lease: int = 2) -> Moved:
    return Moved(at=at(second), lease=lease, device=f"device {lease}", reason="broken PC", by=STAFF)


def expired(second: float) -> Expired:
    return Expired(at=at(second))


def terminated(second: float) -> Terminated:
    return Terminated(at=at(second), reason="phone found", by=STAFF)


def voided(second: float) -> Voided:
    return Voided(at=at(second), reason="wrong person", by=STAFF)


def written(*entries: Entry, slots: int = SLOTS) -> tuple[Attempt, tuple[Linked, ...]]:
    """The attempt after these entries, and its rows."""
    attempt = ready(slots)
    rows = []
    for entry in entries:
        attempt, row = advance(attempt, entry)
        rows.append(row)
    return attempt, tuple(rows)


def after(*entries: Entry) -> Attempt:
    return written(*entries)[0]


def wire(number: int, kind: str, **fields: Any) -> dict[str, Any]:
    """One entry as a page sends it."""
    return {"number": number, "kind": kind, "claimed_at": "2026-11-22T00:00:05.123Z", **fields}


def wire_answer(number: int, slot: int = 1, *values: str, response: str = "RESPONSE") -> dict[str, Any]:
    return wire(number, "answered", slot=slot, responses={response: list(values)})


def batch(*entries: dict[str, Any], lease: int = 1) -> Batch:
    """A batch, through the bytes of its request."""
    return received(json.dumps({"lease": lease, "entries": list(entries)}).encode())


def received(body: bytes) -> Batch:
    """The batch in a request's body, as the door reads it."""
    return parse_batch(Call(parameter="", headers={}, body=body).document())


def opaque(slot: int, *canonical: str, response: str = "RESPONSE") -> list[str]:
    """The names of choices in the attempt that `choices()` maps."""
    return [choices().to_opaque(slot, response, choice) for choice in canonical]


def part_left(second: float, number: int, part: int) -> PartLeft:
    return PartLeft(at=at(second), sent=sent(number), part=part)


def part_entered(second: float, number: int, part: int) -> PartEntered:
    return PartEntered(at=at(second), sent=sent(number), part=part)


def plan(*parts: tuple[int, int | None, int]) -> tuple[PartPlan, ...]:
    """A plan of parts: how many slots, the limit in seconds (or None), the break after it in seconds."""
    made: list[PartPlan] = []
    for slots, limit_s, break_s in parts:
        first = made[-1].last + 1 if made else 1
        limit = None if limit_s is None else timedelta(seconds=limit_s)
        last, pause = first + slots - 1, timedelta(seconds=break_s)
        made.append(PartPlan(first=first, last=last, time_allowed=limit, break_after=pause))
    return tuple(made)


def started_in_parts(*parts: tuple[int, int | None, int], minutes: int = 10, grace_s: int = 10) -> Started:
    """A start whose whole time is the sum of its parts' limits, or `minutes` where they have none."""
    made = plan(*parts)
    own = [part.time_allowed for part in made if part.time_allowed is not None]
    return replace(
        started(0, grace_s=grace_s), time_allowed=sum(own, timedelta()) or timedelta(minutes=minutes), parts=made
    )
