"""Rows for the bank's own pages: counts of each facet, places of drawn items, a new bank."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from cbt.kernel.runtime import Transaction
from cbt.kernel.titles import Title
from cbt.people.store.unique import unique
from itembank.core.areas import counted
from itembank.core.listing import Facets
from itembank.core.marks import EVERY_MARK, Mark, bears
from itembank.core.records import BankId, ItemStatus
from itembank.store import banks
from itembank.store.banks import list_areas
from itembank.store.search import of_bank
from itembank.store.visible import newest_version, published_loads
from itembank.tables import AreaRow, EnemyRow, ItemRow, ItemVersionRow, MetadataRow

_CHUNK: Final = 500


def facets(tx: Transaction, bank_id: BankId) -> Facets:
    """Return the counts of the whole bank, in one pass over its items."""
    version = newest_version()
    kinds = (version.status, AreaRow.code, version.marks, version.author_id)
    statement = of_bank(bank_id, version, select(*kinds, func.max(version.author_name), func.count()))
    statuses: Counter[ItemStatus] = Counter()
    marks: Counter[Mark] = Counter()
    areas: Counter[str] = Counter()
    authors: dict[str, tuple[str, int]] = {}
    for status, area, bits, author_id, name, number in tx.session.execute(statement.group_by(*kinds)):
        statuses[ItemStatus(status)] += number
        areas[area] += number
        marks.update({mark: number for mark in EVERY_MARK if bears(bits, mark)})
        key = author_id.hex if author_id else ""
        authors[key] = (name, number + authors.get(key, ("", 0))[1])
    return Facets(
        statuses={status: statuses[status] for status in ItemStatus if statuses[status]},
        marks={mark: marks[mark] for mark in EVERY_MARK},
        areas=counted(list_areas(tx, bank_id), areas),
        authors=dict(sorted(authors.items(), key=lambda one: (one[1][0], one[0]))),
        levels=_levels(tx, bank_id),
        enemies=_enemies(tx, bank_id),
    )


def add_bank(tx: Transaction, now: datetime, code: str, title: Title) -> None:
    """Write an empty bank; raises TakenMeanwhile when its code is there already."""
    with unique():
        banks.add(tx, now, code, title)


def areas_by_bank(tx: Transaction) -> Mapping[BankId, int]:
    """Return how many visible content areas each bank has."""
    statement = (
        select(AreaRow.bank_id, func.count()).where(AreaRow.load_id.in_(published_loads())).group_by(AreaRow.bank_id)
    )
    return {BankId(bank_id): number for bank_id, number in tx.session.execute(statement)}


def places(tx: Transaction, version_ids: Iterable[UUID]) -> dict[UUID, tuple[str, str]]:
    """Return title and area code of these item versions; an unknown id is left out."""
    wanted = sorted(set(version_ids))
    found: dict[UUID, tuple[str, str]] = {}
    for start in range(0, len(wanted), _CHUNK):
        statement = (
            select(ItemVersionRow.id, ItemVersionRow.title, AreaRow.code)
            .join(AreaRow, AreaRow.id == ItemVersionRow.area_id)
            .where(ItemVersionRow.id.in_(wanted[start : start + _CHUNK]))
        )
        found |= {version_id: (title, area) for version_id, title, area in tx.session.execute(statement)}
    return found


def _levels(tx: Transaction, bank_id: BankId) -> dict[str, int]:
    statement = (
        select(MetadataRow.level, func.count())
        .join(ItemRow, ItemRow.id == MetadataRow.item_id)
        .where(ItemRow.bank_id == bank_id, MetadataRow.level != "")
        .group_by(MetadataRow.level)
        .order_by(MetadataRow.level)
    )
    return {level: number for level, number in tx.session.execute(statement)}  # noqa: C416 - rows are no pairs


def _enemies(tx: Transaction, bank_id: BankId) -> tuple[str, ...]:
    statement = select(EnemyRow.label).join(ItemRow, ItemRow.id == EnemyRow.item_id).where(ItemRow.bank_id == bank_id)
    return tuple(tx.session.scalars(statement.distinct().order_by(EnemyRow.label)))
