"""The journal: a hash chain of canonical bytes, and the folds over it.

hash = SHA-256(previous hash, attempt id, number as 8 bytes big-endian, bytes of the row); the first previous hash is
the form's digest. Rows are verified as stored; nothing is serialised again to check it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol
from uuid import UUID

from cbt.delivery.core.attempt import Attempt, Head
from cbt.delivery.core.entries import Answered, Entry, LateAdmitted, Recovered, Responses, is_answer, sent_of
from cbt.delivery.core.entry_documents import Given, from_document, given_from, to_bytes, to_document
from cbt.delivery.core.leases import LeaseBook
from cbt.delivery.core.refusals import EntryGap, EntryRefused
from cbt.delivery.core.transitions import apply
from cbt.kernel import canonical
from cbt.kernel.errors import CbtError, InvalidInput

NUMBER_BYTES: Final = 8
# What only graders may read, and what people cannot: neither belongs on a proctor's screen.
_NOT_FOR_PROCTORS: Final = ("responses", "received")


class JournalBroken(CbtError):
    """A row of the journal does not follow from the rows before it."""

    code = "journal-broken"

    def __init__(self, *, number: int, reason: str) -> None:
        super().__init__(f"journal row {number}: {reason}", number=number, reason=reason)
        self.number = number
        self.reason = reason


class JournalRow(Protocol):
    """What a stored row must show to be verified."""

    @property
    def number(self) -> int:
        """Return the row's place in the attempt's journal, from 1."""

    @property
    def content(self) -> bytes:
        """Return the canonical bytes of the entry."""

    @property
    def hash(self) -> bytes:
        """Return the row's link in the chain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """An entry with its place in the chain: what the store appends."""

    number: int
    entry: Entry
    content: bytes
    hash: bytes


def row_hash(previous: bytes, attempt_id: UUID, number: int, content: bytes) -> bytes:
    """Return the SHA-256 (32 bytes) that chains row `number` to the row before it."""
    return canonical.digest(previous + attempt_id.bytes + number.to_bytes(NUMBER_BYTES, "big") + content)


def link(head: Head, attempt_id: UUID, entry: Entry) -> Linked:
    """Return `entry` as the row after `head`."""
    number = head.number + 1
    content = to_bytes(entry)
    return Linked(number=number, entry=entry, content=content, hash=row_hash(head.hash, attempt_id, number, content))


def advance(attempt: Attempt, entry: Entry) -> tuple[Attempt, Linked]:
    """Return the attempt after `entry`, its head moved, and the row to append; raises EntryRefused."""
    after = apply(attempt, entry)
    linked = link(attempt.head, attempt.id, entry)
    head = Head(number=linked.number, hash=linked.hash, at=entry.at)
    return replace(after, head=head), linked


def read_entry(content: bytes) -> Entry:
    """Return the entry in a row's bytes; raises InvalidInput."""
    return from_document(canonical.decode(content))


def replay(ready: Attempt, rows: Iterable[JournalRow], *, head: Head | None = None) -> Attempt:
    """Return the attempt that `rows` add up to, from an attempt that has not started.

    With `head` (as the projection has it) the end is checked too, so that cut-off rows are found.
    Raises JournalBroken, naming the first bad or missing row.
    """
    attempt, book = ready, LeaseBook()
    kept: set[int] = set()
    for row in rows:
        attempt, entry = _replay_row(attempt, row)
        _require_sound(row.number, entry, book, kept)
    if head is not None and attempt.head != head:
        missing = attempt.head.number < head.number
        reason = "missing" if missing else "the stored head is another one"
        raise JournalBroken(number=attempt.head.number + missing, reason=reason)
    return attempt


def _require_sound(number: int, entry: Entry, book: LeaseBook, kept: set[int]) -> None:
    """Check what no single attempt can tell: every lease counts without a gap; only what was kept is admitted."""
    sent = sent_of(entry)
    if sent is not None and sent.number != book.next_of(sent.lease):
        raise JournalBroken(number=number, reason=EntryGap.code)
    if isinstance(entry, LateAdmitted) and not kept.issuperset(entry.numbers):
        raise JournalBroken(number=number, reason="what it admits was not kept")
    if isinstance(entry, Recovered) and not entry.counts:
        kept.add(number)
    book.note(entry)


