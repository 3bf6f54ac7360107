"""Care of a bank over HTTP: many items at once, metadata, enemy sets, own fields, the tree of areas."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from cbt.app import create_app
from cbt.people.core.actors import Role
from cbt.people.core.audit import AuditFilter
from cbt.people.services.audit import list_audit
from itembank.core.listing import ItemQuery
from itembank.core.records import ItemStatus
from itembank.services.areas import tree
from itembank.services.blueprints import save_blueprint
from itembank.services.metadata import known_of, list_enemy_sets
from itembank.services.pages import look_through
from tests.factories_itembank import blueprint, cell
from tests.factories_review import Bench, make_bench, one
from tests.factories_scheduling import PASSWORD, make_staff

BANK = "/admin/banks/B"


@pytest.fixture
def bench(rt, clock) -> Bench:
    made = make_bench(rt, clock)
    made.load(one("Q1", area="1.1"), one("Q2", area="1.2"), one("Q3", area="2"))
    return made


@pytest.fixture
def second(bench) -> FlaskClient:
    return signed_in(bench, "second")


def signed_in(bench, login) -> FlaskClient:
    app = create_app(bench.rt.settings, rt=bench.rt)
    app.testing = True
    client = app.test_client()
    assert post(client, "/staff/sign-in", {"login": login, "password": PASSWORD}).status_code == 303
    return client


def post(client, path, fields, *, seen=None):
    page = client.get(seen or path, headers={"Accept-Language": "en"}).get_data(as_text=True)
    token = re.search(r'name="csrf-token" content="([^"]+)"', page)[1]
    headers = {"Referer": "http://localhost/", "Accept-Language": "en"}
    return client.post(path, data={**fields, "csrf_token": token}, headers=headers)


def words(response) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.get_data(as_text=True))).split())


def bulk(client, act, *items, **fields):
    return post(client, f"{BANK}/items", {"act": act, "item": list(items), **fields}, seen=BANK)


def codes(bench, **wanted) -> str:
    return " ".join(item.code for item in look_through(bench.rt, "B", ItemQuery(**wanted), page=1).items)


def test_many_items_are_moved_and_those_that_may_not_are_named(bench, second):
    bench.move("Q3", "review")
    report = words(bulk(second, "move-review", "Q1", "Q2", "Q3", "Q9"))
    assert "2 changed, 0 already so, 2 not changed" in report
    assert "Q3 The version cannot go into that state" in report
    assert "Q9 There is no item under this code" in report
    assert codes(bench, statuses=frozenset({ItemStatus.REVIEW})) == "Q1 Q2 Q3"
    own = words(bulk(signed_in(bench, "writer"), "move-approved", "Q1"))
    assert "0 changed, 0 already so, 1 not changed" in own
    assert "1 changed" in words(bulk(second, "move-approved", "Q1"))
    assert "Say why" in words(bulk(second, "move-blocked", "Q1"))
    assert "1 changed" in words(bulk(second, "move-blocked", "Q1", words="leaked"))


def test_what_is_known_of_many_items_is_set_at_once(bench, second):
    for act, fields, item in (
        ("area", {"area": "2"}, "Q1"),
        ("level", {"value": "apply"}, "Q1"),
        ("time", {"value": "90"}, "Q1"),
        ("enemy-add", {"value": "Gates"}, "Q1"),
    ):
        report = words(bulk(second, act, item, "Q3", **fields))
        assert ("1 changed, 1 already so" if act == "area" else "2 changed, 0 already so") in report
        assert "0 changed, 2 already so" in words(bulk(second, act, item, "Q3", **fields))
    known = known_of(bench.rt, "B", "Q1").metadata
    assert (known.level, known.time_estimate_s, known.enemies) == ("apply", 90, frozenset({"Gates"}))
    assert codes(bench, areas=frozenset({"2"})) == "Q1 Q3"
    assert look_through(bench.rt, "B", ItemQuery(), page=1).items[0].number == 1
    bulk(second, "enemy-remove", "Q1", value="Gates")
    assert [one.items[0][0] for one in list_enemy_sets(bench.rt, "B")[1]] == ["Q3"]
    assert list_audit(bench.rt, AuditFilter(act="itembank.item-placed")).records[0].details["after"] == "2"


def test_all_that_is_found_is_changed_and_not_only_the_page(bench, second):
    query = "area=1&sort=title"
    report = bulk(second, "level", found="all", query=query, value="recall")
    assert "2 changed" in words(report)
    assert 'href="/admin/banks/B?area=1&amp;sort=title"' in report.get_data(as_text=True)
    assert codes(bench, levels=frozenset({"recall"})) == "Q1 Q2"


def test_a_change_that_makes_no_sense_is_refused_at_the_bar(bench, second):
    for act, fields, said in (
        ("level", {"item": []}, "Choose at least one item."),
        ("nonsense", {}, "Choose what to do with the items."),
        ("move-nowhere", {}, "Choose what to do with the items."),
        ("time", {"value": "soon"}, "outside the permitted range"),
        ("level", {"value": "x" * 101}, "This is too long."),
        ("enemy-add", {"value": ""}, "Fill in this field."),
        ("field-none", {"value": "x"}, "Choose one of the entries."),
    ):
        refused = post(second, f"{BANK}/items", {"act": act, "item": ["Q1"], **fields}, seen=BANK)
        assert (refused.status_code, said in words(refused)) == (400, True), act
    assert bulk(second, "area", "Q1", area="nowhere").status_code == 404
    assert list_audit(bench.rt, AuditFilter(act="itembank.metadata-changed")).total == 0
    make_staff(bench.rt, "auditor", Role.AUDITOR)
    auditor = signed_in(bench, "auditor")
    assert post(auditor, f"{BANK}/items", {"act": "level", "item": "Q1", "value": "x"}, seen=BANK).status_code == 403
    assert "data-bulk" not in auditor.get(BANK).get_data(as_text=True)


def test_metadata_of_one_item_is_typed_with_the_banks_own_fields(bench, second):
    field = {"code": "unit", "title_en": "Unit", "kind": "choice", "choices": "One\nTwo"}
    assert post(second, f"{BANK}/fields", field).status_code == 303
    assert post(second, f"{BANK}/fields", {"code": "year", "title_en": "Year", "kind": "number"}).status_code == 303
    path = f"{BANK}/items/Q1/facts"
    wrong = {"p": "1.2", "time": "0", "field-unit": "Three", "field-year": "old", "level": "x" * 101}
    refused = post(second, path, wrong)
    assert refused.status_code == 400
    assert refused.get_data(as_text=True).count('aria-invalid="true"') == 5
    right = {"p": "0.65", "time": "60", "enemies": "A, B,, A", "field-unit": "Two", "field-year": "2019.5"}
    assert post(second, path, right).location.endswith("/items/Q1")
    known = known_of(bench.rt, "B", "Q1").metadata
    assert (known.p_estimate, known.time_estimate_s, known.enemies) == (0.65, 60, frozenset("AB"))
    assert dict(known.fields) == {"unit": "Two", "year": "2019.5"}
    record = list_audit(bench.rt, AuditFilter(act="itembank.metadata-changed")).records[0]
    assert record.details["after"]["fields"] == {"unit": "Two", "year": "2019.5"}
    page = words(second.get(f"{BANK}/items/Q1", headers={"Accept-Language": "en"}))
    assert "Unit Two" in page
    assert "0.65 (estimated)" in page


def test_a_field_that_items_use_stays(bench, second):
    field = {"code": "unit", "title_en": "Unit", "kind": "choice", "choices": "One\nTwo"}
    post(second, f"{BANK}/fields", field)
    bulk(second, "field-unit", "Q1", value="Two")
    assert "0 changed" not in words(bulk(second, "field-unit", "Q2", value="One"))
    for change in ({"choices": "One\nThree"}, {"kind": "text"}, {"choices": "One"}, {"code": "a b"}):
        assert post(second, f"{BANK}/fields", field | change).status_code in {400, 409}
    assert post(second, f"{BANK}/fields/unit/drop", {}, seen=BANK).status_code == 409
    for code in ("Q1", "Q2"):
        bulk(second, "field-unit", code, value="")
    assert post(second, f"{BANK}/fields/unit/drop", {}, seen=BANK).status_code == 303
    assert known_of(bench.rt, "B", "Q1").fields == ()
    assert post(second, f"{BANK}/fields/unit/drop", {}, seen=BANK).status_code == 404


def test_enemy_sets_are_filled_and_emptied(bench, second):
    path = f"{BANK}/enemies"
    assert post(second, path, {"label": "Gates", "items": "Q1, Q3 Q1"}).status_code == 303
    assert [(one.label, [code for code, _ in one.items]) for one in list_enemy_sets(bench.rt, "B")[1]] == [
        ("Gates", ["Q1", "Q3"])
    ]
    assert "There is no item Q9 here." in words(post(second, path, {"label": "Gates", "items": "Q2 Q9"}))
    assert post(second, path, {"label": "", "items": "Q1"}).status_code == 400
    assert post(second, path, {"label": "Gates", "remove": "Q3"}).status_code == 303
    assert [len(one.items) for one in list_enemy_sets(bench.rt, "B")[1]] == [1]


def areas(bench) -> str:
    return " ".join(f"{'>' * one.depth}{one.area.code}" for one in tree(bench.rt, "B").areas)


def test_the_tree_of_areas_is_edited(bench, second):
    path = f"{BANK}/areas"
    assert areas(bench) == "1 >1.1 >1.2 2"
    assert post(second, path, {"code": "3", "title_ko": "셋", "parent": "2"}).status_code == 303
    assert post(second, f"{path}/1.2/up", {}, seen=path).status_code == 303
    assert areas(bench) == "1 >1.2 >1.1 2 >3"
    assert post(second, f"{path}/1.2/up", {}, seen=path).status_code == 303
    assert post(second, f"{path}/1/down", {}, seen=path).status_code == 303
    assert areas(bench) == "2 >3 1 >1.2 >1.1"
    moved = {"title_ko": "셋째", "title_en": "Third", "parent": "1.1"}
    assert post(second, f"{path}/3/save", moved, seen=path).status_code == 303
    assert areas(bench) == "2 1 >1.2 >1.1 >>3"
    assert "Third" in words(second.get(path))
    for parent in ("3", "1"):
        assert post(second, f"{path}/1/save", {"title_ko": "x", "parent": parent}, seen=path).status_code == 409
    assert post(second, f"{path}/3/drop", {}, seen=path).status_code == 303
    assert areas(bench) == "2 1 >1.2 >1.1"


def test_an_area_is_deleted_only_when_nothing_needs_it(bench, second):
    path = f"{BANK}/areas"
    for code in ("1", "1.1"):
        refused = post(second, f"{path}/{code}/drop", {}, seen=path)
        assert (refused.status_code, "The area is not empty" in words(refused)) == (409, True)
    bench.move("Q3", "review", "approved")
    assert not save_blueprint(bench.rt, "B", blueprint((cell("2"),)), bench.writer).problems
    bulk(second, "area", "Q3", area="1")
    refused = post(second, f"{path}/2/drop", {}, seen=path)
    assert (refused.status_code, "A blueprint asks for items of this area" in words(refused)) == (409, True)


def test_an_area_needs_a_code_of_its_own_and_a_name(bench, second):
    path = f"{BANK}/areas"
    for fields in ({"code": "", "title_ko": "x"}, {"code": "a b", "title_ko": "x"}, {"code": "9"}, {"code": "1.1"}):
        assert post(second, path, {"title_ko": "", **fields}).status_code == 400
    assert post(second, path, {"code": "9", "title_ko": "x", "parent": "nowhere"}).status_code == 404
    assert post(second, f"{path}/2/save", {"title_ko": ""}, seen=path).status_code == 400
    assert areas(bench) == "1 >1.1 >1.2 2"


def test_two_versions_are_shown_side_by_side(bench, second):
    bench.load(one("Q1", area="1.1", question="Which port?", a="eins"))
    page = second.get(f"{BANK}/items/Q1/compare", headers={"Accept-Language": "en"}).get_data(as_text=True)
    assert "<del>one</del>" in page.replace("\n", "")
    assert "<ins>eins</ins>" in page
    same = second.get(f"{BANK}/items/Q1/compare?older=2&newer=2", headers={"Accept-Language": "en"})
    assert "Nothing differs between these versions." in words(same)
    for numbers in ("older=9", "newer=9", "older=0&newer=1"):
        assert second.get(f"{BANK}/items/Q1/compare?{numbers}").status_code == 404


def test_items_that_read_alike_are_listed(second):
    page = words(second.get(f"{BANK}/items/Q1/alike", headers={"Accept-Language": "en"}))
    assert "Q2" in page
    assert "100 %" in page
