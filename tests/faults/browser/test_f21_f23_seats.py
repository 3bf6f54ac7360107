"""F21, F22, F23, F45: power cut, another PC, two at once, a session that is gone: one seat, and every answer."""

import time

import pytest
from playwright.sync_api import expect

from tests.browser.lasting import lasting_browser, wait_until_kept
from tests.browser.screens import RoomScreen
from tests.factories_site import Plan
from tests.faults.browser.conftest import Sitter
from tests.faults.kept import journal_of

READ_ONLY_S = 5.0  # a second of its stream, and what a busy machine adds


@pytest.mark.slow
def test_f21_a_power_cut_resumes_on_the_same_pc(site, line, playwright, chromium, tmp_path):
    with lasting_browser(playwright, chromium, tmp_path / "profile", line.url) as browser:
        sitter = Sitter(site, site.open_hall(Plan()), browser.start())
        sitter.screen.begin()
        sitter.choose(1, 2)
        sitter.expect_saved()
        line.down()  # the room's switch goes first
        sitter.choose(3, 4)
        wait_until_kept(sitter.screen, 4)
        sitter.page.wait_for_timeout(600)
        browser.kill()
        line.up()
        again = Sitter(site, sitter.hall, browser.start())
        again.page.goto("/exam/paper")
        again.screen.expect_paper()
        again.chosen = dict(sitter.chosen)
        again.expect_saved()
        again.choose(5)
        again.expect_saved()
        again.assert_kept()
        assert journal_of(site.rt, again.attempt_id)[0].lease == 1


def test_f22_after_a_move_the_old_pc_is_read_only_within_a_moment_of_its_stream(windows, site):
    hall = site.open_hall(Plan())
    room = RoomScreen(windows.open(staff="proctor"), hall)
    room.enter()
    old, new = Sitter(site, hall, windows.open()), Sitter(site, hall, windows.open())
    old.screen.begin()
    old.choose(1, 2)
    old.expect_saved()
    new.screen.slip_in()
    new.page.goto("/exam/wait")
    expect(new.page.locator("#wait[data-state=seat-taken]")).to_be_visible()
    room.expect_state("is-hand")
    room.drawer_order("grant-seat", 0, reason="PC 교체")
    began = time.monotonic()
    old.screen.expect_hold("swap")
    assert time.monotonic() - began < READ_ONLY_S
    expect(old.page.locator("#exam-main")).to_be_hidden()
    new.screen.expect_paper()
    new.chosen = dict(old.chosen)
    new.choose(2, right=False)
    new.choose(3)
    new.expect_saved()
    new.assert_kept()
    assert journal_of(site.rt, new.attempt_id)[0].lease == 2


@pytest.mark.slow
def test_f23_of_two_pcs_that_begin_at_once_one_has_the_seat(windows, site):
    hall = site.open_hall(Plan())
    room = RoomScreen(windows.open(staff="proctor"), hall)
    room.enter()
    both = [Sitter(site, hall, windows.open()) for _ in range(2)]
    for one in both:
        one.screen.slip_in()
    for one in both:
        one.page.goto("/exam/wait", wait_until="commit")
    taken = "#wait[data-state=seat-taken]"
    for one in both:
        one.page.wait_for_function(
            "(taken) => document.querySelector(taken) || document.querySelector('#exam-main:not([hidden])')", arg=taken
        )
    losers = [one for one in both if one.page.locator(taken).count()]
    assert len(losers) == 1
    [winner] = [one for one in both if one not in losers]
    room.expect_state("is-hand")  # the proctor sees that another one asks
    winner.choose(1, 2)
    winner.expect_saved()
    losers[0].page.reload()
    expect(losers[0].page.locator(taken)).to_be_visible()
    winner.assert_kept()
    assert journal_of(site.rt, winner.attempt_id)[0].lease == 1


def test_f23_a_second_tab_waits_until_the_first_is_closed(site, sitter):
    sitter.choose(1)
    sitter.expect_saved()
    second = Sitter(site, sitter.hall, sitter.page.context.new_page())
    second.page.goto("/exam/paper")
    expect(second.page.locator("#hold:not([hidden])")).to_be_visible()
    expect(second.page.locator("#exam-main")).to_be_hidden()
    sitter.choose(2)
    sitter.expect_saved()
    sitter.page.close()
    second.screen.expect_paper()
    second.chosen = dict(sitter.chosen)
    second.choose(3)
    second.expect_saved()
    second.assert_kept()


@pytest.mark.slow
def test_f45_a_session_that_is_gone_in_mid_exam_costs_no_answer(site, sitter, line):
    sitter.choose(1)
    sitter.expect_saved()
    sitter.page.context.clear_cookies()
    sitter.choose(2)
    line.reset_all()  # stream and connections are made anew, without a session
    sitter.choose(3)
    sitter.expect_saved()
    sitter.page.reload()
    sitter.screen.expect_paper()
    sitter.choose(4)
    sitter.expect_saved()
    sitter.screen.slip_in()  # signed in again
    sitter.page.goto("/exam/wait")
    sitter.screen.expect_paper()
    sitter.choose(5)
    sitter.expect_saved()
    sitter.assert_kept()
    assert journal_of(site.rt, sitter.attempt_id)[0].lease == 1
