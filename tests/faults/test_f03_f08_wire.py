"""F3 to F8: whatever a line does to a request or its answer, an entry is stored once, and only then receipted."""

import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from cbt.delivery.core.entries import Refused
from tests.factories_site import until
from tests.faults.kept import assert_kept, journal_of
from tests.faults.node import seated
from tests.faults.toxics import LimitData, ResetPeer, Slicer, Timeout, Way


def rows(person):
    return len(journal_of(person.rt, person.attempt_id)[1])


def test_f03_a_half_open_line_is_given_up_and_the_same_number_is_sent_again(node, line):
    with seated(node, url=line.url) as room:
        [person] = room.people
        person._client.timeout = httpx.Timeout(0.3)  # a page waits up to 10 s
        person.type(1)
        with line.having(Timeout()):
            began = time.monotonic()
            assert not person.send_once()
            assert time.monotonic() - began < 5
            person.type(2)  # work goes on
        person.send()
        assert person.journal.waiting == []
        assert rows(person) == 3
        assert_kept(person)


def test_f03_an_answer_that_is_stuck_on_its_way_back_is_fetched_with_the_same_number(node, line):
    with seated(node, url=line.url) as room:
        [person] = room.people
        person._client.timeout = httpx.Timeout(0.3)
        person.type(1)
        with line.having(Timeout(only=Way.DOWN)):
            assert not person.send_once()
        until(lambda: rows(person) == 2, why="the server had it all the same")
        person.send()
        assert rows(person) == 2
        assert_kept(person)


def test_f04_a_reset_of_the_answer_leads_to_the_same_receipt(node, line):
    with seated(node, url=line.url) as room:
        [person] = room.people
        person.type(1)
        with line.having(ResetPeer(only=Way.DOWN, times=1)):
            assert not person.send_once()
        person.send()
        repeated = person.post(list(person.journal.entries.values()))
        assert repeated.json()["receipt"] == person.receipts[0]
        assert rows(person) == 2
        assert_kept(person)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_f05_a_truncated_body_stores_nothing(node, line, share):
    with seated(node, url=line.url) as room:
        [person] = room.people
        person.answer(1)
        whole = len(line.tapes[-1].up)
        person.type(1, right=False)
        with line.having(LimitData(limit=int(whole * (1 + share)), only=Way.UP)):
            assert not person.send_once()
        assert rows(person) == 2
        person.send()
        assert rows(person) == 3
        assert_kept(person)


def test_f05_a_body_that_ends_early_is_refused_with_400(node):
    """Half a body and then the end of what the client sends: it still reads the answer."""
    with seated(node) as room:
        [person] = room.people
        person.type(1)
        body = json.dumps({"lease": 1, "entries": person.journal.waiting}).encode()
        head = (
            f"POST /delivery/entries HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {person.token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        ).encode()
        with socket.create_connection(("127.0.0.1", node.port), timeout=10) as client:
            client.sendall(head + body[: len(body) // 2])
            client.shutdown(socket.SHUT_WR)
            answer = b"".join(iter(lambda: client.recv(65536), b""))
        assert answer == b"" or answer.startswith(b"HTTP/1.1 400 ")
        assert rows(person) == 1
        person.send()
        assert_kept(person)


def test_f05_a_body_in_slices_is_one_body(node, line):
    with seated(node, url=line.url) as room, line.having(Slicer(size=7)):
        [person] = room.people
        for slot in range(1, 4):
            person.answer(slot)
        assert rows(person) == 4
        assert_kept(person)


def test_f06_a_request_that_comes_three_times_at_once_is_stored_once(node):
    with seated(node) as room, ThreadPoolExecutor(3) as threads:
        [person] = room.people
        for slot in range(1, 5):
            person.type(slot)
            same = person.journal.waiting
            answers = list(threads.map(person.post, [same] * 3))
            assert [answer.status_code for answer in answers] == [200] * 3
            assert len({json.dumps(answer.json()["receipt"], sort_keys=True) for answer in answers}) == 1
            person.send()
        assert rows(person) == 5
        assert_kept(person)


def test_f06_the_same_number_with_other_content_is_a_conflict_and_an_alarm(node):
    with seated(node) as room:
        [person] = room.people
        person.answer(1)
        forged = {**person.journal.entries[1], **person.seat.answer(2)}
        answer = person.post([forged])
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "entry-conflict")
        until(lambda: f'"attempt": "{person.attempt_id}"' in alarms(node), why="an alarm names the attempt")
        assert rows(person) == 2
        assert_kept(person)


def alarms(node):
    return "\n".join(line for line in (node.home / "log/door.log").read_text().splitlines() if "entry-conflict" in line)


def test_f07_a_number_that_comes_too_early_is_told_which_one_is_expected(node):
    with seated(node) as room:
        [person] = room.people
        for slot in range(1, 4):
            person.type(slot)
        first, second, third = person.journal.waiting
        for early in ([third], [second, third], [second]):
            answer = person.post(early)
            assert answer.status_code == 409
            assert (answer.json()["error"]["code"], answer.json()["expected"]) == ("entry-gap", 1)
        assert rows(person) == 1
        assert person.post([third, first, second]).json()["receipt"]["number"] == 3  # ordered by their numbers
        person.send()
        assert_kept(person)


def test_f08_what_was_recorded_before_the_end_changes_nothing_when_it_is_played_again(node, line):
    with seated(node, 2, url=line.url) as room:
        person, other = room.people
        for slot in range(1, 4):
            person.answer(slot)
        person.hand_in()
        before = rows(person)
        for tape in [bytes(tape.up) for tape in line.tapes]:
            play(node, tape)
        assert rows(person) == before
        late = person.post(
            [{**person.seat.answer(4), "number": person.journal.next, "claimed_at": "2026-11-22T00:00:00Z"}]
        )
        assert late.json()["refused"] == [{"number": person.journal.next, "code": "already-ended"}]
        assert isinstance(journal_of(person.rt, person.attempt_id)[1][-1], Refused)  # kept, and seen by whoever looks
        stolen = other.post(list(person.journal.entries.values()), lease=2)
        assert stolen.status_code == 401
        assert_kept(person, other)


def play(node, tape):
    """The bytes of a whole connection again."""
    with socket.create_connection(("127.0.0.1", node.port), timeout=10) as client:
        client.sendall(tape)
        client.shutdown(socket.SHUT_WR)
        while client.recv(65536):
            pass


def test_f08_a_token_of_another_attempt_writes_into_no_other_journal(node):
    with seated(node, 2) as room:
        person, other = room.people
        person.answer(1)
        before = rows(person)
        other.post([person.journal.entries[1]])  # the other one's own journal refuses choices that it does not know
        assert rows(person) == before
        other.token = "x" + other.token[1:]
        assert other.post([]).status_code in {400, 401}
        assert_kept(person)
