"""Rows of items and their versions, for lists, pages and papers. Keys are in `store/keys.py`."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, select

from cbt.kernel.canonical import decode
from cbt.kernel.runtime import Transaction
from itembank.core.areas import paths
from itembank.core.bank import BankView, Candidate, option_sets
from itembank.core.difficulty import chance_of_right, expected_share
from itembank.core.documents import content_from
from itembank.core.items import ItemContent
from itembank.core.metadata import Calibration, ItemMetadata
from itembank.core.records import (
    BankId,
    ItemFilter,
    ItemId,
    ItemLine,
    ItemStatus,
    NoSuchItem,
    StoredVersion,
)
from itembank.store import metadata as metadata_store
from itembank.store.banks import list_areas
from itembank.store.visible import newest_key, newest_version, published_loads
from itembank.tables import AreaRow, ItemRow, ItemVersionRow

_CHUNK: Final = 500
_AnySelect = Select[*tuple[Any, ...]]


def search(tx: Transaction, bank_id: BankId, wanted: ItemFilter, *, offset: int, limit: int) -> tuple[ItemLine, ...]:
    """Return the newest versions that `wanted` admits, by item code."""
    version = newest_version()
    statement = _matching(tx, bank_id, wanted, version, select(ItemRow, version, AreaRow.code))
    rows = tx.session.execute(statement.order_by(ItemRow.code).offset(offset).limit(limit))
    return tuple(_line(item, row, area_code) for item, row, area_code in rows)


def count(tx: Transaction, bank_id: BankId, wanted: ItemFilter) -> int:
    """Return how many items `wanted` admits."""
    version = newest_version()
    return tx.session.scalar(_matching(tx, bank_id, wanted, version, select(func.count()).select_from(ItemRow))) or 0


def get_line(tx: Transaction, bank_id: BankId, code: str) -> ItemLine:
    """Return one item by its newest version; raises NoSuchItem."""
    version = newest_version()
    statement = (
        select(ItemRow, version, AreaRow.code)
        .join(version, version.item_id == ItemRow.id)
        .join(AreaRow, AreaRow.id == version.area_id)
        .where(ItemRow.bank_id == bank_id, ItemRow.code == code)
    )
    found = tx.session.execute(statement).first()
    if found is None:
        raise NoSuchItem(bank=bank_id, item=code)
    item, row, area_code = found
    return _line(item, row, area_code)


def neighbours(tx: Transaction, bank_id: BankId, code: str) -> tuple[str, str]:
    """Return the codes of the items before and after this one (empty at the ends)."""
    version = newest_version()
    visible = select(ItemRow.code).join(version, version.item_id == ItemRow.id).where(ItemRow.bank_id == bank_id)
    before = tx.session.scalar(visible.where(ItemRow.code < code).order_by(ItemRow.code.desc()).limit(1))
    after = tx.session.scalar(visible.where(ItemRow.code > code).order_by(ItemRow.code).limit(1))
    return before or "", after or ""


def versions(tx: Transaction, item_id: ItemId) -> tuple[StoredVersion, ...]:
    """Return all visible versions of an item, the newest first."""
    statement = (
        select(ItemVersionRow, AreaRow.code)
        .join(AreaRow, AreaRow.id == ItemVersionRow.area_id)
        .where(ItemVersionRow.item_id == item_id, ItemVersionRow.load_id.in_(published_loads()))
        .order_by(ItemVersionRow.number.desc())
    )
    return tuple(
        StoredVersion(
            id=row.id,
            number=row.number,
            status=ItemStatus(row.status),
            area_code=area_code,
            difficulty_logit=row.difficulty,
            content=content_from(decode(row.content)),
            created_at=row.created_at,
            author_id=row.author_id,
            author_name=row.author_name,
            approved_at=row.approved_at,
        )
        for row, area_code in tx.session.execute(statement)
    )


def contents(tx: Transaction, version_ids: Iterable[UUID]) -> dict[UUID, ItemContent]:
    """Return what candidates may see of these item versions; an unknown id is left out."""
    wanted = sorted(set(version_ids))
    found: dict[UUID, ItemContent] = {}
    for start in range(0, len(wanted), _CHUNK):
        statement = select(ItemVersionRow.id, ItemVersionRow.content).where(
            ItemVersionRow.id.in_(wanted[start : start + _CHUNK])
        )
        found |= {version_id: content_from(decode(content)) for version_id, content in tx.session.execute(statement)}
    return found


def bank_view(tx: Transaction, bank_id: BankId) -> BankView:
    """Return the version of each item that may be drawn, with its newest key (see `core.review.drawn_number`)."""
    areas = {area.code: area.parent for area in list_areas(tx, bank_id)}
    above = paths(areas)
    known, exposure = metadata_store.of_bank(tx, bank_id), metadata_store.exposure(tx, bank_id)
    version, key = newest_version(approved_only=True), newest_key()
    statement = (
        select(ItemRow.id, ItemRow.code, version.id, key.id, AreaRow.code, version.difficulty, version.content)
        .join(version, version.item_id == ItemRow.id)
        .join(AreaRow, AreaRow.id == version.area_id)
        .join(key, key.item_version_id == version.id)
        .where(ItemRow.bank_id == bank_id)
    )
    candidates = []
    for item_id, code, version_id, key_id, area_code, difficulty, document in tx.session.execute(statement):
        metadata, content = known.get(item_id, ItemMetadata()), content_from(decode(document))
        candidates.append(
            Candidate(
                item_code=code,
                item_version_id=version_id,
                key_version_id=key_id,
                areas=above.get(area_code, frozenset({area_code})),
                option_sets=option_sets(content),
                difficulty_logit=None if difficulty is None else float(difficulty),
                level=metadata.level,
                enemies=metadata.enemies,
                stimulus=metadata.stimulus or (content.stimulus.code if content.stimulus else ""),
                expected=_expected(metadata, difficulty),
                calibration=metadata.calibration,
                exposure=exposure.get(item_id, 0),
            )
        )
    forms = metadata_store.forms_of_bank(tx, bank_id)
    return BankView(candidates=tuple(candidates), areas=frozenset(areas), forms=forms)


def _expected(metadata: ItemMetadata, difficulty: Decimal | None) -> float | None:
    """Return the share that is expected; an author's difficulty in logits is the last thing to go by."""
    share = expected_share(metadata.calibration, metadata.p_observed, metadata.p_estimate)
    if share is None and difficulty is not None:
        return chance_of_right(Calibration(difficulty=float(difficulty)), 0.0)
    return share


