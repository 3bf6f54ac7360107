"""What reading a bank file gives: items, the areas it describes, and what is wrong with it, by row and column."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from cbt.kernel.errors import Problem
from cbt.kernel.titles import Title
from itembank.core.items import AssetRef, ItemContent
from itembank.core.keys import ItemKey
from itembank.core.metadata import ItemMetadata

FILE_BYTES: Final = 64 * 1024 * 1024
FIELD_BYTES: Final = 64 * 1024
MOST_ITEMS: Final = 50_000
# Enough to see what is wrong with a file; a thousand lines would hide it.
MOST_PROBLEMS: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A picture with its bytes, checked by content."""

    ref: AssetRef
    payload: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedArea:
    """A content area as a file describes it; `parent` is the code of the area above, or empty."""

    code: str
    parent: str
    title: Title


class Understood(StrEnum):
    """How much of an item was understood."""

    FULL = "full"
    PARTIAL = "partial"  # it can be used, its notes say what is not as it was
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """A file as it was handed over; `name` is its path in the package."""

    name: str
    media_type: str
    payload: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedItem:
    """One item of a file, ready to be stored; `where` is its place there, `notes` what was not understood of it."""

    where: str
    code: str
    area_code: str
    content: ItemContent
    key: ItemKey
    difficulty_logit: float | None = None
    assets: tuple[Asset, ...] = ()
    metadata: ItemMetadata | None = None
    understood: Understood = Understood.FULL
    notes: tuple[Problem, ...] = ()
    original: Original | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedItem:
    """An item that could not be taken over, and why; the rest of its file can be."""

    where: str
    code: str
    notes: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """The outcome of reading: with any problem, nothing of it may be stored; warnings do not stop a load.

    `format` is what the file was recognised as ("qti3", "gift", "csv"…). Items in `refused` are left out.
    """

    items: tuple[ParsedItem, ...] = ()
    refused: tuple[RefusedItem, ...] = ()
    format: str = ""
    areas: tuple[ParsedArea, ...] = ()
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


@dataclass(slots=True)
class Findings:
    """Problems and warnings as they are found."""

    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def refuse(self, where: str, code: str, hint: str) -> None:
        """Add a problem."""
        self.problems.append(Problem(where=where, code=code, hint=hint))

    def warn(self, where: str, code: str, hint: str) -> None:
        """Add a warning."""
        self.warnings.append(Problem(where=where, code=code, hint=hint))

    def parsed(self, items: tuple[ParsedItem, ...] = (), areas: tuple[ParsedArea, ...] = ()) -> Parsed:
        """Return the outcome; the first `MOST_PROBLEMS` of each kind stand for the rest."""
        return Parsed(items=items, areas=areas, problems=_cut(self.problems), warnings=_cut(self.warnings))


def joined(parts: Sequence[Parsed]) -> Parsed:
    """Return several files as one bank; an id that two of them use is a problem."""
    findings = Findings()
    first_seen: dict[str, str] = {}
    for number, part in enumerate(parts, start=1):
        findings.problems += part.problems
        findings.warnings += part.warnings
        for item in part.items:
            if item.code in first_seen:
                hint = f"{item.code} is already the id of {first_seen[item.code]}"
                findings.refuse(f"file {number}, {item.where}", "duplicate-id", hint)
            first_seen.setdefault(item.code, f"{item.where} of another file")
    both = findings.parsed(
        tuple(item for part in parts for item in part.items), tuple(area for part in parts for area in part.areas)
    )
    formats = {part.format for part in parts if part.format}
    refused = tuple(item for part in parts for item in part.refused)
    return replace(both, refused=refused, format="+".join(sorted(formats)))


def _cut(found: list[Problem]) -> tuple[Problem, ...]:
    if len(found) <= MOST_PROBLEMS:
        return tuple(found)
    rest = Problem(where="file", code="and-more", hint=f"{len(found) - MOST_PROBLEMS} more of this kind")
    return (*found[:MOST_PROBLEMS], rest)
