"""Files that candidates hand in: told by their content, bounded, kept with the attempt, and nobody else's."""

import hashlib
import json
import re
from datetime import timedelta
from uuid import UUID

import pytest

from cbt.delivery.core.files import KEPT_PER_RESPONSE, LARGEST_FILE_BYTES, is_wanted, media_type_of, plain_name
from cbt.delivery.services.filing import file_of_attempt_in
from cbt.delivery.services.orders import pause_in
from cbt.delivery.services.reading import graded_set_in, room_attempts_in
from cbt.grading.services.grading import grade_ended
from cbt.people.core.actors import Role
from itembank.formats.bank_file import parse_bank
from tests.factories_http import Visitor, service
from tests.factories_itembank import PNG
from tests.factories_scheduling import make_staff
from tests.integration.test_no_key_leaves import sit_everything

ITEM = {
    "id": "U1",
    "area": "1",
    "language": "en",
    "body": '<p>Hand in a text.</p><div data-interaction="RESPONSE"></div>',
    "interactions": [{"kind": "upload", "response": "RESPONSE", "media_types": ["text/plain"]}],
    "scored_by": "human",
}
TEXT = b"the first ten squares"


@pytest.fixture
def people(rt):
    return sit_everything(rt, parse_bank(json.dumps([ITEM]).encode()), "FILES")


def seated(web, person) -> Visitor:
    visitor = web.visitor()
    visitor.sign_in(person)
    assert visitor.start().status_code == 200
    return visitor


def send(visitor: Visitor, payload: bytes, *, name: str = "a.txt", slot: int = 1, response: str = "RESPONSE", **more):
    headers = {
        "X-CSRFToken": more.get("token") or visitor.token("/exam/wait"),
        "Content-Type": "application/octet-stream",
        "Accept": "application/json",
        "Referer": f"{visitor.service.rt.settings.public_url}/exam/paper",
    }
    path = f"/delivery/files?slot={slot}&response={response}&name={name}"
    return visitor.ask("POST", path, content=payload, headers=headers)


def test_a_file_is_kept_named_in_the_answer_and_shown_again(rt, people):
    with service(rt) as web:
        visitor = seated(web, people[0])
        state = visitor.get("/delivery/state").json()
        kept = send(visitor, TEXT, name="C:%5Cwork%5Csquares.txt").json()
        assert kept == {
            "sha256": hashlib.sha256(TEXT).hexdigest(), "name": "squares.txt", "type": "text/plain", "bytes": len(TEXT)
        }  # fmt: skip
        said = {"kind": "answered", "slot": 1, "responses": {"RESPONSE": [kept["sha256"]]}}
        assert visitor.entries(state, said).json()["refused"] == []
        again = visitor.get(f"/delivery/files/{kept['sha256']}")
        assert (again.content, again.headers["content-type"]) == (TEXT, "text/plain; charset=utf-8")
        assert again.headers["content-disposition"] == "attachment; filename=squares.txt"
        assert "sandbox" in again.headers["content-security-policy"]
        assert visitor.get(f"/delivery/files/{kept['sha256']}/facts").json() == kept
        other = seated(web, people[1])
        assert other.get(f"/delivery/files/{kept['sha256']}").status_code == 404
        assert web.visitor().get(f"/delivery/files/{kept['sha256']}").status_code in {302, 303, 403}
    with rt.reading() as tx:
        attempt_id = room_attempts_in(tx, [people[0].registration.id])[people[0].registration.id].attempt.id
        assert graded_set_in(tx, attempt_id) == {1: {"RESPONSE": (kept["sha256"],)}}
        assert file_of_attempt_in(tx, attempt_id, kept["sha256"])[1] == TEXT


def test_what_is_not_asked_for_is_refused(rt, people):
    with service(rt) as web:
        visitor = seated(web, people[0])
        token = visitor.token("/exam/wait")
        refused = [
            send(visitor, PNG, token=token),
            send(visitor, b"", token=token),
            send(visitor, b"x" * (LARGEST_FILE_BYTES + 1), token=token),
            send(visitor, TEXT, slot=2, token=token),
            send(visitor, TEXT, response="OTHER", token=token),
        ]
        assert [one.status_code for one in refused] == [400, 413, 413, 409, 409]
        assert refused[0].json()["error"]["code"] == "wrong-file-type"
        assert send(visitor, TEXT, token="x").status_code == 400
        assert visitor.get("/delivery/files/nonsense").status_code == 404


