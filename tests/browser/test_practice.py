"""The practice before the start: the exam screen itself, of which nothing leaves the page, and the tour."""

import re

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.axe import look_at_both_widths
from tests.browser.conftest import REFUSED
from tests.browser.screens import CandidateScreen
from tests.factories_site import Hall, Plan, Site, admit

NOTICE_MS = 4_000  # so long the practice says that the exam starts


def _to_practice(windows, hall: Hall, *, language: str = "en") -> CandidateScreen:
    """A candidate at the practice, with the tour open."""
    windows.expect_error(REFUSED)
    candidate = CandidateScreen(windows.open(language=language, own_time=True), hall.people[0])
    candidate.slip_in()
    candidate.page.goto("/exam/practice")
    expect(candidate.page.locator("dialog.tour")).to_be_visible()
    return candidate


def _skip(page: Page) -> None:
    page.keyboard.press("Escape")
    expect(page.locator("dialog.tour")).to_have_count(0)


def _sent(page: Page) -> list[str]:
    """What the page sends from now on."""
    sent: list[str] = []

    def note(request: Request) -> None:
        if request.method != "GET":
            sent.append(f"{request.method} {request.url}")

    page.on("request", note)
    return sent


@pytest.mark.parametrize("language", ["ko", pytest.param("en", marks=pytest.mark.slow)])
def test_the_tour_leads_through_the_screen_by_keyboard_alone(windows, site: Site, language):
    page = _to_practice(windows, site.hall(Plan()), language=language).page
    tour = page.locator("dialog.tour")
    look_at_both_widths(page, "tour")
    step, steps = (int(number) for number in sorted(re.findall(r"\d+", tour.locator(".hint").inner_text()), key=int))
    assert (step, steps >= 7) == (1, True)
    for _ in range(steps):
        expect(page.locator(".toured")).to_have_count(1)
        assert page.evaluate("document.activeElement.closest('dialog.tour') !== null")
        tour.locator(".btn.primary").press("Enter")
    expect(tour).to_have_count(0)
    expect(page.locator(".toured")).to_have_count(0)
    page.reload()
    expect(page.locator("#paper .item").first).to_be_visible()
    expect(tour).to_have_count(0)
    page.locator("#tour-again").click()
    expect(tour).to_be_visible()


@pytest.mark.slow
def test_nothing_of_the_practice_leaves_the_page(windows, site: Site):
    hall = site.hall(Plan())
    page = _to_practice(windows, hall).page
    sent = _sent(page)
    _skip(page)
    look_at_both_widths(page, "practice")
    page.locator("#q1 .choice").nth(2).click()
    page.locator(".sheet-row[data-slot='2'] .bubble").nth(1).click()
    expect(page.locator("#unanswered-count")).to_have_text("4")
    expect(page.locator(".sheet-row[data-slot='1'] .mark[data-state=saved]")).to_have_count(1)
    page.locator("#help").click()
    expect(page.locator("dialog.dialog")).to_contain_text("nobody is called")
    page.keyboard.press("Escape")
    page.locator("#hand-in").click()
    page.locator("dialog.dialog .btn.primary").click()
    page.locator("dialog.dialog .btn.primary").click()
    expect(page.locator(".hold-body h2")).to_have_text("That was the practice")
    page.wait_for_url("**/exam/wait")
    assert sent == []


def test_when_the_room_opens_the_practice_gives_way_to_the_exam(windows, site: Site):
    hall = site.hall(Plan())
    page = _to_practice(windows, hall).page
    _skip(page)
    page.locator("label:has(input[name=theme][value=dark])").click()
    page.locator("#q1 .choice").first.click()
    admit(site.rt, hall)
    expect(page.locator(".hold-body h2")).to_have_text("The exam starts now")
    page.clock.fast_forward(NOTICE_MS)
    page.wait_for_url("**/exam/paper")
    expect(page.locator("#paper .item").first).to_be_visible()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    expect(page.locator("#total")).not_to_have_text("6")
