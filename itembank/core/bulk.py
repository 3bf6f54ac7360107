"""What can be done to many items at once: moves and changes of what is known of them, each a value of its own."""

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, TypeAlias

from cbt.kernel.errors import InvalidInput
from itembank.core.metadata import ItemMetadata
from itembank.core.records import ItemStatus

MOST_AT_ONCE: Final = 2000


class TooManyItems(InvalidInput):
    """At most 2000 items are changed at once; narrow the list."""

    code = "too-many-items"


class NothingChosen(InvalidInput):
    """Choose at least one item."""

    code = "nothing-chosen"


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveTo:
    """Move the newest version to another state."""

    to: ItemStatus
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PutIntoArea:
    """Put the item into another content area."""

    area: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetLevel:
    """Set the cognitive level; empty takes it away."""

    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTime:
    """Set the time estimate; None takes it away."""

    seconds: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddEnemy:
    """Put the item into an enemy set."""

    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveEnemy:
    """Take the item out of an enemy set."""

    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetField:
    """Set a field of the bank's own; empty takes it away."""

    code: str
    value: str


MetadataAct: TypeAlias = SetLevel | SetTime | AddEnemy | RemoveEnemy | SetField
BulkAct: TypeAlias = MoveTo | PutIntoArea | MetadataAct


def changed(metadata: ItemMetadata, act: MetadataAct) -> ItemMetadata:
    """Return the metadata after `act`."""
    match act:
        case SetLevel():
            return replace(metadata, level=act.level)
        case SetTime():
            return replace(metadata, time_estimate_s=act.seconds)
        case AddEnemy():
            return replace(metadata, enemies=metadata.enemies | {act.label})
        case RemoveEnemy():
            return replace(metadata, enemies=metadata.enemies - {act.label})
        case SetField():
            others = {code: value for code, value in metadata.fields.items() if code != act.code}
            given = {act.code: act.value} if act.value else {}
            return replace(metadata, fields=MappingProxyType(others | given))
