"""The exam screen with each of its tools open: looked at in all colours, and used by the keyboard alone."""

import pytest
from playwright.sync_api import Page, expect

from cbt.scheduling.core.exams import Calculator
from cbt.scheduling.core.needs import Needs, Tool
from tests.browser.axe import expect_to_fit, look_at
from tests.browser.screens import CandidateScreen, tab_to
from tests.browser.tools import begin, press_tool, shortcut
from tests.factories_site import Plan

EVERY_TOOL = Needs(tools=tuple(Tool))
SCIENTIFIC = Plan(calculator=Calculator.SCIENTIFIC)
SIZES = """() => [...document.querySelectorAll("button, a[href], input, select, textarea, [role=slider]")]
  .filter((node) => node.checkVisibility({ visibilityProperty: true }) && !node.closest("[inert], .skip, .vh"))
  .map((node) => [node, (node.closest("label") ?? node).getBoundingClientRect()])
  .filter(([, { width, height }]) => width > 0 && (width < 23.5 || height < 23.5))
  .map(([node, { width, height }]) => `${node.outerHTML.slice(0, 80)} ${width}x${height}`)"""
HIDDEN_FOCUS = """() => {
  const node = document.activeElement;
  if (node === document.body) return null;
  const { left, right, top, bottom } = (node.closest("label") ?? node).getBoundingClientRect();
  const points = [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.15], [0.5, 0.85]]
    .map(([x, y]) => [left + (right - left) * x, top + (bottom - top) * y]);
  const seen = points.some(([x, y]) => {
    const there = document.elementFromPoint(x, y);
    return there && (node.contains(there) || there.contains(node) || there.closest("label")?.contains(node));
  });
  return seen ? null : node.outerHTML.slice(0, 100);
}"""


def look_at_all_widths(page: Page, what: str) -> None:
    """Nothing serious, nothing wider than a telephone, no target under 24 pixels."""
    look_at(page, what)
    assert page.evaluate(SIZES) == [], what
    expect_to_fit(page, what)


@pytest.mark.parametrize(
    "theme", [pytest.param("light", marks=pytest.mark.slow), pytest.param("dark", marks=pytest.mark.slow), "contrast"]
)
def test_every_tool_is_accessible_in_all_colours(windows, site, theme):
    candidate = begin(windows, site, needs=EVERY_TOOL, plan=SCIENTIFIC)
    page = candidate.page
    page.locator(f"label:has(input[name=theme][value={theme}])").click()
    press_tool(page, "eliminator")
    candidate.item(1).locator(".strike").nth(1).click()
    candidate.item(1).locator(".choice").first.click()
    look_at_all_widths(page, "eliminator")
    press_tool(page, "masking")
    candidate.item(2).locator(".uncover").first.click()
    look_at_all_widths(page, "masking")
    press_tool(page, "masking", on=False)
    press_tool(page, "highlighter")
    look_at_all_widths(page, "highlighter")
    page.locator("#toolbar [data-tool=highlighter] + button").click()
    look_at_all_widths(page, "sentences")
    page.keyboard.press("Escape")
    press_tool(page, "line-reader")
    look_at_all_widths(page, "line reader")
    press_tool(page, "line-reader", on=False)
    press_tool(page, "notes")
    page.keyboard.type("note")
    look_at_all_widths(page, "note")
    page.keyboard.press("Escape")
    for opener, what in (("#calculator", "calculator"), ("#shortcuts", "keys"), ("#review-open", "review")):
        page.locator(opener).click()
        expect(page.locator("dialog[open], #review").first).to_be_visible()
        look_at_all_widths(page, what)
        page.keyboard.press("Escape")
    page.locator("#review .chip[value=noted]").click()
    look_at_all_widths(page, "review, filtered")
    page.locator("#review-hand-in").click()
    look_at_all_widths(page, "check before the hand-in")


@pytest.mark.slow
@pytest.mark.parametrize("scale", ["100", "200"])
def test_what_has_the_focus_is_never_hidden(windows, site, scale):
    """Tab through the whole screen: in a low window, with the line reader on and a note open."""
    candidate = begin(windows, site, needs=EVERY_TOOL, viewport={"width": 1024, "height": 600})
    page = candidate.page
    page.locator(f"label:has(input[name=scale][value='{scale}'])").click()
    press_tool(page, "eliminator")
    press_tool(page, "line-reader")
    page.locator("#toolbar [data-tool]").first.focus()
    hidden = []
    for _press in range(60):
        page.keyboard.press("Tab")
        hidden.append(page.evaluate(HIDDEN_FOCUS))
    assert [node for node in hidden if node] == []


def test_the_keyboard_alone_uses_tools_review_and_calculator_and_hands_in(windows, site):
    candidate = begin(windows, site, needs=EVERY_TOOL, plan=SCIENTIFIC)
    page, keyboard = candidate.page, candidate.page.keyboard
    tab_to(page, "article#q1 .choices input")
    keyboard.press("Digit1")
    shortcut(page, "X")
    expect(candidate.item(1).locator(".strike").first).to_be_visible()
    expect(candidate.item(1).locator("input").first).to_be_focused()
    tab_to(page, "article#q1 .strike")
    keyboard.press("Space")
    expect(candidate.item(1).locator(".choice.struck")).to_have_count(1)
    shortcut(page, "N")
    expect(page.locator("#note")).to_be_focused()
    keyboard.type("later")
    keyboard.press("Escape")
    expect(page.locator("article#q1 .strike").first).to_be_focused()
    shortcut(page, "F")
    expect(candidate.item(1).locator(".flag").first).to_have_attribute("aria-pressed", "true")
    shortcut(page, "L")
    tab_to(page, ".reader-grip")
    keyboard.press("ArrowDown")
    shortcut(page, "L")
    expect(page.locator(".reader")).to_be_hidden()
    shortcut(page, "C")
    expect(page.locator("dialog.calc")).to_be_visible()
    keyboard.type("12*12")
    keyboard.press("Enter")
    expect(page.locator("dialog.calc output")).to_have_text("144")
    keyboard.press("Escape")
    walk_the_review(candidate)
    candidate.expect_result()


def walk_the_review(candidate: CandidateScreen) -> None:
    """To an unanswered item and back, then over the check to the end."""
    page, keyboard = candidate.page, candidate.page.keyboard
    shortcut(page, "R")
    tab_to(page, "#review .chip[value=unanswered]")
    keyboard.press("Enter")
    tab_to(page, "#review .tile")
    keyboard.press("Enter")
    expect(page.locator("article#q2 .choices input").first).to_be_focused()
    keyboard.press("Digit2")
    candidate.expect_saved(2)
    shortcut(page, "R")
    tab_to(page, "#review-hand-in")
    keyboard.press("Enter")
    tab_to(page, "dialog[open] .btn.primary")
    keyboard.press("Enter")
    expect(page.locator("dialog[role=alertdialog]")).to_be_visible()
    tab_to(page, "dialog[open] .btn.primary")
    keyboard.press("Enter")
