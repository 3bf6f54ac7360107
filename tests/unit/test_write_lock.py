"""One writer at a time on SQLite, and nobody waits for ever."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from cbt.kernel.runtime import DatabaseUnavailable, WriteLock


@pytest.fixture
def path(tmp_path):
    return tmp_path / "write.lock"


def hold(lock):
    with lock.held():
        return True


def test_another_process_is_not_waited_for_for_ever(path):
    ours, theirs = WriteLock(path, patience_s=0), WriteLock(path)  # each has a handle of its own, as a process has
    with theirs.held(), pytest.raises(DatabaseUnavailable):
        hold(ours)
    assert hold(ours)


def test_another_thread_is_not_waited_for_for_ever(path):
    lock = WriteLock(path, patience_s=0)
    with ThreadPoolExecutor(1) as other, lock.held(), pytest.raises(DatabaseUnavailable):
        other.submit(hold, lock).result(10)
    assert hold(lock)


def test_the_lock_is_free_after_a_fault(path):
    lock = WriteLock(path, patience_s=0)
    with pytest.raises(ZeroDivisionError), lock.held():
        _ = 1 / 0
    assert hold(lock)
    assert hold(WriteLock(path, patience_s=0))


def test_whoever_waits_is_let_in_by_one_who_writes_without_a_pause(path):
    ours, theirs = WriteLock(path), WriteLock(path)
    with ThreadPoolExecutor(1) as other:
        with ours.held():
            waiting = other.submit(hold, theirs)
        while not waiting.done():
            assert hold(ours)
        assert waiting.result()
