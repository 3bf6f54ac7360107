"""PC checks: a room's link, results from its seats, the lists for those who keep the PCs."""

import csv
import io
import json
import re
from datetime import timedelta

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from cbt.checks.cli import checks
from cbt.checks.core.measures import NotMeasures
from cbt.checks.core.rooms import NoSuchCheckLink
from cbt.checks.services.pc_checks import (
    KEPT_PER_SEAT,
    PER_SEAT,
    checked_room,
    checked_rooms,
    checks_of_seat,
    find_room,
    record,
    room_code,
    signed_answer,
)
from cbt.delivery.core.receipts import Receipt, verify
from cbt.kernel import canonical
from cbt.kernel.canonical import digest, read_base64url
from cbt.kernel.errors import TooManyRequests
from cbt.people.core.actors import Role
from tests.factories_checks import GOOD
from tests.factories_http import service
from tests.factories_scheduling import make_centre, make_room, make_staff


@pytest.fixture
def web(rt):
    with service(rt) as made:
        yield made


def _room(rt, seats=3):
    room = make_room(rt, make_centre(rt), seats=seats)
    return room, room_code(rt.keys, room)


def test_a_link_leads_to_its_room_however_it_is_typed(any_rt):
    room, code = _room(any_rt)
    for typed in (code, code.lower(), code.replace("-", ""), f" {code} ", code.replace("0", "O").replace("1", "l")):
        assert find_room(any_rt, typed)[1].room.id == room
    for wrong in ("", "00000-00000", code[:-1], "%%%"):
        with pytest.raises(NoSuchCheckLink):
            find_room(any_rt, wrong)


def test_the_newest_result_of_a_seat_stands(any_rt, clock):
    room, code = _room(any_rt)
    record(any_rt, code, {"seat": 2, "measures": {**GOOD, "worker": False}})
    clock.advance(timedelta(seconds=60))
    record(any_rt, code, {"seat": 2, "measures": GOOD})
    record(any_rt, code, {"seat": 3, "measures": {**GOOD, "crypto": False}})
    found = checked_room(any_rt, room)
    assert (found.good, found.bad, found.missing) == (1, 1, 1)
    assert [one.check.good if one.check else None for one in found.seats] == [None, True, False]
    assert [one.room.id for one in checked_rooms(any_rt)] == [room]


def test_only_the_newest_few_are_kept(any_rt, clock):
    room, code = _room(any_rt)
    for height in range(600, 608):
        clock.advance(timedelta(seconds=1))
        record(any_rt, code, {"seat": 1, "measures": {**GOOD, "height": height}})
    kept = [check.measures.height for check in checks_of_seat(any_rt, room, 1)]
    assert kept == list(range(607, 607 - KEPT_PER_SEAT, -1))


@pytest.mark.parametrize("seat", [0, 4, "1", True, None])
def test_a_seat_that_the_room_does_not_have_is_refused(rt, seat):
    _, code = _room(rt)
    with pytest.raises(NotMeasures):
        record(rt, code, {"seat": seat, "measures": GOOD})


def test_one_seat_sends_only_so_many_results(rt):
    _, code = _room(rt)
    for _ in range(PER_SEAT):
        record(rt, code, {"seat": 1, "measures": GOOD})
    with pytest.raises(TooManyRequests):
        record(rt, code, {"seat": 1, "measures": GOOD})
    assert record(rt, code, {"seat": 2, "measures": GOOD}).good


def test_a_test_save_is_signed_by_a_key_that_signs_no_exam(rt):
    _, code = _room(rt)
    answer = signed_answer(rt, code, "nonce")
    document = answer["receipt"]
    key = Ed25519PublicKey.from_public_bytes(read_base64url(answer["key"]))
    receipt = Receipt(
        attempt_id=document["attempt"],
        lease=0,
        number=0,
        head=digest(b"nonce"),
        at=canonical.instant(document["at"]),
    )
    signature = read_base64url(document["signature"])
    assert verify(key, receipt, signature)
    assert not verify(rt.keys.receipt_key.public_key(), receipt, signature)


def _send(visitor, path, document):
    token = re.search(r'csrf-token" content="([^"]+)"', visitor.get("/check").text)[1]
    referer = f"{visitor.service.rt.settings.public_url}/check"
    headers = {"X-CSRFToken": token, "Accept": "application/json", "Referer": referer}
    return visitor.ask("POST", path, json=document, headers=headers)


def test_a_pc_needs_no_sign_in_but_the_code(rt, web):
    _, code = _room(rt)
    visitor = web.visitor()
    assert visitor.get("/check", params={"code": code.lower()}).headers["location"] == f"/check/{code}"
    assert visitor.get("/check", params={"code": "00000-00000"}).status_code == 404
    assert visitor.get("/check/00000-00000").status_code == 404
    assert visitor.get(f"/check/{code}").status_code == 200
    assert len(visitor.get(f"/check/{code}/payload").content) == 1_048_576
    answer = _send(visitor, f"/check/{code}/results", {"seat": 1, "measures": {**GOOD, "zoom_percent": 150}}).json()
    assert (answer["good"], answer["seat"]) == (False, 1)
    assert [line["name"] for line in answer["lines"] if not line["good"]] == ["zoom"]
    assert _send(visitor, f"/check/{code}/save", {"nonce": "n"}).json()["receipt"]["lease"] == 0


def test_results_without_the_pages_token_of_another_form_or_too_large_are_refused(rt, web):
    _, code = _room(rt)
    visitor = web.visitor()
    path = f"/check/{code}/results"
    assert visitor.ask("POST", path, json={"seat": 1, "measures": GOOD}).status_code == 400
    assert _send(visitor, path, {"seat": 1, "measures": {}}).json()["error"]["code"] == "not-measures"
    assert _send(visitor, path, {"seat": 1, "measures": {**GOOD, "browser": "x" * 9000}}).status_code == 413
    assert checked_rooms(rt)[0].missing == 3


def test_the_list_and_its_table_show_words_of_strangers_harmlessly(rt, web):
    room, code = _room(rt)
    record(rt, code, {"seat": 2, "measures": {**GOOD, "browser": "=1+1<script>", "worker": False}})
    make_staff(rt, "proctor1", Role.PROCTOR)
    keeper = web.staff("proctor1")
    shown = keeper.get(f"/proctor/checks/{room}").text
    assert "=1+1&lt;script&gt;" in shown
    assert f"/check/{code}" in shown
    table = list(csv.DictReader(io.StringIO(keeper.get(f"/proctor/checks/{room}/results.csv").text.lstrip("\ufeff"))))
    assert [row["state"] for row in table] == ["not-yet", "bad", "not-yet"]
    assert (table[1]["browser"], table[1]["not_good"]) == ("'=1+1<script>", "worker")
    assert "Not good 1" in keeper.get("/proctor/checks").text


def test_the_shell_lists_rooms_and_seats(rt):
    _, code = _room(rt)
    record(rt, code, {"seat": 2, "measures": {**GOOD, "worker": False}})
    listed = CliRunner().invoke(checks, ["list", "--json"], obj=rt)
    assert json.loads(listed.output)["rooms"][0]["link"] == f"/check/{code}"
    seats = CliRunner().invoke(checks, ["list", "--centre", "seoul", "--room", "r1"], obj=rt)
    assert re.findall(r"^ +(\d)  ([a-z-]+)", seats.output, re.MULTILINE) == [
        ("1", "not-yet"),
        ("2", "bad"),
        ("3", "not-yet"),
    ]
