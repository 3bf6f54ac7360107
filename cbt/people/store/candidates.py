"""Rows of candidates."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, insert, or_, select, true, update

from cbt.kernel.db import for_update
from cbt.kernel.runtime import Transaction
from cbt.people.core.candidates import Candidate, CandidateEntry, CandidateId, NoSuchCandidate, number_key
from cbt.people.store.unique import unique
from cbt.people.tables import CandidateRow

_CHUNK = 500


def candidate(row: CandidateRow) -> Candidate:
    """Return the person of a row (stores above join this table)."""
    return Candidate(
        id=CandidateId(row.id),
        number=row.number,
        name=row.name,
        name_latin=row.name_latin,
        birth_on=row.birth_on,
    )


def find_by_keys(tx: Transaction, keys: Iterable[str]) -> dict[str, Candidate]:
    """Return who is known under these keys (`number_key`)."""
    wanted = sorted(set(keys))
    found: dict[str, Candidate] = {}
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        for row in tx.session.scalars(select(CandidateRow).where(CandidateRow.number_key.in_(chunk))):
            found[row.number_key] = candidate(row)
    return found


def get(tx: Transaction, candidate_id: UUID) -> Candidate:
    """Return one person; raises NoSuchCandidate."""
    row = tx.session.get(CandidateRow, candidate_id)
    if row is None:
        raise NoSuchCandidate(candidate_id=candidate_id)
    return candidate(row)


def lock(tx: Transaction, candidate_id: UUID) -> Candidate:
    """Return one person and hold the row; raises NoSuchCandidate."""
    row = tx.session.scalar(for_update(select(CandidateRow).where(CandidateRow.id == candidate_id)))
    if row is None:
        raise NoSuchCandidate(candidate_id=candidate_id)
    return candidate(row)


def add(tx: Transaction, now: datetime, people: Iterable[Candidate]) -> None:
    """Write new people."""
    rows = [
        {
            "id": person.id,
            "number": person.number,
            "number_key": number_key(person.number),
            "name": person.name,
            "name_latin": person.name_latin,
            "birth_on": person.birth_on,
            "created_at": now,
        }
        for person in people
    ]
    if rows:
        with unique():
            tx.session.execute(insert(CandidateRow), rows)


def change(tx: Transaction, candidate_id: CandidateId, entry: CandidateEntry) -> None:
    """Replace names and birth date; the number stays."""
    values = {"name": entry.name, "name_latin": entry.name_latin, "birth_on": entry.birth_on}
    tx.session.execute(update(CandidateRow).where(CandidateRow.id == candidate_id).values(**values))


def search(tx: Transaction, query: str, *, offset: int, limit: int) -> tuple[Candidate, ...]:
    """Return people whose number begins with `query` or whose name holds it, by number."""
    statement = select(CandidateRow).where(_matches(query)).order_by(CandidateRow.number_key)
    return tuple(candidate(row) for row in tx.session.scalars(statement.offset(offset).limit(limit)))


def count(tx: Transaction, query: str) -> int:
    """Return how many `search` would find."""
    return tx.session.scalar(select(func.count()).select_from(CandidateRow).where(_matches(query))) or 0


def _matches(query: str) -> ColumnElement[bool]:
    if not query:
        return true()
    by_name = or_(
        CandidateRow.name.contains(query, autoescape=True),
        func.lower(CandidateRow.name_latin).contains(query.lower(), autoescape=True),
    )
    key = number_key(query)
    return or_(by_name, CandidateRow.number_key.startswith(key, autoescape=True)) if key else by_name
