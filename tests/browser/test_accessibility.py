"""No page has a serious fault for those who use it otherwise: an accessibility engine looks at every one of them.

Pages for staff are found by following links, so that a new page is looked at too; a page that no link leads to fails.
"""

import re
from collections import deque
from collections.abc import Iterator

import httpx
import pytest
from flask import Flask
from playwright.sync_api import expect
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from cbt.app import create_app
from cbt.grading.services.marking import list_awaiting
from cbt.jobs.core.jobs import Wanted
from cbt.jobs.services.asking import start
from cbt.kernel.web.cookies import LANGUAGE, STAFF, cookie_name
from reports.core.verify_code import show_code
from reports.services.checking import latest_of_attempt
from tests.browser.axe import look_at, look_at_both_widths
from tests.browser.screens import CandidateScreen, RoomScreen
from tests.factories_exam import start_exam
from tests.factories_scheduling import SYSTEM
from tests.factories_site import Plan, Site, admit, take_seat, until

LANGUAGES = ("ko", "en")
# GET addresses that answer with something else than a page.
NO_PAGES = {
    "static", "people.static", "live", "ready", "metrics", "delivery.state",
    "delivery.seat", "delivery.sealed_paper", "delivery.sealed_asset", "delivery.worker", "delivery.shell",
    "delivery.form_token", "reports.document", "reports.sheet", "itembank.picture", "itembank.load_example",
    "itembank.blueprint_file", "proctor.seat", "delivery.file_facts", "delivery.own_file_again", "grading.answer_file",
    "jobs.job_status", "itembank.load_outcome", "delivery.papers_prepared", "itembank.fairness_file",
    "itembank.export_file", "reports.qti", "checks.payload", "checks.room_table",
}  # fmt: skip
# What a candidate or a stranger sees; the test below walks there. The columns of a file have a walk of their own.
WALKED = {
    "delivery.sign_in", "delivery.identity", "delivery.notice", "delivery.wait", "delivery.exam", "reports.result",
    "reports.verify", "reports.verify_code", "people.staff_sign_in", "itembank.load_columns", "delivery.practice_page",
    "checks.enter", "checks.run", "delivery.recover",
    "grading.late_one",  # of an answer that came late, see the tests of the late pages
}  # fmt: skip
START = ("/admin/", "/proctor/", "/staff/password", "/admin/banks/practitioner/items/P1-001/compare")


@pytest.mark.parametrize("language", ["ko", pytest.param("en", marks=pytest.mark.slow)])
def test_a_candidates_pages_are_accessible_on_any_width(windows, site, language):
    sitting = site.hall(Plan(blueprint="showcase", rule="overall:60"))
    page = windows.open(language=language)
    candidate = CandidateScreen(page, sitting.people[0])
    page.goto("/")
    look_at_both_widths(page, "sign-in")
    candidate.press_main()
    expect(page.locator(".errors")).to_be_visible()
    windows.expect_error("status of 400")
    look_at_both_widths(page, "sign-in with errors")
    candidate.fill_sign_in()
    for name in ("identity", "notice", "wait"):
        candidate.press_main()
        page.wait_for_url(f"**/exam/{name}")
        look_at_both_widths(page, name)
    admit(site.rt, sitting)
    candidate.expect_paper()
    look_at_both_widths(page, "exam")
    look_at_the_exam(candidate)
    candidate.hand_in()
    candidate.expect_result()
    look_at_both_widths(page, "result")


def look_at_the_exam(candidate: CandidateScreen) -> None:
    page = candidate.page
    for theme in ("dark", "contrast", "light"):
        page.locator(f"label:has(input[name=theme][value={theme}])").click()
        look_at(page, f"exam, {theme}")
    for button in ("#help", "#unanswered", "#hand-in"):
        page.locator(button).click()
        expect(candidate.dialog()).to_be_visible()
        look_at_both_widths(page, f"dialog of {button}")
        page.keyboard.press("Escape")
    page.locator("#calculator").click()
    look_at_both_widths(page, "calculator")
    page.keyboard.press("Escape")


