"""The item editor over HTTP: an item is written, looked at and saved; what is wrong stands beside its field."""

import io
import re

import pytest
from flask.testing import FlaskClient

from cbt.app import create_app
from itembank.core.documents import INTERACTIONS
from itembank.core.keys import MatchCorrect
from itembank.core.records import ItemStatus
from itembank.services.item_editing import Saving, open_editor, save_item
from itembank.services.pages import look_at_item
from tests.factories_races import both
from tests.factories_review import Bench, make_bench, one
from tests.factories_scheduling import PASSWORD
from tests.property.test_item_form import flat
from tests.strategies_parts import png

NEW = "/admin/banks/B/items/new?kind=choice"
EDIT = "/admin/banks/B/items/Q1/edit"
ENGLISH = {"Accept-Language": "en", "Referer": "http://localhost/"}
FIELD = re.compile(r"<(input|textarea|select)\b([^>]*)>(?:([^<]*)</textarea>)?")
CHOICE = {
    "code": "N-1", "area": "X", "language": "en", "seen": "0", "act": "save", "body": "Which is <b>even</b>?",
    "i-0-kind": "choice", "i-0-response": "RESPONSE", "i-0-max_choices": "1",
    "i-0-choices-0-identifier": "A", "i-0-choices-0-content": "one",
    "i-0-choices-1-identifier": "B", "i-0-choices-1-content": "two", "i-0-choices-1-right": "on",
}  # fmt: skip


@pytest.fixture
def bench(rt, clock) -> Bench:
    made = make_bench(rt, clock)
    made.load(one(), status=ItemStatus.APPROVED)
    return made


@pytest.fixture
def client(bench) -> FlaskClient:
    app = create_app(bench.rt.settings, rt=bench.rt)
    app.testing = True
    return signed_in(app.test_client(), "writer")


def signed_in(client, login) -> FlaskClient:
    assert post(client, "/staff/sign-in", {"login": login, "password": PASSWORD}).status_code == 303
    return client


def post(client, path, fields, *, seen="/staff/sign-in", **more):
    page = client.get(seen, headers=ENGLISH, follow_redirects=True).get_data(as_text=True)
    token = re.search(r'name="csrf-token" content="([^"]+)"', page)[1]
    return client.post(path, data={**fields, "csrf_token": token}, headers=ENGLISH, **more)


def test_a_new_item_begins_as_its_authors_draft(client, rt):
    answer = post(client, NEW, CHOICE)
    assert answer.location.endswith("/admin/banks/B/items/N-1"), answer.get_data(as_text=True)
    sheet = look_at_item(rt, "B", "N-1")
    assert (sheet.shown.status, sheet.shown.author_name) == (ItemStatus.DRAFT, "이출제")
    assert sheet.shown.content.body == '<p>Which is <b>even</b>?</p><div data-interaction="RESPONSE"></div>'
    assert sheet.key.responses[0].rule == MatchCorrect(correct=("B",))


def test_the_editor_of_every_kind_opens(client):
    for kind in INTERACTIONS:
        page = client.get(f"/admin/banks/B/items/new?kind={kind}", headers=ENGLISH)
        assert page.status_code == 200
        assert f'name="i-0-kind" value="{kind}"' in page.get_data(as_text=True)


def test_an_approved_item_is_changed_only_by_a_new_version(client, rt):
    page = client.get(EDIT, headers=ENGLISH).get_data(as_text=True)
    assert "Which one?" in page
    changed = CHOICE | {"seen": "1", "title": "Which one?"}
    assert post(client, EDIT, changed).status_code == 303
    sheet = look_at_item(rt, "B", "Q1")
    assert [(one.number, one.status) for one in sheet.versions] == [(2, ItemStatus.DRAFT), (1, ItemStatus.APPROVED)]


