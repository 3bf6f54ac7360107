"""Rows for the bank's own pages: search by facets, counts of each facet, places of drawn items, a new bank."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, or_, select

from cbt.kernel.runtime import Transaction
from cbt.kernel.titles import Title
from cbt.people.store.unique import unique
from itembank.core.areas import counted, paths
from itembank.core.listing import Facets, ItemQuery, ListedItem
from itembank.core.marks import AnswerKind, Feature, Mark, answer_kinds, features, wanted_bits
from itembank.core.records import BankId, ItemStatus
from itembank.store import banks
from itembank.store.banks import list_areas
from itembank.store.visible import newest_version, published_loads
from itembank.tables import AreaRow, ItemRow, ItemVersionRow

_MOST_WORDS: Final = 8
_CHUNK: Final = 500
_AnySelect = Select[*tuple[Any, ...]]
_Version = type[ItemVersionRow]


def search(tx: Transaction, bank_id: BankId, wanted: ItemQuery, *, offset: int, limit: int) -> tuple[ListedItem, ...]:
    """Return the items that `wanted` admits, by code."""
    version = newest_version()
    statement = _matching(tx, bank_id, wanted, version, select(ItemRow.code, version, AreaRow.code))
    rows = tx.session.execute(statement.order_by(ItemRow.code).offset(offset).limit(limit))
    return tuple(
        ListedItem(
            code=code,
            number=row.number,
            status=ItemStatus(row.status),
            area_code=area_code,
            title=row.title,
            changed_at=row.created_at,
            features=features(row.marks),
            answers=answer_kinds(row.marks),
        )
        for code, row, area_code in rows
    )


def count(tx: Transaction, bank_id: BankId, wanted: ItemQuery) -> int:
    """Return how many items `wanted` admits."""
    version = newest_version()
    return tx.session.scalar(_matching(tx, bank_id, wanted, version, select(func.count()).select_from(ItemRow))) or 0


def facets(tx: Transaction, bank_id: BankId) -> Facets:
    """Return the counts of the whole bank."""
    version = newest_version()
    marks: tuple[Mark, ...] = (*Feature, *AnswerKind)
    sums = [func.coalesce(func.sum(case((_bears(version, mark), 1), else_=0)), 0) for mark in marks]
    of_bank = _of_bank(bank_id, version, select(*sums).select_from(ItemRow))
    return Facets(
        statuses={ItemStatus(name): number for name, number in _grouped(tx, bank_id, version, version.status)},
        marks=dict(zip(marks, tx.session.execute(of_bank).one(), strict=True)),
        areas=counted(list_areas(tx, bank_id), dict(_grouped(tx, bank_id, version, AreaRow.code))),
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


def _grouped(tx: Transaction, bank_id: BankId, version: _Version, column: Any) -> list[tuple[str, int]]:
    statement = _of_bank(bank_id, version, select(column, func.count()).select_from(ItemRow)).group_by(column)
    return [(name, number) for name, number in tx.session.execute(statement)]


def _of_bank(bank_id: BankId, version: _Version, statement: _AnySelect) -> _AnySelect:
    return (
        statement.join(version, version.item_id == ItemRow.id)
        .join(AreaRow, AreaRow.id == version.area_id)
        .where(ItemRow.bank_id == bank_id)
    )


def _matching(
    tx: Transaction, bank_id: BankId, wanted: ItemQuery, version: _Version, statement: _AnySelect
) -> _AnySelect:
    statement = _of_bank(bank_id, version, statement)
    for word in wanted.text.lower().split()[:_MOST_WORDS]:
        statement = statement.where(version.words.contains(word, autoescape=True))
    if wanted.statuses:
        statement = statement.where(version.status.in_([status.value for status in wanted.statuses]))
    if wanted.areas:
        above = paths({area.code: area.parent for area in list_areas(tx, bank_id)})
        inside = [code for code, path in above.items() if not path.isdisjoint(wanted.areas)]
        statement = statement.where(AreaRow.code.in_(inside))
    facets_chosen: tuple[frozenset[Feature] | frozenset[AnswerKind], ...] = (wanted.features, wanted.answers)
    for chosen in facets_chosen:
        if chosen:
            statement = statement.where(or_(*(_bears(version, mark) for mark in chosen)))
    return statement


def _bears(version: _Version, mark: Mark) -> ColumnElement[bool]:
    bits, there = wanted_bits(mark)
    found = version.marks.bitwise_and(bits)
    return found != 0 if there else found == 0
