"""Rows of PC checks."""

from datetime import datetime
from uuid import UUID

from cbt.kernel.db import Base, ForeignKey, Index, Mapped, mapped_column


class PcCheckRow(Base):
    """One run of the check at a seat's PC; the oldest of a seat are dropped."""

    __tablename__ = "checks_pc_check"
    __table_args__ = (Index(None, "room_id", "seat", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    room_id: Mapped[UUID] = mapped_column(ForeignKey("scheduling_room.id"))
    seat: Mapped[int]
    at: Mapped[datetime]
    measures: Mapped[bytes]  # canonical document
