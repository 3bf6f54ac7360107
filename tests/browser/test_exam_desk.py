"""What stands around the paper: review and hand-in, calculator, language, hidden counts, keys, time, wider spacing."""

import re

import pytest
from playwright.sync_api import expect

from cbt.scheduling.core.exams import Calculator
from tests.browser.tools import WHOLE, begin, shortcut
from tests.factories_site import Plan


def test_the_review_shows_all_items_and_filters_them(windows, site):
    candidate = begin(windows, site, plan=WHOLE)
    page = candidate.page
    candidate.item(1).locator(".choice").nth(2).click()
    candidate.item(2).locator(".flag").first.click()
    shortcut(page, "R")
    review = page.locator("#review")
    expect(review.locator("h2")).to_be_focused()
    expect(review.locator(".tile")).to_have_count(100)
    expect(review.locator(".tile[href='#q1']")).to_have_accessible_name(re.compile("1번, 답 3"))
    counts = {"unanswered": 99, "flagged": 1, "waiting": 0, "noted": 0}
    for name, count in counts.items():
        review.locator(f".chip[value={name}]").click()
        expect(review.locator(".tile")).to_have_count(count)
        expect(review.locator(f".chip[value={name}] b")).to_have_text(str(count))
    review.locator(".chip[value=all]").click()
    review.locator("select").select_option("1")
    expect(review.locator(".tile")).to_have_count(20)
    review.locator(".tile").first.focus()
    page.keyboard.press("ArrowRight")
    expect(review.locator(".tile").nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(review).to_have_count(0)
    expect(candidate.item(22)).to_be_in_viewport()
    expect(candidate.item(22).locator("input").first).to_be_focused()


@pytest.mark.slow
def test_hand_in_goes_from_the_review_over_the_check_to_the_end(windows, site):
    candidate = begin(windows, site)
    page = candidate.page
    candidate.item(1).locator(".choice").first.click()
    page.locator("#hand-in").click()
    dialog = candidate.dialog()
    expect(dialog.locator(".facts")).to_be_visible()
    dialog.locator("footer .btn").nth(1).click()
    expect(page.locator("#review")).to_be_visible()
    page.locator("#review-hand-in").click()
    candidate.dialog().locator(".btn.primary").click()
    expect(page.locator("dialog[role=alertdialog]")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator("#review-foot .btn").first.click()
    expect(page.locator("#paper")).to_be_visible()


@pytest.mark.slow
@pytest.mark.parametrize("kind", [Calculator.PLAIN, Calculator.SCIENTIFIC])
def test_the_calculator_works_by_keys_and_gives_the_focus_back(windows, site, kind):
    candidate = begin(windows, site, plan=Plan(calculator=kind))
    page = candidate.page
    page.locator("#q1 .choice input").first.focus()
    shortcut(page, "C")
    expect(page.locator("dialog.calc")).to_be_visible()
    page.keyboard.type("0.1+0.2=")
    expect(page.locator("dialog.calc output")).to_have_text("0.3")
    page.keyboard.press("Delete")
    if kind is Calculator.SCIENTIFIC:
        page.keyboard.type("s30)*4+r16")
        page.keyboard.press("Enter")
        expect(page.locator("dialog.calc output")).to_have_text("6")
        page.locator("[data-key='M+']").click()
        page.locator("[data-key=angle]").click()
        page.keyboard.press("Delete")
        page.keyboard.type("cp)")
        page.keyboard.press("Enter")
        expect(page.locator("dialog.calc output")).to_have_text("−1")
        page.keyboard.press("Delete")
        page.locator("[data-key=MR]").click()
        expect(page.locator(".calc-line")).to_have_text("6")
    page.keyboard.press("Escape")
    expect(page.locator("dialog.calc")).to_be_hidden()
    expect(page.locator("#q1 .choice input").first).to_be_focused()
    expect(page.locator("#q1 input:checked")).to_have_count(0)


def test_an_exam_without_a_calculator_has_none(windows, site):
    page = begin(windows, site, plan=Plan(calculator=Calculator.NONE)).page
    expect(page.locator("#calculator")).to_be_hidden()
    shortcut(page, "C")
    expect(page.locator("dialog.calc")).to_have_count(0)


@pytest.mark.slow
def test_the_language_changes_and_the_place_and_answers_stay(windows, site):
    candidate = begin(windows, site, plan=WHOLE)
    page = candidate.page
    candidate.go(47)
    candidate.item(47).locator(".choice").first.click()
    candidate.expect_saved(1)
    page.locator("#switch-language").click()
    expect(page.locator("html[lang=en]")).to_have_count(1)
    candidate.expect_paper()
    expect(page.locator("#hand-in")).to_have_text("Hand in")
    expect(candidate.item(47)).to_be_in_viewport()
    expect(candidate.item(47).locator(".choice input").first).to_be_checked()


@pytest.mark.slow
def test_counts_and_time_can_be_hidden_and_stay_hidden(windows, site):
    candidate = begin(windows, site)
    page = candidate.page
    page.locator("#hide-counts").click()
    expect(page.locator("#unanswered-count")).to_be_hidden()
    shortcut(page, "T")
    expect(page.locator("#timer time")).to_have_class("ends")
    page.reload()
    candidate.expect_paper()
    expect(page.locator("#unanswered-count")).to_be_hidden()
    expect(page.locator("#timer time")).to_have_class("ends")


@pytest.mark.slow
def test_the_list_of_keys_switches_the_digits_off(windows, site):
    candidate = begin(windows, site)
    page = candidate.page
    shortcut(page, "K")
    dialog = candidate.dialog()
    expect(dialog.locator("kbd").filter(has_text="PageDown")).to_be_visible()
    dialog.locator("input[type=checkbox]").uncheck()
    page.keyboard.press("Escape")
    page.locator("#q1 .choice input").first.focus()
    page.keyboard.press("2")
    expect(page.locator("#q1 input:checked")).to_have_count(0)


TIMER = """async () => {
  const { Timer } = await import("/static/exam/timer.js");
  const box = document.createElement("div");
  const said = [];
  let now = 0;
  const report = { announce: (words) => said.push(words), over: () => said.push("over"), turn: () => {} };
  const timer = new Timer({ box, clock: { now: () => now }, report });
  const minutes = (left) => {
    now = (40 - left) * 60_000;
    timer.tick();
  };
  timer.take({ deadline_at: new Date(40 * 60_000).toISOString(), remaining_s: 2400, allowed_s: 2400 });
  timer.toggle();
  for (let left = 40; left >= 5.5; left -= 0.5) minutes(left);
  const hidden = box.querySelector("time").classList.contains("ends");
  minutes(4.9);
  const shown = !box.querySelector("time").classList.contains("ends");
  for (let left = 4; left >= 0; left -= 0.25) minutes(left);
  return { said: said.slice(0, 4), hidden, shown, last: box.classList.contains("last") };
}"""


@pytest.mark.slow
def test_the_time_left_is_announced_at_30_15_5_and_1_and_shows_itself_at_5(windows, site):
    page = begin(windows, site).page
    told = page.evaluate(TIMER)
    assert [int(re.sub(r"\D", "", words)) for words in told["said"]] == [30, 15, 5, 1]
    assert (told["hidden"], told["shown"], told["last"]) == (True, True, True)
    expect(page.locator("#news")).to_have_attribute("role", "status")


SPACING = """() => {
  const sheet = [...document.styleSheets].find(({ href }) => href.endsWith("exam.css"));
  const spacing = "line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important;";
  sheet.insertRule(`body * { ${spacing} }`, sheet.cssRules.length);
  sheet.insertRule("body p { margin-bottom: 2em !important; }", sheet.cssRules.length);
}"""
CUT = """() => [...document.querySelectorAll("button, .tile, h1, h2, h3, label, .paper-head *")]
  .filter((node) => node.checkVisibility() && !node.closest(".vh") && !node.matches(".vh"))
  .filter((node) => getComputedStyle(node).overflow === "hidden" && node.scrollWidth > node.clientWidth + 1)
  .map((node) => node.outerHTML.slice(0, 100))"""


@pytest.mark.slow
@pytest.mark.parametrize("width", [320, 640, 1280])
def test_wider_spacing_of_text_cuts_nothing_off(windows, site, width):
    page = begin(windows, site, viewport={"width": width, "height": 800}).page
    page.evaluate(SPACING)
    page.set_viewport_size({"width": width, "height": 790})
    page.wait_for_timeout(400)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(CUT) == []
    page.locator("#review-open").click()
    expect(page.locator("#review")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(CUT) == []
