"""The candidate's own tools on the exam screen: by pointer and by keyboard, over a reload, and never as an answer."""

import re
from fractions import Fraction

import pytest
from playwright.sync_api import Page, expect

from cbt.scheduling.core.accommodations import Accommodation
from cbt.scheduling.core.exams import Calculator
from cbt.scheduling.core.needs import Layout, Needs, Scale, Theme, Tool
from cbt.scheduling.store import accommodations
from tests.browser.screens import CandidateScreen
from tests.factories_site import Hall, Plan, Site, admit

HIGHLIGHTED = """() => [...(CSS.highlights.get("cbt-mark") ?? [])]
  .map(({ startContainer, startOffset, endOffset }) => startContainer.data.slice(startOffset, endOffset)).join("")"""
SHORT = Plan()
WHOLE = Plan(blueprint="practitioner-written", rule="overall:60", minutes=150)


def hall_with_needs(site: Site, needs: Needs, plan: Plan = SHORT) -> Hall:
    """A sitting whose only candidate has a profile; the room is open."""
    hall = site.hall(plan)
    with site.rt.transaction() as tx:
        accommodations.give(tx, hall.registration(), Accommodation(time_factor=Fraction(1), needs=needs))
    admit(site.rt, hall)
    return hall


def begin(windows, site: Site, *, needs: Needs | None = None, plan: Plan = SHORT, **more) -> CandidateScreen:
    hall = site.open_hall(plan) if needs is None else hall_with_needs(site, needs, plan)
    candidate = CandidateScreen(windows.open(**more), hall.people[0])
    candidate.begin()
    return candidate


def press_tool(page: Page, name: str, *, on: bool = True) -> None:
    key = page.locator(f"#toolbar [data-tool='{name}']")
    key.click()
    expect(key).to_have_attribute("aria-pressed", str(on).lower())


def select_words(page: Page, selector: str) -> None:
    """Draw over the first line of an element."""
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 2, box["y"] + 12)
    page.mouse.down()
    page.mouse.move(box["x"] + min(box["width"] - 4, 120), box["y"] + 12, steps=4)
    page.mouse.up()


def test_everybody_has_highlighter_eliminator_and_notes(windows, site):
    candidate = begin(windows, site)
    keys = candidate.page.locator("#toolbar [data-tool]")
    assert keys.evaluate_all("(keys) => keys.map((key) => key.dataset.tool)") == ["highlighter", "eliminator", "notes"]


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
    tools = page.locator("#toolbar [data-tool]").evaluate_all("(keys) => keys.map((key) => key.dataset.tool)")
    assert tools == ["highlighter", "eliminator", "line-reader", "masking"]
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
    page.keyboard.press("Alt+Shift+KeyH")
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
    page.keyboard.press("Alt+Shift+KeyX")
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
    page.keyboard.press("Alt+Shift+KeyN")
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


def test_the_review_shows_all_items_and_filters_them(windows, site):
    candidate = begin(windows, site, plan=WHOLE)
    page = candidate.page
    candidate.item(1).locator(".choice").nth(2).click()
    candidate.item(2).locator(".flag").first.click()
    page.keyboard.press("Alt+Shift+KeyR")
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
    page.keyboard.press("Alt+Shift+KeyC")
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
    page.keyboard.press("Alt+Shift+KeyC")
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


def test_marks_strikes_notes_and_tools_in_use_come_back_after_a_reload(windows, site):
    candidate = begin(windows, site)
    page = candidate.page
    press_tool(page, "highlighter")
    select_words(page, "#q1 .stem p")
    marked = page.evaluate(HIGHLIGHTED)
    press_tool(page, "eliminator")
    candidate.item(2).locator(".strike").nth(3).click()
    page.locator("#q3 .choice input").first.focus()
    page.keyboard.press("Alt+Shift+KeyN")
    expect(page.locator("#note")).to_be_focused()
    page.keyboard.type("again")
    page.keyboard.press("Escape")
    expect(page.locator("#q3 .noted")).to_be_visible()
    page.wait_for_timeout(600)  # what tools hold is written within a moment, not at once
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
    candidate.expect_result()
    left = page.evaluate("indexedDB.databases().then((all) => all.map(({ name }) => name))")
    assert "cbt-exam" not in left


@pytest.mark.slow
def test_counts_and_time_can_be_hidden_and_stay_hidden(windows, site):
    candidate = begin(windows, site)
    page = candidate.page
    page.locator("#hide-counts").click()
    expect(page.locator("#unanswered-count")).to_be_hidden()
    page.keyboard.press("Alt+Shift+KeyT")
    expect(page.locator("#timer time")).to_have_class("ends")
    page.reload()
    candidate.expect_paper()
    expect(page.locator("#unanswered-count")).to_be_hidden()
    expect(page.locator("#timer time")).to_have_class("ends")


@pytest.mark.slow
def test_the_list_of_keys_switches_the_digits_off(windows, site):
    candidate = begin(windows, site)
    page = candidate.page
    page.keyboard.press("Alt+Shift+KeyK")
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
