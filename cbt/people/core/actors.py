"""Who acts: a staff member, a candidate or the system itself, and what roles staff can have."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType, Self
from uuid import UUID

StaffId = NewType("StaffId", UUID)


class ActorKind(StrEnum):
    """The kinds of those who act."""

    STAFF = "staff"
    CANDIDATE = "candidate"
    SYSTEM = "system"


class Role(StrEnum):
    """What a staff member may do; one person can have several, and none implies another."""

    ADMIN = "admin"
    AUTHOR = "author"
    PROCTOR = "proctor"
    AUDITOR = "auditor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Whoever an act is written down for: kind, id (none for the system) and the name as it was then."""

    kind: ActorKind
    id: UUID | None
    name: str

    @classmethod
    def system(cls, name: str) -> Self:
        """Return the system itself, acting through its part `name` (such as "sweeper")."""
        return cls(kind=ActorKind.SYSTEM, id=None, name=name)

    def to_document(self) -> dict[str, object]:
        """Return the mapping that records keep."""
        return {"kind": self.kind, "id": self.id, "name": self.name}