def test_what_is_wrong_stands_beside_its_field(client):
    answer = post(client, NEW, CHOICE | {"i-0-choices-1-right": "", "area": "nowhere", "code": "new"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert re.findall(r'<li><a href="#([^"]+)"', page) == ["code", "area", "i-0-choices"]
    assert 'id="i-0-choices-error"><svg' in page
    assert "Which is &lt;b&gt;even" in page


def test_a_taken_number_and_a_version_saved_meanwhile_are_refused(client, rt):
    taken = post(client, NEW, CHOICE | {"code": "Q1"})
    assert (taken.status_code, "in use already" in taken.get_data(as_text=True)) == (400, True)
    late = CHOICE | {"seen": "1"}
    assert post(client, EDIT, late).status_code == 303
    again = post(client, EDIT, late | {"body": "Later?"})
    assert (again.status_code, "saved a newer version" in again.get_data(as_text=True)) == (409, True)
    assert look_at_item(rt, "B", "Q1").versions[0].number == 2


def test_saving_what_has_not_changed_makes_no_version(client, rt):
    fields = open_editor(rt, "B", "Q1").fields()
    assert post(client, EDIT, flat(fields) | {"seen": "1", "act": "save"}).status_code == 303
    assert len(look_at_item(rt, "B", "Q1").versions) == 1


def test_buttons_work_without_script(client):
    page = post(client, NEW, CHOICE | {"act": "add i-0-choices"}).get_data(as_text=True)
    assert 'name="i-0-choices-2-content"' in page
    files = {"body_file": (io.BytesIO(png(9)), "x.png")}
    page = post(client, NEW, CHOICE | {"act": "look"} | files).get_data(as_text=True)
    assert "&lt;img src=&#34;asset:" in page


def test_pictures_are_kept_by_their_content(client, rt):
    kept = upload(client, png(5))
    assert (kept.status_code, kept.json["width"], kept.json["media_type"]) == (200, 40, "image/png")
    assert client.get(kept.json["url"]).get_data() == png(5)
    svg = upload(client, b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>')
    assert (svg.status_code, svg.json["error"]["code"]) == (400, "file-refused")
    assert upload(client, b"").status_code == 400
    shown = {"body": f'Which? <img src="asset:{kept.json["sha256"]}" alt="a lamp">'}
    assert post(client, NEW, CHOICE | shown).status_code == 303
    assert [one.sha256 for one in look_at_item(rt, "B", "N-1").shown.content.assets] == [kept.json["sha256"]]


def test_the_preview_is_clean_and_names_problems(client):
    hostile = {"body": '<p style="x" onclick="y()">Hi</p>', "i-0-response": '"></div><script>1</script>'}
    told = post(client, "/admin/banks/B/preview", CHOICE | hostile).json
    assert "<script" not in told["html"]
    assert "onclick" not in told["html"]
    assert told["problems"].keys() == {"body", "i-0-response"}
    assert post(client, "/admin/banks/B/preview", CHOICE).json["problems"] == {}


def test_nothing_is_saved_without_the_pages_token(bench):
    app = create_app(bench.rt.settings, rt=bench.rt)
    client = signed_in(app.test_client(), "writer")
    for path in (NEW, EDIT, "/admin/banks/B/preview", "/admin/banks/B/pictures"):
        assert client.post(path, data=CHOICE, headers=ENGLISH).status_code == 400


def upload(client, payload):
    files = {"file": (io.BytesIO(payload), "x.png")}
    return post(client, "/admin/banks/B/pictures", files, content_type="multipart/form-data")


def test_of_two_who_give_one_number_at_once_the_second_is_told(any_rt, clock):
    made = make_bench(any_rt, clock)
    made.load(one(), status=ItemStatus.APPROVED)
    wanted = Saving(bank_code="B", item_code="", raw=CHOICE, seen=0)
    first, second = both(
        any_rt,
        lambda: save_item(any_rt, wanted, by=made.writer),
        lambda: save_item(any_rt, wanted, by=made.second),
    )
    assert first.result().fresh
    assert [problem.code for problem in second.result().problems] == ["item-code-taken"]
