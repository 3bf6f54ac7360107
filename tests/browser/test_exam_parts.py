"""Parts that are passed in one direction on the exam screen: one part at a time, break, reload, the end of a part."""

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from cbt.delivery.core.entries import Answered, PartEntered, PartLeft
from cbt.delivery.core.journal import read_entry
from cbt.delivery.services.reading import room_attempts_in
from cbt.delivery.store.attempts import journal_of
from cbt.delivery.web.session import DEVICE, signer
from tests.browser.screens import CandidateScreen
from tests.factories_exam import start_exam
from tests.factories_site import Hall, Plan, Site, admit, make_hall, until

TIMED = Plan(parts=((20, 5), (10, 0)))
SHARED = Plan(parts=((None, 5), (None, 0)))


def journal(site: Site, hall: Hall) -> list[Any]:
    with site.rt.reading() as tx:
        attempt = room_attempts_in(tx, [hall.registration()])[hall.registration()].attempt
        return [read_entry(row.content) for row in journal_of(tx, attempt.id)]


def answered(site: Site, hall: Hall) -> list[int]:
    return [entry.slot for entry in journal(site, hall) if isinstance(entry, Answered)]


def expect_part(page: Page, first: int, *, last: bool) -> None:
    """Only the items of this part are on sheet and paper."""
    rows = page.locator("#sheet .sheet-row")
    expect(rows).to_have_count(4)
    assert rows.evaluate_all("(all) => all.map((row) => Number(row.dataset.slot))") == list(range(first, first + 4))
    expect(page.locator(f"article#q{first}")).to_be_visible()
    expect(page.locator(f"article#q{9 - first}")).to_have_count(0)
    expect(page.locator("#subject")).to_be_hidden()
    expect(page.locator("#total")).to_have_text("4")
    assert (page.locator("#hand-in").inner_text() in {"Hand in", "제출하기", "답안 제출"}) is last


@pytest.mark.parametrize("plan", [TIMED, SHARED], ids=["minutes-of-its-own", "shared-minutes"])
def test_candidate_passes_part_break_and_part(windows, site, plan):
    hall = site.open_hall(plan)
    page = windows.open()
    candidate = CandidateScreen(page, hall.people[0])
    candidate.begin()
    expect_part(page, 1, last=False)
    page.locator("article#q1 .choice").first.click()
    candidate.expect_saved(1)

    candidate.hand_in()  # here: finish the part
    candidate.expect_hold("pause")
    expect(page.locator("#hold [role=timer]")).to_have_text(re.compile(r"^00:0[45]:\d\d$"))
    page.reload()
    candidate.expect_hold("pause")
    page.locator("#hold .btn.primary").click()
    expect_part(page, 5, last=True)
    page.locator("article#q5 .choice").nth(1).click()
    candidate.expect_saved(1)
    page.reload()
    expect_part(page, 5, last=True)
    candidate.hand_in()
    candidate.expect_result()
    turns = [entry for entry in journal(site, hall) if isinstance(entry, (PartLeft, PartEntered))]
    assert [(type(entry), entry.part) for entry in turns] == [(PartLeft, 0), (PartEntered, 1)]


@pytest.mark.slow
def test_part_runs_out_by_itself_and_its_last_minutes_are_announced(windows, site):
    """The first part began a while ago, so that nobody waits for long."""
    page = windows.open()
    device = "the-secret-of-this-browser"
    signed = signer(site.rt.keys, DEVICE).dumps([device, ""])
    page.context.add_cookies([{"name": DEVICE, "value": signed, "url": site.url}])
    with site.earlier(timedelta(seconds=30)) as rt:
        hall = make_hall(rt, Plan(parts=((1, 0), (6, 0))))
        admit(rt, hall)
        start_exam(rt, hall.registration(), device)
    candidate = CandidateScreen(page, hall.people[0])
    candidate.slip_in()
    page.goto("/exam/paper")
    candidate.expect_paper()
    expect_part(page, 1, last=False)
    page.locator("article#q1 .choice").first.click()
    expect(page.locator("#timer")).to_have_class(re.compile("last"))
    expect(page.locator("#news")).to_have_attribute("role", "status")
    expect(page.locator("article#q5")).to_be_visible(timeout=60_000)
    expect_part(page, 5, last=True)
    expect(page.locator("#news")).to_contain_text("2")
    page.locator("article#q5 .choice").first.click()
    candidate.expect_saved(1)
    until(lambda: answered(site, hall) == [1, 5], why="both answers are in the journal")


@pytest.mark.usefixtures("site")
def test_part_without_a_line_goes_on_by_the_course_that_the_server_told(windows):
    page = windows.open()
    page.goto("/")
    steps = page.evaluate(
        """async () => {
          const { placeOf, followed, placeAtStart, turned, mayAt } = await import("/static/exam/parts.js");
          const at = (s) => new Date(s * 1000).toISOString();
          const told = placeOf({
            index: 0, on_break: false, deadline_at: at(600), break_until: null, remaining_s: 600, limit_s: 600,
            ahead: [{ index: 1, begins_at: at(720), deadline_at: at(1020) }],
          });
          const parts = [{ minutes: 10, break_minutes: 2 }, { minutes: 5, break_minutes: 0 }];
          const shared = [{ minutes: null, break_minutes: 2 }, { minutes: null, break_minutes: 0 }];
          const show = ({ index, onBreak, endsAt }) => [index, onBreak, endsAt / 1000];
          const first = placeAtStart(shared, 0, 900);
          const pause = turned(first, shared, 100_000);
          return {
            course: [0, 599, 600, 719, 720, 5000].map((second) => show(followed(told, second * 1000))),
            start: [0, 600, 720].map((second) => show(followed(placeAtStart(parts, 0, 900), second * 1000))),
            longer: show(placeAtStart(parts, 0, 1200)),
            shared: [show(first), show(pause), show(turned(pause, shared, 150_000)), show(followed(pause, 220_000))],
            may: [mayAt(told, parts), mayAt(pause, parts), mayAt({ index: 1, onBreak: false }, parts)],
          };
        }"""
    )
    course = [[0, False, 600], [0, False, 600], [1, True, 720], [1, True, 720], [1, False, 1020], [1, False, 1020]]
    assert steps["course"] == course
    assert steps["start"] == [[0, False, 600], [1, True, 720], [1, False, 1020]]
    assert steps["longer"] == [0, False, 800]
    assert steps["shared"] == [[0, False, 900], [1, True, 220], [1, False, 950], [1, False, 1020]]
    assert steps["may"] == [
        ["answer", "flag", "leave-part", "raise-hand"],
        ["enter-part", "raise-hand"],
        ["answer", "flag", "submit", "raise-hand"],
    ]
