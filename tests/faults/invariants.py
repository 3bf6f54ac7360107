"""I1 to I7: what must hold whatever happened, as assertions for tests that have the database and know what was sent.

Each takes the runtime and looks only at what is stored; none trusts a projection where the journal can tell. A test
that ends with `all_hold(rt, acknowledged=…)` has asserted them all but I7, which needs the answers that a browser got:
`i7_no_key_in(bodies)`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import select

from cbt.delivery.core.attempt import Attempt, Head, ready_attempt
from cbt.delivery.core.batch import parse_batch
from cbt.delivery.core.entries import Answered, Entry, LateAdmitted, Moved, Recovered, Started, sent_of
from cbt.delivery.core.journal import graded_set, read_entry
from cbt.delivery.core.timing import allowed, closes_at, used
from cbt.delivery.core.transitions import apply
from cbt.delivery.services.reading import replay_in
from cbt.delivery.store import attempts
from cbt.delivery.tables import AttemptRow
from cbt.grading.core.result import ResultStatus
from cbt.grading.tables import ResultRow
from cbt.kernel.runtime import Runtime
from cbt.people.services.audit import seal_audit, verify_audit

# What a page had receipted: its lease and number, and the entry as it was sent (its number may be left out).
Acknowledged: TypeAlias = Mapping[tuple[int, int], Mapping[str, Any]]
_GRADED = ("submitted", "expired", "terminated")


def all_hold(rt: Runtime, *, acknowledged: Mapping[UUID, Acknowledged] | None = None, graded: bool = True) -> None:
    """Assert I1-I6 for every attempt; with `graded` each ended one must have its result by now."""
    for attempt_id, sent in (acknowledged or {}).items():
        i1_acknowledged_is_kept(rt, attempt_id, sent)
    for attempt_id in attempt_ids(rt):
        i2_only_an_admission_changes_what_is_graded(rt, attempt_id)
        i3_time_used_is_allowed(rt, attempt_id)
        i4_one_seat(rt, attempt_id)
        i5_one_result(rt, attempt_id, graded=graded)
    i6_chains_are_whole(rt)


def attempt_ids(rt: Runtime) -> tuple[UUID, ...]:
    """Every attempt of the database."""
    with rt.reading() as tx:
        return tuple(tx.session.scalars(select(AttemptRow.id).order_by(AttemptRow.id)))


def journal(rt: Runtime, attempt_id: UUID) -> tuple[Entry, ...]:
    """The entries of an attempt in order."""
    with rt.reading() as tx:
        return tuple(read_entry(row.content) for row in attempts.journal_of(tx, attempt_id))


def i1_acknowledged_is_kept(rt: Runtime, attempt_id: UUID, acknowledged: Acknowledged) -> None:
    """Every receipted entry is in the journal, under its number and as it was sent; a good answer as an answer."""
    stored = [sent for entry in journal(rt, attempt_id) if (sent := sent_of(entry)) is not None]
    kept = {(one.lease, one.number): one.digest for one in stored}
    for (lease, number), entry in acknowledged.items():
        assert (lease, number) in kept, f"I1: entry {number} of lease {lease} is lost"
        act = parse_batch({"lease": lease, "entries": [{**entry, "number": number}]}).entries[0]
        assert kept[lease, number] == act.digest, f"I1: entry {number} of lease {lease} holds something else"


def i2_only_an_admission_changes_what_is_graded(rt: Runtime, attempt_id: UUID) -> None:
    """Nothing that counts came after the ending or the time; admissions alone change what the ending had."""
    entries = journal(rt, attempt_id)
    at_the_end: int | None = None
    for number, (before, entry) in enumerate(_before_each(rt, attempt_id, entries), start=1):
        if isinstance(entry, Answered) or (isinstance(entry, Recovered) and entry.counts):
            closing = closes_at(before)
            assert not before.has_ended, f"I2: row {number} counts after the ending"
            assert closing is None or entry.at <= closing, f"I2: row {number} counts after the time"
        if at_the_end is None and before.has_ended:
            at_the_end = number - 1
    ended = entries if at_the_end is None else entries[:at_the_end]
    later = [entry for entry in entries if not isinstance(entry, LateAdmitted)]
    assert graded_set(ended) == graded_set(later), "I2: what is graded changed after the ending without an admission"


def i3_time_used_is_allowed(rt: Runtime, attempt_id: UUID) -> None:
    """Whatever counts was given within the allowed time and its grace."""
    entries = journal(rt, attempt_id)
    for number, (before, entry) in enumerate(_before_each(rt, attempt_id, entries), start=1):
        if isinstance(entry, Answered):
            assert used(before, entry.at) <= allowed(before) + before.grace, f"I3: row {number} came too late"


def i4_one_seat(rt: Runtime, attempt_id: UUID) -> None:
    """One start, one lease after the other, and answers under the lease that held the attempt at that moment."""
    entries = journal(rt, attempt_id)
    lease = 0
    for number, entry in enumerate(entries, start=1):
        if isinstance(entry, (Started, Moved)):
            assert entry.lease == lease + 1, f"I4: row {number} makes a second seat"
            lease = entry.lease
        if isinstance(entry, Answered):
            assert entry.sent.lease == lease, f"I4: row {number} is of a page that had lost its seat"
    with rt.reading() as tx:
        assert attempts.get_attempt(tx, attempt_id).lease == lease, "I4: the stored lease is another one"


def i5_one_result(rt: Runtime, attempt_id: UUID, *, graded: bool = True) -> None:
    """An ended attempt has one standing result, the newest of versions without a gap; another has none."""
    with rt.reading() as tx:
        state = tx.session.scalar(select(AttemptRow.state).where(AttemptRow.id == attempt_id))
        statement = select(ResultRow.version, ResultRow.status).where(ResultRow.attempt_id == attempt_id)
        found = [(row[0], row[1]) for row in tx.session.execute(statement.order_by(ResultRow.version))]
    assert [version for version, _ in found] == list(range(1, len(found) + 1)), "I5: versions are missing"
    standing = [version for version, status in found if status != ResultStatus.SUPERSEDED.value]
    assert standing == [len(found)][: len(found)], f"I5: {len(standing)} results stand"
    if state in _GRADED:
        assert found or not graded, "I5: an ended exam has no result"
    elif state != "voided":
        assert not found, "I5: a result before the end"


def i6_chains_are_whole(rt: Runtime) -> None:
    """Every journal replays to what is stored, and the audit trail verifies once it is sealed."""
    for attempt_id in attempt_ids(rt):
        with rt.reading() as tx:
            broken = replay_in(tx, attempt_id).broken
        assert broken is None, f"I6: {broken}"
    while seal_audit(rt):
        pass
    problems = verify_audit(rt)
    assert not problems, f"I6: {problems[0]}"


def i7_no_key_in(bodies: Iterable[bytes | str], *, canary: str = "canary") -> None:
    """No answer that a candidate's browser got holds a word that stands in keys only."""
    secret = re.compile(re.escape(canary), re.IGNORECASE)
    for body in bodies:
        text = body.decode("utf-8", "replace") if isinstance(body, bytes) else body
        assert secret.search(text) is None, "I7: key material left the server"


def _before_each(rt: Runtime, attempt_id: UUID, entries: tuple[Entry, ...]) -> Iterable[tuple[Attempt, Entry]]:
    """Yield every entry with the attempt as it stood before it."""
    with rt.reading() as tx:
        stored = attempts.get_attempt(tx, attempt_id)
    first = entries[0].at if entries else stored.head.at
    before = ready_attempt(attempt_id=stored.id, form_digest=stored.form_digest, slots=stored.slots, at=first)
    for number, entry in enumerate(entries, start=1):
        yield before, entry
        head = Head(number=number, hash=before.head.hash, at=entry.at)
        before = replace(apply(before, entry), head=head)
