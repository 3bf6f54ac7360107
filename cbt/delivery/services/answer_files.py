"""Answer files of PCs whose line never came back: opened with the sitting's key, looked at, then merged.

A look decides by the rules of the merge and writes nothing into the journal; the merge decides again under the lock.
The file itself is kept, still sealed. Opening one is audited each time: it is a candidate's work.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import structlog

from cbt.delivery.core.answer_files import AnswerFile, AnswerFileOtherForm, Held, open_answer_file, read_answer_file
from cbt.delivery.core.attempt import Attempt, AttemptState
from cbt.delivery.core.choices import choice_map_from
from cbt.delivery.core.entries import Recovered, refused_code
from cbt.delivery.core.files import plain_name
from cbt.delivery.core.journal import read_entry
from cbt.delivery.core.leases import LeaseBook
from cbt.delivery.core.recovery import Merged, merge
from cbt.delivery.core.refusals import EntryConflict
from cbt.delivery.core.seat_token import SeatFacts
from cbt.delivery.services.sealing import private_key_in
from cbt.delivery.services.starting import OfflineStart, StartMemory, StartRequest, start_many
from cbt.delivery.services.writing import hint_in
from cbt.delivery.store import answer_files, attempts, papers
from cbt.delivery.store.answer_files import ListedFile, StoredFile
from cbt.delivery.store.appending import append
from cbt.kernel import canonical
from cbt.kernel.errors import CbtError, Conflict, NotFound
from cbt.kernel.ids import new_id
from cbt.kernel.runtime import Runtime, Transaction
from cbt.people.core.actors import Actor
from cbt.people.services.audit import audit_in
from cbt.scheduling.core.registrations import RegistrationFacts
from cbt.scheduling.core.sittings import RoomFigures, SittingRoomId
from cbt.scheduling.services.registrations import get_registration_in
from cbt.scheduling.services.sittings import get_sitting_room_in

# Who starts an exam by its file holds the seat under this name: the PC itself must ask for it again.
_DEVICE: Final = "answer file"
_log = structlog.get_logger("cbt.delivery")


class AnswerFileStranger(NotFound):
    """The file belongs to nobody whose exam is here: another room, another sitting or another installation."""

    code = "answer-file-stranger"


class AnswerFileGap(Conflict):
    """Entries before those in the file are missing, so that its own cannot be put in order."""

    code = "answer-file-gap"

    def __init__(self, *, first: int, last: int) -> None:
        super().__init__(f"The entries {first} to {last} are missing in the file and on the server.")


class AnswerFileLease(Conflict):
    """The file names a seat that this exam never had."""

    code = "answer-file-lease"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """What a file holds: entries, those that the journal had already, new answers and which of them count, the rest.

    `conflicts` are numbers under which the journal holds something else. With `starts` the exam itself begins with the
    merge, and what counts shows only then.
    """

    entries: int
    known: int
    counting: int
    kept: int
    others: int
    refused: int
    conflicts: tuple[int, ...]
    starts: bool = False

    @property
    def new(self) -> int:
        """How many entries the merge adds."""
        return self.counting + self.kept + self.others + self.refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One uploaded file, whose it is and what the merge would do, or did; `problem` where it can do nothing."""

    name: str
    stored: StoredFile | None = None
    facts: RegistrationFacts | None = None
    sum: Sum | None = None
    problem: CbtError | None = None

    @property
    def may_merge(self) -> bool:
        """Whether there is anything to confirm."""
        return self.problem is None and self.stored is not None and self.stored.merged_at is None