def test_of_one_response_the_newest_files_stay(rt, people):
    with service(rt) as web:
        visitor = seated(web, people[0])
        token = visitor.token("/exam/wait")
        sent = []
        for number in range(KEPT_PER_RESPONSE + 2):
            sent.append(send(visitor, TEXT + b"%d" % number, token=token).json()["sha256"])
            rt.clock.advance(timedelta(seconds=1))
        there = [visitor.get(f"/delivery/files/{sha}/facts").status_code for sha in sent]
    assert there == [404, 404, 200, 200, 200]


def test_a_file_that_an_answer_names_stays_however_many_come_after_it(rt, people):
    with service(rt) as web:
        visitor = seated(web, people[0])
        state, token = visitor.get("/delivery/state").json(), visitor.token("/exam/wait")
        named = send(visitor, TEXT, token=token).json()["sha256"]
        said = {"kind": "answered", "slot": 1, "responses": {"RESPONSE": [named]}}
        assert visitor.entries(state, said).json()["refused"] == []
        for number in range(KEPT_PER_RESPONSE + 1):
            rt.clock.advance(timedelta(seconds=1))
            assert send(visitor, TEXT + b"%d" % number, token=token).status_code == 200
        assert visitor.get(f"/delivery/files/{named}/facts").status_code == 200


def test_nothing_is_taken_while_the_exam_is_paused(rt, people):
    with service(rt) as web:
        visitor = seated(web, people[0])
        token = visitor.token("/exam/wait")
        with rt.transaction() as tx:
            attempt = room_attempts_in(tx, [people[0].registration.id])[people[0].registration.id].attempt
            pause_in(tx, rt.clock.now(), attempt.id, by=UUID(int=1), reason="fire")
        assert send(visitor, TEXT, token=token).status_code == 409


def test_a_marker_opens_the_file_without_its_name(rt, people):
    make_staff(rt, "author1", Role.AUTHOR)
    with service(rt) as web:
        visitor = seated(web, people[0])
        state = visitor.get("/delivery/state").json()
        kept = send(visitor, TEXT, name="kim-haneul.txt").json()
        said = {"kind": "answered", "slot": 1, "responses": {"RESPONSE": [kept["sha256"]]}}
        visitor.entries(state, said, {"kind": "submitted"})
        assert grade_ended(rt) == 1
        marker = web.staff("author1")
        [address] = re.findall(r'href="(/admin/marking/files/[^"]+)"', marker.get("/admin/marking/FILES").text)
        opened = marker.get(address)
        assert (opened.content, opened.headers["content-disposition"]) == (TEXT, "attachment; filename=answer.txt")
        assert marker.get(address[:-1]).status_code == 404
        assert visitor.get(address).status_code in {302, 303, 401, 403}


@pytest.mark.parametrize(
    ("payload", "media_type", "wanted", "fits"),
    [
        (PNG, "image/png", ("image/*",), True),
        (b"\xff\xd8\xff\xe0", "image/jpeg", ("image/png",), False),
        (b"%PDF-1.7", "application/pdf", ("application/pdf",), True),
        (b"PK\x03\x04", "application/zip", ("application/vnd.oasis.opendocument.text",), True),
        (b"RIFF\0\0\0\0WAVE", "audio/wav", ("audio/*",), True),
        (b"\0\0\0 ftypisom", "video/mp4", (), True),
        ("글".encode(), "text/plain", ("text/x-python",), True),
        (b"MZ\x90\0", "application/octet-stream", ("text/plain",), False),
        (b"<script>", "text/plain", ("image/*",), False),
    ],
)
def test_a_file_is_what_it_holds(payload, media_type, wanted, fits):
    assert media_type_of(payload) == media_type
    assert is_wanted(media_type, wanted) is fits


@pytest.mark.parametrize(
    ("name", "plain"),
    [("../../etc/passwd", "passwd"), ("a\x00b.txt", "ab.txt"), ("", "file"), ("C:\\x\\y.doc", "y.doc")],
)
def test_names_lose_folders_and_signs(name, plain):
    assert plain_name(name) == plain
