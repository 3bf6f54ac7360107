"""The exam screen: by keyboard alone, over a pause, a change of seats, a cut line and the end of the time."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from cbt.delivery.web.session import DEVICE, signer
from cbt.kernel.titles import Title
from tests.browser.answers import answers_of, graded
from tests.browser.beginning import began
from tests.browser.conftest import CUT, REFUSED
from tests.browser.screens import CandidateScreen, RoomScreen, tab_to
from tests.factories_exam import start_exam
from tests.factories_site import Plan, admit, make_hall

SHOWCASE = Plan(blueprint="showcase", title=Title(ko="문항 유형 견본", en="Item types"), rule="overall:60")


def test_the_keyboard_alone_sits_a_short_exam_to_its_end(windows, site):
    sitting = site.open_hall(Plan())
    page = windows.open()
    candidate = CandidateScreen(page, sitting.people[0])
    keyboard = page.keyboard
    page.goto("/")
    expect(page.locator("[name=number]")).to_be_focused()
    keyboard.type(sitting.people[0].candidate.number)
    keyboard.press("Tab")
    keyboard.type(f"{sitting.people[0].candidate.birth_on:%Y%m%d}")
    keyboard.press("Enter")
    for leads_to in ("/exam/identity", "/exam/notice"):
        page.wait_for_url(f"**{leads_to}")
        tab_to(page, "main .btn.primary")
        keyboard.press("Enter")
    candidate.expect_paper()

    tab_to(page, "article#q1 .choices input")
    for slot in range(1, 9):
        if slot == 5:  # the second subject begins on a page of its own
            keyboard.press("PageDown")
        expect(page.locator(f"article#q{slot} input").first).to_be_visible()
        tab_to(page, f"article#q{slot} .choices input")
        keyboard.press("Digit3" if slot % 2 else "Digit2")
    candidate.expect_saved(8)
    keyboard.press("Delete")
    candidate.expect_saved(7)
    tab_to(page, "article#q8 .flag", back=True)
    keyboard.press("Space")
    expect(page.locator("article#q8 .flag")).to_have_attribute("aria-pressed", "true")

    tab_to(page, "#hand-in")
    keyboard.press("Enter")
    tab_to(page, "dialog[open] .btn.primary")
    keyboard.press("Enter")
    expect(page.locator("dialog[role=alertdialog]")).to_be_visible()
    tab_to(page, "dialog[open] .btn.primary")
    keyboard.press("Enter")
    candidate.expect_result()
    attempt, answers = graded(site, sitting)
    assert len([slot for slot, given in answers.items() if given["RESPONSE"]]) == 7
    assert attempt.flagged == {8}


def test_another_browser_waits_until_the_seat_is_granted_and_the_old_page_becomes_read_only(windows, site):
    windows.expect_error(REFUSED)
    old = began(windows, site)
    room = RoomScreen(windows.open(staff="proctor"), old.hall)
    room.enter()
    old.save(1)

    new = CandidateScreen(windows.open(), old.hall.people[0])
    new.slip_in()
    new.page.goto("/exam/wait")
    expect(new.page.locator("#wait[data-state=seat-taken] [data-when=seat-taken]")).to_be_visible()
    room.expect_state("is-hand")
    room.drawer_order("grant-seat", 0, reason="컴퓨터 교체")
    old.candidate.expect_hold("swap")
    new.expect_paper()
    expect(new.item(1).locator(f"input[value='{old.answers.one(1)}']")).to_be_checked()
    new.choose(2, old.answers.one(2))
    new.expect_saved(2)
    expect(old.page.locator("#exam-main")).to_be_hidden()


def test_the_candidate_sees_pause_resume_more_time_and_the_end(windows, site):
    one = began(windows, site, Plan(minutes=20))
    candidate = one.candidate
    room = RoomScreen(windows.open(staff="proctor"), one.hall)
    room.enter()
    one.choose(1)
    candidate.page.locator("#help").click()
    candidate.dialog().locator("textarea").fill("화면이 어둡습니다")
    candidate.dialog().locator(".btn.primary").click()
    room.expect_state("is-hand")
    expect(room.page.locator("[data-room=alerts]")).to_contain_text("화면이 어둡습니다")
    room.drawer_order("lower-hand", 0)
    room.expect_state("is-work")

    room.order("pause", 0, reason="응급 상황")
    candidate.expect_hold("pause")
    expect(candidate.page.locator("#exam-main")).to_be_hidden()
    room.expect_state("is-pause")
    room.order("resume", 0)
    expect(candidate.page.locator("#exam-main")).to_be_visible()
    one.choose(2)

    limit = candidate.page.locator("#timer > span").nth(1)
    expect(limit).to_contain_text("20")
    room.order("extend", 0, minutes=7, reason="컴퓨터 고장")
    expect(limit).to_contain_text("27")

    room.order("end", 0, reason="휴대전화 소지")
    candidate.expect_hold("stop")
    room.expect_state("is-void")
    attempt, given = graded(site, one.hall)
    assert (attempt.state.value, sorted(given)) == ("terminated", [1, 2])


@pytest.mark.slow
def test_time_that_runs_out_ends_the_exam_and_grades_it(windows, site):
    """The exam of one minute began a while ago, so that nobody waits for long."""
    page = windows.open()
    device = "the-secret-of-this-browser"
    signed = signer(site.rt.keys, DEVICE).dumps([device, ""])
    page.context.add_cookies([{"name": DEVICE, "value": signed, "url": site.url}])
    with site.earlier(timedelta(seconds=40)) as rt:
        sitting = make_hall(rt, Plan(minutes=1, grace=timedelta(seconds=1)))
        admit(rt, sitting)
        start_exam(rt, sitting.registration(), device)
    candidate = CandidateScreen(page, sitting.people[0])
    candidate.slip_in()
    page.goto("/exam/paper")
    candidate.expect_paper()
    answers = answers_of(site.rt, sitting.registration())
    candidate.choose(1, answers.one(1))
    expect(candidate.page.locator("#timer")).to_have_class(re.compile("last"))
    candidate.expect_hold("clock")
    candidate.expect_result()
    expect(candidate.page.locator(".scores tbody tr .strong")).to_have_text(["25.0", "0.0"])
    attempt, _given = graded(site, sitting)
    assert attempt.state.value == "expired"


@pytest.mark.slow
def test_text_size_layout_and_colours_keep_the_current_item(windows, site):
    candidate = began(windows, site, Plan(blueprint="practitioner-written", minutes=150)).candidate
    page = candidate.page
    candidate.go(47)
    for name, value in (("scale", "200"), ("layout", "single"), ("theme", "dark"), ("layout", "1"), ("scale", "150")):
        page.locator(f"label:has(input[name={name}][value='{value}'])").click()
        expect(page.locator("html")).to_have_attribute(f"data-{name}", value)
        expect(candidate.item(47)).to_be_in_viewport()
        expect(candidate.row(47)).to_have_class(re.compile("current"))
    page.reload()
    candidate.expect_paper()
    expect(page.locator("html[data-scale='150'][data-layout='1'][data-theme=dark]")).to_have_count(1)


def test_a_cut_line_is_told_calmly_and_everything_is_sent_later(windows, site):
    windows.expect_error(CUT)
    one = began(windows, site)
    candidate = one.candidate
    one.save(1)
    one.cut()
    one.choose(2, 3, 4)
    banner = candidate.page.locator("#banner")
    expect(banner).to_be_visible()
    expect(banner.locator(".counts .warn")).to_have_text("3")
    expect(candidate.page.locator("#saved")).to_have_class("saved warn")
    assert sorted(graded(site, one.hall)[1]) == [1]
    one.mend()
    expect(banner).to_be_hidden()
    candidate.expect_saved(4)
    assert sorted(graded(site, one.hall)[1]) == [1, 2, 3, 4]


@pytest.mark.slow
def test_several_choices_texts_and_numbers_are_answered_and_scored(windows, site):
    one = began(windows, site, SHOWCASE)
    candidate, answers = one.candidate, one.answers
    for slot, right in answers.right.items():
        candidate.go(slot)
        for response, values in right.items():
            for value in values:
                if answers.offered[slot][response]:
                    candidate.choose(slot, value)
                else:
                    candidate.write(slot, value, response=response)
    candidate.expect_saved(len(answers.right))
    candidate.page.reload()
    candidate.expect_paper()
    candidate.hand_in()
    candidate.expect_result()
    expect(candidate.page.locator(".scores tfoot .sum")).to_have_text("100.0")
