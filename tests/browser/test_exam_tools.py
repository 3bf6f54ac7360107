"""The candidate's own tools on the exam screen: by pointer and by keyboard, over a reload, and never as an answer."""

import re

import pytest
from playwright.sync_api import expect

from cbt.scheduling.core.needs import Layout, Needs, Scale, Theme, Tool
from tests.browser.kept import expect_nothing_kept
from tests.browser.lasting import wait_until_note_kept
from tests.browser.tools import HIGHLIGHTED, WHOLE, begin, press_tool, select_words, shortcut, shown_tools


def test_everybody_has_highlighter_eliminator_and_notes(windows, site):
    assert shown_tools(begin(windows, site).page) == ["highlighter", "eliminator", "notes"]


def test_a_profile_sets_colours_size_layout_and_tools_until_the_person_chooses_otherwise(windows, site):
    needs = Needs(
        theme=Theme.CONTRAST,
        scale=Scale.LARGE,
        layout=Layout.SINGLE,
        tools=(Tool.LINE_READER, Tool.MASKING),
        without=(Tool.NOTES,),
    )
    candidate = begin(windows, site, needs=needs)
    page = candidate.page
    expect(page.locator("html[data-theme=contrast][data-scale='150'][data-layout=single]")).to_have_count(1)
    expect(page.locator("input[name=scale][value='150']")).to_be_checked()
    assert shown_tools(page) == ["highlighter", "eliminator", "line-reader", "masking"]
    page.locator("label:has(input[name=theme][value=dark])").click()
    page.reload()
    candidate.expect_paper()
    expect(page.locator("html[data-theme=dark][data-scale='150']")).to_have_count(1)


def test_selected_text_is_highlighted_and_selecting_it_again_takes_the_mark_away(windows, site):
    page = begin(windows, site).page
    press_tool(page, "highlighter")
    select_words(page, "#q1 .stem p")
    marked = page.evaluate(HIGHLIGHTED)
    assert marked
    assert marked in page.locator("#q1 .stem p").first.inner_text()
    select_words(page, "#q1 .choice > span")
    assert len(page.evaluate(HIGHLIGHTED)) > len(marked)
    expect(page.locator("#q1 input:checked")).to_have_count(0)  # drawing over an option is no choice
    select_words(page, "#q1 .choice > span")
    select_words(page, "#q1 .stem p")
    assert page.evaluate(HIGHLIGHTED) == ""


@pytest.mark.slow
def test_marks_stay_when_the_page_is_turned_and_turned_back(windows, site):
    page = begin(windows, site, plan=WHOLE).page
    press_tool(page, "highlighter")
    select_words(page, "#q1 .stem p")
    marked = page.evaluate(HIGHLIGHTED)
    page.locator("#next").click()
    expect(page.locator("#q1")).to_have_count(0)
    assert page.evaluate(HIGHLIGHTED) == ""
    page.locator("#previous").click()
    expect(page.locator("#q1")).to_be_visible()
    page.wait_for_function(f"({HIGHLIGHTED})() === {marked!r}")


@pytest.mark.slow
def test_sentences_are_highlighted_by_keyboard(windows, site):
    page = begin(windows, site).page
    page.locator("#q2 input").first.focus()
    shortcut(page, "H")
    expect(page.locator("[data-tool=highlighter]")).to_have_attribute("aria-pressed", "true")
    page.locator("[data-tool=highlighter]").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    dialog = page.locator("dialog[open]")
    expect(dialog.locator("h2")).to_contain_text("2")
    page.keyboard.press("Tab" if page.evaluate("document.activeElement.type") != "checkbox" else "Home")
    dialog.locator("input").first.focus()
    page.keyboard.press("Space")
    assert page.evaluate(HIGHLIGHTED) == page.locator("#q2 .stem p").first.inner_text().strip()
    page.keyboard.press("Space")
    assert page.evaluate(HIGHLIGHTED) == ""


def test_a_struck_option_can_still_be_chosen_and_says_that_it_is_struck(windows, site):
    candidate = begin(windows, site)
    page = candidate.page
    shortcut(page, "X")
    expect(page.locator("[data-tool=eliminator]")).to_have_attribute("aria-pressed", "true")
    candidate.item(1).locator(".strike").nth(1).click()
    expect(candidate.item(1).locator(".choice").nth(1)).to_have_class(re.compile("struck"))
    option = candidate.item(1).locator(".choice input").nth(1)
    expect(option).to_have_accessible_name(re.compile("줄 그음"))
    expect(option).not_to_be_checked()
    option.focus()
    page.keyboard.press("x")
    expect(candidate.item(1).locator(".choice.struck")).to_have_count(0)
    page.keyboard.press("x")
    candidate.item(1).locator(".choice").nth(1).click()
    expect(option).to_be_checked()
    candidate.expect_saved(1)