def upload(rt: Runtime, name: str, payload: bytes, *, by: Actor, room_id: UUID | None = None) -> Look:
    """Keep an answer file and return what merging it would do; `room_id` limits it to the attempts of one room.

    What is wrong with the file is told in the look. The same bytes again are the same file.
    """
    shown = plain_name(name)
    try:
        file = read_answer_file(payload)
        now = rt.clock.now()
        with rt.transaction() as tx:
            known = answer_files.find_by_digest(tx, _digest(payload))
            stored = known or StoredFile(
                id=new_id(now),
                attempt_id=file.attempt_id,
                sha256=_digest(payload),
                name=shown,
                payload=payload,
                uploaded_at=now,
                uploaded_by=by.name,
            )
            found = _look_in(rt, tx, stored, now, by=by, room_id=room_id)
            if known is None and found.problem is None:
                answer_files.add(tx, stored)
            return found
    except CbtError as error:
        return Look(name=shown, problem=error)


def look(rt: Runtime, file_id: UUID, *, by: Actor, room_id: UUID | None = None) -> Look:
    """Return what merging a file would do; raises NoSuchAnswerFile."""
    now = rt.clock.now()
    with rt.transaction() as tx:
        return _look_in(rt, tx, answer_files.get(tx, file_id), now, by=by, room_id=room_id)


def files_of_room(rt: Runtime, room_id: UUID) -> tuple[RoomFigures, tuple[ListedFile, ...]]:
    """Return a room and the files that were uploaded for it, the latest first; raises NoSuchSittingRoom."""
    with rt.reading() as tx:
        return get_sitting_room_in(tx, SittingRoomId(room_id)), answer_files.of_room(tx, room_id)


def merge_file(rt: Runtime, file_id: UUID, *, by: Actor, room_id: UUID | None = None) -> Look:
    """Write a file's entries into the journal and return what came of it; merging it again does nothing.

    Raises NoSuchAnswerFile, AnswerFileStranger, AnswerFileOtherForm, AnswerFileOtherKey, AnswerFileChanged,
    AnswerFileGap, AnswerFileLease; NotOpen and NotAdmitted where the exam must start first and may not.
    """
    _start_first(rt, file_id, room_id=room_id)
    now = rt.clock.now()
    with rt.transaction() as tx:
        peeked = answer_files.get(tx, file_id)
        attempt, _ = attempts.lock_attempt(tx, peeked.attempt_id)
        stored = answer_files.lock(tx, file_id)
        file = read_answer_file(stored.payload)
        facts = _facts_in(tx, file, room_id)
        if stored.merged_at is not None:
            return Look(name=stored.name, stored=stored, facts=facts)
        held = _opened_in(rt, tx, file, facts, attempt)
        merged = _merged_in(tx, now, attempt, held)
        found = _sum(held, merged)
        append(tx, [(merged.after, merged.linked)])
        answer_files.set_merged(tx, file_id, now, by.name)
        hint_in(tx, merged.after, facts.sitting_room.id)
        _audit_in(tx, now, "delivery.answer-file-merged", facts, stored, found, by=by)
    for number in found.conflicts:
        _log.error(EntryConflict.code, attempt=str(attempt.id), lease=file.lease, number=number)
    return Look(name=stored.name, stored=stored, facts=facts, sum=found)


def _look_in(
    rt: Runtime, tx: Transaction, stored: StoredFile, now: datetime, *, by: Actor, room_id: UUID | None
) -> Look:
    try:
        file = read_answer_file(stored.payload)
        facts = _facts_in(tx, file, room_id)
        attempt = attempts.get_attempt(tx, file.attempt_id)
        held = _opened_in(rt, tx, file, facts, attempt)
        found = _foreseen_in(tx, now, attempt, held)
    except CbtError as error:
        return Look(name=stored.name, problem=error)
    if stored.merged_at is None:
        _audit_in(tx, now, "delivery.answer-file-opened", facts, stored, found, by=by)
    return Look(name=stored.name, stored=stored, facts=facts, sum=found)


def _foreseen_in(tx: Transaction, now: datetime, attempt: Attempt, held: Held) -> Sum:
    if attempt.state is not AttemptState.READY:
        return _sum(held, _merged_in(tx, now, attempt, held))
    count = 0 if held.batch is None else len(held.batch.entries)
    return Sum(entries=count, known=0, counting=0, kept=0, others=0, refused=0, conflicts=(), starts=True)


