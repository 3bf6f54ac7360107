"""Rows of the item bank: versions that never change, keys in a table of their own, forms as they were frozen.

A load (an import, an edit) writes its rows hidden and becomes visible by one row, its own `published_at`: no long
write transaction, and nothing of half a load is ever seen. Areas, versions and keys count once their load does.
"""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from cbt.kernel.db import Base, ForeignKey, Index, Mapped, UniqueConstraint, mapped_column


class BankRow(Base):
    """A bank: items under one code, with a tree of content areas."""

    __tablename__ = "itembank_bank"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    title_ko: Mapped[str]
    title_en: Mapped[str]
    created_at: Mapped[datetime]


class LoadRow(Base):
    """One load into a bank; unpublished and not touched for a while means that it died."""

    __tablename__ = "itembank_load"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    bank_id: Mapped[UUID] = mapped_column(ForeignKey("itembank_bank.id"), index=True)
    touched_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    by_id: Mapped[UUID | None]
    by_name: Mapped[str] = mapped_column(server_default="")


class AreaRow(Base):
    """A content area; `position` orders the children of one parent."""

    __tablename__ = "itembank_area"
    __table_args__ = (UniqueConstraint("bank_id", "code"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    bank_id: Mapped[UUID] = mapped_column(ForeignKey("itembank_bank.id"))
    load_id: Mapped[UUID] = mapped_column(ForeignKey("itembank_load.id"), index=True)
    code: Mapped[str]
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("itembank_area.id"), index=True)
    title_ko: Mapped[str]
    title_en: Mapped[str]
    position: Mapped[int]


class ItemRow(Base):
    """An item: nothing but its identity; all else is in its versions."""

    __tablename__ = "itembank_item"
    __table_args__ = (UniqueConstraint("bank_id", "code"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    bank_id: Mapped[UUID] = mapped_column(ForeignKey("itembank_bank.id"))
    code: Mapped[str]
    created_at: Mapped[datetime]


class ItemVersionRow(Base):
    """One version; only its life (`status`, `approved_at`) and its area ever change.

    `content` is the canonical document; `words` is what a search reads and `marks` what a list filters by (see
    `itembank.core.marks`). `author_id` is None when no member of the staff
    wrote it; `approved_at` is when it was approved for the last time.
    """

    __tablename__ = "itembank_item_version"
    __table_args__ = (UniqueConstraint("item_id", "number"), Index(None, "area_id", "status"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("itembank_item.id"))
    load_id: Mapped[UUID] = mapped_column(ForeignKey("itembank_load.id"), index=True)
    number: Mapped[int]
    area_id: Mapped[UUID] = mapped_column(ForeignKey("itembank_area.id"))
    status: Mapped[str]
    title: Mapped[str]
    words: Mapped[str]
    language: Mapped[str]
    difficulty: Mapped[Decimal | None]
    content: Mapped[bytes]
    digest: Mapped[bytes]
    created_at: Mapped[datetime]
    marks: Mapped[int] = mapped_column(server_default="0")
    author_id: Mapped[UUID | None] = mapped_column(index=True)
    author_name: Mapped[str] = mapped_column(server_default="")
    approved_at: Mapped[datetime | None]


class ReviewRow(Base):
    """One move of an item version from state to state; append-only."""

    __tablename__ = "itembank_review"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    item_version_id: Mapped[UUID] = mapped_column(ForeignKey("itembank_item_version.id"), index=True)
    from_status: Mapped[str]
    to_status: Mapped[str]
    by_id: Mapped[UUID | None]
    by_name: Mapped[str]
    at: Mapped[datetime]
    words: Mapped[str]


class CommentRow(Base):
    """What somebody says of an item version; append-only."""

    __tablename__ = "itembank_comment"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    item_version_id: Mapped[UUID] = mapped_column(ForeignKey("itembank_item_version.id"), index=True)
    by_id: Mapped[UUID | None]
    by_name: Mapped[str]
    at: Mapped[datetime]
    words: Mapped[str]


class SeenRow(Base):
    """Who had an item version on the screen or in a file; one row in each hour counted from 1970. Append-only."""

    __tablename__ = "itembank_seen"

    item_version_id: Mapped[UUID] = mapped_column(ForeignKey("itembank_item_version.id"), primary_key=True)
    staff_id: Mapped[UUID] = mapped_column(primary_key=True)
    hour: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    staff_name: Mapped[str]
    how: Mapped[str]
    at: Mapped[datetime]


class KeyVersionRow(Base):
    """One version of the key of one item version: the canonical document of what scores and explains it.

    `original` is the file that it was read from, under the name `original_name` in its package.
    """

    __tablename__ = "itembank_key_version"
    __table_args__ = (UniqueConstraint("item_version_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    item_version_id: Mapped[UUID] = mapped_column(ForeignKey("itembank_item_version.id"))
    load_id: Mapped[UUID] = mapped_column(ForeignKey("itembank_load.id"), index=True)
    number: Mapped[int]
    content: Mapped[bytes]
    digest: Mapped[bytes]
    original: Mapped[bytes | None] = mapped_column(ForeignKey("itembank_original.sha256"))
    original_name: Mapped[str | None]
    created_at: Mapped[datetime]


class OriginalRow(Base):
    """A file as it was handed over, once for all key versions that came from it; `sha256` is of its bytes."""

    __tablename__ = "itembank_original"

    sha256: Mapped[bytes] = mapped_column(primary_key=True)
    media_type: Mapped[str]
    payload: Mapped[bytes]
    created_at: Mapped[datetime]


class MetadataRow(Base):
    """What is known of an item beside its content; `content` is the canonical document, the rest serves the search."""

    __tablename__ = "itembank_metadata"

    item_id: Mapped[UUID] = mapped_column(ForeignKey("itembank_item.id"), primary_key=True)
    level: Mapped[str]
    stimulus: Mapped[str]
    p: Mapped[Decimal | None]
    content: Mapped[bytes]
    changed_at: Mapped[datetime]


class EnemyRow(Base):
    """An item is in an enemy set: two items of one set never stand on one form."""

    __tablename__ = "itembank_enemy"
    __table_args__ = (Index(None, "label"),)

    item_id: Mapped[UUID] = mapped_column(ForeignKey("itembank_item.id"), primary_key=True)
    label: Mapped[str] = mapped_column(primary_key=True)


class FieldRow(Base):
    """A field of metadata that a bank has of its own; `choices` is a canonical list."""

    __tablename__ = "itembank_field"
    __table_args__ = (UniqueConstraint("bank_id", "code"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    bank_id: Mapped[UUID] = mapped_column(ForeignKey("itembank_bank.id"))
    code: Mapped[str]
    title_ko: Mapped[str]
    title_en: Mapped[str]
    kind: Mapped[str]
    choices: Mapped[bytes]
    position: Mapped[int]


class AssetRow(Base):
    """A picture, once for all items that show it; `sha256` is of its bytes."""

    __tablename__ = "itembank_asset"

    sha256: Mapped[bytes] = mapped_column(primary_key=True)
    media_type: Mapped[str]
    payload: Mapped[bytes]
    created_at: Mapped[datetime]


class VersionAssetRow(Base):
    """Which pictures an item version needs; `in_body` ones may be shown to a candidate."""

    __tablename__ = "itembank_version_asset"

    item_version_id: Mapped[UUID] = mapped_column(ForeignKey("itembank_item_version.id"), primary_key=True)
    sha256: Mapped[bytes] = mapped_column(ForeignKey("itembank_asset.sha256"), primary_key=True)
    name: Mapped[str]
    in_body: Mapped[bool]


class BlueprintRow(Base):
    """A blueprint under its code, for one bank."""

    __tablename__ = "itembank_blueprint"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    bank_id: Mapped[UUID] = mapped_column(ForeignKey("itembank_bank.id"), index=True)
    code: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]


class BlueprintVersionRow(Base):
    """One version of a blueprint: the canonical document and its digest."""

    __tablename__ = "itembank_blueprint_version"
    __table_args__ = (UniqueConstraint("blueprint_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    blueprint_id: Mapped[UUID] = mapped_column(ForeignKey("itembank_blueprint.id"))
    number: Mapped[int]
    content: Mapped[bytes]
    digest: Mapped[bytes]
    created_at: Mapped[datetime]


class FormRow(Base):
    """A frozen form: the canonical document is the truth, the seed in it explains it."""

    __tablename__ = "itembank_form"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    blueprint_version_id: Mapped[UUID] = mapped_column(ForeignKey("itembank_blueprint_version.id"), index=True)
    content: Mapped[bytes]
    digest: Mapped[bytes] = mapped_column(index=True)
    created_at: Mapped[datetime]


class FormItemRow(Base):
    """An item version stands on a form; read off the form's document when it is frozen, to count exposure."""

    __tablename__ = "itembank_form_item"

    item_version_id: Mapped[UUID] = mapped_column(ForeignKey("itembank_item_version.id"), primary_key=True)
    form_id: Mapped[UUID] = mapped_column(ForeignKey("itembank_form.id"), primary_key=True)


class ColumnMappingRow(Base):
    """Which column of a foreign table means what, remembered for a bank under a name."""

    __tablename__ = "itembank_column_mapping"
    __table_args__ = (UniqueConstraint("bank_id", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    bank_id: Mapped[UUID] = mapped_column(ForeignKey("itembank_bank.id"))
    name: Mapped[str]
    #: SHA-256 of the headers that it was made for
    headers: Mapped[bytes]
    content: Mapped[bytes]
    changed_at: Mapped[datetime]


class BandRow(Base):
    """A number that versions of like texts share, see `itembank.core.similarity`; an index that can be made anew."""

    __tablename__ = "itembank_band"

    item_version_id: Mapped[UUID] = mapped_column(ForeignKey("itembank_item_version.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, index=True)
