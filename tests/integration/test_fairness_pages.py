"""The fairness report on screen: asked for as a job, shown, taken away as CSV and PDF; and rules in the editor."""

from io import BytesIO

import pypdf
import pytest

from cbt.app import create_app
from cbt.people.core.actors import Actor, Role
from itembank.core.blueprint_edit import edited
from itembank.formats.bank_file import parse_bank
from itembank.formats.toml_blueprint import parse_blueprint_toml
from itembank.services.blueprints import get_blueprint, save_blueprint
from itembank.services.importing import ImportRequest, import_bank
from tests.factories_bank_pages import Fields, page_of, post, sign_in
from tests.factories_itembank import csv_file, row
from tests.factories_jobs import working

BY = Actor.system("test")
BLUEPRINT = b"""
code = "ruled"
title = { ko = "\xea\xb7\x9c\xec\xb9\x99", en = "Ruled" }
[rules]
stimuli = false
cap = { multiple = 2 }
[[parts]]
code = "1"
title = "One"
expected = { target = 2, tolerance = "0.8" }
[[parts.cells]]
area = "X"
count = 4
"""


@pytest.fixture
def author(rt):
    rows = [row(f"Q{number}", difficulty=f"{number / 10 - 1:.1f}") for number in range(20)]
    import_bank(rt, parse_bank(csv_file(*rows)), ImportRequest(bank_code="B", by=BY))
    assert save_blueprint(rt, "B", parse_blueprint_toml(BLUEPRINT).blueprint, BY).stored is not None
    app = create_app(rt.settings, rt=rt)
    app.testing = True
    return sign_in(app, rt, "author1", Role.AUTHOR)


def test_figures_are_asked_for_shown_and_taken_away(rt, author):
    assert "/admin/blueprints/ruled/fairness" in page_of(author, "/admin/blueprints/ruled")
    with working(rt):
        asked = post(author, "/admin/blueprints/ruled/fairness", {"count": "40", "seed": "7"})
    assert asked.status_code == 303
    where = asked.headers["Location"]
    page = page_of(author, where)
    assert "No rule is broken" in page
    assert "Forms drawn: 40" in page
    csv = author.get(where.replace("/fairness?", "/fairness.csv?"))
    assert csv.data.decode("utf-8-sig").startswith("figure,mean,sd,min,max")
    pdf = author.get(where.replace("/fairness?", "/fairness.pdf?"))
    text = pypdf.PdfReader(BytesIO(pdf.data)).pages[0].extract_text()
    assert "Fairness report" in text
    assert pdf.data == author.get(where.replace("/fairness?", "/fairness.pdf?")).data


def test_figures_that_nobody_asked_for_are_404(author):
    assert author.get("/admin/blueprints/ruled/fairness.csv").status_code == 404
    assert author.get("/admin/blueprints/none/fairness").status_code == 404


def test_opening_and_saving_a_blueprint_with_rules_changes_nothing(rt, author):
    fields = {**Fields(page_of(author, "/admin/blueprints/ruled"), "editor").values, "act": "save"}
    assert post(author, "/admin/blueprints/ruled", fields).status_code == 303
    assert get_blueprint(rt, "ruled").number == 1


def test_a_rule_is_switched_off_and_written_wrongly(rt, author):
    fields = {**Fields(page_of(author, "/admin/blueprints/ruled"), "editor").values, "act": "save"}
    wrong = post(author, "/admin/blueprints/ruled", {**fields, "p0-levels": "recall", "cap": "0.5"})
    assert wrong.status_code == 400
    assert 'id="p0-levels-error"' in wrong.get_data(as_text=True)
    assert 'id="cap-error"' in wrong.get_data(as_text=True)
    fields.pop("rule-expected")
    assert post(author, "/admin/blueprints/ruled", fields).status_code == 303
    stored = get_blueprint(rt, "ruled")
    assert (stored.number, stored.blueprint.rules.expected) == (2, False)
    assert edited(stored.blueprint).parts[0].rules.target == "2"


def test_a_rule_that_cannot_be_kept_is_named_while_it_is_edited(author):
    fields = {**Fields(page_of(author, "/admin/blueprints/ruled"), "editor").values, "p0-target": "4"}
    (words,) = post(author, "/admin/banks/B/supply", fields).get_json()["contests"]
    assert "4 ± 0.8" in words
