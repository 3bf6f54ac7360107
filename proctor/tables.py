"""Rows of the room view: incidents and orders done. What else a room shows belongs to scheduling and delivery."""

from datetime import datetime
from uuid import UUID

from cbt.kernel.db import Base, ForeignKey, Index, Mapped, mapped_column


class IncidentRow(Base):
    """One line of a room's log; without a registration it is about the whole room."""

    __tablename__ = "proctor_incident"
    __table_args__ = (Index(None, "sitting_room_id", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    sitting_room_id: Mapped[UUID] = mapped_column(ForeignKey("scheduling_sitting_room.id"))
    registration_id: Mapped[UUID | None] = mapped_column(ForeignKey("scheduling_registration.id"))
    category: Mapped[str]
    about: Mapped[str]  # "note", or the order that left it
    words: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("people_staff.id"))
    by_name: Mapped[str]  # as it was then


class OrderDoneRow(Base):
    """An order that was carried out for one registration; sent once more it is not carried out again."""

    __tablename__ = "proctor_order_done"

    order_id: Mapped[UUID] = mapped_column(primary_key=True)  # made by the page that sent it
    registration_id: Mapped[UUID] = mapped_column(primary_key=True)  # no foreign key: it must not hold a registration
