"""Rows of centres, rooms and seats."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update

from cbt.kernel.db import for_update
from cbt.kernel.ids import new_id
from cbt.kernel.runtime import Transaction
from cbt.kernel.titles import Title
from cbt.people.store.unique import unique
from cbt.scheduling.core.places import (
    Centre,
    CentreId,
    CentreInput,
    CentrePlan,
    NoSuchCentre,
    NoSuchRoom,
    Room,
    RoomId,
    RoomInput,
    RoomPlan,
    Seat,
    SeatId,
)
from cbt.scheduling.tables import CentreRow, RegistrationRow, RoomRow, SeatRow


def centre(row: CentreRow) -> Centre:
    """Return the centre of a row."""
    title = Title(ko=row.title_ko, en=row.title_en)
    return Centre(id=CentreId(row.id), code=row.code, title=title, time_zone=row.time_zone)


def room(row: RoomRow) -> Room:
    """Return the room of a row."""
    title = Title(ko=row.title_ko, en=row.title_en)
    return Room(id=RoomId(row.id), centre_id=CentreId(row.centre_id), code=row.code, title=title)


def seat(row: SeatRow) -> Seat:
    """Return the seat of a row."""
    return Seat(id=SeatId(row.id), room_id=RoomId(row.room_id), number=row.number)


def list_plans(tx: Transaction) -> tuple[CentrePlan, ...]:
    """Return all centres with their rooms, by code."""
    counts = dict(tx.session.execute(select(SeatRow.room_id, func.count()).group_by(SeatRow.room_id)).all())
    rooms: dict[UUID, list[RoomPlan]] = {}
    for row in tx.session.scalars(select(RoomRow).order_by(RoomRow.code)):
        rooms.setdefault(row.centre_id, []).append(RoomPlan(room=room(row), seats=counts.get(row.id, 0)))
    return tuple(
        CentrePlan(centre=centre(row), rooms=tuple(rooms.get(row.id, ())))
        for row in tx.session.scalars(select(CentreRow).order_by(CentreRow.code))
    )


def find_centre(tx: Transaction, code: str) -> Centre | None:
    """Return the centre under `code`."""
    row = tx.session.scalar(select(CentreRow).where(CentreRow.code == code))
    return None if row is None else centre(row)


def lock_centre(tx: Transaction, centre_id: CentreId) -> Centre:
    """Return the centre and hold its row; raises NoSuchCentre."""
    row = tx.session.scalar(for_update(select(CentreRow).where(CentreRow.id == centre_id)))
    if row is None:
        raise NoSuchCentre(centre_id=centre_id)
    return centre(row)


def add_centre(tx: Transaction, centre_id: CentreId, entered: CentreInput) -> None:
    """Write a new centre."""
    with unique():
        tx.session.execute(insert(CentreRow).values(id=centre_id, **_centre_values(entered)))


def change_centre(tx: Transaction, centre_id: CentreId, entered: CentreInput) -> None:
    """Replace what a centre is."""
    with unique():
        tx.session.execute(update(CentreRow).where(CentreRow.id == centre_id).values(**_centre_values(entered)))


def find_room(tx: Transaction, centre_id: CentreId, code: str) -> Room | None:
    """Return the room under `code` in one centre."""
    row = tx.session.scalar(select(RoomRow).where(RoomRow.centre_id == centre_id, RoomRow.code == code))
    return None if row is None else room(row)


def lock_room(tx: Transaction, room_id: RoomId) -> Room:
    """Return the room and hold its row; raises NoSuchRoom."""
    row = tx.session.scalar(for_update(select(RoomRow).where(RoomRow.id == room_id)))
    if row is None:
        raise NoSuchRoom(room_id=room_id)
    return room(row)


def add_room(tx: Transaction, room_id: RoomId, centre_id: CentreId, entered: RoomInput) -> None:
    """Write a new room without seats."""
    values = _room_values(entered)
    with unique():
        tx.session.execute(insert(RoomRow).values(id=room_id, centre_id=centre_id, **values))


def change_room(tx: Transaction, room_id: RoomId, entered: RoomInput) -> None:
    """Replace code and title of a room."""
    with unique():
        tx.session.execute(update(RoomRow).where(RoomRow.id == room_id).values(**_room_values(entered)))


def count_seats(tx: Transaction, room_id: RoomId) -> int:
    """Return how many seats a room has; they are numbered 1..count."""
    return tx.session.scalar(select(func.count()).select_from(SeatRow).where(SeatRow.room_id == room_id)) or 0


def add_seats(tx: Transaction, now: datetime, room_id: RoomId, first: int, last: int) -> None:
    """Write the seats `first`..`last`."""
    rows = [{"id": new_id(now), "room_id": room_id, "number": number} for number in range(first, last + 1)]
    if rows:
        tx.session.execute(insert(SeatRow), rows)


def seats_are_given(tx: Transaction, room_id: RoomId, beyond: int) -> bool:
    """Tell whether a seat with a number over `beyond` is given to a candidate in any sitting."""
    statement = (
        select(RegistrationRow.id)
        .join(SeatRow, SeatRow.id == RegistrationRow.seat_id)
        .where(SeatRow.room_id == room_id, SeatRow.number > beyond)
        .limit(1)
    )
    return tx.session.scalar(statement) is not None


def remove_seats(tx: Transaction, room_id: RoomId, beyond: int) -> None:
    """Take away the seats with a number over `beyond`."""
    with unique():
        tx.session.execute(delete(SeatRow).where(SeatRow.room_id == room_id, SeatRow.number > beyond))


def _centre_values(entered: CentreInput) -> dict[str, str]:
    title = {"title_ko": entered.title.ko, "title_en": entered.title.en}
    return {"code": entered.code, "time_zone": entered.time_zone, **title}


def _room_values(entered: RoomInput) -> dict[str, str]:
    return {"code": entered.code, "title_ko": entered.title.ko, "title_en": entered.title.en}
