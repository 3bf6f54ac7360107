"""The exam screen as browsers keep it: one versioned set in one stream, nothing of a person in it, packed as asked."""

import gzip
import json
import re
from pathlib import Path
from typing import Any

import brotli
import pytest

from cbt.app import create_app

STATIC = Path(__file__).resolve().parent.parent.parent / "cbt" / "static"
IMPORTED = re.compile(r'(?:from|import\()\s*"(\.[^"]+)"')


@pytest.fixture
def client(rt):
    return create_app(rt.settings, rt=rt).test_client()


def kept(client, language: str = "ko") -> tuple[dict[str, Any], dict[str, str]]:
    """The head of the stream and the files in it."""
    answer = client.get("/delivery/shell", headers={"Accept-Encoding": "gzip", "Accept-Language": language})
    head, _, body = gzip.decompress(answer.data).partition(b"\n")
    index, files, place = json.loads(head), {}, 0
    for path, _kind, length in index["files"]:
        files[path] = body[place : place + length].decode()
        place += length
    assert place == len(body)
    return index, files


def facts_of_worker(client) -> dict[str, Any]:
    script = client.get("/delivery/sw.js").text
    return json.loads(script.partition("self.EXAM_SHELL = ")[2].partition(";\n")[0])


def test_the_worker_may_serve_the_whole_site_and_is_asked_for_each_time(client):
    answer = client.get("/delivery/sw.js")
    assert answer.headers["Service-Worker-Allowed"] == "/"
    assert (answer.headers["Cache-Control"], answer.mimetype) == ("no-cache", "text/javascript")


def test_worker_and_stream_name_the_same_version_and_files(client):
    facts, (index, files) = facts_of_worker(client), kept(client)
    assert facts["version"] == index["version"]
    assert sorted(files) == sorted([*facts["files"], *facts["pages"]])


def test_everything_that_a_kept_page_loads_is_in_the_set(client):
    _index, files = kept(client)
    wanted = {
        found for page in ("/exam/paper", "/exam/recover") for found in re.findall(r'"(/static/[^"#]+)', files[page])
    }
    for path, text in files.items():
        if path.endswith(".js"):
            folder = Path(path).parent
            wanted |= {
                str(Path("/", *(folder / found).parts[1:])) for found in IMPORTED.findall(text) if "../" not in found
            }
    assert sorted(wanted - files.keys()) == []


def test_the_set_speaks_the_readers_language_and_the_version_is_the_same(client):
    (korean, ko), (english, en) = kept(client, "ko"), kept(client, "en")
    assert (korean["language"], english["language"]) == ("ko", "en")
    assert korean["version"] == english["version"]
    assert "답안 제출" in ko["/exam/paper"]
    assert "Hand in" in en["/exam/paper"]


def test_nothing_of_a_session_is_in_the_set(client):
    answer = client.get("/delivery/shell")
    assert "Set-Cookie" not in answer.headers
    assert all("csrf" not in text for path, text in kept(client)[1].items() if path.startswith("/exam/"))


@pytest.mark.parametrize("name", ["base.css", "exam/journal.js", "icons.svg"])
def test_scripts_and_styles_come_as_the_browser_takes_them(client, name):
    plain = (STATIC / name).read_bytes()
    closest, packed, none = (
        client.get(f"/static/{name}", headers={"Accept-Encoding": accepted}, buffered=True)
        for accepted in ("gzip, deflate, br", "gzip", "identity")
    )
    assert [one.headers.get("Content-Encoding") for one in (closest, packed, none)] == ["br", "gzip", None]
    assert brotli.decompress(closest.data) == gzip.decompress(packed.data)
    assert len(closest.data) < len(packed.data) < len(none.data)
    assert none.data == plain
    assert all(one.headers["Vary"] == "Accept-Encoding" for one in (closest, packed, none))
    again = client.get(f"/static/{name}", headers={"Accept-Encoding": "br", "If-None-Match": closest.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_nothing_outside_of_the_folder_is_sent(client):
    for path in ("/static/../app.py", "/static/%2e%2e/app.py", "/static/exam/../../app.py", "/static/nothing.js"):
        assert client.get(path, headers={"Accept-Encoding": "br"}).status_code == 404


def test_the_page_for_a_dead_computer_needs_no_sign_in(client):
    page = client.get("/exam/recover")
    assert (page.status_code, "csrf" in page.text) == (200, False)
