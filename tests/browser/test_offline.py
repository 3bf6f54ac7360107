"""The browser alone: without a line, over reloads and power cuts, without storage, without a sign-in."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.answers import graded
from tests.browser.beginning import began, began_at
from tests.browser.conftest import CUT, REFUSED
from tests.browser.lasting import lasting_browser, wait_until_kept, wait_until_place_kept
from tests.browser.screens import CandidateScreen
from tests.factories_site import Plan

WHOLE = Plan(blueprint="practitioner-written", minutes=150)


def test_a_page_reloaded_without_a_line_goes_on_where_it_stood(windows, site):
    windows.expect_error(CUT)
    one = began(windows, site)
    candidate, page = one.candidate, one.page
    one.save(1)
    one.cut()
    one.choose(2, 6)
    candidate.item(6).locator(".flag").click()
    wait_until_kept(candidate, 6)
    page.reload()
    candidate.expect_paper()
    expect(candidate.row(6)).to_have_class(re.compile("current"))
    expect(candidate.row(6).locator(".flag")).to_have_attribute("aria-pressed", "true")
    one.expect_chosen(1, 2, 6)
    one.choose(7)
    expect(page.locator("#banner .counts .warn")).to_have_text("3")
    left = page.locator("#timer time").inner_text()
    assert "00:29:00" < left < "00:30:00"
    one.mend()
    candidate.expect_saved(4)
    assert sorted(graded(site, one.hall)[1]) == [1, 2, 6, 7]


@pytest.mark.parametrize(
    ("layout", "scale", "cut"),
    [
        ("1", "150", True),
        pytest.param("2", "100", False, marks=pytest.mark.slow),
        pytest.param("single", "200", True, marks=pytest.mark.slow),
        pytest.param("2", "150", False, marks=pytest.mark.slow),
    ],
)
def test_a_browser_that_was_killed_resumes_with_item_answers_flags_size_and_layout(
    site, playwright, chromium, tmp_path, layout, scale, cut
):
    hall = site.open_hall(WHOLE)
    with lasting_browser(playwright, chromium, tmp_path / "profile", site.url) as browser:
        one = began_at(browser.start(), site, hall)
        for name, value in (("scale", scale), ("layout", layout)):
            one.page.locator(f"label:has(input[name={name}][value='{value}'])").click()
        one.choose(3)
        if cut:
            one.cut()
        one.choose(47)
        one.candidate.item(47).locator(".flag").click()
        wait_until_kept(one.candidate, 47)
        wait_until_place_kept(one.candidate, 47)
        browser.kill()

        candidate = CandidateScreen(browser.start(), hall.people[0])
        page = candidate.page
        page.context.set_offline(cut)
        page.goto("/exam/paper")
        candidate.expect_paper()
        root = page.locator(f"html[data-layout='{layout}'][data-scale='{scale}']")
        expect(root).to_have_count(1)
        expect(candidate.item(47)).to_be_in_viewport()
        expect(candidate.row(47)).to_have_class(re.compile("current"))
        expect(candidate.row(47).locator(".flag")).to_have_attribute("aria-pressed", "true")
        for slot in (47, 3):
            candidate.expect_chosen(slot, one.answers.one(slot))
        page.context.set_offline(False)
        candidate.expect_saved(2)
    assert sorted(graded(site, hall)[1]) == [3, 47]


@pytest.mark.parametrize(
    "fault", ["signature", pytest.param("head", marks=pytest.mark.slow), pytest.param("lease", marks=pytest.mark.slow)]
)
def test_a_receipt_that_is_not_the_servers_is_not_accepted(windows, site, fault):
    one = began(windows, site)
    forged = {"signature": "A" * 86, "head": "0" * 64, "lease": 2}[fault]
    forging, sent = [True], []

    def answer(route) -> None:
        response = route.fetch()
        document = response.json()
        sent.append(document["receipt"]["number"])
        if forging[0]:
            document["receipt"][fault] = forged
        route.fulfill(response=response, json=document)

    one.page.route("**/delivery/entries", answer)
    one.choose(1)
    sending = one.candidate.row(1).locator(".mark[data-state=sending]")
    expect(sending).to_be_visible()
    with one.page.expect_response(lambda _response: len(sent) > 1):  # sent again: it was not accepted
        pass
    expect(sending).to_be_visible()
    forging[0] = False
    one.candidate.expect_saved(1)


def test_a_browser_that_keeps_nothing_works_online_and_says_so(windows, site):
    windows.expect_error(CUT)
    page = windows.open()
    page.add_init_script("""
        const refuse = () => { throw new DOMException("no storage here", "SecurityError"); };
        Object.defineProperty(window, "indexedDB", { value: { open: refuse, databases: async () => [] } });
    """)
    one = began_at(page, site, site.open_hall(Plan()))
    one.save(1)
    expect(page.locator("#saved small")).to_contain_text("보관되지 않음")
    page.reload()
    one.candidate.expect_paper()
    one.expect_chosen(1)
    one.cut()
    one.choose(2)
    expect(page.locator("#banner")).to_contain_text("이 창을 닫지 마세요")
    one.mend()
    one.candidate.expect_saved(2)


def test_a_sign_in_that_is_gone_costs_nothing(windows, site):
    windows.expect_error(REFUSED)
    one = began(windows, site)
    candidate = one.candidate
    one.choose(1)
    one.page.context.clear_cookies()
    one.choose(2)
    candidate.expect_saved(2)
    one.page.reload()
    candidate.expect_paper()
    one.choose(3)
    candidate.expect_saved(3)
    candidate.slip_in()  # as a new browser in the server's eyes
    one.page.goto("/exam/wait")
    candidate.expect_paper()
    one.choose(4)
    candidate.expect_saved(4)
    assert graded(site, one.hall)[0].lease == 1
