"""The pages of a bank over HTTP: lists, facets, who may come in, items beside their key."""

import re

import pytest

from cbt.people.core.actors import Role
from cbt.people.core.audit import AuditFilter
from cbt.people.services.audit import list_audit
from itembank.core.listing import ItemQuery
from itembank.core.marks import AnswerKind, Feature
from itembank.core.records import ItemStatus
from itembank.formats.toml_blueprint import parse_blueprint_toml
from itembank.services.banks import list_banks
from itembank.services.blueprints import save_blueprint
from itembank.services.pages import look_through
from tests.factories_bank_pages import BY, SAMPLES, load, mixed_bank, page_of, post, sign_in, words
from tests.factories_itembank import PNG, blueprint, cell, csv_file, row

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
