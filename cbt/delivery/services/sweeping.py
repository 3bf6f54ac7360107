"""The clock's part: attempts whose time and grace are over end, whether or not anybody is connected."""

from typing import Final

from cbt.delivery.core.entries import Expired
from cbt.delivery.core.journal import advance
from cbt.delivery.core.timing import is_overdue
from cbt.delivery.services.writing import hint_in
from cbt.delivery.store import attempts
from cbt.delivery.store.appending import append
from cbt.kernel.runtime import Runtime

BATCH: Final = 200


def expire_overdue(rt: Runtime) -> int:
    """End at most `BATCH` overdue attempts; return how many. Two sweepers at once do no harm: the lock decides."""
    now = rt.clock.now()
    with rt.reading() as tx:
        if not attempts.overdue_ids(tx, now, 1):
            return 0
    with rt.transaction() as tx:
        locked = attempts.lock_attempts(tx, attempts.overdue_ids(tx, now, BATCH))
        overdue = [(attempt, room_id) for attempt, room_id in locked.values() if is_overdue(attempt, now)]
        changes = [advance(attempt, Expired(at=attempt.stamp(now))) for attempt, _ in overdue]
        append(tx, [(after, [linked]) for after, linked in changes])
        for (after, _), (_, room_id) in zip(changes, overdue, strict=True):
            hint_in(tx, after, room_id)
    return len(overdue)
