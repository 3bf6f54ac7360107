"""The public check: a code, and perhaps a birth date, in; masked or full facts out; limited against bulk queries."""

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from cbt.kernel.errors import TooManyRequests
from cbt.kernel.runtime import Runtime
from reports import store
from reports.core.facts import PublicAnswer, SecondFactor, Standing, answer
from reports.core.verify_code import VerifyCode, read_code

CHECKS_PER_MINUTE: Final = 30
MISSES_PER_ADDRESS: Final = 10
MISSES_PER_CODE: Final = 100
_HOUR: Final = timedelta(hours=1)


class TooManyBirthDates(TooManyRequests):
    """Too many birth dates were tried for this code. Wait an hour, or look at the holder's papers again."""

    code = "too-many-birth-dates"


def check(rt: Runtime, typed_code: str, birth_on: date | None, address: str) -> PublicAnswer:
    """Return what may be shown for the code that a person typed.

    Raises TooManyRequests: more than 30 checks a minute from one address, more than 10 wrong birth dates an hour for
    one code from one address or 100 from all, so that neither codes nor birth dates can be tried out.
    """
    if not rt.broker.allow(f"verify:{address}", CHECKS_PER_MINUTE, timedelta(minutes=1)):
        raise TooManyRequests
    code = read_code(typed_code)
    limits = ((f"birth:{code}:{address}", MISSES_PER_ADDRESS), (f"birth:{code}", MISSES_PER_CODE))
    if birth_on is not None and any(rt.broker.spent(key, limit, _HOUR) for key, limit in limits):
        raise TooManyBirthDates
    found = None if code is None else _find(rt, code)
    told = answer(found.record, found.standing, birth_on) if found else answer(None, Standing.ISSUED, birth_on)
    if code is not None and told.second_factor is SecondFactor.NO_MATCH:
        for key, limit in limits:
            rt.broker.allow(key, limit, _HOUR)
    return told


def _find(rt: Runtime, code: VerifyCode) -> store.Document | None:
    with rt.reading() as tx:
        return store.find_by_code(tx, code)


def latest_of_attempt(rt: Runtime, attempt_id: UUID) -> store.Document | None:
    """Return the newest document of an attempt, or None while it is not issued."""
    with rt.reading() as tx:
        return store.find_latest(tx, attempt_id)
