"""F16: more is asked for than there are connections: dashboards wait or are told to come again, saves do not."""

import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import httpx
import pytest

from cbt.kernel import db
from cbt.kernel.runtime import Runtime
from cbt.kernel.settings import Settings
from tests.databases import copied
from tests.factories_exam import make_world, sit_down
from tests.factories_http import bearer, service
from tests.faults.candidates import WireCandidate
from tests.faults.kept import assert_kept
from tests.faults.node import running_node, seated

CLIENTS = 50


def test_f16_saves_have_connections_of_their_own(home, clock, sqlite_template, monkeypatch):
    """Both connections of a pool of two are held; a page is refused, a save is not even late."""
    monkeypatch.setattr(db, "POOL_TIMEOUT_S", 0.2)
    url = copied(sqlite_template, home)
    env = {"CBT_HOME": str(home), "CBT_DATABASE_URL": url, "CBT_POOL_SIZE": "2"}
    rt = Runtime.start(Settings.from_env(env), clock=clock)
    page = sit_down(make_world(rt))
    with service(rt) as web, ExitStack() as held:
        visitor = web.visitor()
        for _ in range(2):
            held.enter_context(rt.engine.connect())
        state = {"token": token_of(page, rt), "lease": 1, "next": page.next}
        for slot in range(1, 5):
            answer = visitor.entries(state, page.answer(slot))
            assert answer.status_code == 200, answer.text
        refused = visitor.get("/health/ready")
        assert refused.status_code == 503
        told = visitor.ask("GET", "/admin/", headers={"Accept": "application/json", **bearer(state)})
        assert told.status_code < 500 or told.headers["retry-after"]
    rt.close()


def token_of(page, rt):
    with WireCandidate(rt, page, "http://127.0.0.1") as candidate:
        return candidate.token


@pytest.mark.slow
def test_f16_fifty_clients_on_a_pool_of_two_hold_up_no_save(tmp_path):
    with running_node(tmp_path / "home", CBT_POOL_SIZE="2") as node, seated(node, 5) as room:
        staff = {"staff": node.staff_token("chief")}
        paths = [room.hall.room, "/proctor/", "/admin/results", "/admin/audit", "/verify"]
        stop, seen = threading.Event(), []

        def watch(place):
            with httpx.Client(trust_env=False, timeout=60, cookies=staff) as client:
                while not stop.is_set():
                    answer = client.get(node.url + paths[place % len(paths)], headers={"Accept": "text/html"})
                    seen.append((answer.status_code, answer.headers.get("retry-after")))

        quiet = save_times(room, 40)
        with ThreadPoolExecutor(CLIENTS) as threads:
            watching = [threads.submit(watch, place) for place in range(CLIENTS)]
            busy = save_times(room, 80)
            stop.set()
            for one in watching:
                one.result()
        assert seen
        assert {status for status, _ in seen} <= {200, 503}
        assert all(retry for status, retry in seen if status == 503)
        assert statistics.median(busy) < statistics.median(quiet) + 1.0, (quiet, busy)
        assert max(busy) < 5.0
        assert_kept(*room.people)


def save_times(room, saves):
    times = []
    for save in range(saves):
        person = room.people[save % len(room.people)]
        began = time.monotonic()
        person.type(1 + save % 8, right=save % 3 == 0)
        assert person.send_once()  # at the first try
        times.append(time.monotonic() - began)
    return times
