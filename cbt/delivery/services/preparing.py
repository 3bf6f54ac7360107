"""Draw, freeze, write and seal the paper of each registration beforehand, so that the start is one small step.

Everything that all papers of an exam share is read once and kept in a `Press`; each paper is then a transaction of
its own, short enough for SQLite's single writer.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cbt.delivery.core.answering import controls_of
from cbt.delivery.core.attempt import ready_attempt
from cbt.delivery.core.choices import ChoiceMap, choice_map, shown_under
from cbt.delivery.core.paper import CandidateFacts, ExamFacts, Fragment, PaperFacts, Passage, build_paper
from cbt.delivery.core.release import ReleaseCode
from cbt.delivery.services.paper_seals import Wax, sealed_paper
from cbt.delivery.services.sealing import SealMissing, codes_of_sitting_in, ensure_seals
from cbt.delivery.store import attempts, papers
from cbt.kernel import canonical
from cbt.kernel.errors import Conflict
from cbt.kernel.ids import new_id
from cbt.kernel.keys import Keyring
from cbt.kernel.progress import Tell, quiet
from cbt.kernel.runtime import Runtime, Transaction
from cbt.people.core.actors import Actor
from cbt.people.services.audit import audit_in
from cbt.scheduling.core.exam_parts import MINUTE
from cbt.scheduling.core.places import CentreId
from cbt.scheduling.core.registrations import RegistrationFacts
from cbt.scheduling.core.sittings import SittingId
from cbt.scheduling.services.registrations import registrations_of_sitting_in
from cbt.scheduling.services.sittings import mark_prepared_in
from itembank.core.draw import Sitting
from itembank.core.forms import Form
from itembank.core.items import ItemContent, Stimulus
from itembank.core.records import AssetFacts
from itembank.formats.html.items import NOTHING, render_item, render_passage
from itembank.formats.paper_words import words_in
from itembank.services.forms import assets_shown_in, contents_in, freeze_form_in, load_plan_in
from itembank.services.printing import printed_in

PHASE: Final = "Making papers"
_SEED_PURPOSE: Final = b"attempt seed/1"
_CHOICES_PURPOSE: Final = b"choice names/1"


class ExamChanged(Conflict):
    """The sitting got another exam meanwhile; prepare its papers again."""

    code = "exam-changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """What all papers of one exam share: the forms, which share out exposure among them, and the items read so far."""

    forms: Sitting
    codes: Mapping[CentreId, ReleaseCode]
    contents: dict[UUID, ItemContent] = field(default_factory=dict)
    assets: dict[UUID, tuple[AssetFacts, ...]] = field(default_factory=dict)

    def slot_contents_in(self, tx: Transaction, form: Form) -> dict[int, ItemContent]:
        """Return the content of each slot by its number."""
        missing = {slot.item_version_id for slot in form.slots} - self.contents.keys()
        if missing:
            self.contents.update(contents_in(tx, missing))
            self.assets.update(assets_shown_in(tx, missing))
        return {slot.number: self.contents[slot.item_version_id] for slot in form.slots}

    def assets_of(self, form: Form) -> tuple[AssetFacts, ...]:
        """Return the pictures of a form whose contents were read."""
        return tuple(one for slot in form.slots for one in self.assets.get(slot.item_version_id, ()))


def prepare(rt: Runtime, sitting_id: SittingId, *, by: Actor, progress: Tell = quiet) -> int:
    """Prepare the papers of everybody registered for a sitting; return how many are new.

    Raises NoSuchSitting, BlueprintImpossible with every shortage, ExamChanged. Safe to repeat: papers that exist stay,
    also when `progress` breaks it off.
    """
    now = rt.clock.now()
    with rt.reading() as tx:
        waiting = registrations_of_sitting_in(tx, sitting_id)
    if not waiting:
        return 0
    ensure_seals(rt, sitting_id, {facts.centre.id for facts in waiting})
    with rt.reading() as tx:
        press = _press_in(tx, rt.keys, waiting[0])
    with rt.transaction() as tx:
        sitting = mark_prepared_in(tx, now, sitting_id)  # from here on the sitting keeps its exam
        if sitting.exam_version_id != waiting[0].exam.id:
            raise ExamChanged(sitting=sitting.code)
        details = {"registered": len(waiting), "exam_version": waiting[0].exam.version}
        audit_in(tx, now, by=by, act="delivery.papers-prepared", subject=sitting.code, details=details)
    count = 0
    for number, facts in enumerate(waiting):
        progress(number, len(waiting), PHASE)
        count += _prepare_one(rt, press, facts)
    return count


def prepare_in(tx: Transaction, now: datetime, keys: Keyring, facts: RegistrationFacts) -> UUID:
    """Return the attempt of a registration, its paper prepared now if it is not yet.

    Raises BlueprintImpossible, and SealMissing where `ensure_seals` has not been called for the centre.
    """
    existing = attempts.find_attempt_id(tx, facts.registration.id)
    if existing is not None:
        return existing
    return _write_in(tx, now, keys, _press_in(tx, keys, facts), facts)


def _press_in(tx: Transaction, keys: Keyring, facts: RegistrationFacts) -> Press:
    return Press(
        forms=Sitting(load_plan_in(tx, facts.exam.blueprint_version_id)),
        codes=codes_of_sitting_in(tx, keys, facts.sitting.id),
    )


def _prepare_one(rt: Runtime, press: Press, facts: RegistrationFacts) -> bool:
    now = rt.clock.now()
    with rt.transaction() as tx:
        if attempts.find_attempt_id(tx, facts.registration.id) is not None:
            return False
        _write_in(tx, now, rt.keys, press, facts)
        return True


def _write_in(tx: Transaction, now: datetime, keys: Keyring, press: Press, facts: RegistrationFacts) -> UUID:
    registration = facts.registration
    seed = hmac.digest(facts.sitting.secret, _SEED_PURPOSE + registration.id.bytes, hashlib.sha256)
    frozen = freeze_form_in(tx, now, facts.exam.blueprint_version_id, press.forms.draw(seed))
    attempt = ready_attempt(attempt_id=new_id(now), form_digest=frozen.digest, slots=len(frozen.form.slots), at=now)
    filed = attempts.Filed(
        registration_id=registration.id, sitting_room_id=registration.sitting_room_id, form_id=frozen.id
    )
    attempts.insert_attempt(tx, attempt, filed)
    contents = press.slot_contents_in(tx, frozen.form)
    secret = hmac.digest(facts.sitting.secret, _CHOICES_PURPOSE, hashlib.sha256)
    controls = [(slot.number, controls_of(contents[slot.number], slot)) for slot in frozen.form.slots]
    names = choice_map(secret, attempt.id, controls)
    fragments = _fragments(contents, names, printed_in(tx, frozen.form, contents))
    paper = build_paper(frozen.form, _facts(keys, facts, attempt.id, contents), names, fragments)
    wax = _wax(press, facts)
    sealed = sealed_paper(paper, wax, attempt.id, frozen.digest, press.assets_of(frozen.form))
    papers.insert_paper(tx, attempt.id, sealed, canonical.encode(names.to_document()))
    return attempt.id


def _wax(press: Press, facts: RegistrationFacts) -> Wax:
    code = press.codes.get(facts.centre.id)
    if code is None:
        raise SealMissing(sitting=facts.sitting.id, centre=facts.centre.id)
    return Wax(sitting_secret=facts.sitting.secret, centre_id=facts.centre.id, code=code)


def _fragments(
    contents: dict[int, ItemContent], names: ChoiceMap, printed: Mapping[int, Mapping[str, str]]
) -> dict[int, Fragment]:
    return {
        slot: Fragment(
            html=render_item(
                content,
                shown_under(names, slot),
                slot=slot,
                asset_url=_asset_url,
                translate=words_in(content.language),
                printed=printed.get(slot, NOTHING),
            ),
            passage=_passage(content.stimulus),
        )
        for slot, content in contents.items()
    }


def _passage(stimulus: Stimulus | None) -> Passage | None:
    if stimulus is None:
        return None
    return Passage(title=stimulus.title, html=render_passage(stimulus, asset_url=_asset_url))


def _asset_url(sha256: str) -> str:
    """Return what names a picture in a paper: the page opens the sealed one. Nothing is served there."""
    return f"/delivery/assets/{sha256}"


def _facts(keys: Keyring, facts: RegistrationFacts, attempt_id: UUID, contents: dict[int, ItemContent]) -> PaperFacts:
    language = contents[1].language
    public = keys.receipt_key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return PaperFacts(
        attempt_id=attempt_id,
        receipt_key=public,
        exam=ExamFacts(
            code=facts.exam.exam_code,
            title=facts.exam.title.in_language(language),
            minutes=facts.exam.time_allowed // MINUTE,
            calculator=facts.exam.calculator.value,
            language=language,
            parts=facts.exam.parts,
        ),
        candidate=CandidateFacts(number=facts.candidate.number, name=facts.candidate.name, seat=str(facts.seat_number)),
    )