def _facts_in(tx: Transaction, file: AnswerFile, room_id: UUID | None) -> RegistrationFacts:
    """Return whose file it is; raises AnswerFileStranger for anybody but those whom the reader may look at."""
    try:
        filed = attempts.get_filed(tx, file.attempt_id)
    except attempts.AttemptMissing as error:
        raise AnswerFileStranger from error
    facts = get_registration_in(tx, filed.registration_id)
    # Where the candidate sits now: the paper may have been made before the seat changed.
    if room_id is not None and facts.sitting_room.id != room_id:
        raise AnswerFileStranger
    return facts


def _opened_in(rt: Runtime, tx: Transaction, file: AnswerFile, facts: RegistrationFacts, attempt: Attempt) -> Held:
    held = open_answer_file(file, private_key_in(tx, rt.keys, facts.sitting.id))
    if file.form_digest != attempt.form_digest:
        raise AnswerFileOtherForm
    return held


def _merged_in(tx: Transaction, now: datetime, attempt: Attempt, held: Held) -> Merged:
    if held.batch is None:
        return Merged(after=attempt, linked=(), known=0, conflicts=(), stop=None)
    book = LeaseBook(read_entry(row.content) for row in attempts.journal_of(tx, attempt.id))
    choices = choice_map_from(canonical.decode(papers.choices_of(tx, [attempt.id])[attempt.id]))
    first = held.batch.entries[0].number
    known = attempts.known_entries(tx, attempt.id, held.batch.lease, first)
    merged = merge(attempt, held.batch, now, choices, known, book)
    if merged.stop is None:
        return merged
    if merged.stop.expected is not None:
        raise AnswerFileGap(first=merged.stop.expected, last=merged.stop.number - 1)
    raise AnswerFileLease


def _sum(held: Held, merged: Merged) -> Sum:
    entries = [linked.entry for linked in merged.linked]
    answers = [entry for entry in entries if isinstance(entry, Recovered)]
    counting = sum(answer.counts for answer in answers)
    refused = sum(refused_code(entry) is not None and not isinstance(entry, Recovered) for entry in entries)
    return Sum(
        entries=0 if held.batch is None else len(held.batch.entries),
        known=merged.known,
        counting=counting,
        kept=len(answers) - counting,
        others=len(entries) - len(answers) - refused,
        refused=refused,
        conflicts=merged.conflicts,
    )


def _start_first(rt: Runtime, file_id: UUID, *, room_id: UUID | None) -> None:
    """Start an exam that the server never heard of, as an offline start that came in now."""
    with rt.reading() as tx:
        stored = answer_files.get(tx, file_id)
        file = read_answer_file(stored.payload)
        facts = _facts_in(tx, file, room_id)
        attempt = attempts.get_attempt(tx, file.attempt_id)
        if attempt.state is not AttemptState.READY:
            return
        held = _opened_in(rt, tx, file, facts, attempt)
    now = rt.clock.now()
    seat = SeatFacts(attempt_id=attempt.id, device=_DEVICE, room_id=facts.sitting_room.id, expires_at=now)
    request = StartRequest(seat=seat, offline=OfflineStart(claimed_at=held.claimed_start_at))
    outcome = start_many(rt, StartMemory(rt.keys), [request])[0]
    if isinstance(outcome, CbtError):
        raise outcome


def _audit_in(  # noqa: PLR0913 - one act, by name
    tx: Transaction, now: datetime, act: str, facts: RegistrationFacts, stored: StoredFile, found: Sum, *, by: Actor
) -> None:
    details = {
        "file": stored.sha256.hex(),
        "entries": found.entries,
        "new": found.new,
        "counting": found.counting,
        "kept": found.kept,
        "conflicts": list(found.conflicts),
    }
    subject = f"{facts.sitting.code}/{facts.candidate.number}"
    audit_in(tx, now, by=by, act=act, subject=subject, details=details)


def _digest(payload: bytes) -> bytes:
    return hashlib.sha256(payload).digest()