@pytest.mark.parametrize("language", LANGUAGES)
def test_public_pages_are_accessible_on_any_width(windows, sheet_code, language):
    windows.expect_error("status of 404")
    page = windows.open(language=language)
    for path in ("/staff/sign-in", "/verify", f"/verify/{sheet_code}", "/verify/0000-0000-00000", "/nothing-here"):
        page.goto(path)
        look_at_both_widths(page, path)
    page.goto(f"/verify/{sheet_code}")
    page.locator("[name=birth]").fill("19900408")
    page.locator("main form .btn.primary").click()
    expect(page.locator("#result .scores")).to_be_visible()
    look_at_both_widths(page, "check with birth date")


@pytest.mark.parametrize("language", ["ko", pytest.param("en", marks=pytest.mark.slow)])
def test_every_page_for_staff_is_accessible(windows, site, sheet_code, essay, language):  # noqa: ARG001
    """Somebody has a sheet and somebody an essay to mark, so that their pages show something; and a job waits."""
    start(site.rt, Wanted(kind="test.nobody-does-it", subject="accessible"), by=SYSTEM)
    found = dict(pages_of_staff(site, language))
    app_pages = {rule.endpoint for rule in app_of(site).url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert app_pages - NO_PAGES - WALKED - found.keys() == set()
    page = windows.open(language=language, staff="chief")
    for endpoint, path in sorted(found.items()):
        page.goto(path)
        expect(page.locator("main")).to_be_visible()
        look_at(page, endpoint)


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_the_live_room_is_accessible_in_all_colours(windows, site, theme):
    sitting = site.open_hall(Plan(), 3)
    start_exam(site.rt, sitting.registration(), "a browser")
    room = RoomScreen(windows.open(staff="proctor"), sitting)
    room.enter()
    room.page.locator(f"label:has(input[name=theme][value={theme}])").click()
    look_at(room.page, f"room, {theme}")
    room.select(0)
    expect(room.page.locator("[data-part=timeline] li")).not_to_have_count(0)
    look_at(room.page, f"room with a seat, {theme}")
    room.page.locator("[data-room=bulk] [data-order=extend]").click()
    look_at(room.page, f"order, {theme}")
    room.page.keyboard.press("Escape")
    room.page.locator("label:has([name=view][value=list])").click()
    look_at(room.page, f"list, {theme}")


@pytest.fixture(scope="session")
def sheet_code(site: Site) -> str:
    """The code of a sheet that has been issued."""
    seat = take_seat(site.rt, site.open_hall(Plan()))
    seat.send(*(seat.answer(slot) for slot in range(1, 9)), {"kind": "submitted"})
    sheet = until(lambda: latest_of_attempt(site.rt, seat.facts.attempt_id), why="a sheet is issued")
    return show_code(sheet.record.verify_code)


@pytest.fixture(scope="session")
def essay(site: Site) -> None:
    """A written answer that waits for a mark."""
    seat = take_seat(site.rt, site.open_hall(Plan(blueprint="showcase-whole", rule="overall:60")))
    slot = next(one for one in seat.paper["slots"] if "<textarea" in one["html"])
    responses = {slot["controls"][0]["response"]: ["Written by hand."]}
    seat.send({"kind": "answered", "slot": slot["slot"], "responses": responses}, {"kind": "submitted"})
    until(lambda: list_awaiting(site.rt), why="the answer waits for a mark")


def app_of(site: Site) -> Flask:
    return create_app(site.rt.settings, rt=site.rt)


def pages_of_staff(site: Site, language: str) -> Iterator[tuple[str, str]]:
    """One address for each page that links lead to, by endpoint."""
    adapter = app_of(site).url_map.bind("127.0.0.1")
    names = {LANGUAGE: language, STAFF: site.staff_token("chief")}
    cookies = {cookie_name(site.rt.settings, name): value for name, value in names.items()}
    seen: set[str] = set()
    waiting = deque(START)
    with httpx.Client(base_url=site.url, cookies=cookies, trust_env=False, timeout=20) as client:
        while waiting:
            path = waiting.popleft()
            try:
                endpoint, _values = adapter.match(path.split("?")[0])
            except (HTTPException, RequestRedirect):
                continue
            if endpoint in seen | NO_PAGES | WALKED:
                continue
            answer = client.get(path)
            if answer.status_code != httpx.codes.OK:
                continue
            seen.add(endpoint)
            yield endpoint, path
            waiting.extend(link.replace("&amp;", "&") for link in re.findall(r'href="(/[^"#]*)', answer.text))
