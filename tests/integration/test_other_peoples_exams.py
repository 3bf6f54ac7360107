"""A candidate gets the own exam and nobody else's."""

import hashlib
import json
import re
from collections.abc import Iterator

import pytest

from cbt.cli.demo_centre import SAMPLES
from cbt.delivery.core.sealing import open_asset
from cbt.grading.services.grading import grade_ended
from cbt.kernel.canonical import read_base64url
from cbt.kernel.web.cookies import CANDIDATE
from itembank.formats.bank_file import read_bank
from reports.core.verify_code import show_code
from reports.services.checking import latest_of_attempt
from reports.services.issuing import issue_missing
from tests.factories_exam import World, make_world, sit_down
from tests.factories_http import Service, service, started
from tests.integration.test_no_key_leaves import sit_everything


@pytest.fixture
def web(rt) -> Iterator[Service]:
    with service(rt) as made:
        yield made


@pytest.fixture
def world(rt) -> World:
    """Two candidates in an open room."""
    return make_world(rt)


def test_a_candidate_gets_the_own_paper_and_no_other(web, world):
    (first, first_state), (second, second_state) = started(web, world.people[0]), started(web, world.people[1])
    papers = [visitor.paper(state["key"]) for visitor, state in ((first, first_state), (second, second_state))]
    assert [paper["candidate"]["number"] for paper in papers] == [person.candidate.number for person in world.people]
    choices = papers[0]["slots"][0]["controls"][0]["choices"]
    entry = {"kind": "answered", "slot": 1, "responses": {"RESPONSE": choices[:1]}}
    [refused] = second.entries(second_state, entry).json()["refused"]
    assert refused["code"] == "unknown-choice"
    assert first.get("/delivery/state").json()["responses"] == {}
    assert first_state["token"] != second_state["token"]


def test_neither_a_token_nor_a_cookie_can_be_altered_or_moved(web, world):
    (first, state), (second, _state) = started(web, world.people[0]), started(web, world.people[1])
    for place in (0, 10, 40, len(state["token"]) - 2):
        letter = "A" if state["token"][place] != "A" else "B"
        token = f"{state['token'][:place]}{letter}{state['token'][place + 1 :]}"
        assert first.entries({**state, "token": token}, {"kind": "submitted"}).status_code == 401
    stolen = web.visitor()
    stolen.client.cookies.set(CANDIDATE, first.client.cookies[CANDIDATE])
    assert stolen.get("/delivery/state").status_code == 303  # without the secret of the browser
    stolen.client.cookies.set("device", second.client.cookies["device"])
    assert stolen.get("/delivery/state").status_code == 303
    stolen.client.cookies.set("device", first.client.cookies["device"])
    stolen.client.cookies.set(CANDIDATE, first.client.cookies[CANDIDATE][:-2] + "xx")
    assert stolen.get("/delivery/state").status_code == 303


def test_a_browser_without_the_seat_gets_neither_paper_nor_state(web, world):
    started(web, world.people[0])
    second = web.visitor()
    second.sign_in(world.people[0])
    for answer in (second.start(), second.get("/delivery/state", headers={"Accept": "application/json"})):
        assert answer.status_code in {403, 409}
        assert set(answer.json()) == {"error"}


def test_pictures_are_shown_to_those_whose_paper_holds_them(rt, web, world):
    people = sit_everything(rt, read_bank(SAMPLES / "showcase"), "SHOW")
    owner = web.visitor()
    owner.sign_in(people[0])
    paper = owner.paper(owner.start().json()["key"])
    sha256 = re.search(r"/delivery/assets/([0-9a-f]{64})", json.dumps(paper))[1]
    picture = f"/delivery/sealed/assets/{sha256}"
    sealed = owner.get(picture)
    assert sealed.status_code == 200
    assert sealed.headers["cache-control"].startswith("private")
    shown = open_asset(read_base64url(paper["asset_key"]), sealed.content, bytes.fromhex(sha256))
    assert hashlib.sha256(shown).hexdigest() == sha256
    assert paper["assets"][sha256].startswith("image/")
    other, _state = started(web, world.people[0])
    assert other.get(picture).status_code == 404
    assert web.visitor().get(picture).status_code == 303


def test_a_sheet_is_printed_for_its_holder_only(rt, web, world):
    seat = sit_down(world)
    seat.send(seat.answer(1), {"kind": "submitted"})
    grade_ended(rt)
    issue_missing(rt)
    code = show_code(latest_of_attempt(rt, seat.facts.attempt_id).record.verify_code)
    holder, other = web.visitor(), web.visitor()
    holder.sign_in(world.people[0])
    other.sign_in(world.people[1])
    assert holder.get(f"/result/sheet/{code}.pdf").content.startswith(b"%PDF")
    assert other.get(f"/result/sheet/{code}.pdf").status_code == 404
    assert web.visitor().get(f"/result/sheet/{code}.pdf").status_code == 303
