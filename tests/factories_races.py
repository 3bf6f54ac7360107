"""Two acts at once, in an order that a test can rely on."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event, current_thread
from typing import Any

from sqlalchemy import event, text

from cbt.kernel.runtime import Runtime

_FIRST = "the first"
_WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()")


def both(rt: Runtime, first: Callable[[], Any], second: Callable[[], Any]) -> tuple[Future[Any], Future[Any]]:
    """Run `first` up to its commit, then `second` until it waits for a row or is done, then let the first go on.

    On SQLite the second waits for the writer's lock from its beginning.
    """
    arrived, go = Event(), Event()

    def hold(_connection: object) -> None:
        if current_thread().name.startswith(_FIRST):
            arrived.set()
            go.wait(30)

    event.listen(rt.engine, "commit", hold)
    with ThreadPoolExecutor(1, thread_name_prefix=_FIRST) as one, ThreadPoolExecutor(1) as other:
        begun = one.submit(first)
        assert arrived.wait(30)
        following = other.submit(second)
        while rt.write_lock is None and not following.done() and not _somebody_waits(rt):
            pass
        go.set()
    event.remove(rt.engine, "commit", hold)
    return begun, following


def _somebody_waits(rt: Runtime) -> bool:
    with rt.engine.connect() as connection:
        return bool(connection.scalar(_WAITING))
