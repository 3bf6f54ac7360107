"""Accommodations: give somebody more time or settings of the exam screen, with a second person once papers are made."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any
from uuid import UUID

from cbt.kernel.ids import new_id
from cbt.kernel.runtime import Runtime, Transaction
from cbt.people.core.actors import Actor
from cbt.people.core.candidates import number_key
from cbt.people.core.inputs import GREATEST_FACTOR, Fields, refuse
from cbt.people.services.audit import audit_in
from cbt.scheduling.core.accommodations import (
    Accommodation,
    AccommodationDecided,
    AccommodationId,
    Decision,
    Proposal,
)
from cbt.scheduling.core.needs import needs_fields, read_needs, to_document
from cbt.scheduling.core.registrations import (
    REGISTRATION_HINTS,
    RegistrationFacts,
    RegistrationId,
)
from cbt.scheduling.core.sittings import SittingId
from cbt.scheduling.formats.pnp import (
    Feature,
    NoProfileForPerson,
    NotAProfile,
    Profile,
    Told,
    read_profile,
    read_profiles,
)
from cbt.scheduling.services.registrations import (
    get_registration_in,
    lock_unseated_in,
    registrations_of_sitting_in,
)
from cbt.scheduling.store import accommodations as store
from itembank.formats.xml_door import DocumentRefused


class ProfileOutcome(StrEnum):
    """What became of one person's profile from a list."""

    GIVEN = "given"
    WAITS = "waits"
    CHECKED_IN = "checked-in"
    SAME = "same"
    NOT_REGISTERED = "not-registered"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileLine:
    """One person of a list of profiles: what became of it, and the features that were not set."""

    number: str
    outcome: ProfileOutcome
    account: tuple[Feature, ...] = ()

    @property
    def not_set(self) -> tuple[str, ...]:
        """The features that the exam screen does not have, or that could not be read."""
        return tuple(one.name for one in self.account if one.told in (Told.UNMET, Told.LEFT_OUT, Told.UNKNOWN))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadProfile:
    """A profile from a file, for the page on which somebody looks at it before it is saved."""

    wanted: Accommodation
    account: tuple[Feature, ...]


def give_profiles(
    rt: Runtime, sitting_id: SittingId, payload: bytes, *, by: Actor, reason: str, dry_run: bool = False
) -> tuple[ProfileLine, ...]:
    """Give the profiles of a list to who is registered for a sitting; return a line for each person of the list.

    Each person is a transaction of its own: safe to repeat. Raises NotAProfile, DocumentRefused.
    """
    profiles = read_profiles(payload)
    with rt.reading() as tx:
        people = {number_key(one.candidate.number): one for one in registrations_of_sitting_in(tx, sitting_id)}
    lines: list[ProfileLine] = []
    for key, profile in profiles.items():
        facts = people.get(key)
        if facts is None:
            lines.append(ProfileLine(number=key, outcome=ProfileOutcome.NOT_REGISTERED))
            continue
        read = _as_read(profile, facts)
        outcome = _outcome(facts, read.wanted)
        if outcome is ProfileOutcome.GIVEN and not dry_run:
            raw = {"time_factor": str(read.wanted.time_factor), **needs_fields(read.wanted.needs)}
            change_accommodation(rt, facts.registration.id, raw, by=by, reason=reason)
        waits = outcome is ProfileOutcome.GIVEN and facts.sitting.prepared_at is not None
        told = ProfileOutcome.WAITS if waits else outcome
        lines.append(ProfileLine(number=facts.candidate.number, outcome=told, account=read.account))
    return tuple(lines)


def change_accommodation(
    rt: Runtime, registration_id: RegistrationId, raw: Mapping[str, str], *, by: Actor, reason: str
) -> bool:
    """Give the accommodation of a page's fields; return False when it waits for a second person instead.

    Raises InputRefused naming the fields, RegistrationInUse after check-in.
    """
    now = rt.clock.now()
    fields = Fields(raw, REGISTRATION_HINTS)
    wanted = Accommodation(time_factor=fields.factor("time_factor"), needs=read_needs(fields))
    fields.check()
    with rt.transaction() as tx:
        facts = lock_unseated_in(tx, registration_id)
        subject, details = _subject(facts), _details(facts, wanted)
        if facts.sitting.prepared_at is None:
            store.give(tx, registration_id, wanted)
            audit_in(
                tx, now, by=by, act="scheduling.accommodation-given", subject=subject, reason=reason, details=details
            )
            return True
        proposal = Proposal(
            id=AccommodationId(new_id(now)),
            registration_id=registration_id,
            wanted=wanted,
            reason=reason,
            proposed_by_id=by.id,
            proposed_by=by.name,
            proposed_at=now,
        )
        store.propose(tx, proposal)
        audit_in(
            tx, now, by=by, act="scheduling.accommodation-proposed", subject=subject, reason=reason, details=details
        )
        return False


