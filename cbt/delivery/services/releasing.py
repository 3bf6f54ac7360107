"""Releasing papers: open a room, and show a centre's release code to a person who needs it; both are audited."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from cbt.delivery.core.envelope import Envelope
from cbt.delivery.core.release import ReleaseCode
from cbt.delivery.services.sealing import SealMissing, codes_of_sitting_in, release_code_in
from cbt.kernel.runtime import Runtime, Transaction
from cbt.people.core.actors import Actor
from cbt.people.services.audit import audit_in
from cbt.scheduling.core.places import Centre
from cbt.scheduling.core.sittings import RoomFigures, SittingId, SittingRoom, SittingRoomId
from cbt.scheduling.services import attendance
from cbt.scheduling.services.sittings import get_sitting_room_in, list_sitting_rooms_in


def open_room_in(
    tx: Transaction,
    now: datetime,
    sitting_room_id: SittingRoomId,
    *,
    by: Actor,
    opened_at: datetime | None = None,
    reason: str = "",
) -> SittingRoom:
    """Open a room, from which on the door gives the keys of its papers; raises as `attendance.open_room_in`.

    The door unwraps the release code for every start; this record stands for all of them.
    """
    room = attendance.open_room_in(tx, now, sitting_room_id, by=by, opened_at=opened_at, reason=reason)
    figures = get_sitting_room_in(tx, sitting_room_id)
    subject = f"{figures.sitting.code}/{figures.centre.code}/{figures.room.code}"
    audit_in(tx, now, by=by, act="delivery.papers-released", subject=subject, reason=reason)
    return room


def release_code_for_room(rt: Runtime, sitting_room_id: SittingRoomId, *, by: Actor, reason: str) -> ReleaseCode:
    """Return the code of the room's centre, and write down who saw it and why.

    Raises NoSuchSittingRoom, SealMissing.
    """
    now = rt.clock.now()
    with rt.transaction() as tx:
        figures = get_sitting_room_in(tx, sitting_room_id)
        code = release_code_in(tx, rt.keys, figures.sitting.id, figures.centre.id)
        _note_shown(tx, now, figures, by=by, reason=reason)
    return code


def release_code_for_centre(
    rt: Runtime, sitting_id: SittingId, centre_code: str, *, by: Actor, reason: str
) -> tuple[Centre, ReleaseCode]:
    """Return one centre's code, and write down who saw it and why; raises SealMissing."""
    now = rt.clock.now()
    with rt.transaction() as tx:
        figures = next((each for each in _centres_of(tx, sitting_id) if each.centre.code == centre_code), None)
        if figures is None:
            raise SealMissing(sitting=sitting_id, centre=centre_code)
        code = release_code_in(tx, rt.keys, sitting_id, figures.centre.id)
        _note_shown(tx, now, figures, by=by, reason=reason)
    return figures.centre, code


def envelopes(rt: Runtime, sitting_id: SittingId, *, by: Actor, reason: str) -> tuple[Envelope, ...]:
    """Return what is printed for the envelopes of a sitting, a centre each; raises SealMissing."""
    now = rt.clock.now()
    with rt.transaction() as tx:
        codes = codes_of_sitting_in(tx, rt.keys, sitting_id)
        found = [figures for figures in _centres_of(tx, sitting_id) if figures.centre.id in codes]
        if not found:
            raise SealMissing(sitting=sitting_id)
        for figures in found:
            _note_shown(tx, now, figures, by=by, reason=reason)
    return tuple(_envelope(figures, codes[figures.centre.id]) for figures in found)


def _envelope(figures: RoomFigures, code: ReleaseCode) -> Envelope:
    return Envelope(
        sitting_code=figures.sitting.code,
        sitting_title=figures.sitting.title,
        exam_title=figures.exam_title,
        centre_code=figures.centre.code,
        centre_title=figures.centre.title,
        opens_at=figures.sitting.opens_at.astimezone(ZoneInfo(figures.centre.time_zone)),
        zone=figures.centre.time_zone,
        code=code,
    )


def _centres_of(tx: Transaction, sitting_id: SittingId) -> Sequence[RoomFigures]:
    """Return one room of each centre of a sitting, by the centre's code."""
    by_centre = {figures.centre.id: figures for figures in list_sitting_rooms_in(tx, sitting_id=sitting_id)}
    return sorted(by_centre.values(), key=lambda figures: figures.centre.code)


def _note_shown(tx: Transaction, now: datetime, figures: RoomFigures, *, by: Actor, reason: str) -> None:
    subject = f"{figures.sitting.code}/{figures.centre.code}"
    audit_in(tx, now, by=by, act="delivery.release-code-shown", subject=subject, reason=reason)
