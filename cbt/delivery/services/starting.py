"""The start at the door: many candidates in one transaction, each with the key of the paper that already lies there.

Nothing is asked of anybody else here and nothing slow is computed: who may start was settled at the check-in, the
paper is drawn and sealed, the room is open or not. What never changes is read once per process.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, TypeAlias
from uuid import UUID

from cbt.delivery.core.allowance import plan_for, time_for
from cbt.delivery.core.attempt import Attempt, AttemptState
from cbt.delivery.core.entries import Started
from cbt.delivery.core.journal import Linked, advance
from cbt.delivery.core.release import ReleaseCode
from cbt.delivery.core.sealing import paper_key
from cbt.delivery.core.seat_state import Door, lets_in_begun
from cbt.delivery.core.seat_token import SeatFacts
from cbt.delivery.core.token import TokenInvalid
from cbt.delivery.services.reading import page_state, page_states_in
from cbt.delivery.services.sealing import ReleaseCodes
from cbt.delivery.services.seating import ExamEnded, NotAdmitted, PageHead, whole_state
from cbt.delivery.services.writing import hint_in, room_topic
from cbt.delivery.store import attempts, papers, starts
from cbt.delivery.store.appending import append
from cbt.kernel import canonical
from cbt.kernel.errors import CbtError, Conflict, InvalidInput
from cbt.kernel.ids import new_id
from cbt.kernel.keys import Keyring
from cbt.kernel.runtime import Runtime, Transaction
from cbt.scheduling.core.exams import ExamVersion, ExamVersionId
from cbt.scheduling.core.needs import from_document, screen_settings
from cbt.scheduling.core.registrations import RegistrationMoved
from cbt.scheduling.core.sittings import SittingRoomId
from cbt.scheduling.services.exams import get_exam_version_in

_ONLY_THE_START: Final = 1  # the number of the head of a journal that holds nothing else


class NotOpen(Conflict):
    """The room is not open: the exam cannot start yet, or not any more."""

    code = "not-open"


class SeatTaken(Conflict):
    """Another browser holds this exam; the proctor sees that this one asks for it."""

    code = "seat-taken"


class StartMalformed(InvalidInput):
    """The start does not have the form that is asked for."""

    code = "start-malformed"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfflineStart:
    """The paper was opened by the release code; `claimed_at` is when the browser believed to start."""

    claimed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StartRequest:
    """Who wants to start, and how."""

    seat: SeatFacts
    offline: OfflineStart | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """The answer to a start: the key, the token and the page's whole state."""

    document: Mapping[str, Any]


StartOutcome: TypeAlias = Begun | CbtError


class StartMemory:
    """What starts need again and again and what never changes: exam versions and release codes."""

    def __init__(self, keys: Keyring) -> None:
        self.codes = ReleaseCodes(keys)
        self._exams: dict[UUID, ExamVersion] = {}

    def exams(self, tx: Transaction, wanted: Iterable[UUID]) -> Mapping[UUID, ExamVersion]:
        """Return the exam versions of `wanted` and all others known."""
        for version_id in set(wanted) - self._exams.keys():
            self._exams[version_id] = get_exam_version_in(tx, ExamVersionId(version_id))
        return self._exams


def read_start(seat: SeatFacts, document: Mapping[str, Any]) -> StartRequest:
    """Return what a start asks for: `{}`, or `{"offline": {"claimed_at": "…Z"}}`; raises StartMalformed."""
    offline = document.get("offline")
    if offline is None:
        return StartRequest(seat=seat)
    if not isinstance(offline, dict):
        raise StartMalformed
    claimed = offline.get("claimed_at")
    if claimed is not None and not isinstance(claimed, str):
        raise StartMalformed
    try:
        at = None if claimed is None else canonical.instant(claimed)
    except InvalidInput as error:
        raise StartMalformed from error
    return StartRequest(seat=seat, offline=OfflineStart(claimed_at=at))


def start_many(rt: Runtime, memory: StartMemory, requests: Sequence[StartRequest]) -> list[StartOutcome]:
    """Return one outcome for each request, in order, after a single commit."""
    now = rt.clock.now()
    with rt.transaction() as tx:
        desk = _Desk(tx, now, memory, requests)
        admitted = desk.admit_all(requests)
    return [each if isinstance(each, CbtError) else _begun(rt.keys, now, each) for each in admitted]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Admitted:
    """A browser that holds its running attempt now."""

    attempt: Attempt
    facts: starts.StartFacts
    exam: ExamVersion
    code: ReleaseCode
    written: Mapping[str, Any] | None = None  # the page's state where the journal holds more than the start

    @property
    def goes_on(self) -> bool:
        """Tell whether the journal holds more than the start."""
        return self.attempt.head.number > _ONLY_THE_START


def _begun(keys: Keyring, now: datetime, admitted: _Admitted) -> Begun:
    facts, attempt = admitted.facts, admitted.attempt
    head = PageHead(
        number=facts.number,
        name=facts.name,
        seat=facts.seat,
        needs=screen_settings(admitted.exam.tools, from_document(canonical.decode(facts.needs))),
        key=paper_key(admitted.code, attempt.id),
    )
    state = page_state(attempt, now, {}) if admitted.written is None else admitted.written
    return Begun(document=whole_state(keys, now, attempt, state, head))


