"""Marking by hand: what no rule scores, one answer after the other, without the name of who gave it."""

from decimal import Decimal
from fractions import Fraction
from typing import Final
from uuid import UUID

from cbt.delivery.core.files import FileFacts
from cbt.delivery.services.filing import file_of_attempt_in
from cbt.delivery.services.reading import filed_in, graded_set_in, lock_attempt_in
from cbt.delivery.services.writing import WORK_TOPIC, attempt_topic
from cbt.grading import store
from cbt.grading.core.by_hand import Awaiting, MarkByHand, Task
from cbt.grading.services.grading import grade_in
from cbt.kernel.errors import Conflict, InvalidInput
from cbt.kernel.runtime import Runtime, Transaction
from cbt.kernel.score import Score, score
from cbt.people.core.actors import Actor
from cbt.people.services.audit import audit_in
from itembank.services.forms import get_form_in, slot_contents_in
from itembank.services.keys import get_keys_in
from itembank.services.printing import printed_in

LONGEST_WORDS: Final = 500


class NothingToMark(Conflict):
    """The answer does not wait for a mark; somebody else may have given one."""

    code = "nothing-to-mark"


class PointsRefused(InvalidInput):
    """The points must be a number from 0 to what the item is worth."""

    code = "points-refused"


def list_awaiting(rt: Runtime) -> tuple[Awaiting, ...]:
    """Return the attempts that wait for a person, those that ended first coming first."""
    with rt.reading() as tx:
        return store.awaiting(tx)


def next_task(rt: Runtime, sitting_code: str) -> Task | None:
    """Return the first answer of a sitting that waits for a mark, or None."""
    with rt.reading() as tx:
        for waiting in store.awaiting(tx):
            if waiting.sitting_code == sitting_code:
                return _task(tx, waiting.attempt_id)
    return None


def file_to_mark(rt: Runtime, attempt_id: UUID, sha256: str) -> tuple[FileFacts, bytes]:
    """Return a file that was handed in with an attempt; raises NoSuchFile."""
    with rt.reading() as tx:
        return file_of_attempt_in(tx, attempt_id, sha256)


def give_mark(rt: Runtime, attempt_id: UUID, slot: int, points: str, words: str, *, by: Actor) -> None:
    """Mark one answer and grade the attempt anew; raises PointsRefused, NothingToMark.

    The result gets a new version; it is final when the exam says so and nothing waits any more.
    """
    now = rt.clock.now()
    with rt.transaction() as tx:
        lock_attempt_in(tx, attempt_id)
        before = store.latest_results(tx, [attempt_id]).get(attempt_id)
        waiting = () if before is None else tuple(one for one in before.result.marks.slots if one.awaits_person)
        found = next((one for one in waiting if one.slot == slot), None)
        if before is None or found is None:
            raise NothingToMark(attempt=attempt_id, slot=slot)
        given = _points(points, found.possible)
        mark = MarkByHand(attempt_id=attempt_id, slot=slot, points=given, words=words.strip()[:LONGEST_WORDS], by=by)
        store.add_mark(tx, now, mark)
        grade_in(tx, now, attempt_id, supersedes=before)
        details = {"slot": slot, "points": given, "of": str(found.possible)}
        audit_in(tx, now, by=by, act="grading.marked", subject=str(attempt_id), reason=mark.words, details=details)
        for topic in (attempt_topic(attempt_id), WORK_TOPIC):
            tx.hint(topic, f"marked {attempt_id}")


def _task(tx: Transaction, attempt_id: UUID) -> Task | None:
    result = store.latest_results(tx, [attempt_id])[attempt_id].result
    mark = next((one for one in result.marks.slots if one.awaits_person), None)
    if mark is None:
        return None
    form = get_form_in(tx, filed_in(tx, attempt_id).form_id).form
    content = slot_contents_in(tx, form)[mark.slot]
    return Task(
        attempt_id=attempt_id,
        slot=mark.slot,
        possible=score(Decimal(mark.possible.numerator) / mark.possible.denominator),
        content=content,
        key=get_keys_in(tx, form)[mark.slot],
        responses=graded_set_in(tx, attempt_id).get(mark.slot, {}),
        drawn=printed_in(tx, form, {mark.slot: content}).get(mark.slot, {}),
    )


def _points(text: str, possible: Fraction) -> Score:
    try:
        points = score(text.strip().replace(",", "."))
    except InvalidInput as error:
        raise PointsRefused from error
    if not 0 <= Fraction(points) <= possible:
        raise PointsRefused
    return points
