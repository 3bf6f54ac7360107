"""Rows of sittings and their rooms."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, delete, func, insert, select, update

from cbt.kernel.db import for_update
from cbt.kernel.ids import new_id
from cbt.kernel.runtime import Transaction
from cbt.kernel.titles import Title
from cbt.people.store.unique import unique
from cbt.scheduling.core.exams import ExamVersionId
from cbt.scheduling.core.places import RoomId
from cbt.scheduling.core.sittings import (
    NoSuchSitting,
    NoSuchSittingRoom,
    RoomFigures,
    RoomState,
    Sitting,
    SittingId,
    SittingInput,
    SittingRoom,
    SittingRoomId,
    SittingState,
)
from cbt.scheduling.store.places import centre, room
from cbt.scheduling.tables import (
    CentreRow,
    ExamVersionRow,
    RegistrationRow,
    RoomRow,
    SeatRow,
    SittingRoomRow,
    SittingRow,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Sittings that are not over before `since` and begin before `until`; None leaves an end open."""

    since: datetime | None = None
    until: datetime | None = None


def sitting(row: SittingRow) -> Sitting:
    """Return the sitting of a row."""
    return Sitting(
        id=SittingId(row.id),
        code=row.code,
        title=Title(ko=row.title_ko, en=row.title_en),
        exam_version_id=ExamVersionId(row.exam_version_id),
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        secret=row.secret,
        state=SittingState(row.state),
        prepared_at=row.prepared_at,
    )


def sitting_room(row: SittingRoomRow) -> SittingRoom:
    """Return the room of a sitting of a row."""
    return SittingRoom(
        id=SittingRoomId(row.id),
        sitting_id=SittingId(row.sitting_id),
        room_id=RoomId(row.room_id),
        state=RoomState(row.state),
        opened_at=row.opened_at,
        closed_at=row.closed_at,
    )


def get(tx: Transaction, sitting_id: SittingId) -> Sitting:
    """Return one sitting; raises NoSuchSitting."""
    row = tx.session.scalar(select(SittingRow).where(SittingRow.id == sitting_id))
    if row is None:
        raise NoSuchSitting(sitting_id=sitting_id)
    return sitting(row)


def find_by_code(tx: Transaction, code: str) -> Sitting | None:
    """Return the sitting under `code`."""
    row = tx.session.scalar(select(SittingRow).where(SittingRow.code == code))
    return None if row is None else sitting(row)


def lock(tx: Transaction, sitting_id: SittingId) -> Sitting:
    """Return one sitting and hold its row; raises NoSuchSitting."""
    row = tx.session.scalar(for_update(select(SittingRow).where(SittingRow.id == sitting_id)))
    if row is None:
        raise NoSuchSitting(sitting_id=sitting_id)
    return sitting(row)


def add(tx: Transaction, now: datetime, sitting_id: SittingId, entered: SittingInput, secret: bytes) -> None:
    """Write a new sitting without rooms."""
    with unique():
        tx.session.execute(
            insert(SittingRow).values(
                id=sitting_id,
                secret=secret,
                state=SittingState.PLANNED.value,
                prepared_at=None,
                created_at=now,
                **_values(entered),
            )
        )


def change(tx: Transaction, sitting_id: SittingId, entered: SittingInput) -> None:
    """Replace what a sitting is; its rooms are changed apart."""
    with unique():
        tx.session.execute(update(SittingRow).where(SittingRow.id == sitting_id).values(**_values(entered)))


def set_state(tx: Transaction, sitting_id: SittingId, state: SittingState) -> None:
    """Replace the state of a sitting."""
    tx.session.execute(update(SittingRow).where(SittingRow.id == sitting_id).values(state=state.value))


def set_prepared(tx: Transaction, sitting_id: SittingId, now: datetime) -> None:
    """Note that papers were made."""
    tx.session.execute(update(SittingRow).where(SittingRow.id == sitting_id).values(prepared_at=now))


def list_rooms(tx: Transaction, sitting_id: SittingId) -> tuple[SittingRoom, ...]:
    """Return the rooms of one sitting."""
    rows = tx.session.scalars(select(SittingRoomRow).where(SittingRoomRow.sitting_id == sitting_id))
    return tuple(sitting_room(row) for row in rows)


def lock_room(tx: Transaction, sitting_room_id: SittingRoomId) -> SittingRoom:
    """Return the room of a sitting and hold its row; raises NoSuchSittingRoom."""
    row = tx.session.scalar(for_update(select(SittingRoomRow).where(SittingRoomRow.id == sitting_room_id)))
    if row is None:
        raise NoSuchSittingRoom(sitting_room_id=sitting_room_id)
    return sitting_room(row)


