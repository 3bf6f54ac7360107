"""Record what candidates' pages send: many requests, one synchronous transaction, a receipt or a refusal for each."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias
from uuid import UUID

import structlog

from cbt.delivery.core.attempt import Attempt
from cbt.delivery.core.batch import Batch, HandIn
from cbt.delivery.core.choices import ChoiceMap, choice_map_from
from cbt.delivery.core.decision import Decision, StoredEntry, decide, known_entries
from cbt.delivery.core.entries import Entry
from cbt.delivery.core.journal import read_entry
from cbt.delivery.core.leases import LeaseBook
from cbt.delivery.core.receipts import sign, signed_document
from cbt.delivery.core.recovery import recover
from cbt.delivery.core.refusals import EntryConflict, EntryGap, EntryRefused, LeaseEnded, NotStarted
from cbt.delivery.core.status import short_status
from cbt.delivery.core.token import TokenFacts, TokenInvalid
from cbt.delivery.services.writing import hint_in
from cbt.delivery.store import attempts, papers
from cbt.delivery.store.appending import append, lock_heads
from cbt.kernel import canonical
from cbt.kernel.errors import CbtError, TooManyRequests
from cbt.kernel.runtime import Runtime, Transaction

_KEPT_MAPS: Final = 2000  # one process may serve a national sitting alone
_KEPT_ATTEMPTS: Final = 2000
LONGEST_JOURNAL: Final = 20_000  # rows; the busiest candidate of a long exam stays far below a tenth of it
_log = structlog.get_logger("cbt.delivery")
_STOPS: Final[Mapping[str, type[EntryRefused]]] = {
    kind.code: kind for kind in (NotStarted, LeaseEnded, EntryGap, EntryConflict)
}


class JournalFull(TooManyRequests):
    """The attempt has sent more than any person could; a proctor must look at it."""

    code = "journal-full"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRequest:
    """What one request brought: who speaks, and the entries."""

    facts: TokenFacts
    batch: Batch


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """The answer to one request: receipt, refused numbers, status."""

    document: Mapping[str, Any]


Outcome: TypeAlias = Recorded | CbtError


class ChoiceMaps:
    """The choice maps of the attempts heard of last; they never change, so `keep` of them are kept."""

    def __init__(self, keep: int = _KEPT_MAPS) -> None:
        self._keep = keep
        self._kept: OrderedDict[UUID, ChoiceMap] = OrderedDict()

    def load(self, tx: Transaction, attempt_ids: Sequence[UUID]) -> dict[UUID, ChoiceMap]:
        """Return the maps of `attempt_ids`; missing attempts are left out."""
        missing = [attempt_id for attempt_id in attempt_ids if attempt_id not in self._kept]
        if missing:
            for attempt_id, stored in papers.choices_of(tx, missing).items():
                self._kept[attempt_id] = choice_map_from(canonical.decode(stored))
        found = {attempt_id: self._kept[attempt_id] for attempt_id in attempt_ids if attempt_id in self._kept}
        for attempt_id in found:
            self._kept.move_to_end(attempt_id)
        while len(self._kept) > self._keep:
            self._kept.popitem(last=False)
        return found


class LatestAttempts:
    """Attempts as this process left them: what the hash of a journal's head stands for needs no second reading."""

    def __init__(self, keep: int = _KEPT_ATTEMPTS) -> None:
        self._keep = keep
        self._kept: OrderedDict[UUID, Attempt] = OrderedDict()

    def lock(self, tx: Transaction, attempt_ids: Iterable[UUID]) -> dict[UUID, tuple[Attempt, UUID]]:
        """Lock the rows in id order; return each attempt with its room's id. Missing ones are left out."""
        heads = lock_heads(tx, attempt_ids)
        found = {
            one: kept for one, (head, _) in heads.items() if (kept := self._kept.get(one)) and kept.head.hash == head
        }
        if missing := heads.keys() - found.keys():
            found |= attempts.attempts_by_id(tx, missing)
        return {one: (found[one], room_id) for one, (_, room_id) in heads.items()}

    def note(self, left: Iterable[Attempt]) -> None:
        """Keep the attempts as a transaction left them, now that it is committed."""
        for attempt in left:
            self._kept[attempt.id] = attempt
            self._kept.move_to_end(attempt.id)
        while len(self._kept) > self._keep:
            self._kept.popitem(last=False)


def record(
    rt: Runtime, maps: ChoiceMaps, requests: Sequence[RecordRequest], latest: LatestAttempts | None = None
) -> list[Outcome]:
    """Return one outcome for each request, in order, after a single commit."""
    now = rt.clock.now()
    latest = latest or LatestAttempts()
    with rt.transaction() as tx:
        sheet = _Sheet(tx, now, latest.lock(tx, [request.facts.attempt_id for request in requests]), maps)
        outcomes = sheet.decide_all(requests)
    latest.note(sheet.left())
    return [outcome if isinstance(outcome, CbtError) else _recorded(rt, now, outcome) for outcome in outcomes]


