"""What script adds to the pages of banks: a file stays chosen between the steps, supply is told while one types."""

import pytest
from playwright.sync_api import Page, expect

from tests.factories_itembank import csv_file, row

GOOD = csv_file(row("NEW-1", area="1.1"), row("NEW-2", area="1.1"))
BAD = csv_file(row("NEW-1", correct_letter="Z"))
BANK = "screens"
BLUEPRINT = "/admin/blueprints/practitioner-written"


@pytest.fixture
def author(windows) -> Page:
    return windows.open(language="en", staff="author")


def test_a_file_is_looked_at_corrected_and_loaded_without_choosing_it_again(author, tmp_path):
    author.goto("/admin/banks")
    author.get_by_label("Code").fill(BANK)
    author.get_by_label("English name").fill("Screens")
    author.get_by_role("button", name="Make bank").click()
    for name, payload in (("bad.csv", BAD), ("good.csv", GOOD)):
        (tmp_path / name).write_bytes(payload)
    author.get_by_label("File with the items").set_input_files(tmp_path / "bad.csv")
    look = author.get_by_role("button", name="Look what would happen")
    look.click()
    summary = author.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("there is one thing to correct")
    author.get_by_label("File with the items").set_input_files(tmp_path / "good.csv")
    expect(summary).to_have_count(0)
    look.click()
    author.get_by_role("button", name="Load 2 items").click()
    expect(author.get_by_text("Loaded: 2 new")).to_be_visible()
    expect(author.get_by_role("row")).to_have_count(3)


def test_supply_is_told_while_somebody_types_and_a_problem_leads_to_its_part(author, windows):
    windows.expect_error(r"practitioner-written: .*400")
    author.goto(BLUEPRINT)
    author.get_by_role("link", name="Database").click()
    expect(author.locator(".part:visible")).to_have_count(1)
    expect(author.get_by_role("heading", name="Part 3")).to_be_focused()
    author.locator("#p2-r0-count").fill("99")
    expect(author.locator("#p2 [data-row=p2-r0] [data-verdict]")).to_contain_text("missing")
    expect(author.locator("#p2 [data-short-badge]")).to_be_visible()
    expect(author.locator("[data-items]")).to_have_text("194")
    author.get_by_role("button", name="Save as version").click()
    expect(author.get_by_role("alert")).to_be_focused()
    author.get_by_role("link", name="Software Design").click()
    author.get_by_role("link", name="99 items are wanted here").click()
    expect(author.locator("#p2-r0-count")).to_be_focused()


def test_the_preview_changes_size_and_colours_of_the_paper_alone(author):
    author.goto("/admin/banks/practitioner/items/P2-001")
    specimen = author.locator(".specimen")
    author.get_by_label("200").check()
    author.get_by_role("radiogroup", name="Colours").last.get_by_label("High contrast").check()
    expect(specimen).to_have_attribute("data-scale", "200")
    expect(specimen).to_have_attribute("data-theme", "contrast")
    expect(author.locator("html")).not_to_have_attribute("data-theme", "contrast")
    expect(specimen).to_have_css("background-color", "rgb(0, 0, 0)")
