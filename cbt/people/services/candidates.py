"""Candidates: enter one, load many from a table, search, correct."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from cbt.kernel.errors import Problem
from cbt.kernel.ids import new_id
from cbt.kernel.runtime import Runtime, Transaction
from cbt.people.core.actors import Actor
from cbt.people.core.candidates import (
    CANDIDATE_COLUMNS,
    CANDIDATE_HINTS,
    Candidate,
    CandidateEntry,
    CandidateId,
    CandidateRow,
    differing,
    number_key,
    read_candidate,
    read_candidate_rows,
)
from cbt.people.core.inputs import Fields
from cbt.people.formats import read_sheet
from cbt.people.services.audit import audit_in
from cbt.people.store import candidates as store

PAGE: Final = 50
# Birth dates are compared with the calendar of the country where it is earliest tomorrow.
_EARLIEST_ZONE: Final = ZoneInfo("Pacific/Kiritimati")


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateImport:
    """What an upload did, or would do: new people, people known already, and the problems that stop it."""

    fresh: tuple[CandidateEntry, ...]
    known: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidatePage:
    """One page of a search."""

    people: tuple[Candidate, ...]
    total: int
    page: int

    @property
    def first(self) -> int:
        """Return the place of the first person shown, from 1 (0 when there is none)."""
        return (self.page - 1) * PAGE + 1 if self.people else 0

    @property
    def last(self) -> int:
        """Return the place of the last person shown."""
        return (self.page - 1) * PAGE + len(self.people)


def list_candidates(rt: Runtime, query: str = "", *, page: int = 1) -> CandidatePage:
    """Return page `page` (from 1) of the people whose number begins with `query` or whose name holds it."""
    wanted = query.strip()[:100]
    with rt.reading() as tx:
        people = store.search(tx, wanted, offset=(max(page, 1) - 1) * PAGE, limit=PAGE)
        return CandidatePage(people=people, total=store.count(tx, wanted), page=max(page, 1))


def get_candidate(rt: Runtime, candidate_id: CandidateId) -> Candidate:
    """Return one person; raises NoSuchCandidate."""
    with rt.reading() as tx:
        return store.get(tx, candidate_id)


def find_by_number(rt: Runtime, number: str) -> Candidate | None:
    """Return the person under this number, however its hyphens are typed."""
    with rt.reading() as tx:
        return store.find_by_keys(tx, [number_key(number)]).get(number_key(number))


def add_candidate(rt: Runtime, raw: Mapping[str, str], *, by: Actor) -> Candidate:
    """Enter one person from the fields number, name, name_latin and birth; raises InputRefused."""
    now = rt.clock.now()
    fields = Fields(raw, CANDIDATE_HINTS)
    entry = read_candidate(fields, today=latest_day(now))
    fields.check()
    with rt.transaction() as tx:
        if store.find_by_keys(tx, [number_key(entry.number)]):
            fields.fail("number", "number-taken")
        fields.check()
        person = add_new_in(tx, now, [entry])[0]
        audit_in(tx, now, by=by, act="people.candidate-added", subject=person.number)
    return person


def change_candidate(
    rt: Runtime, candidate_id: CandidateId, raw: Mapping[str, str], *, by: Actor, reason: str = ""
) -> None:
    """Correct names and birth date of one person; the number stays. Raises InputRefused."""
    now = rt.clock.now()
    with rt.transaction() as tx:
        person = store.lock(tx, candidate_id)
        fields = Fields({**raw, "number": person.number}, CANDIDATE_HINTS)
        entry = read_candidate(fields, today=latest_day(now))
        fields.check()
        store.change(tx, person.id, entry)
        details = {"name": [person.name, entry.name], "birth_on": [person.birth_on, entry.birth_on]}
        audit_in(tx, now, by=by, act="people.candidate-changed", subject=person.number, reason=reason, details=details)


def import_candidates(rt: Runtime, data: bytes, *, by: Actor, dry_run: bool = False) -> CandidateImport:
    """Load people from a CSV table, all or none; `dry_run` only tells what would happen.

    Somebody who is known with the same name and birth date is left as he is.
    """
    now = rt.clock.now()
    rows, unreadable = read_sheet(data, CANDIDATE_COLUMNS)
    entries, problems = read_candidate_rows(rows, today=latest_day(now))
    if unreadable or problems:
        return CandidateImport(fresh=(), known=0, problems=unreadable + problems)
    if dry_run:
        with rt.reading() as tx:
            return _sorted_out(tx, entries)
    with rt.transaction() as tx:
        result = _sorted_out(tx, entries)
        if not result.problems:
            add_new_in(tx, now, result.fresh)
            details = {"added": len(result.fresh), "known": result.known}
            audit_in(tx, now, by=by, act="people.candidates-imported", subject="candidates", details=details)
    return result


def find_by_keys_in(tx: Transaction, keys: Iterable[str]) -> dict[str, Candidate]:
    """Return who is known under these keys (`number_key`)."""
    return store.find_by_keys(tx, keys)


def add_new_in(tx: Transaction, now: datetime, entries: Iterable[CandidateEntry]) -> tuple[Candidate, ...]:
    """Enter people who are not known yet; the caller writes the audit record."""
    people = tuple(
        Candidate(
            id=CandidateId(new_id(now)),
            number=entry.number,
            name=entry.name,
            name_latin=entry.name_latin,
            birth_on=entry.birth_on,
        )
        for entry in entries
    )
    store.add(tx, now, people)
    return people


def latest_day(now: datetime) -> date:
    """Return the date that it is at `now` where the day begins first; nobody was born after it."""
    return now.astimezone(_EARLIEST_ZONE).date()


def _sorted_out(tx: Transaction, rows: tuple[CandidateRow, ...]) -> CandidateImport:
    known = store.find_by_keys(tx, (number_key(row.entry.number) for row in rows))
    fresh = tuple(row.entry for row in rows if number_key(row.entry.number) not in known)
    return CandidateImport(fresh=fresh, known=len(rows) - len(fresh), problems=differing(rows, known))