def _replay_row(attempt: Attempt, row: JournalRow) -> tuple[Attempt, Entry]:
    number = attempt.head.number + 1
    if row.number != number:
        raise JournalBroken(number=number, reason=f"row {row.number} stands in its place")
    if row.hash != row_hash(attempt.head.hash, attempt.id, number, row.content):
        raise JournalBroken(number=number, reason="its hash is wrong")
    try:
        entry = read_entry(row.content)
        after = apply(attempt, entry)
    except (InvalidInput, EntryRefused) as error:
        raise JournalBroken(number=number, reason=error.code) from error
    return replace(after, head=Head(number=number, hash=row.hash, at=entry.at)), entry


def graded_set(entries: Iterable[Entry]) -> dict[int, Responses]:
    """Return the answers that count: for each slot the last one, slots that were emptied again left out.

    The same for every ending; only what the journal admitted counts at all.
    """
    return _answers(given_set(entries))


def graded_set_of(contents: Iterable[bytes]) -> dict[int, Responses]:
    """Return the `graded_set` of a journal's rows as they are stored, reading of each no more than that takes.

    Raises InvalidInput for a row that cannot be understood.
    """
    return _answers(_standing(given_from(canonical.decode(content)) for content in contents))


def _answers(given: Mapping[int, Responses]) -> dict[int, Responses]:
    return {slot: responses for slot, responses in sorted(given.items()) if is_answer(responses)}


def given_set(entries: Iterable[Entry]) -> dict[int, Responses]:
    """Return the responses that stand in every slot ever answered, emptied ones too: what the candidate's page shows.

    A newer lease's answer is never beaten by an older one's, and what was admitted late takes the place at which it
    came in. What persons chose over newer answers stands until they choose again.
    """
    return _standing(map(_about_answers, entries))


def _about_answers(entry: Entry) -> Given | Recovered | LateAdmitted | None:
    match entry:
        case Answered():
            return _given(entry)
        case Recovered() | LateAdmitted():
            return entry
        case _:
            return None


def _given(entry: Answered | Recovered) -> Given:
    return Given(lease=entry.sent.lease, slot=entry.slot, responses=entry.responses)


def _standing(rows: Iterable[Given | Recovered | LateAdmitted | None]) -> dict[int, Responses]:
    """Return the responses that stand in each slot after `rows`, one for each entry of the journal."""
    given: dict[int, tuple[tuple[int, int, int], Responses]] = {}
    kept: dict[int, Recovered] = {}
    for number, row in enumerate(rows, start=1):
        match row:
            case Given():
                _place(given, number, row)
            case Recovered(counts=True):
                _place(given, number, _given(row))
            case Recovered():
                kept[number] = row
            case LateAdmitted(numbers=numbers, overriding=overriding):
                for admitted in numbers:
                    _place(given, admitted, _given(kept[admitted]), chosen=number if overriding else 0)
            case None:
                pass
    return {slot: responses for slot, (_, responses) in given.items()}


def _place(
    given: dict[int, tuple[tuple[int, int, int], Responses]], number: int, entry: Given, *, chosen: int = 0
) -> None:
    """Let the entry stand in its slot unless a choice, a newer lease, or a later row of the same lease does."""
    rank = (chosen, entry.lease, number)
    held = given.get(entry.slot)
    if held is None or rank > held[0]:
        given[entry.slot] = rank, entry.responses


def ever_given(entries: Iterable[Entry]) -> tuple[Responses, ...]:
    """Return what the slots hold, and whatever was kept without counting: files that any of it names must stay."""
    entries = tuple(entries)
    kept = (entry.responses for entry in entries if isinstance(entry, Recovered))
    return (*given_set(entries).values(), *kept)


def timeline(entries: Iterable[Entry]) -> tuple[dict[str, Any], ...]:
    """Return the journal for a proctor's eyes: plain values by number, without what was answered.

    Each line has number, kind and at; claimed_at, lease, slot, reason, by and the like where the entry has them.
    """
    return tuple(_line(number, entry) for number, entry in enumerate(entries, start=1))


def _line(number: int, entry: Entry) -> dict[str, Any]:
    facts = to_document(entry)
    sent = facts.pop("sent", None)
    line = {"number": number, **{key: value for key, value in facts.items() if key not in _NOT_FOR_PROCTORS}}
    if sent is not None:
        line |= {"claimed_at": sent.get("at"), "lease": sent["lease"]}
    return line
