"""The pages of banks and blueprints over HTTP: lists, loads in two steps, items beside their key, the editor."""

import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from cbt.app import create_app
from cbt.kernel.titles import Title
from cbt.people.core.actors import Actor, Role
from cbt.people.core.audit import AuditFilter
from cbt.people.services.audit import list_audit
from itembank.core.listing import ItemQuery
from itembank.core.marks import AnswerKind, Feature
from itembank.core.records import ItemStatus
from itembank.formats.bank_file import parse_bank, read_bank
from itembank.formats.template import template_csv, template_xlsx
from itembank.formats.toml_blueprint import parse_blueprint_toml
from itembank.services.banks import list_banks
from itembank.services.blueprints import get_blueprint, save_blueprint, try_draw
from itembank.services.importing import ImportRequest, import_bank
from itembank.services.pages import look_through
from tests.factories_itembank import PNG, blueprint, cell, csv_file, row, technician, zip_file
from tests.factories_jobs import working
from tests.factories_scheduling import PASSWORD, make_staff

BY = Actor.system("test")
SAMPLES = Path(__file__).parents[2] / "itembank" / "samples"
TITLE = Title(ko="시험 문제은행", en="Test bank")
HANGUL = re.compile(r"[가-힣]")


class Fields(HTMLParser):
    """What a browser would send of the form with one id."""

    def __init__(self, page: str, form: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._form, self._inside, self._select = form, False, ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "form":
            self._inside = found.get("id") == self._form
        if not self._inside:
            return
        if tag == "input" and found.get("type") not in {"file", "submit"}:
            if found.get("type") != "checkbox" or "checked" in found:
                self.values[found["name"]] = found.get("value") or ""
        elif tag == "select":
            self._select = found["name"]
            self.values.setdefault(self._select, "")
        elif tag == "option" and "selected" in found:
            self.values[self._select] = found["value"]


@pytest.fixture
def app(rt) -> Flask:
    made = create_app(rt.settings, rt=rt)
    made.testing = True
    return made


def sign_in(app, rt, login, *roles) -> FlaskClient:
    make_staff(rt, login, *roles)
    client = app.test_client()
    assert post(client, "/staff/sign-in", {"login": login, "password": PASSWORD}).status_code == 303
    return client


@pytest.fixture
def author(app, rt) -> FlaskClient:
    return sign_in(app, rt, "author1", Role.AUTHOR)


@pytest.fixture
def worker(rt) -> Iterator[None]:
    """Somebody who does the long work."""
    with working(rt):
        yield


def page_of(client, path, language="en"):
    response = client.get(path, headers={"Accept-Language": language})
    assert response.status_code == 200, path
    return response.get_data(as_text=True)


def post(client, path, fields, *, seen=None, language="en", **files):
    page = client.get(seen or path, headers={"Accept-Language": language}).get_data(as_text=True)
    token = re.search(r'name="csrf-token" content="([^"]+)"', page)[1]
    sent = {**fields, "csrf_token": token, **files}
    return client.post(path, data=sent, headers={"Referer": "http://localhost/", "Accept-Language": language})


def words(response_or_page) -> str:
    page = response_or_page if isinstance(response_or_page, str) else response_or_page.get_data(as_text=True)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def load(rt, payload, *, bank="B", **options):
    parsed = read_bank(payload) if isinstance(payload, Path) else parse_bank(payload)
    report = import_bank(rt, parsed, ImportRequest(bank_code=bank, by=BY, title=TITLE, **options))
    assert report.stored, report.problems
    return report


def mixed_bank() -> bytes:
    code = "<pre><code>x</code></pre>"
    bank = csv_file(
        row("Q1", area="1.1", question="Which gate?"),
        row("Q2", area="1.2", question="See the figure", figure="a.png", figure_alt="A dot"),
        row("Q3", area="1.2", question=f"<p>Read</p>{code}<table><tr><td>1</td></tr></table>", correct_letter="A,B"),
        row("Q4", area="2", question="Solve \\(x^2 = 4\\)", **dict.fromkeys("abcd", ""), correct_letter="", value="2"),
        row("Q5", area="2", question="Name <img it", **dict.fromkeys("abcd", ""), correct_letter="", accepted="Seoul"),
    )
    return zip_file(**{"items.csv": bank, "a.png": PNG})


QUERIES = (
    (ItemQuery(), "Q1 Q2 Q3 Q4 Q5"),
    (ItemQuery(text="WHICH gate"), "Q1"),
    (ItemQuery(text="q4"), "Q4"),
    (ItemQuery(areas=frozenset({"1"})), "Q1 Q2 Q3"),
    (ItemQuery(areas=frozenset({"1.1", "2"})), "Q1 Q4 Q5"),
    (ItemQuery(areas=frozenset({"nowhere"})), ""),
    (ItemQuery(features=frozenset({Feature.FIGURE})), "Q2"),
    (ItemQuery(features=frozenset({Feature.CODE, Feature.FORMULA})), "Q3 Q4"),
    (ItemQuery(features=frozenset({Feature.TABLE}), answers=frozenset({AnswerKind.SINGLE})), ""),
    (ItemQuery(features=frozenset({Feature.PLAIN})), "Q1 Q5"),
    (ItemQuery(answers=frozenset({AnswerKind.MULTIPLE, AnswerKind.TEXT})), "Q3 Q5"),
    (ItemQuery(answers=frozenset({AnswerKind.NUMBER})), "Q4"),
    (ItemQuery(statuses=frozenset({ItemStatus.DRAFT})), ""),
)


def test_facets_narrow_a_list_and_count_the_whole_bank(any_rt):
    load(any_rt, mixed_bank())
    for query, codes in QUERIES:
        found = look_through(any_rt, "B", query, page=1)
        assert (query, [item.code for item in found.items]) == (query, codes.split())
        assert found.total == len(found.items)
    third = look_through(any_rt, "B", ItemQuery(), page=1).items[2]
    assert third.features == (Feature.TABLE, Feature.CODE)
    assert third.answers == (AnswerKind.MULTIPLE,)
    facets = look_through(any_rt, "B", ItemQuery(text="gate"), page=1).facets
    assert (facets.items, facets.statuses) == (5, {ItemStatus.APPROVED: 5})
    assert {mark.value: number for mark, number in facets.marks.items() if number} == {
        "plain": 2,
        "figure": 1,
        "table": 1,
        "code": 1,
        "formula": 1,
        "single": 2,
        "multiple": 1,
        "text": 1,
        "number": 1,
        "rules": 5,
    }
    assert {one.area.code: one.approved for one in facets.areas} == {"1": 3, "1.1": 1, "1.2": 2, "2": 2}


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_page_is_there_in_both_languages(rt, author, language):
    load(rt, SAMPLES / "showcase", bank="showcase")
    read = parse_blueprint_toml((SAMPLES / "showcase" / "blueprint.toml").read_bytes()).blueprint
    assert not save_blueprint(rt, "showcase", read, BY).problems
    own = f"/admin/blueprints/{read.code}"
    for path in (
        "/admin/banks",
        "/admin/banks/showcase",
        "/admin/banks/showcase?q=figure&shows=figure&answer=single&status=approved&area=content&page=2",
        "/admin/banks/showcase/load",
        "/admin/banks/showcase/items/F-01",
        "/admin/blueprints",
        own,
        f"{own}/draw",
        "/admin/banks/showcase/blueprints/new",
        "/admin/banks/showcase/blueprints/file",
    ):
        page = page_of(author, path, language)
        assert f'<html lang="{language}"' in page
        assert page.count('aria-current="page"') == 1
        assert "style=" not in page


def test_banks_and_keys_are_closed_to_others(app, rt):
    load(rt, csv_file(row("Q1")))
    proctor = sign_in(app, rt, "proctor1", Role.PROCTOR)
    for path in ("/admin/banks", "/admin/banks/B", "/admin/banks/B/items/Q1", "/admin/blueprints"):
        assert proctor.get(path).status_code == 403
        assert app.test_client().get(path).status_code == 303


def test_an_auditor_reads_but_changes_nothing(app, rt):
    load(rt, csv_file(row("Q1")))
    save_blueprint(rt, "B", blueprint((cell("X"),)), BY)
    auditor = sign_in(app, rt, "auditor1", Role.AUDITOR)
    assert "Save as version" not in page_of(auditor, "/admin/blueprints/B")
    assert "Make bank" not in page_of(auditor, "/admin/banks")
    assert auditor.get("/admin/banks/B/load").status_code == 403
    for path in ("/admin/banks", "/admin/banks/B/load", "/admin/blueprints/B"):
        assert post(auditor, path, {"act": "save"}, seen="/admin/banks").status_code == 403


def test_what_is_not_there_is_404(rt, author):
    load(rt, csv_file(row("Q1")))
    missing = ("banks/none", "banks/B/items/none", "banks/B/items/Q1?version=9", "blueprints/none", "load-example.exe")
    assert [author.get(f"/admin/{path}").status_code for path in missing] == [404] * len(missing)


def test_a_bank_is_made_once(rt, author):
    made = post(author, "/admin/banks", {"code": "radio-1", "title_ko": "무선", "title_en": ""})
    assert made.location == "/admin/banks/radio-1/load"
    assert [line.bank.code for line in list_banks(rt)] == ["radio-1"]
    assert list_audit(rt, AuditFilter(act="itembank.bank-created")).records[0].subject == "radio-1"
    again = post(author, "/admin/banks", {"code": "radio-1", "title_ko": "무선"})
    assert again.status_code == 400
    assert "This code is in use already." in words(again)


def test_a_bank_without_a_proper_name_is_refused_at_its_field(rt, author):
    for code, title in (("", "x"), ("a b", "x"), ("x" * 65, "x"), ("fine", "")):
        refused = post(author, "/admin/banks", {"code": code, "title_en": title})
        assert refused.status_code == 400
        assert 'aria-invalid="true"' in refused.get_data(as_text=True)
    assert list_banks(rt) == ()


def look(client, payload, *, name="items.csv", language="en", **fields):
    """The page that says what a load would do; a worker must be there."""
    path = "/admin/banks/B/load"
    files = {"file": (BytesIO(payload), name)}
    if areas := fields.pop("areas", b""):
        files["areas"] = (BytesIO(areas), "areas.json")
    sent = post(client, path, {"status": "approved", **fields}, language=language, **files)
    assert sent.location.startswith(f"{path}?job=")
    return client.get(sent.location, headers={"Accept-Language": language})


def confirm(client, looked):
    """Load what was looked at; where the page that follows leads."""
    job = re.search(r'name="job" value="([0-9a-f-]{36})"', looked.get_data(as_text=True))[1]
    sent = post(client, "/admin/banks/B/load/confirm", {"job": job}, seen="/admin/banks/B")
    return client.get(sent.location, headers={"Accept-Language": "en"}) if sent.status_code == 303 else sent


@pytest.mark.usefixtures("worker")
def test_looking_writes_nothing_and_the_load_is_of_what_was_looked_at(rt, author):
    load(rt, csv_file(row("Q1")))
    looked = look(author, csv_file(row("Q1", question="Other?"), row("Q2", area="9.1")))
    assert "New items 1 Changed items 1 Only the key changed 0 Unchanged 0 New content areas 2" in words(looked)
    assert list_banks(rt)[0].items == 1
    look(author, csv_file(row("Q9")))
    assert confirm(author, looked).location == "/admin/banks/B"
    assert "Loaded: 1 new, 1 changed" in words(page_of(author, "/admin/banks/B"))
    assert list_banks(rt)[0].items == 2


@pytest.mark.usefixtures("worker")
def test_a_file_is_loaded_once(rt, author):
    load(rt, csv_file(row("Q1")))
    looked = look(author, csv_file(row("Q2")))
    assert confirm(author, looked).status_code == 303
    again = confirm(author, looked)
    assert again.status_code == 409
    assert "The file is not kept any more; send it again." in words(again)


@pytest.mark.usefixtures("worker")
def test_a_look_belongs_to_its_bank(rt, author):
    load(rt, csv_file(row("Q1")))
    load(rt, csv_file(row("Q1")), bank="C")
    page = look(author, csv_file(row("Q2"))).get_data(as_text=True)
    job = re.search(r'name="job" value="([0-9a-f-]{36})"', page)[1]
    assert author.get(f"/admin/banks/C/load?job={job}").status_code == 404
    assert author.get("/admin/banks/C/load?job=none").status_code == 404


@pytest.mark.usefixtures("worker")
def test_a_load_takes_figures_areas_and_drafts(rt, author):
    load(rt, csv_file(row("Q1")))
    areas = b'[{"code": "1", "title": {"ko": "\xea\xb0\x80", "en": "First"}}]'
    looked = look(author, mixed_bank(), name="bank.zip", areas=areas, status="draft")
    assert confirm(author, looked).status_code == 303
    page = words(page_of(author, "/admin/banks/B?area=1"))
    assert "1 First 3" in page
    assert look_through(rt, "B", ItemQuery(statuses=frozenset({ItemStatus.DRAFT})), page=1).total == 5


BAD = csv_file(
    row("Q1", correct_letter="Z"),
    row("Q1"),
    row("Q3", question="<script>x</script>"),
    row("Q4", figure="none.png"),
    row("Q5", a="two"),
    row("Q6", type="essay"),
    row("", difficulty="hard"),
)


@pytest.mark.usefixtures("worker")
def test_problems_are_a_table_by_row_and_column_with_a_summary(rt, author):
    load(rt, csv_file(row("OLD")))
    page = look(author, BAD).get_data(as_text=True)
    assert "there are 8 things to correct" in page
    found = [words(line) for line in re.findall(r'<tr id="problems-\d+">.*?</tr>', page)]
    assert found[0] == "row 2 correct_letter 'Z' names no option; the options are A to D, or 0 to 3. wrong-key"
    assert found[1] == "row 3 id Q1 is already the id of row 2. duplicate-id"
    for link in re.findall(r'href="#(problems-\d+)"', page):
        assert f'id="{link}"' in page
    assert 'name="job"' not in page
    assert list_banks(rt)[0].items == 1


@pytest.mark.usefixtures("worker")
def test_problems_speak_korean(rt, author):
    load(rt, csv_file(row("OLD")))
    page = look(author, BAD, language="ko").get_data(as_text=True)
    for line in re.findall(r'<tr id="problems-\d+">(.*?)</tr>', page):
        place, _field, sentence, _code = re.findall(r"<td[^>]*>(.*?)</td>", line)
        assert HANGUL.search(place)
        assert HANGUL.search(sentence), sentence
    assert "row 2" not in words(page)


def test_the_file_that_was_not_chosen_is_asked_for(rt, author):
    load(rt, csv_file(row("Q1")))
    response = post(author, "/admin/banks/B/load", {})
    assert response.status_code == 400
    assert words(response).count("Choose a file.") == 2


@pytest.mark.usefixtures("worker")
def test_what_is_no_bank_is_said_in_one_line(rt, author):
    load(rt, csv_file(row("Q1")))
    for payload in (b"", b"%PDF-1.7", b"PK\x03\x04broken", b'{"items": 3}', b"\xff\xfe\x00"):
        response = look(author, payload, language="ko")
        assert "고칠 것이 1개 있습니다" in words(response)


def test_example_files_load_as_they_are(author):
    for kind, made in (("csv", template_csv()), ("xlsx", template_xlsx())):
        response = author.get(f"/admin/load-example.{kind}")
        assert f"items.{kind}" in response.headers["Content-Disposition"]
        parsed = parse_bank(response.data)
        assert (len(parsed.items), parsed.problems, parsed.warnings) == (4, (), ())
        assert parse_bank(made).items == parsed.items


def test_an_item_is_shown_beside_its_key(rt, author):
    load(rt, mixed_bank())
    page = page_of(author, "/admin/banks/B/items/Q3")
    assert page.count('type="checkbox" name="s1-RESPONSE"') == 4
    assert re.findall(r'<p class="key-option"><i class="num">(\d)</i><span>(\w+)</span>', page) == [
        ("1", "one"),
        ("2", "two"),
    ]
    assert 'href="/admin/banks/B/items/Q2"' in page
    assert "± " not in page
    assert '<p class="key-words">Seoul</p>' in page_of(author, "/admin/banks/B/items/Q5")


def test_an_earlier_version_is_shown_with_its_own_key(rt, author):
    load(rt, csv_file(row("Q1", question="Old?", correct_letter="B")))
    load(rt, csv_file(row("Q1", question="New?", correct_letter="C")))
    old = page_of(author, "/admin/banks/B/items/Q1?version=1")
    assert "This is an earlier version." in old
    assert '<i class="num">2</i><span>two</span>' in old
    assert '<i class="num">3</i><span>three</span>' in page_of(author, "/admin/banks/B/items/Q1")


def test_a_picture_is_shut_in(rt, author, app):
    load(rt, mixed_bank())
    address = re.search(r'src="(/admin/assets/[0-9a-f]{64})"', page_of(author, "/admin/banks/B/items/Q2"))[1]
    response = author.get(address)
    assert (response.data, response.mimetype) == (PNG, "image/png")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert app.test_client().get(address).status_code == 303
    assert author.get("/admin/assets/zz").status_code == 404


def typed_in(client, path, **changes):
    return {**Fields(page_of(client, path), "editor").values, **changes}


@pytest.mark.parametrize("bank", ["practitioner", "technician"])
def test_opening_and_saving_a_blueprint_changes_nothing(rt, author, bank):
    file = SAMPLES / bank / "blueprint.toml" if bank == "practitioner" else SAMPLES / "technician-blueprint.toml"
    source = SAMPLES / bank if bank == "practitioner" else technician() / "technician-2026-2030.csv"
    load(rt, source, bank=bank)
    read = parse_blueprint_toml(file.read_bytes()).blueprint
    assert not save_blueprint(rt, bank, read, BY).problems
    path = f"/admin/blueprints/{read.code}"
    saved = post(author, path, typed_in(author, path, act="save"))
    assert saved.status_code == 303
    assert get_blueprint(rt, read.code).number == 1
    assert "version 1 stays" in words(page_of(author, path))


def test_a_blueprint_is_made_on_screen_without_script(rt, author):
    load(rt, csv_file(*(row(f"Q{number}", area=f"1.{number % 3}") for number in range(12))))
    path = "/admin/banks/B/blueprints/new"
    grown = post(author, path, typed_in(author, path, act="each-0", **{"p0-add": "1"}))
    fields = Fields(grown.get_data(as_text=True), "editor").values
    assert [fields[f"p0-r{number}-area"] for number in range(3)] == ["1.0", "1.1", "1.2"]
    assert 'id="p0-r0-count" name="p0-r0-count" value="1" aria-label="Items wanted, 1.0"' in grown.get_data(
        as_text=True
    )
    fields |= {"code": "mini", "title_en": "Mini", "p0-r0-count": "2", "p0-r0-points": "2.5", "act": "save"}
    saved = post(author, path, fields)
    assert saved.location == "/admin/blueprints/mini?part=1"
    stored = get_blueprint(rt, "mini").blueprint
    assert (stored.item_count(), str(stored.most_points())) == (4, "7.000")
    assert [one.areas for one in stored.parts[0].cells] == [("1.0",), ("1.1", "1.2")]
    assert list_audit(rt, AuditFilter(act="itembank.blueprint-saved")).records[0].actor_name == "한출제"
    taken = post(author, path, fields)
    assert (taken.status_code, "This code is in use already." in words(taken)) == (400, True)


def test_a_changed_blueprint_becomes_the_next_version_unless_somebody_was_faster(rt, author):
    load(rt, csv_file(*(row(f"Q{number}") for number in range(5))))
    save_blueprint(rt, "B", blueprint((cell("X"),)), BY)
    fields = typed_in(author, "/admin/blueprints/B", act="save", **{"p0-r0-count": "2"})
    assert post(author, "/admin/blueprints/B", fields).status_code == 303
    assert get_blueprint(rt, "B").number == 2
    late = post(author, "/admin/blueprints/B", fields | {"p0-r0-count": "3"})
    assert late.status_code == 400
    assert "Somebody else has saved a newer version" in words(late)
    assert get_blueprint(rt, "B").number == 2


def test_shortages_are_named_at_their_inputs_and_nothing_is_saved(rt, author):
    load(rt, csv_file(row("Q1", area="1.1"), row("Q2", area="1.2")))
    save_blueprint(rt, "B", blueprint((cell("1.1"),)), BY)
    path = "/admin/blueprints/B"
    refused = post(author, path, typed_in(author, path, act="save", **{"p0-r0-count": "3"}))
    assert refused.status_code == 400
    page = refused.get_data(as_text=True)
    assert '<a href="#p0-r0-count">Part 1 › 1.1: 3 items are wanted here, and the bank has 1.</a>' in page
    assert 'id="p0-r0-count-error"' in page
    assert "2 missing" in words(page)
    assert get_blueprint(rt, "B").number == 1


def test_cells_that_share_their_items_are_named_together(rt, author):
    load(rt, csv_file(row("Q1", area="1.1"), row("Q2", area="1.2")))
    save_blueprint(rt, "B", blueprint((cell("1"),)), BY)
    path = "/admin/blueprints/B"
    added = {"p0-r1-area": "1.1", "p0-r1-count": "1", "p0-r1-points": "1", "p0-r0-count": "2"}
    checked = words(post(author, path, typed_in(author, path, act="check", **added)))
    assert "together wanted 3, available 2" in checked
    assert "part 1, cell 1, area 1; part 1, cell 2, area 1.1" in checked


def test_supply_is_told_to_a_program_while_somebody_types(rt, author):
    load(rt, csv_file(*(row(f"Q{number}", area="1.1") for number in range(9))))
    save_blueprint(rt, "B", blueprint((cell("1.1"), cell("1"))), BY)
    fields = typed_in(author, "/admin/blueprints/B", **{"p0-r0-count": "3", "p0-r1-count": ""})
    told = post(author, "/admin/banks/B/supply", fields, seen="/admin/blueprints/B").json
    assert told["rows"]["p0-r0"]["available"] == 9
    assert told["rows"]["p0-r0"]["verdict"] == "plenty"
    assert told["rows"]["p0-r1"] is None
    assert (told["items"], told["points"], told["contests"]) == (3, "3", [])
    assert told["parts"][0]["verdict"] == "plenty"


def test_a_wild_act_changes_nothing(rt, author):
    load(rt, csv_file(row("Q1")))
    save_blueprint(rt, "B", blueprint((cell("X"),)), BY)
    fields = typed_in(author, "/admin/blueprints/B")
    for act in (
        "",
        "drop-7",
        "add",
        "add-x",
        "remove-0-99",
        "remove-9-0",
        "each-99999999",
        "raise-0",
        "nonsense-1-2-3",
    ):
        answered = post(author, "/admin/blueprints/B", fields | {"act": act})
        assert answered.status_code == 200
        again = Fields(answered.get_data(as_text=True), "editor").values
        assert {name: again[name] for name in fields if name != "csrf_token"} | {"csrf_token": ""} == fields | {
            "csrf_token": ""
        }


def test_a_blueprint_goes_out_and_comes_back_as_toml(rt, author):
    load(rt, csv_file(*(row(f"Q{number}") for number in range(5))))
    save_blueprint(rt, "B", blueprint((cell("X", count=2, points="2.5"),)), BY)
    file = author.get("/admin/blueprints/B/file")
    assert parse_blueprint_toml(file.data).blueprint == get_blueprint(rt, "B").blueprint
    path = "/admin/banks/B/blueprints/file"
    changed = file.data.replace(b"count = 2", b"count = 4")
    opened = post(author, path, {}, file=(BytesIO(changed), "b.toml")).get_data(as_text=True)
    fields = Fields(opened, "editor").values
    assert (fields["p0-r0-count"], fields["seen"]) == ("4", "1")
    assert get_blueprint(rt, "B").number == 1
    assert post(author, "/admin/blueprints/B", fields | {"act": "save"}).status_code == 303
    assert get_blueprint(rt, "B").number == 2


def test_a_wrong_toml_file_is_a_table_of_problems(rt, author):
    load(rt, csv_file(row("Q1")))
    path = "/admin/banks/B/blueprints/file"
    bad = b'code = "a b"\ntitle = "x"\n[[parts]]\ncode = "1"\n[[parts.cells]]\narea = "X"\ncount = 0\n'
    refused = post(author, path, {}, file=(BytesIO(bad), "b.toml"), language="ko")
    assert refused.status_code == 400
    assert "과목 1 칸 1 count" in words(refused).replace(" · ", " ")
    assert post(author, path, {}, file=(BytesIO(b"x ="), "b.toml")).status_code == 400
    assert post(author, path, {}).status_code == 400


def test_a_draw_is_shown_and_not_kept(rt, author):
    load(rt, csv_file(*(row(f"Q{number}") for number in range(9))))
    save_blueprint(rt, "B", blueprint((cell("X", count=3),)), BY)
    form = try_draw(rt, "B", (b"winter/2",))[0]
    page = page_of(author, "/admin/blueprints/B/draw?seed=winter&number=2")
    assert form.digest.hex() in page
    assert re.findall(r'items/(Q\d)">', page) == [slot.item_code for slot in form.slots]
    assert page == page_of(author, "/admin/blueprints/B/draw?seed=winter&number=2")
    assert form.digest.hex() not in page_of(author, "/admin/blueprints/B/draw?seed=winter&number=3")


def test_a_draw_from_a_bank_that_shrank_names_the_shortage(rt, author):
    load(rt, csv_file(row("Q1"), row("Q2")))
    save_blueprint(rt, "B", blueprint((cell("X", count=2),)), BY)
    load(rt, csv_file(row("Q2", area="Y")))
    refused = author.get("/admin/blueprints/B/draw", headers={"Accept-Language": "en"})
    assert refused.status_code == 409
    assert "Wanted 2, available 1." in words(refused)
