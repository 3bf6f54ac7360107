"""The result of one attempt as QTI results reporting, for other systems; that it was given out is in the audit."""

from collections.abc import Mapping
from fractions import Fraction
from uuid import UUID

from cbt.delivery.services.reading import filed_in, graded_set_in
from cbt.grading.core.marks import SlotMark
from cbt.grading.core.result import StoredResult
from cbt.grading.services.results import NoResult, latest_results_in
from cbt.kernel.runtime import Runtime, Transaction
from cbt.people.core.actors import Actor
from cbt.people.services.audit import audit_in
from cbt.scheduling.services.registrations import get_registration_in
from itembank.core.forms import Form, Slot
from itembank.core.items import ItemContent
from itembank.formats.qti.results import GivenResponse, ItemOutcome, WholeOutcome, write_results
from itembank.services.forms import contents_in, get_form_in

Responses = Mapping[str, tuple[str, ...]]


def qti_results(rt: Runtime, attempt_id: UUID, *, by: Actor) -> bytes:
    """Return the newest result of an attempt with its responses; raises AttemptMissing, NoResult."""
    now = rt.clock.now()
    with rt.transaction() as tx:
        payload = write_results(_test_in(tx, attempt_id))
        audit_in(tx, now, by=by, act="reports.qti-results-written", subject=str(attempt_id))
    return payload


def _test_in(tx: Transaction, attempt_id: UUID) -> WholeOutcome:
    filed = filed_in(tx, attempt_id)
    stored = latest_results_in(tx, [attempt_id]).get(attempt_id)
    if stored is None:
        raise NoResult(attempt=attempt_id)
    facts, form = get_registration_in(tx, filed.registration_id), get_form_in(tx, filed.form_id).form
    marks = stored.result.marks
    return WholeOutcome(
        test=facts.sitting.code,
        candidate=facts.candidate.number,
        sessions=(("urn:cbt:attempt", str(attempt_id)), ("urn:cbt:form", form.digest.hex())),
        at=stored.graded_at,
        score=sum((one.earned for one in marks.slots), start=Fraction(0)),
        max_score=sum((one.possible for one in marks.slots), start=Fraction(0)),
        passed=None if marks.awaiting else stored.result.outcome.passed,
        subjects=tuple((one.code, one.earned) for one in marks.subjects),
        items=_items(form, stored, contents_in(tx, _versions(form)), graded_set_in(tx, attempt_id)),
    )


def _versions(form: Form) -> tuple[UUID, ...]:
    return tuple(slot.item_version_id for slot in form.slots)


def _items(
    form: Form, stored: StoredResult, contents: Mapping[UUID, ItemContent], given: Mapping[int, Responses]
) -> tuple[ItemOutcome, ...]:
    marks = {one.slot: one for one in stored.result.marks.slots}
    return tuple(
        _item(slot, contents[slot.item_version_id], given.get(slot.number, {}), marks[slot.number])
        for slot in form.slots
    )


def _item(slot: Slot, content: ItemContent, responses: Responses, mark: SlotMark) -> ItemOutcome:
    return ItemOutcome(
        code=slot.item_code,
        place=slot.number,
        responses=tuple(
            GivenResponse(
                declaration=declared,
                values=tuple(responses.get(declared.identifier, ())),
                shown=slot.option_order.get(declared.identifier, ()),
            )
            for declared in content.declarations
        ),
        score=mark.earned,
        max_score=mark.possible,
        awaits_person=mark.awaits_person,
    )