def lock_runs_of_room(tx: Transaction, room_id: RoomId) -> bool:
    """Tell whether the room is open in any sitting; hold its rows, so that none is opened meanwhile."""
    statement = select(SittingRoomRow.state).where(SittingRoomRow.room_id == room_id).order_by(SittingRoomRow.id)
    return RoomState.OPEN.value in tuple(tx.session.scalars(for_update(statement)))


def add_rooms(tx: Transaction, now: datetime, sitting_id: SittingId, rooms: Iterable[RoomId]) -> None:
    """Let rooms take part in a sitting."""
    rows = [
        {"id": new_id(now), "sitting_id": sitting_id, "room_id": room_id, "state": RoomState.WAITING.value}
        for room_id in sorted(rooms)
    ]
    if rows:
        with unique():
            tx.session.execute(insert(SittingRoomRow), rows)


def remove_rooms(tx: Transaction, sitting_id: SittingId, rooms: Iterable[RoomId]) -> None:
    """Take rooms out of a sitting; raises TakenMeanwhile when somebody is registered there."""
    condition = (SittingRoomRow.sitting_id == sitting_id, SittingRoomRow.room_id.in_(list(rooms)))
    with unique():
        tx.session.execute(delete(SittingRoomRow).where(*condition))


def rooms_are_given(tx: Transaction, sitting_id: SittingId, rooms: Iterable[RoomId]) -> bool:
    """Tell whether somebody is registered in one of `rooms` for this sitting."""
    statement = (
        select(RegistrationRow.id)
        .join(SittingRoomRow, SittingRoomRow.id == RegistrationRow.sitting_room_id)
        .where(SittingRoomRow.sitting_id == sitting_id, SittingRoomRow.room_id.in_(list(rooms)))
        .limit(1)
    )
    return tx.session.scalar(statement) is not None


def set_room_state(tx: Transaction, changed: SittingRoom) -> None:
    """Replace the state of a room and its instants."""
    values = {"state": changed.state.value, "opened_at": changed.opened_at, "closed_at": changed.closed_at}
    tx.session.execute(update(SittingRoomRow).where(SittingRoomRow.id == changed.id).values(**values))


def list_figures(
    tx: Transaction, window: Window, *, sitting_id: SittingId | None = None, sitting_room_id: UUID | None = None
) -> tuple[RoomFigures, ...]:
    """Return the rooms of sittings with their counts, in the order of beginning, sitting, centre and room."""
    statement = (
        select(
            SittingRow,
            SittingRoomRow,
            RoomRow,
            CentreRow,
            ExamVersionRow,
            _count(SeatRow.id, SeatRow.room_id == RoomRow.id),
            _count(RegistrationRow.id, RegistrationRow.sitting_room_id == SittingRoomRow.id),
            _count(RegistrationRow.checked_in_at, RegistrationRow.sitting_room_id == SittingRoomRow.id),
        )
        .join(SittingRoomRow, SittingRoomRow.sitting_id == SittingRow.id)
        .join(RoomRow, RoomRow.id == SittingRoomRow.room_id)
        .join(CentreRow, CentreRow.id == RoomRow.centre_id)
        .join(ExamVersionRow, ExamVersionRow.id == SittingRow.exam_version_id)
        .where(*_conditions(window, sitting_id, sitting_room_id))
        .order_by(SittingRow.opens_at, SittingRow.code, CentreRow.code, RoomRow.code)
    )
    return tuple(_figures(*found) for found in tx.session.execute(statement))


def _conditions(window: Window, sitting_id: UUID | None, sitting_room_id: UUID | None) -> list[ColumnElement[bool]]:
    conditions = [
        SittingRow.closes_at > window.since if window.since else None,
        SittingRow.opens_at < window.until if window.until else None,
        SittingRow.id == sitting_id if sitting_id else None,
        SittingRoomRow.id == sitting_room_id if sitting_room_id else None,
    ]
    return [condition for condition in conditions if condition is not None]


def _count(column: Any, condition: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.count(column)).where(condition).scalar_subquery()


def _figures(  # noqa: PLR0913, PLR0917  # one row of the query above
    row: SittingRow,
    part: SittingRoomRow,
    place: RoomRow,
    site: CentreRow,
    version: ExamVersionRow,
    seats: int,
    registered: int,
    checked_in: int,
) -> RoomFigures:
    return RoomFigures(
        sitting=sitting(row),
        exam_title=Title(ko=version.title_ko, en=version.title_en),
        centre=centre(site),
        room=room(place),
        sitting_room=sitting_room(part),
        seats=seats,
        registered=registered,
        checked_in=checked_in,
    )


def _values(entered: SittingInput) -> dict[str, object]:
    return {
        "code": entered.code,
        "title_ko": entered.title.ko,
        "title_en": entered.title.en,
        "exam_version_id": entered.exam_version_id,
        "opens_at": entered.opens_at,
        "closes_at": entered.closes_at,
    }
