"""F12, F13: kill -9 of any process at any moment; what was acknowledged is stored, every time, on both databases."""

import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from cbt.kernel.chance import Chance
from tests.factories_site import until
from tests.faults.kept import assert_kept, journal_of
from tests.faults.node import MASTER, WORKER, kill_all, kill_part, seated
from tests.faults.toxics import ResetPeer, Timeout, Way

CHANGES = 30
PEOPLE = 5
RUNS = 30


def rows(person):
    return len(journal_of(person.rt, person.attempt_id)[1])


def test_f12_kill_workers_loses_nothing(node):
    with seated(node, 3) as room:
        room.busy(16, deeds=[(12, partial(kill_part, node, WORKER)), (24, partial(kill_part, node, WORKER))])
        assert sum(person.tries for person in room.people) >= 3 * 16
        assert_kept(*room.people)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(RUNS))
def test_f12_kill_9_under_load_loses_nothing_that_was_acknowledged(node, seed):
    """Moments and victims are the seed's: a worker, the master, everything; two of them in each run."""
    chance = Chance(f"kill {seed}".encode())
    victims = (partial(kill_part, node, WORKER), partial(kill_part, node, MASTER), partial(kill_all, node))
    moments = sorted(chance.sample(range(5, PEOPLE * CHANGES - 20), 2))
    with seated(node, PEOPLE) as room:
        room.busy(CHANGES, pace_s=0.01, deeds=[(moment, victims[chance.below(3)]) for moment in moments])
        assert all(person.journal.receipted == CHANGES for person in room.people)
        for person in room.people:
            person.hand_in(patience_s=90)
        assert_kept(*room.people)


def test_f13_a_kill_between_commit_and_reply_leads_to_the_same_receipt(node, line):
    """The line holds every answer back, the database shows the commit, and then the process dies."""
    with seated(node, url=line.url) as room, ThreadPoolExecutor(1) as thread:
        [person] = room.people
        person.answer(1)
        person.type(2)
        with line.having(Timeout(only=Way.DOWN)):
            trying = thread.submit(person.send_once)
            until(lambda: rows(person) == 3, why="the commit")
            kill_part(node, WORKER)
            line.reset_all()
            assert trying.result() is False
        assert person.journal.receipted == 1
        person.send(patience_s=60)
        assert rows(person) == 3
        assert person.post([person.journal.entries[2]]).json()["receipt"] == person.receipts[-1]
        assert_kept(person)


@pytest.mark.slow
@pytest.mark.postgresql
@pytest.mark.parametrize("cut", [ResetPeer(only=Way.UP, seen=b"COMMIT"), ResetPeer(only=Way.DOWN, seen=b"COMMIT")])
def test_f13_a_commit_whose_outcome_the_server_never_hears_is_found_by_the_next_try(postgres_node, database_line, cut):
    """The database's line breaks in the COMMIT: on its way there, or with its answer on the way back."""
    with seated(postgres_node) as room:
        [person] = room.people
        for slot in range(1, 5):
            person.type(slot)
            with database_line.having(cut):
                began = time.monotonic()
                answer = person.post(person.journal.waiting)
                assert time.monotonic() - began < 10
            assert (answer.status_code, answer.json()["error"]["code"]) == (503, "database-unavailable")
            assert int(answer.headers["retry-after"]) > 0
            person.send()
            assert rows(person) == slot + 1
        assert_kept(person)
