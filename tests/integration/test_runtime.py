"""A transaction on either database: whole or not at all, never inside another, hints after the commit only."""

import fcntl
import os

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from cbt.kernel.runtime import Runtime
from cbt.kernel.settings import Settings
from tests.factories_kernel import Book, Shelf, count, elsewhere, put, with_shelves

SEEN = select(func.count()).select_from(Shelf)


@pytest.fixture
def shelves(any_rt):
    return with_shelves(any_rt)


def read(rt):
    with rt.reading() as tx:
        return tx.session.scalar(SEEN)


def put_and_fail(opened, number):
    with opened() as tx:
        tx.session.execute(insert(Shelf).values(number=number, content=b"."))
        tx.hint("shelves", "more")
        raise LookupError


def store_a_book_without_a_shelf(rt):
    with rt.transaction() as tx:
        tx.hint("books", "more")
        tx.session.add(Book(number=1, shelf=404))


# --- whole or not at all -------------------------------------------------------------------------------------------


def test_a_transaction_is_stored_at_its_end(shelves):
    with shelves.transaction() as tx:
        tx.session.execute(insert(Shelf).values(number=1, content=b"."))
        assert elsewhere(read, shelves) == 0, "and readers do not wait for it"
    assert count(shelves) == 1


def test_a_transaction_that_fails_stores_nothing(shelves):
    with pytest.raises(LookupError):
        put_and_fail(shelves.transaction, 1)
    assert count(shelves) == 0
    put(shelves, 2)
    assert count(shelves) == 1


def test_objects_are_stored_without_a_flush_of_their_own(shelves):
    with shelves.transaction() as tx:
        tx.session.add(Shelf(number=1, content=b"."))
        assert tx.session.scalar(SEEN) == 0, "nothing is written behind one's back"
    assert count(shelves) == 1


def test_broken_rules_of_a_table_stay_what_they_are(shelves):
    with pytest.raises(IntegrityError):
        put(shelves, 1, 1)
    with pytest.raises(IntegrityError):
        store_a_book_without_a_shelf(shelves)
    assert count(shelves) == 0


def test_a_reading_leaves_no_trace(shelves):
    with shelves.reading() as tx:
        tx.session.execute(insert(Shelf).values(number=1, content=b"."))
    with pytest.raises(LookupError):
        put_and_fail(shelves.reading, 2)
    assert count(shelves) == 0
    put(shelves, 3)


def test_a_reading_sees_one_state_while_others_write(shelves):
    put(shelves, 1)
    with shelves.reading() as tx:
        before = tx.session.scalar(SEEN)
        elsewhere(put, shelves, 2)
        assert (before, tx.session.scalar(SEEN)) == (1, 1)
    assert read(shelves) == 2


@pytest.mark.parametrize("outer", [Runtime.transaction, Runtime.reading])
@pytest.mark.parametrize("inner", [Runtime.transaction, Runtime.reading])
def test_a_transaction_inside_another_is_refused(any_rt, outer, inner):
    with outer(any_rt), pytest.raises(RuntimeError, match="open already"), inner(any_rt):
        pytest.fail("opened a second one")
    with inner(any_rt):
        pass


def test_threads_have_transactions_of_their_own(shelves):
    with shelves.reading():
        elsewhere(put, shelves, 1)
    assert count(shelves) == 1


# --- hints ---------------------------------------------------------------------------------------------------------


def test_hints_go_out_in_order_after_the_commit(shelves):
    heard = []
    shelves.broker.on_publish(lambda topic, _message: heard.append((topic, count(shelves))))
    with shelves.transaction() as tx:
        tx.session.execute(insert(Shelf).values(number=1, content=b"."))
        tx.hint("room", "1")
        tx.hint("attempt", "2")
        assert heard == []
    assert heard == [("room", 1), ("attempt", 1)]


def test_hints_go_out_when_the_next_writer_may_write_already(rt):
    free = []

    def look(_topic, _message):
        handle = os.open(rt.settings.home / "write.lock", os.O_RDWR)
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)  # raises while somebody holds it
        os.close(handle)
        free.append(True)

    rt.broker.on_publish(look)
    with rt.transaction() as tx:
        tx.hint("room", "1")
    assert free == [True]


def test_no_hint_goes_out_after_a_rollback(shelves):
    heard = []
    shelves.broker.on_publish(lambda *hint: heard.append(hint))
    with pytest.raises(LookupError):
        put_and_fail(shelves.transaction, 1)
    with pytest.raises(IntegrityError):
        store_a_book_without_a_shelf(shelves)  # fails in the commit itself
    with shelves.reading() as tx:
        tx.hint("room", "1")
    assert heard == []


def test_a_home_is_made_at_the_first_start(home):
    settings = Settings.from_env({"CBT_HOME": str(home / "new" / "home")})
    Runtime.start(settings).close()
    assert sorted(path.name for path in settings.home.iterdir()) == ["clock.json", "keys", "write.lock", "write.turn"]