def decide_accommodation(
    rt: Runtime, registration_id: RegistrationId, proposal_id: UUID, *, approve: bool, by: Actor
) -> None:
    """Give, or decline, what waits for a registration.

    Raises SecondPersonNeeded, RegistrationInUse after check-in, AccommodationDecided when it is not this change that
    waits.
    """
    now = rt.clock.now()
    with rt.transaction() as tx:
        facts = lock_unseated_in(tx, registration_id)
        proposal = store.waiting_of(tx, registration_id)
        if proposal is None or proposal.id != proposal_id:
            raise AccommodationDecided(registration_id=registration_id)
        proposal.must_be_decided_by(by)
        subject, details = _subject(facts), _details(facts, proposal.wanted)
        store.decide(tx, proposal.id, Decision.APPROVED if approve else Decision.DECLINED, by.name, now)
        if approve:
            store.give(tx, registration_id, proposal.wanted)
            audit_in(tx, now, by=by, act="scheduling.accommodation-approved", subject=subject, details=details)
        else:
            audit_in(tx, now, by=by, act="scheduling.accommodation-declined", subject=subject, details=details)


def waiting_accommodation(rt: Runtime, registration_id: RegistrationId) -> Proposal | None:
    """Return the change that waits for a second person, if there is one."""
    with rt.reading() as tx:
        return store.waiting_of(tx, registration_id)


def waiting_in_sitting(rt: Runtime, sitting_id: SittingId) -> frozenset[RegistrationId]:
    """Return for whom in a sitting a change waits."""
    with rt.reading() as tx:
        return store.waiting_of_sitting(tx, sitting_id)


def waits_in(tx: Transaction, registration_id: RegistrationId) -> bool:
    """Tell whether a change waits for a second person."""
    return store.waiting_of(tx, registration_id) is not None


def read_profile_file(rt: Runtime, registration_id: RegistrationId, payload: bytes) -> ReadProfile:
    """Return what a profile file (AfA PNP 3.0) gives this person; stores nothing.

    Raises InputRefused for the field "profile", and NoSuchRegistration.
    """
    with rt.reading() as tx:
        facts = get_registration_in(tx, registration_id)
    try:
        profile = read_profile(payload, facts.candidate.number)
    except DocumentRefused as refused:
        raise refuse("profile", "bad-xml", REGISTRATION_HINTS) from refused
    except NotAProfile as refused:
        raise refuse("profile", "not-a-profile", REGISTRATION_HINTS) from refused
    except NoProfileForPerson as refused:
        raise refuse("profile", "other-person", REGISTRATION_HINTS) from refused
    return _as_read(profile, facts)


def _as_read(profile: Profile, facts: RegistrationFacts) -> ReadProfile:
    factor, account = profile.time_factor, profile.account
    if factor is None and profile.extra_minutes is not None:
        factor = _factor(facts, profile.extra_minutes)
        if factor is None:
            account = tuple(_left_out(one) if one.name == "fixed-minutes" else one for one in account)
    wanted = Accommodation(time_factor=factor or facts.registration.time_factor, needs=profile.needs)
    return ReadProfile(wanted=wanted, account=account)


def _factor(facts: RegistrationFacts, extra_minutes: int) -> Fraction | None:
    """Return the exact factor that adds so many minutes to this exam; None where it would be more than four."""
    minutes = Fraction(int(facts.exam.time_allowed.total_seconds()), 60)
    factor = (minutes + extra_minutes) / minutes
    return factor if factor <= GREATEST_FACTOR else None


def _left_out(feature: Feature) -> Feature:
    return Feature(name=feature.name, told=Told.LEFT_OUT)


def _outcome(facts: RegistrationFacts, wanted: Accommodation) -> ProfileOutcome:
    registration = facts.registration
    if registration.checked_in_at is not None:
        return ProfileOutcome.CHECKED_IN
    same = (registration.time_factor, registration.needs) == (wanted.time_factor, wanted.needs)
    return ProfileOutcome.SAME if same else ProfileOutcome.GIVEN


def _subject(facts: RegistrationFacts) -> str:
    return f"{facts.sitting.code}/{facts.candidate.number}"


def _details(facts: RegistrationFacts, wanted: Accommodation) -> dict[str, Any]:
    before = {"time_factor": facts.registration.time_factor, "needs": to_document(facts.registration.needs)}
    return {"before": before, "after": {"time_factor": wanted.time_factor, "needs": to_document(wanted.needs)}}
