"""What a bank hands to a writer of a format, and what comes back: bytes, and what could not be said in them."""

from collections.abc import Callable
from dataclasses import dataclass, field

from cbt.kernel.errors import Problem
from itembank.core.items import ItemContent
from itembank.core.keys import ItemKey
from itembank.core.metadata import ItemMetadata
from itembank.formats.parsed import ParsedArea


def _no_asset(_sha256: str) -> bytes | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportItem:
    """One item version with its key, to be written; `areas` go from the topmost area to its own.

    `read_asset` gives the bytes of a picture by its SHA-256 (hex), or None when there is none.
    """

    code: str
    areas: tuple[ParsedArea, ...]
    content: ItemContent
    key: ItemKey
    metadata: ItemMetadata = field(default_factory=ItemMetadata)
    difficulty_logit: float | None = None
    status: str = ""
    read_asset: Callable[[str], bytes | None] = _no_asset

    @property
    def area_code(self) -> str:
        """Return the code of its own area."""
        return self.areas[-1].code if self.areas else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemReport:
    """What became of one item: with `left_out` it is not in the file; `notes` say what the format cannot carry."""

    code: str
    notes: tuple[Problem, ...] = ()
    left_out: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """A written file and the report of each item, in the order of the items."""

    payload: bytes
    items: tuple[ItemReport, ...]