def _matching(
    tx: Transaction,
    bank_id: BankId,
    wanted: ItemFilter,
    version: type[ItemVersionRow],
    statement: _AnySelect,
) -> _AnySelect:
    statement = (
        statement.join(version, version.item_id == ItemRow.id)
        .join(AreaRow, AreaRow.id == version.area_id)
        .where(ItemRow.bank_id == bank_id)
    )
    if wanted.status is not None:
        statement = statement.where(version.status == wanted.status.value)
    if wanted.area:
        above = paths({area.code: area.parent for area in list_areas(tx, bank_id)})
        statement = statement.where(AreaRow.code.in_([code for code, path in above.items() if wanted.area in path]))
    for word in wanted.text.lower().split()[:8]:
        statement = statement.where(version.words.contains(word, autoescape=True))
    return statement


def _line(item: ItemRow, row: ItemVersionRow, area_code: str) -> ItemLine:
    return ItemLine(
        item_id=ItemId(item.id),
        code=item.code,
        number=row.number,
        status=ItemStatus(row.status),
        area_code=area_code,
        title=row.title,
        language=row.language,
        difficulty_logit=row.difficulty,
        created_at=row.created_at,
    )


def statuses(tx: Transaction, bank_id: BankId) -> Mapping[ItemStatus, int]:
    """Return how many items have a newest version in each state."""
    version = newest_version()
    statement = (
        select(version.status, func.count())
        .join(ItemRow, ItemRow.id == version.item_id)
        .where(ItemRow.bank_id == bank_id)
        .group_by(version.status)
    )
    return {ItemStatus(status): number for status, number in tx.session.execute(statement)}
