"""The proctor's page of answer files: look, then merge; what is wrong is said."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from cbt.delivery.services.reading import graded_set_in
from cbt.people.core.actors import Role
from tests.factories_answer_files import sealed_file, sitting_key
from tests.factories_exam import World, make_world, sit_down
from tests.factories_http import Service, Visitor, service
from tests.factories_scheduling import make_staff


@pytest.fixture
def web(rt) -> Iterator[Service]:
    with service(rt) as made:
        yield made


@pytest.fixture
def world(rt) -> World:
    return make_world(rt)


def payload_of(world: World, page: Any, *entries: dict[str, Any]) -> bytes:
    key = sitting_key(world.rt, world.people[0].sitting.id)
    numbered = [{"number": n, "claimed_at": "2026-11-22T03:00:00Z", **one} for n, one in enumerate(entries, start=1)]
    return sealed_file(key, attempt=page.facts.attempt_id, form=page.paper["form"], entries=numbered)


def bring(visitor: Visitor, path: str, *payloads: bytes) -> httpx.Response:
    files = [("files", (f"{n}.cbtanswers", payload)) for n, payload in enumerate(payloads, start=1)]
    headers = {"Referer": f"{visitor.service.rt.settings.public_url}{path}"}
    return visitor.ask("POST", path, data={"csrf_token": visitor.token(path)}, files=files, headers=headers)


def test_files_are_looked_at_and_then_merged(rt, web, world):
    page = sit_down(world)
    proctor, path = web.staff("proctor1"), f"/proctor/rooms/{world.room_id}/answer-files"
    assert "No answer file" in proctor.get(path).text
    looked = bring(proctor, path, payload_of(world, page, page.answer(1), page.answer(2)), b"{}")
    assert looked.status_code == 200
    assert "2611-1000" in looked.text
    assert "This is no answer file, or it was cut off. Place: format" in looked.text
    found = re.findall(r'name="file" value="([0-9a-f-]{36})"', looked.text)
    with rt.reading() as tx:
        assert graded_set_in(tx, page.facts.attempt_id) == {}
    done = proctor.post(f"{path}/merge", {"file": found[0]}, seen=path)
    assert done.status_code == 303
    assert "Files merged: 1" in proctor.get(path).text
    with rt.reading() as tx:
        assert list(graded_set_in(tx, page.facts.attempt_id)) == [1, 2]
    again = bring(proctor, path, payload_of(world, page, page.answer(1), page.answer(2)))
    assert "Merged before" not in again.text  # sealed anew, it is another file that holds nothing new
    assert '<td class="n">0</td>' in again.text


def test_a_file_that_waits_can_be_looked_at_again(web, world):
    page = sit_down(world)
    proctor, path = web.staff("proctor1"), f"/proctor/rooms/{world.room_id}/answer-files"
    bring(proctor, path, payload_of(world, page, page.answer(1)))
    found = re.findall(r'name="file" value="([0-9a-f-]{36})"', proctor.get(path).text)
    assert "2611-1000" in proctor.post(path, {"file": found[0]}, seen=path).text
    assert "There is no such answer file" in proctor.post(path, {"file": "?"}, seen=path).text
    assert "Choose at least one file" in bring(proctor, path).text


def test_the_page_is_for_proctors_and_in_korean_too(rt, web, world):
    path = f"/proctor/rooms/{world.room_id}/answer-files"
    make_staff(rt, "author1", Role.AUTHOR)
    assert web.staff("author1").get(path).status_code in (302, 303, 403)
    assert "답안 파일" in web.staff("proctor1", language="ko").get(path).text
