"""Centres, rooms and seats: enter, correct, enlarge."""

from cbt.kernel.errors import Conflict
from cbt.kernel.ids import new_id
from cbt.kernel.runtime import Runtime, Transaction
from cbt.people.core.actors import Actor
from cbt.people.core.inputs import refuse
from cbt.people.services.audit import audit_in
from cbt.scheduling.core.places import (
    PLACE_HINTS,
    CentreId,
    CentreInput,
    CentrePlan,
    NoSuchCentre,
    NoSuchRoom,
    RoomId,
    RoomInput,
    RoomPlan,
)
from cbt.scheduling.store import places as store
from cbt.scheduling.store import sittings as sitting_store


def list_centres(rt: Runtime) -> tuple[CentrePlan, ...]:
    """Return all centres with their rooms and numbers of seats."""
    with rt.reading() as tx:
        return store.list_plans(tx)


def get_centre(rt: Runtime, centre_id: CentreId) -> CentrePlan:
    """Return one centre with its rooms; raises NoSuchCentre."""
    for plan in list_centres(rt):
        if plan.centre.id == centre_id:
            return plan
    raise NoSuchCentre(centre_id=centre_id)


def get_centre_by_code(rt: Runtime, code: str) -> CentrePlan:
    """Return the centre under `code`; raises NoSuchCentre."""
    for plan in list_centres(rt):
        if plan.centre.code == code.upper():
            return plan
    raise NoSuchCentre(code=code)


def get_room(rt: Runtime, room_id: RoomId) -> tuple[CentrePlan, RoomPlan]:
    """Return a room and its centre; raises NoSuchRoom."""
    for plan in list_centres(rt):
        for room in plan.rooms:
            if room.room.id == room_id:
                return plan, room
    raise NoSuchRoom(room_id=room_id)


def create_centre(rt: Runtime, entered: CentreInput, *, by: Actor) -> CentreId:
    """Enter a centre; raises InputRefused when its code is in use."""
    now = rt.clock.now()
    centre_id = CentreId(new_id(now))
    with rt.transaction() as tx:
        _code_is_free(tx, entered.code, None)
        store.add_centre(tx, centre_id, entered)
        audit_in(tx, now, by=by, act="scheduling.centre-added", subject=entered.code)
    return centre_id


def change_centre(rt: Runtime, centre_id: CentreId, entered: CentreInput, *, by: Actor) -> None:
    """Correct a centre; raises InputRefused when its code is in use."""
    now = rt.clock.now()
    with rt.transaction() as tx:
        before = store.lock_centre(tx, centre_id)
        _code_is_free(tx, entered.code, centre_id)
        store.change_centre(tx, centre_id, entered)
        details = {"code": [before.code, entered.code], "time_zone": [before.time_zone, entered.time_zone]}
        audit_in(tx, now, by=by, act="scheduling.centre-changed", subject=entered.code, details=details)


def add_room(rt: Runtime, centre_id: CentreId, entered: RoomInput, *, by: Actor) -> RoomId:
    """Enter a room with seats 1..n; raises InputRefused when its code is in use in this centre."""
    now = rt.clock.now()
    room_id = RoomId(new_id(now))
    with rt.transaction() as tx:
        centre = store.lock_centre(tx, centre_id)
        if store.find_room(tx, centre_id, entered.code) is not None:
            raise refuse("code", "code-taken", PLACE_HINTS)
        store.add_room(tx, room_id, centre_id, entered)
        store.add_seats(tx, now, room_id, 1, entered.seats)
        subject = f"{centre.code}/{entered.code}"
        audit_in(tx, now, by=by, act="scheduling.room-added", subject=subject, details={"seats": entered.seats})
    return room_id


def change_room(rt: Runtime, room_id: RoomId, entered: RoomInput, *, by: Actor) -> None:
    """Correct a room and its number of seats; raises InputRefused when given seats would disappear, or it is open."""
    now = rt.clock.now()
    with rt.transaction() as tx:
        room = store.lock_room(tx, room_id)
        same = store.find_room(tx, room.centre_id, entered.code)
        if same is not None and same.id != room_id:
            raise refuse("code", "code-taken", PLACE_HINTS)
        store.change_room(tx, room_id, entered)
        before = store.count_seats(tx, room_id)
        if before != entered.seats and sitting_store.lock_runs_of_room(tx, room_id):
            raise refuse("seats", "room-runs", PLACE_HINTS)
        _resize(tx, room_id, before, entered.seats)
        store.add_seats(tx, now, room_id, before + 1, entered.seats)
        details = {"seats": [before, entered.seats]}
        audit_in(tx, now, by=by, act="scheduling.room-changed", subject=entered.code, details=details)


def _resize(tx: Transaction, room_id: RoomId, before: int, seats: int) -> None:
    if seats >= before:
        return
    if store.seats_are_given(tx, room_id, seats):
        raise refuse("seats", "seats-in-use", PLACE_HINTS)
    try:
        store.remove_seats(tx, room_id, seats)
    except Conflict as error:
        raise refuse("seats", "seats-in-use", PLACE_HINTS) from error


def _code_is_free(tx: Transaction, code: str, own: CentreId | None) -> None:
    found = store.find_centre(tx, code)
    if found is not None and found.id != own:
        raise refuse("code", "code-taken", PLACE_HINTS)
