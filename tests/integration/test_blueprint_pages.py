"""The pages of blueprints over HTTP: the editor, files in and out, a draw on trial."""

import re
from io import BytesIO

import pytest

from cbt.people.core.audit import AuditFilter
from cbt.people.services.audit import list_audit
from itembank.formats.toml_blueprint import parse_blueprint_toml
from itembank.services.blueprints import get_blueprint, save_blueprint, try_draw
from tests.factories_bank_pages import BY, SAMPLES, Fields, load, page_of, post, words
from tests.factories_itembank import blueprint, cell, csv_file, row, technician


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
    assert words(page) == words(page_of(author, "/admin/blueprints/B/draw?seed=winter&number=2"))
    assert form.digest.hex() not in page_of(author, "/admin/blueprints/B/draw?seed=winter&number=3")


def test_a_draw_from_a_bank_that_shrank_names_the_shortage(rt, author):
    load(rt, csv_file(row("Q1"), row("Q2")))
    save_blueprint(rt, "B", blueprint((cell("X", count=2),)), BY)
    load(rt, csv_file(row("Q2", area="Y")))
    refused = author.get("/admin/blueprints/B/draw", headers={"Accept-Language": "en"})
    assert refused.status_code == 409
    assert "Wanted 2, available 1." in words(refused)
