"""Clear away what jobs left: files that nobody needs, and jobs that ended long ago."""

from datetime import timedelta
from typing import Final

from cbt.jobs.services.files import drop_files
from cbt.jobs.store import jobs as store
from cbt.kernel.runtime import Runtime

KEPT_FOR: Final = timedelta(days=30)
_FORGOTTEN_AT_ONCE: Final = 20


def tidy_jobs(rt: Runtime) -> int:
    """Drop a share of what is not needed any more; return how much."""
    before = rt.clock.now() - KEPT_FOR
    with rt.reading() as tx:
        old = store.has_old(tx, before)
    if not old:
        return drop_files(rt)
    with rt.transaction() as tx:
        return store.forget(tx, before, _FORGOTTEN_AT_ONCE)