def _recorded(rt: Runtime, now: datetime, decision: Decision) -> Recorded:
    receipt = decision.receipt
    state = short_status(decision.after, now)
    if decision.lease != decision.after.lease:
        # Another page holds the attempt: this one only hands over what it still held.
        state = {**state, "lease": decision.after.lease, "next": decision.following, "may": []}
    document: dict[str, Any] = {
        "receipt": None if receipt is None else signed_document(receipt, sign(rt.keys.receipt_key, receipt)),
        "refused": [{"number": refused.number, "code": refused.code} for refused in decision.refused],
        "state": state,
    }
    return Recorded(document=document)


class _Sheet:
    """The work on one transaction: the locked attempts as they grow, request by request."""

    def __init__(
        self, tx: Transaction, now: datetime, locked: dict[UUID, tuple[Attempt, UUID]], maps: ChoiceMaps
    ) -> None:
        self._tx = tx
        self._now = now
        self._locked = locked
        self._before = {attempt_id: attempt for attempt_id, (attempt, _) in locked.items()}
        self._choices = maps.load(tx, list(locked))
        self._known: dict[tuple[UUID, int], dict[int, StoredEntry]] = {}
        self._made: dict[UUID, list[Entry]] = {}
        self._books: dict[UUID, LeaseBook] = {}

    def left(self) -> list[Attempt]:
        """Return the attempts as they stand now."""
        return [attempt for attempt, _ in self._locked.values()]

    def decide_all(self, requests: Sequence[RecordRequest]) -> list[Decision | CbtError]:
        """Return a decision or a refusal for each request; append what was decided."""
        decisions: list[Decision | CbtError] = []
        for request in requests:
            try:
                decisions.append(self._decide(request))
            except CbtError as error:
                decisions.append(error)
        self._append([decision for decision in decisions if isinstance(decision, Decision)])
        return decisions

    def _decide(self, request: RecordRequest) -> Decision:
        attempt_id, batch = request.facts.attempt_id, request.batch
        if attempt_id not in self._locked or batch.lease != request.facts.lease:
            raise TokenInvalid
        attempt, room_id = self._locked[attempt_id]
        hands_in = any(isinstance(entry.act, HandIn) for entry in batch.entries)
        if attempt.head.number > LONGEST_JOURNAL and (attempt.has_ended or not hands_in):
            raise JournalFull
        choices, known = self._choices[attempt_id], self._known_of(attempt, batch)
        if batch.lease < attempt.lease:
            book = self._book_of(attempt_id)
            decision = recover(attempt, batch, self._now, choices, known, book=book)
        else:
            decision = decide(attempt, batch, self._now, choices, known)
            self._carry_on(attempt_id, decision)
        self._locked[attempt_id] = decision.after, room_id
        self._known.setdefault((attempt_id, batch.lease), {}).update(known_entries(decision.linked))
        if decision.stop is not None and decision.stop.code == EntryConflict.code:
            _log.error("entry-conflict", attempt=str(attempt_id), lease=batch.lease, number=decision.stop.number)
        if decision.receipt is None and decision.stop is not None:
            raise _STOPS[decision.stop.code](attempt=attempt_id, **_expected(decision))
        return decision

    def _known_of(self, attempt: Attempt, batch: Batch) -> dict[int, StoredEntry]:
        """Return the rows that the batch repeats; none is asked for when it brings only new numbers."""
        least = batch.entries[0].number
        if batch.lease == attempt.lease and least >= attempt.lease_next:
            return {}
        stored = attempts.known_entries(self._tx, attempt.id, batch.lease, least)
        return {**stored, **self._known.get((attempt.id, batch.lease), {})}

    def _book_of(self, attempt_id: UUID) -> LeaseBook:
        """Return the leases of the attempt's journal, with what this transaction has added to it so far."""
        if attempt_id not in self._books:
            rows = attempts.journal_of(self._tx, attempt_id)
            made = self._made.get(attempt_id, ())
            self._books[attempt_id] = LeaseBook([*(read_entry(row.content) for row in rows), *made])
        return self._books[attempt_id]

    def _carry_on(self, attempt_id: UUID, decision: Decision) -> None:
        """Keep what a live batch added for an older lease's batch of the same transaction."""
        made = [linked.entry for linked in decision.linked]
        self._made.setdefault(attempt_id, []).extend(made)
        if attempt_id in self._books:
            for entry in made:
                self._books[attempt_id].note(entry)

    def _append(self, decisions: Sequence[Decision]) -> None:
        append(self._tx, [(decision.after, decision.linked) for decision in decisions], self._before)
        for decision in decisions:
            if decision.linked:
                hint_in(self._tx, decision.after, self._locked[decision.after.id][1], to_page=False)


def _expected(decision: Decision) -> dict[str, Any]:
    stop = decision.stop
    return {} if stop is None or stop.expected is None else {"expected": stop.expected}
