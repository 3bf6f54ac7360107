"""F31: the pause does not reach a page that is offline: the server's deadline is the truth, its answers are kept."""

from datetime import timedelta
from uuid import NAMESPACE_OID, uuid5

from cbt.delivery.core.entries import Recovered
from cbt.delivery.core.entry_kinds import Way
from cbt.delivery.services.orders import pause_in, resume_in
from tests.faults.kept import assert_kept, held_answers, journal_of
from tests.faults.node import seated

BY = uuid5(NAMESPACE_OID, "proctor")


def order(person, act, **words):
    with person.rt.transaction() as tx:
        return act(tx, person.rt.clock.now(), person.attempt_id, by=BY, **words)


def test_f31_answers_given_while_the_server_had_paused_are_kept_but_flagged(node, line):
    with seated(node, url=line.url) as room:
        [person] = room.people
        person.answer(1)
        state = person.post([person.journal.entries[1]]).json()["state"]
        with line.cut():
            order(person, pause_in, reason="fire drill")
            for slot in (2, 3):
                person.type(slot)
            assert not person.send_once()
        person.send()  # the line is back, the pause is not over: both are receipted, neither counts
        assert set(person.journal.refused.values()) == {"paused"}
        kept = [entry for entry in journal_of(person.rt, person.attempt_id)[1] if isinstance(entry, Recovered)]
        flagged = [(entry.slot, entry.way, entry.counts) for entry in kept]
        assert flagged == [(2, Way.PAUSED, False), (3, Way.PAUSED, False)]
        assert set(held_answers(person.rt, person.attempt_id)) == {1}
        resumed = order(person, resume_in)
        person.answer(4)
        after = person.post([person.journal.entries[1]]).json()["state"]
        assert resumed.paused_total > timedelta(0)
        assert after["deadline_at"] > state["deadline_at"]  # the pause is given back, by the server's clock
        person.hand_in()
        assert set(held_answers(person.rt, person.attempt_id)) == {1, 4}
        assert_kept(person)


def test_f31_a_pause_that_ended_before_the_line_came_back_costs_no_answer(node, line):
    with seated(node, url=line.url) as room:
        [person] = room.people
        person.answer(1)
        with line.cut():
            order(person, pause_in, reason="fire drill")
            person.type(2)
            order(person, resume_in)
            person.type(3)
        person.send()
        assert person.journal.refused == {}  # the journal goes by the server's time, in which nothing stood still
        assert set(held_answers(person.rt, person.attempt_id)) == {1, 2, 3}
        assert_kept(person)