class _Desk:
    """The work on one transaction: all that its starts need, read and held in the order that is common to all."""

    def __init__(self, tx: Transaction, now: datetime, memory: StartMemory, requests: Sequence[StartRequest]) -> None:
        self._tx = tx
        self._now = now
        ids = [request.seat.attempt_id for request in requests]
        self._facts = starts.start_facts(tx, ids)
        facts = self._facts.values()
        self._exams = memory.exams(tx, {each.exam_version_id for each in facts})
        self._codes = memory.codes.load(tx, {(each.sitting_id, each.sealed_for) for each in facts})
        self._rooms = starts.hold_rooms(tx, {each.sitting_room_id for each in facts})
        self._registrations = starts.hold_registrations(tx, {each.registration_id for each in facts})
        self._attempts = attempts.lock_attempts(tx, ids)
        self._written: dict[UUID, tuple[Attempt, list[Linked]]] = {}

    def admit_all(self, requests: Sequence[StartRequest]) -> list[_Admitted | CbtError]:
        """Return who is admitted and who is refused; write the starts and the claims."""
        outcomes: list[_Admitted | CbtError] = []
        for request in requests:
            try:
                outcomes.append(self._admit(request))
            except CbtError as error:
                outcomes.append(error)
        append(self._tx, list(self._written.values()))
        for attempt, _ in self._written.values():
            hint_in(self._tx, attempt, self._facts[attempt.id].sitting_room_id)
        return self._with_states(outcomes)

    def _with_states(self, outcomes: Sequence[_Admitted | CbtError]) -> list[_Admitted | CbtError]:
        """Return the outcomes with the page's state where a journal holds more than the start, read together."""
        going_on = [one.attempt for one in outcomes if isinstance(one, _Admitted) and one.goes_on]
        states = page_states_in(self._tx, self._now, going_on) if going_on else {}
        return [
            replace(one, written=states.get(one.attempt.id)) if isinstance(one, _Admitted) else one for one in outcomes
        ]

    def _admit(self, request: StartRequest) -> _Admitted:
        attempt_id = request.seat.attempt_id
        if attempt_id not in self._attempts or attempt_id not in self._facts:
            raise TokenInvalid
        attempt = self._attempts[attempt_id][0]
        if attempt.has_ended:
            raise ExamEnded(attempt=attempt_id)
        if attempt.state is AttemptState.READY:
            attempt = self._start(request, attempt)
        elif attempt.device != request.seat.device:
            self._claim(request.seat)
            raise SeatTaken(attempt=attempt_id)
        facts = self._facts[attempt_id]
        return _Admitted(
            attempt=attempt,
            facts=facts,
            exam=self._exams[facts.exam_version_id],
            code=self._codes[facts.sitting_id, facts.sealed_for],
        )

    def _start(self, request: StartRequest, attempt: Attempt) -> Attempt:
        facts = self._facts[attempt.id]
        registration = self._registrations[facts.registration_id]
        room = self._rooms[facts.sitting_room_id]
        if registration.sitting_room_id != facts.sitting_room_id:
            raise RegistrationMoved(registration=facts.registration_id)
        if not registration.checked_in:
            raise NotAdmitted(registration=facts.registration_id)
        door = Door(state=room.state, over=self._now >= facts.closes_at)
        if not (door.lets_begin if request.offline is None else lets_in_begun(room.opened_at)):
            raise NotOpen(room=facts.sitting_room_id)
        if self._attempts[attempt.id][1] != facts.sitting_room_id:  # the seat was changed after the paper was made
            attempts.file_in_room(self._tx, attempt.id, SittingRoomId(facts.sitting_room_id))
        after, linked = advance(attempt, self._entry(request, attempt, registration, room))
        self._attempts[attempt.id] = after, facts.sitting_room_id
        self._written[attempt.id] = after, [linked]
        return after

    def _entry(
        self, request: StartRequest, attempt: Attempt, held: starts.HeldRegistration, room: starts.HeldRoom
    ) -> Started:
        facts = self._facts[attempt.id]
        exam = self._exams[facts.exam_version_id]
        at = attempt.stamp(self._now)
        offline = request.offline
        began = None if offline is None else room.opened_at
        return Started(
            at=at,
            time_allowed=time_for(exam, held.time_factor),
            grace=exam.grace,
            parts=plan_for(exam, held.time_factor),
            device=request.seat.device,
            counts_from=None if began is None else min(at, max(began, facts.opens_at)),
            claimed_at=None if offline is None else offline.claimed_at,
        )

    def _claim(self, seat: SeatFacts) -> None:
        claim = papers.SeatClaim(
            id=new_id(self._now), attempt_id=seat.attempt_id, device=seat.device, claimed_at=self._now
        )
        papers.claim_seat(self._tx, claim)
        self._tx.hint(room_topic(self._facts[seat.attempt_id].sitting_room_id), str(seat.attempt_id))