@pytest.mark.slow
def test_covered_options_are_uncovered_before_they_can_be_chosen_by_pointer(windows, site):
    candidate = begin(windows, site, needs=Needs(tools=(Tool.MASKING,)))
    page = candidate.page
    press_tool(page, "masking")
    option = candidate.item(1).locator(".choice").nth(2)
    expect(candidate.item(1).locator(".choice.covered")).to_have_count(4)
    expect(option.locator("> span")).to_be_hidden()
    option.click()
    expect(option).not_to_have_class(re.compile("covered"))
    expect(option.locator("input")).not_to_be_checked()
    option.click()
    expect(option.locator("input")).to_be_checked()
    candidate.item(1).locator(".uncover").nth(2).click()
    expect(option).to_have_class(re.compile("covered"))
    press_tool(page, "masking", on=False)
    expect(candidate.item(1).locator(".choice.covered")).to_have_count(0)


@pytest.mark.slow
def test_the_line_reader_moves_by_keys_and_follows_the_focus(windows, site):
    page = begin(windows, site, needs=Needs(tools=(Tool.LINE_READER,))).page
    press_tool(page, "line-reader")
    slit = page.locator(".reader .slit")
    before = slit.bounding_box()
    page.locator(".reader-grip").focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    after = slit.bounding_box()
    assert after["y"] > before["y"]
    assert after["height"] > before["height"]
    page.keyboard.press("Home")
    page.locator("#q3 .choice input").first.focus()
    here, focused = slit.bounding_box(), page.locator("#q3 .choice").first.bounding_box()
    assert here["y"] <= focused["y"] + 1
    assert focused["y"] + focused["height"] <= here["y"] + here["height"] + 1


@pytest.mark.slow
def test_a_note_belongs_to_its_item_and_is_gone_at_the_end(windows, site):
    candidate = begin(windows, site)
    page = candidate.page
    page.locator("#q3 .choice input").first.focus()
    shortcut(page, "N")
    field = page.locator("#note")
    expect(field).to_be_focused()
    page.keyboard.type("1 or 2?")
    page.keyboard.press("Escape")
    expect(page.locator("#q3 .choice input").first).to_be_focused()
    page.locator("#q3 .noted").click()
    expect(field).to_have_value("1 or 2?")
    page.keyboard.press("Escape")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.post_data or "") if "entries" in request.url else None)
    candidate.hand_in()
    candidate.expect_result()
    assert not [body for body in sent if "1 or 2?" in body]


@pytest.mark.slow
def test_the_magnifier_copies_the_page_without_touching_it(windows, site):
    candidate = begin(windows, site, needs=Needs(tools=(Tool.MAGNIFIER,)))
    page = candidate.page
    candidate.item(1).locator(".choice").first.click()
    press_tool(page, "magnifier")
    page.mouse.move(300, 300)
    page.mouse.move(320, 320)
    expect(page.locator(".lens")).to_be_visible()
    expect(candidate.item(1).locator(".choice input").first).to_be_checked()
    assert page.locator(".lens [id], .lens [name]").count() == 0


@pytest.mark.slow
def test_an_item_left_before_its_end_is_named_with_a_way_back(windows, site):
    """At double size in a low window the items are longer than the paper."""
    needs = Needs(scale=Scale.LARGEST)
    candidate = begin(windows, site, needs=needs, plan=WHOLE, viewport={"width": 1100, "height": 440})
    page = candidate.page
    expect(page.locator("#paper-more")).to_be_visible()
    page.locator("#next").click()
    note = page.locator("#paper-note")
    expect(note).to_be_visible()
    expect(page.locator("#news")).to_contain_text("1")
    note.locator("button").click()
    expect(page.locator("#q1")).to_be_visible()
    while page.locator("#paper-more").is_visible():
        page.locator("#paper-more").click()
    page.locator("#next").click()
    expect(note).to_be_hidden()


def test_marks_strikes_notes_and_tools_in_use_come_back_after_a_reload(windows, site):
    candidate = begin(windows, site)
    page = candidate.page
    press_tool(page, "highlighter")
    select_words(page, "#q1 .stem p")
    marked = page.evaluate(HIGHLIGHTED)
    press_tool(page, "eliminator")
    candidate.item(2).locator(".strike").nth(3).click()
    page.locator("#q3 .choice input").first.focus()
    shortcut(page, "N")
    expect(page.locator("#note")).to_be_focused()
    page.keyboard.type("again")
    page.keyboard.press("Escape")
    expect(page.locator("#q3 .noted")).to_be_visible()
    wait_until_note_kept(candidate, "again")
    page.reload()
    candidate.expect_paper()
    expect(candidate.item(2).locator(".choice.struck")).to_have_count(1)
    expect(page.locator("[data-tool=highlighter]")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-tool=eliminator]")).to_have_attribute("aria-pressed", "true")
    page.wait_for_function(f"({HIGHLIGHTED})() === {marked!r}")
    page.locator("#q3 .noted").click()
    expect(page.locator("#note")).to_have_value("again")
    page.keyboard.press("Escape")
    candidate.hand_in()
    expect_nothing_kept(page)
    candidate.expect_result()
