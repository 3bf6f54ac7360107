"""The pictures of the documentation, taken where CBT_SCREENSHOTS names a folder (`make screenshots`)."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from PIL.Image import Dither, Quantize
from playwright.sync_api import Page, expect

from cbt.cli.preflight import require_schema
from cbt.delivery.web.session import DEVICE, signer
from cbt.kernel.clock import SystemClock
from cbt.kernel.runtime import Runtime
from cbt.kernel.settings import Settings
from cbt.scheduling.core.exams import Calculator
from tests.browser.busy_room import BEFORE, HANDED_IN, OFFLINE, SHOWN, BusyRoom
from tests.browser.conftest import Windows
from tests.browser.screens import CandidateScreen
from tests.browser.tools import press_tool, select_words
from tests.factories import ManualClock
from tests.factories_site import Plan, Site

FOLDER = os.environ.get("CBT_SCREENSHOTS", "")
PASSED = min(HANDED_IN)
LARGEST_BYTES = 300_000
pytestmark = pytest.mark.skipif(not FOLDER, reason="CBT_SCREENSHOTS names no folder for pictures")


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[tuple[Site, BusyRoom]]:
    """A demonstration centre whose practice exam is about to begin, and began more than an hour ago by its clock."""
    home = tmp_path / "home"
    home.mkdir()
    settings = Settings.from_env({"CBT_HOME": str(home)})
    require_schema(settings.database_url)
    clock = ManualClock(SystemClock().now() - BEFORE)
    rt = Runtime.start(settings, clock=clock)
    room = BusyRoom(rt, clock)
    site = Site(home)
    site.start()
    yield site, room
    site.stop()
    rt.close()


def take(page: Page, name: str) -> None:
    """Keep what the page shows, once its fonts are there."""
    page.mouse.move(0, 0)
    page.evaluate("document.fonts.ready.then(() => true)")
    path = Path(FOLDER) / f"{name}.png"
    page.screenshot(path=path, animations="disabled")
    assert path.stat().st_size < LARGEST_BYTES, name


def test_take_the_pictures(browser, centre):
    site, room = centre
    windows = Windows(browser, site)
    site.passwords = room.passwords
    room.let_in(31)
    before_the_start(windows, room)
    room.let_in()
    room.begin()
    room.work()
    during_the_exam(windows, site, room)
    the_calculator(windows, site)
    after_the_exam(windows, site, room)
    of_the_administration(windows)
    windows.close()
    assert windows.unexpected() == []


def before_the_start(windows: Windows, room: BusyRoom) -> None:
    page = windows.open()
    page.goto("/")
    take(page, "candidate-sign-in")
    candidate = CandidateScreen(windows.open(), room.people[SHOWN])
    candidate.sign_in()
    expect(candidate.page.locator("#clock")).to_be_visible()
    take(candidate.page, "candidate-wait")
    candidate.page.close()  # it would begin the exam as soon as the room opens
    desk = windows.open(staff="proctor")
    desk.goto(f"/proctor/rooms/{room.room_id}/check-in?person={room.people[33].registration.id}")
    take(desk, "proctor-check-in")


def at_the_computer(windows: Windows, site: Site, room: BusyRoom, number: int) -> CandidateScreen:
    """The window of somebody who has begun already."""
    page = windows.open()
    secret = signer(site.rt.keys, DEVICE).dumps([f"computer {number}", ""])
    page.context.add_cookies([{"name": DEVICE, "value": secret, "url": site.url}])
    candidate = CandidateScreen(page, room.people[number])
    candidate.slip_in()
    return candidate


def during_the_exam(windows: Windows, site: Site, room: BusyRoom) -> None:
    candidate = at_the_computer(windows, site, room, SHOWN)
    candidate.page.goto("/exam/paper")
    candidate.expect_paper()
    slots = room.seats[SHOWN].paper["slots"]
    figured = [one["slot"] for one in slots if one["slot"] > 44 and re.search("<img|<table|<pre", one["html"])]
    candidate.go(figured[0])
    expect(candidate.page.locator("#saved")).to_have_class("saved")
    take(candidate.page, "candidate-exam")
    with_tools(candidate)
    candidate.page.locator("#hand-in").click()
    expect(candidate.dialog()).to_be_visible()
    take(candidate.page, "candidate-hand-in")

    watch = windows.open(staff="proctor")
    watch.goto("/proctor/")
    take(watch, "proctor-rooms")
    watch.goto(f"/proctor/rooms/{room.room_id}")
    room.be_present(site.rt)
    seat = watch.locator(f".seats [data-id='{room.people[OFFLINE].registration.id}']")
    expect(seat).to_have_class(re.compile("is-off"))
    seat.click()
    room.be_present(site.rt)
    expect(watch.locator(".seats .is-off")).to_have_count(1)
    expect(watch.locator("[data-part=timeline] li")).not_to_have_count(1)
    take(watch, "proctor-room")


def with_tools(candidate: CandidateScreen) -> None:
    """Marks, strikes and a note; then the review."""
    page = candidate.page
    candidate.go(1)
    press_tool(page, "highlighter")
    select_words(page, "#q1 .stem p, #q1 .stem > :first-child")
    press_tool(page, "eliminator")
    for place in (1, 2):
        candidate.item(1).locator(".strike").nth(place).click()
    page.locator("#toolbar [data-tool=notes]").click()
    page.keyboard.type("2번과 3번은 아님. 다시 볼 것")
    take(page, "candidate-tools")
    page.keyboard.press("Escape")
    page.locator("#review-open").click()
    expect(page.locator("#review")).to_be_visible()
    take(page, "candidate-review")
    page.locator("#review-foot .btn").first.click()


def the_calculator(windows: Windows, site: Site) -> None:
    """At a sitting of its own, whose exam has the scientific one."""
    hall = site.open_hall(Plan(blueprint="practitioner-written", rule="overall:60", calculator=Calculator.SCIENTIFIC))
    candidate = CandidateScreen(windows.open(), hall.people[0])
    candidate.begin()
    page = candidate.page
    page.locator("#calculator").click()
    expect(page.locator("dialog.calc")).to_be_visible()
    page.keyboard.type("s30)^2+0.1+0.2")
    page.keyboard.press("Enter")
    take(page, "candidate-calculator")


def after_the_exam(windows: Windows, site: Site, room: BusyRoom) -> None:
    candidate = at_the_computer(windows, site, room, PASSED)
    page = candidate.page
    page.goto("/result")
    address = candidate.sheet_address()
    take(page, "candidate-result")
    picture = pypdfium2.PdfDocument(page.request.get(address).body())[0].render(scale=100 / 72).to_pil()
    picture.quantize(128, Quantize.MAXCOVERAGE, dither=Dither.NONE).save(
        Path(FOLDER) / "result-sheet.png", optimize=True
    )
    stranger = windows.open()
    stranger.goto(f"/verify/{Path(address).stem}")
    stranger.locator("[name=birth]").fill(f"{room.people[PASSED].candidate.birth_on:%Y%m%d}")
    stranger.locator("main form .btn.primary").click()
    expect(stranger.locator("#result .scores")).to_be_visible()
    take(stranger, "verify")


def of_the_administration(windows: Windows) -> None:
    page = windows.open(staff="admin")
    for name, path in (
        ("admin-home", "/admin/"),
        ("admin-bank", "/admin/banks/practitioner"),
        ("admin-blueprint", "/admin/blueprints/practitioner-written"),
    ):
        page.goto(path)
        take(page, name)
    page.goto("/admin/banks/practitioner?shows=figure")
    page.locator("main table a[href*='/items/']").first.click()
    page.wait_for_url("**/items/**")
    take(page, "admin-item")
