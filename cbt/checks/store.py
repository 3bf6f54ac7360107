"""Rows of PC checks: write one, keep the newest few of each seat, read the newest of each."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import delete, func, insert, select

from cbt.checks.core.measures import read_measures, to_document
from cbt.checks.core.rooms import CheckId, PcCheck
from cbt.checks.tables import PcCheckRow
from cbt.kernel.canonical import decode, encode
from cbt.kernel.runtime import Transaction


def add(tx: Transaction, room_id: UUID, check: PcCheck, *, keep: int) -> None:
    """Write a check, and drop what is older than the newest `keep` of its seat."""
    row = {
        "id": check.id,
        "room_id": room_id,
        "seat": check.seat,
        "at": check.at,
        "measures": encode(to_document(check.measures)),
    }
    tx.session.execute(insert(PcCheckRow).values(**row))
    own = (PcCheckRow.room_id == room_id) & (PcCheckRow.seat == check.seat)
    newest = select(PcCheckRow.id).where(own).order_by(PcCheckRow.at.desc(), PcCheckRow.id.desc()).limit(keep)
    kept = tuple(tx.session.scalars(newest))
    tx.session.execute(delete(PcCheckRow).where(own, PcCheckRow.id.not_in(kept)))


def newest(tx: Transaction, *, room_id: UUID | None = None) -> Mapping[tuple[UUID, int], PcCheck]:
    """Return the newest check of every seat, of one room or of all, by room and seat."""
    latest = select(PcCheckRow.room_id, PcCheckRow.seat, func.max(PcCheckRow.at).label("at"))
    latest = latest.group_by(PcCheckRow.room_id, PcCheckRow.seat)
    if room_id is not None:
        latest = latest.where(PcCheckRow.room_id == room_id)
    last = latest.subquery()
    joined = select(PcCheckRow).join(
        last,
        (last.c.room_id == PcCheckRow.room_id) & (last.c.seat == PcCheckRow.seat) & (last.c.at == PcCheckRow.at),
    )
    return {(row.room_id, row.seat): _check(row) for row in tx.session.scalars(joined.order_by(PcCheckRow.id))}


def of_seat(tx: Transaction, room_id: UUID, seat: int) -> tuple[PcCheck, ...]:
    """Return the checks of a seat that are kept, the newest first."""
    statement = select(PcCheckRow).where(PcCheckRow.room_id == room_id, PcCheckRow.seat == seat)
    order = statement.order_by(PcCheckRow.at.desc(), PcCheckRow.id.desc())
    return tuple(_check(row) for row in tx.session.scalars(order))


def _check(row: PcCheckRow) -> PcCheck:
    return PcCheck(id=CheckId(row.id), seat=row.seat, at=row.at, measures=read_measures(decode(row.measures)))
