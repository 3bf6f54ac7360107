"""What the bank keeps, as values: banks, areas, items in lists, stored blueprints and forms; and how a load differs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final, NewType
from uuid import UUID

from cbt.kernel.canonical import digest, encode
from cbt.kernel.errors import Conflict, NotFound
from cbt.kernel.titles import Title
from itembank.core.blueprint import Blueprint
from itembank.core.documents import content_document, key_document
from itembank.core.forms import Form
from itembank.core.items import ItemContent
from itembank.core.keys import ItemKey
from itembank.core.metadata import ItemMetadata

BankId = NewType("BankId", UUID)
AreaId = NewType("AreaId", UUID)
ItemId = NewType("ItemId", UUID)
FormId = NewType("FormId", UUID)
_LOGIT_QUANTUM: Final = Decimal("0.001")


class NoSuchBank(NotFound):
    """There is no bank under this code."""

    code = "no-such-bank"


class NoSuchArea(NotFound):
    """There is no content area under this code in the bank."""

    code = "no-such-area"


class NoSuchItem(NotFound):
    """There is no item under this code in the bank."""

    code = "no-such-item"


class NoSuchBlueprint(NotFound):
    """There is no blueprint under this code."""

    code = "no-such-blueprint"


class NoSuchForm(NotFound):
    """There is no form under this id."""

    code = "no-such-form"


class NoSuchAsset(NotFound):
    """There is no picture under this digest."""

    code = "no-such-asset"


class LoadRunning(Conflict):
    """Another load into this bank is running; wait until it ends."""

    code = "load-running"


class ItemStatus(StrEnum):
    """The states of an item version; only approved ones are drawn."""

    DRAFT = "draft"
    REVIEW = "review"
    REWORK = "rework"
    APPROVED = "approved"
    BLOCKED = "blocked"
    RETIRED = "retired"


class ChangeKind(StrEnum):
    """What a load does to an item."""

    NEW = "new"
    CHANGED = "changed"
    REKEYED = "rekeyed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank:
    """A bank as it is named."""

    id: BankId
    code: str
    title: Title


@dataclass(frozen=True, slots=True, kw_only=True)
class BankSummary:
    """A bank in a list: how many items it shows and how many of them may be drawn."""

    bank: Bank
    items: int
    approved: int
    blueprints: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A content area; `parent` is the code of the area above, or empty."""

    id: AreaId
    code: str
    parent: str
    title: Title


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaCount:
    """An area with the number of approved items in it and below it, `depth` counted from 0."""

    area: Area
    depth: int
    approved: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemLine:
    """An item in a list, by its newest version."""

    item_id: ItemId
    code: str
    number: int
    status: ItemStatus
    area_code: str
    title: str
    language: str
    difficulty_logit: Decimal | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFilter:
    """Which items a reader wants; empty fields want all. `area` includes the areas below it."""

    text: str = ""
    area: str = ""
    status: ItemStatus | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredVersion:
    """One item version with its newest key."""

    id: UUID
    number: int
    status: ItemStatus
    area_code: str
    difficulty_logit: Decimal | None
    content: ItemContent
    created_at: datetime
    author_id: UUID | None = None
    author_name: str = ""
    approved_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetFacts:
    """What is known of a picture without its bytes; `size` is in bytes."""

    sha256: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAsset:
    """A picture with its bytes."""

    sha256: str
    media_type: str
    payload: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredOriginal:
    """A file as it was handed over, under its name in the package."""

    name: str
    media_type: str
    payload: bytes

    @property
    def sha256(self) -> bytes:
        """The SHA-256 of the bytes."""
        return digest(self.payload)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredBlueprint:
    """One version of a blueprint as it is kept."""

    version_id: UUID
    bank: Bank
    number: int
    blueprint: Blueprint
    digest: bytes
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestedForm:
    """A frozen form with the digest of the bytes that it was read from."""

    form: Form
    digest: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredForm:
    """A frozen form."""

    id: FormId
    blueprint_version_id: UUID
    form: Form
    digest: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemEntry:
    """One item of a load; canonical bytes are made once here, because digests are taken of what is stored.

    An `unsure` one was not understood in full.
    """

    code: str
    area_code: str
    content: ItemContent
    content_bytes: bytes
    key_bytes: bytes
    difficulty: Decimal | None
    words: str
    assets: Mapping[str, str]
    pictures: tuple[StoredAsset, ...] = ()
    original: StoredOriginal | None = None
    unsure: bool = False
    metadata: ItemMetadata | None = None

    @property
    def content_digest(self) -> bytes:
        """The digest of the content's canonical bytes."""
        return digest(self.content_bytes)

    @property
    def key_digest(self) -> bytes:
        """The digest of the key's canonical bytes."""
        return digest(self.key_bytes)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownItem:
    """What the bank holds under a code already; `highest` numbers count hidden rows too."""

    item_id: ItemId
    highest: int
    version_id: UUID | None = None
    content_digest: bytes = b""
    area_code: str = ""
    difficulty: Decimal | None = None
    highest_key: int = 0
    key_digest: bytes = b""


def content_bytes(content: ItemContent) -> bytes:
    """Return the canonical bytes that are stored of `content`."""
    return encode(content_document(content))


def key_bytes(key: ItemKey) -> bytes:
    """Return the canonical bytes that are stored of `key`."""
    return encode(key_document(key))


def logit(difficulty: float | None) -> Decimal | None:
    """Return a difficulty as it is stored, to a thousandth of a logit."""
    return None if difficulty is None else Decimal(str(difficulty)).quantize(_LOGIT_QUANTUM)


def change_of(entry: ItemEntry, known: KnownItem | None) -> ChangeKind:
    """Return what a load of `entry` does: a key that alone differs makes a key version, all else an item version."""
    if known is None or known.version_id is None:
        return ChangeKind.NEW
    same_place = (entry.area_code, entry.difficulty) == (known.area_code, known.difficulty)
    if entry.content_digest != known.content_digest or not same_place:
        return ChangeKind.CHANGED
    return ChangeKind.UNCHANGED if entry.key_digest == known.key_digest else ChangeKind.REKEYED
