"""The practice before the start: the exam screen with a paper of our own, for who waits; nothing is stored."""

import html
import json
import re

import pytest
from sqlalchemy import text

from cbt.delivery.core.practice import practice_parts
from cbt.scheduling.services.attendance import open_room_in
from tests.factories_exam import make_world
from tests.factories_http import service
from tests.factories_scheduling import SYSTEM


@pytest.fixture
def web(rt):
    with service(rt) as made:
        yield made


def _practice(page):
    block = re.search(r'<script type="application/json" id="practice">(.*?)</script>', page, re.DOTALL)
    return json.loads(html.unescape(block[1]))


def _signed_in(web, world, language="en"):
    visitor = web.visitor(language)
    visitor.sign_in(world.people[0])
    return visitor


@pytest.mark.parametrize("language", ["ko", "en"])
def test_whoever_waits_gets_a_paper_of_the_same_form_as_every_paper(rt, web, language):
    world = make_world(rt, opened=False)
    made = _practice(_signed_in(web, world, language).get("/exam/practice").text)
    paper, state = made["paper"], made["state"]
    assert paper["exam"]["language"] == language
    assert [part["first"] for part in paper["parts"]] == [1, 4]
    kinds = [control["kind"] for slot in paper["slots"] for control in slot["controls"]]
    assert kinds == ["choice", "choice", "choice", "number", "order", "choice"]
    assert paper["slots"][5]["passage"] == 0
    assert "/static/practice/picture.svg" in paper["slots"][2]["html"]
    assert (state["state"], state["next"], state["needs"]["tools"][0]) == ("running", 1, "highlighter")


def test_practising_stores_nothing(rt, web):
    world = make_world(rt, opened=False)
    visitor = _signed_in(web, world)
    before = _rows(rt)
    assert 'href="/exam/practice"' in visitor.get("/exam/wait").text
    assert visitor.get("/exam/practice").status_code == 200
    assert _rows(rt) == before


def test_once_the_room_is_open_the_way_leads_to_the_exam(rt, web):
    world = make_world(rt, opened=False)
    visitor = _signed_in(web, world)
    with rt.transaction() as tx:
        open_room_in(tx, rt.clock.now(), world.room_id, by=SYSTEM)
    answer = visitor.get("/exam/practice")
    assert (answer.status_code, answer.headers["location"]) == (303, "/exam/wait")


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_practice_holds_every_kind_that_candidates_must_know(language):
    parts = practice_parts(language)
    assert [len(part.items) for part in parts] == [3, 3]
    assert len({item.body for part in parts for item in part.items}) == 6
    assert any(item.stimulus for part in parts for item in part.items)


def _rows(rt):
    with rt.engine.connect() as connection:
        return [
            connection.execute(text(f"SELECT count(*) FROM {table}")).scalar()  # noqa: S608  # names of our own
            for table in ("delivery_attempt", "delivery_entry", "delivery_paper", "people_audit")
        ]
