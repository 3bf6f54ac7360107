"""The pages that load a bank, over HTTP: a look, then the load of what was looked at."""

import re
from io import BytesIO

import pytest

from itembank.core.listing import ItemQuery
from itembank.core.records import ItemStatus
from itembank.formats.bank_file import parse_bank
from itembank.formats.template import template_csv, template_xlsx
from itembank.services.banks import list_banks
from itembank.services.pages import look_through
from tests.factories_bank_pages import HANGUL, load, mixed_bank, page_of, post, words
from tests.factories_itembank import csv_file, row


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
