"""How the two databases are opened, and the one refusal for one that is away, full or busy."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from cbt.kernel.db import for_update
from cbt.kernel.runtime import DatabaseUnavailable, Runtime, TryAgain
from cbt.kernel.settings import Settings
from tests.factories_kernel import ENOUGH_S, Shelf, count, elsewhere, put, with_shelves


def ask(opened, question):
    with opened() as tx:
        return tx.session.execute(text(question)).all()


# --- away, full or busy --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////nowhere/at/all.sqlite3",
        pytest.param("postgresql://nobody@/nothing?host=/nowhere", marks=pytest.mark.postgresql),
    ],
)
def test_a_database_that_is_away_is_one_refusal(home, url):
    rt = Runtime.start(Settings.from_env({"CBT_HOME": str(home), "CBT_DATABASE_URL": url}))
    for opened in (rt.transaction, rt.reading, rt.reading):
        with pytest.raises(DatabaseUnavailable) as refused:
            ask(opened, "SELECT 1")
        assert refused.value.code == "database-unavailable"
    rt.close()


def cut_own_connection(rt):
    with rt.transaction() as tx:
        tx.hint("room", "1")
        tx.session.add(Shelf(number=1, content=b"."))
        process = tx.session.scalar(text("SELECT pg_backend_pid()"))
        with rt.engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:process)"), {"process": process})


@pytest.mark.postgresql
def test_a_connection_that_is_cut_is_one_refusal_and_the_next_try_works(postgres_rt):
    rt, heard = with_shelves(postgres_rt), []
    rt.broker.on_publish(lambda topic, _message: heard.append(topic))
    with pytest.raises(DatabaseUnavailable):
        cut_own_connection(rt)
    assert (count(rt), heard) == (0, [])
    put(rt, 2)
    assert count(rt) == 1


def lock_briefly(rt):
    with rt.transaction() as tx:
        tx.session.execute(text("SET LOCAL lock_timeout = '20ms'"))
        tx.session.scalar(for_update(select(Shelf)))


@pytest.mark.postgresql
def test_a_row_that_others_hold_for_too_long_is_a_refusal_of_its_own(postgres_rt):
    rt = with_shelves(postgres_rt)
    put(rt, 1)
    with rt.transaction() as tx:
        assert tx.session.scalar(for_update(select(Shelf))).number == 1
        with pytest.raises(TryAgain) as refused:
            elsewhere(lock_briefly, rt)
    assert refused.value.code == "busy"


def test_a_full_disk_is_one_refusal_and_stores_nothing(rt):
    heard = []
    with_shelves(rt).broker.on_publish(lambda topic, _message: heard.append(topic))
    # The pragma belongs to the one connection that the pool has.
    [(pages,)] = ask(rt.reading, "PRAGMA page_count")
    assert ask(rt.reading, f"PRAGMA max_page_count = {pages}") == [(pages,)]
    with pytest.raises(DatabaseUnavailable) as refused:
        put(rt, 1, 2, 3, content=b"x" * 200_000)
    assert refused.value.code == "database-unavailable"
    assert (count(rt), heard) == (0, [])
    ask(rt.reading, "PRAGMA max_page_count = 1000000")
    put(rt, 4, content=b"x" * 200_000)
    assert (count(rt), heard) == (1, ["shelves"])
    assert ask(rt.reading, "PRAGMA integrity_check") == [("ok",)]


def test_a_pool_that_is_used_up_is_one_refusal(rt):
    engine = create_engine(rt.engine.url, poolclass=QueuePool, pool_size=1, max_overflow=0, pool_timeout=0.01)
    crowded = replace(rt, engine=engine)
    with engine.connect(), pytest.raises(DatabaseUnavailable):
        ask(crowded.reading, "SELECT 1")
    assert ask(crowded.reading, "SELECT 1") == [(1,)]
    engine.dispose()


@pytest.mark.parametrize("fault", ["SELECT nothing FROM nowhere", "SELECT FROM WHERE"])
def test_faulty_statements_are_no_database_that_is_away(any_rt, fault):
    with pytest.raises(DBAPIError):
        ask(any_rt.transaction, fault)
    assert ask(any_rt.transaction, "SELECT 1") == [(1,)]


# --- how each is opened --------------------------------------------------------------------------------------------


def test_every_connection_to_sqlite_is_durable_and_checks_foreign_keys(rt):
    with rt.engine.connect() as first, rt.engine.connect() as second:
        for connection in (first, second):
            names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]
            assert found == ["wal", 2, 1, 10_000]  # 2 is FULL


@pytest.mark.postgresql
def test_postgresql_commits_to_disk_and_reads_one_state(postgres_rt):
    show = "SELECT current_setting('synchronous_commit'), current_setting('transaction_isolation')"
    for _ in range(2):  # the pool gives the same connection again
        assert ask(postgres_rt.transaction, show) == [("on", "read committed")]
        assert ask(postgres_rt.reading, show) == [("on", "repeatable read")]


def test_rows_are_locked_where_the_database_knows_row_locks():
    statement = for_update(select(Shelf.number))
    assert str(statement.compile(dialect=postgresql.dialect())).endswith("FOR NO KEY UPDATE")
    assert "FOR" not in str(statement.compile(dialect=sqlite.dialect()))


def test_writers_take_turns_over_a_row(any_rt):
    rt, ready = with_shelves(any_rt), threading.Barrier(4)
    put(rt, 1, content=b"")

    def add(_number):
        ready.wait(ENOUGH_S)
        for _ in range(5):
            with rt.transaction() as tx:
                row = tx.session.scalar(for_update(select(Shelf)))
                row.content = row.content + b"."

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add, range(4)))
    with rt.reading() as tx:
        assert len(tx.session.scalar(select(Shelf)).content) == 20
