"""A foreign table over HTTP: looked at, its columns matched, items shown, loaded, and known again the next time."""

import json
import re
from html.parser import HTMLParser
from io import BytesIO

import pytest
from click.testing import CliRunner

from cbt.app import create_app
from cbt.people.core.actors import Actor, Role
from cbt.people.core.audit import AuditFilter
from cbt.people.services.audit import list_audit
from itembank.cli.loading import import_file
from itembank.core.keys import MatchCorrect
from itembank.core.mapping import KeyStyle
from itembank.services.banks import list_banks
from itembank.services.pages import create_bank, look_at_item
from tests.factories_jobs import working
from tests.factories_scheduling import PASSWORD, make_staff

FOREIGN = """순번,출제영역,문제내용,보기,모범,비고
1,화학,물의 화학식은?,H2O / CO2 / O2,1,
2,화학,가장 가벼운 기체는?,산소 / 수소 / 질소,2,
3,물리,빛의 속력은(km/s)?,30만,9,
""".encode()
LOAD = "/admin/banks/B/load"


class Inputs(HTMLParser):
    """What a browser would send of the form of the mapping page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._inside, self._select = False, ""
        self._option: str | None = None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "form":
            self._inside = found.get("id") == "mapping"
        if not self._inside:
            return
        if tag == "input" and (found.get("type") != "radio" or "checked" in found):
            self.values[found["name"]] = found.get("value", "")
        elif tag == "select":
            self._select = found["name"]
            self.values[self._select] = ""
        elif tag == "option" and "selected" in found:
            self._option = found.get("value", "")

    def handle_data(self, data):
        if self._option is not None:
            self.values[self._select] = self._option or data
            self._option = None


@pytest.fixture
def author(rt):
    app = create_app(rt.settings, rt=rt)
    app.testing = True
    make_staff(rt, "author1", Role.AUTHOR)
    create_bank(rt, {"code": "B", "title_ko": "은행", "title_en": "Bank"}, Actor.system("test"))
    client = app.test_client()
    assert (
        send(client, "/staff/sign-in", {"login": "author1", "password": PASSWORD}, seen="/staff/sign-in").status_code
        == 303
    )
    with working(rt):
        yield client


def get(client, path):
    response = client.get(path, headers={"Accept-Language": "en"})
    assert response.status_code == 200, path
    return response.get_data(as_text=True)


def send(client, path, fields, *, seen):
    page = client.get(seen, headers={"Accept-Language": "en"}).get_data(as_text=True)
    token = re.search(r'name="csrf-token" content="([^"]+)"', page)[1]
    headers = {"Referer": "http://localhost/", "Accept-Language": "en"}
    return client.post(path, data={**fields, "csrf_token": token}, headers=headers)


def uploaded(client, payload=FOREIGN):
    sent = send(client, LOAD, {"status": "approved", "file": (BytesIO(payload), "문제.csv")}, seen=LOAD)
    return get(client, sent.location)


def columns_page(client, looked):
    path = re.search(rf'href="({LOAD}/columns\?job=[0-9a-f-]+)"', looked)[1]
    return path, get(client, path)


def test_a_foreign_table_is_matched_shown_loaded_and_known_again(rt, author):
    looked = uploaded(author)
    assert "There is no column" in looked
    path, page = columns_page(author, looked)
    guessed = Inputs(page).values
    assert guessed["field-id"] == "순번"
    assert guessed["field-area"] == "출제영역"
    assert (guessed["options"], guessed["option-cell"], guessed["separator"]) == ("cell", "보기", "slash")
    assert guessed["key"] == ""
    assert "No item can be read yet." in page

    chosen = {
        **guessed,
        "key": "모범",
        "key-style": KeyStyle.NUMBER,
        "constant-id": "C",
        "field-id": "",
        "name": "모의고사 양식",
    }
    shown = send(author, f"{LOAD}/columns", {**chosen, "act": "look"}, seen=path).get_data(as_text=True)
    assert "가장 가벼운 기체는?" in shown
    assert "2 items of the first rows can be read" in shown
    assert re.search(r"row 4</td><td[^>]*>보기</td>", shown)
    assert list_banks(rt)[0].items == 0

    sent = send(author, f"{LOAD}/columns", {**chosen, "act": "check"}, seen=path)
    refused = get(author, sent.location)
    assert "Nothing was stored" in refused
    right = FOREIGN.replace("30만,9".encode(), "30만 / 3만,1".encode())
    path, page = columns_page(author, uploaded(author, right))
    known = Inputs(page).values
    assert (known["name"], known["key"], known["constant-id"]) == ("모의고사 양식", "모범", "C")
    sent = send(author, f"{LOAD}/columns", {**known, "act": "check"}, seen=path)
    ready = get(author, sent.location)
    job = re.search(r'name="job" value="([0-9a-f-]{36})"', ready)[1]
    done = send(author, f"{LOAD}/confirm", {"job": job}, seen="/admin/banks/B")
    assert get(author, author.get(done.location).location or "/admin/banks/B")
    assert list_banks(rt)[0].items == 3
    sheet = look_at_item(rt, "B", "C3", None)
    assert sheet.key.responses[0].rule == MatchCorrect(correct=("B",))
    assert {area.code for area in sheet.areas} == {"화학"}
    saved = list_audit(rt, AuditFilter(act="itembank.mapping-saved")).records
    assert {one.subject for one in saved} == {"B"}


def test_a_mapping_is_for_those_who_load_and_for_the_files_of_their_own_bank(rt, author):
    path, _ = columns_page(author, uploaded(author))
    create_bank(rt, {"code": "OTHER", "title_en": "Other"}, Actor.system("test"))
    assert author.get(path.replace("/B/", "/OTHER/")).status_code == 404
    assert author.get(f"{LOAD}/columns").status_code == 404
    make_staff(rt, "auditor1", Role.AUDITOR)
    client = author.application.test_client()
    send(client, "/staff/sign-in", {"login": "auditor1", "password": PASSWORD}, seen="/staff/sign-in")
    assert client.get(path).status_code == 403


def test_what_is_no_choice_of_the_page_is_taken_as_nothing(author):
    path, page = columns_page(author, uploaded(author))
    odd = {**Inputs(page).values, "key-style": "roman", "separator": "%", "field-id": "no such column", "act": "look"}
    shown = send(author, f"{LOAD}/columns", odd, seen=path).get_data(as_text=True)
    assert "There is no column" in shown


def test_the_shell_loads_a_foreign_table_by_a_mapping_file(rt, tmp_path):
    (tmp_path / "bank.csv").write_bytes(FOREIGN.replace("30만,9".encode(), "30만 / 3만,1".encode()))
    (tmp_path / "columns.toml").write_text(
        '[fields]\nid = "순번"\nquestion = "문제내용"\narea = "출제영역"\n'
        '[options]\ncell = "보기"\nseparator = "slash"\n[key]\ncolumn = "모범"\nstyle = "number"\n',
        "utf-8",
    )
    arguments = [str(tmp_path / "bank.csv"), "--bank", "B", "--mapping", str(tmp_path / "columns.toml"), "--json"]
    ran = CliRunner().invoke(import_file, arguments, obj=rt, catch_exceptions=False)
    report = json.loads(ran.stdout)
    assert (ran.exit_code, report["new"], report["format"]) == (0, 3, "csv")
