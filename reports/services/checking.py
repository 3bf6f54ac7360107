"""The public check: a code, and perhaps a birth date, in; masked or full facts out; limited against bulk queries."""

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from cbt.kernel.errors import TooManyRequests
from cbt.kernel.runtime import Runtime
from reports import store
from reports.core.facts import PublicAnswer, Standing, answer
from reports.core.verify_code import read_code

CHECKS_PER_MINUTE: Final = 30
BIRTH_TRIES_PER_HOUR: Final = 10


def check(rt: Runtime, typed_code: str, birth_on: date | None, address: str) -> PublicAnswer:
    """Return what may be shown for the code that a person typed.

    Raises TooManyRequests: more than 30 checks a minute from one address, or more than 10 birth dates an hour for one
    code, so that neither codes nor birth dates can be tried out.
    """
    if not rt.broker.allow(f"verify:{address}", CHECKS_PER_MINUTE, timedelta(minutes=1)):
        raise TooManyRequests
    code = read_code(typed_code)
    if birth_on is not None and not rt.broker.allow(f"birth:{code}", BIRTH_TRIES_PER_HOUR, timedelta(hours=1)):
        raise TooManyRequests
    if code is None:
        return answer(None, Standing.ISSUED, birth_on)
    with rt.reading() as tx:
        found = store.find_by_code(tx, code)
    if found is None:
        return answer(None, Standing.ISSUED, birth_on)
    return answer(found.record, found.standing, birth_on)


def latest_of_attempt(rt: Runtime, attempt_id: UUID) -> store.Document | None:
    """Return the newest document of an attempt, or None while it is not issued."""
    with rt.reading() as tx:
        return store.find_latest(tx, attempt_id)
