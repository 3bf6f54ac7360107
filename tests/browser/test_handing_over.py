"""What a computer gives away at last: a hand-in without a line, answer files, an older lease; then it keeps nothing."""

import json

import pytest
from playwright.sync_api import expect

from cbt.delivery.services.reading import timeline_in
from tests.browser.answers import graded
from tests.browser.beginning import began, began_at
from tests.browser.conftest import CUT, REFUSED
from tests.browser.kept import expect_nothing_kept, merge, save_file
from tests.browser.lasting import lasting_browser, wait_until_kept
from tests.browser.screens import CandidateScreen, RoomScreen
from tests.factories_site import Plan, until

CANARY = "카나리아canary7f3a"
FILE_AFTER_MS = 11_000  # so long a hand-in may be on its way before the page offers an answer file


def test_after_the_ending_nothing_of_the_exam_is_left_on_the_computer(site, playwright, chromium, tmp_path):
    """The answers are never on the disk in the clear, and at the end not even their cipher."""
    hall = site.open_hall(Plan(blueprint="showcase", rule="overall:60"))
    with lasting_browser(playwright, chromium, tmp_path / "profile", site.url) as browser:
        one = began_at(browser.start(), site, hall)
        slot, response = next(
            (slot, name)
            for slot, offered in one.answers.offered.items()
            for name, choices in offered.items()
            if not choices and one.answers.right[slot].get(name) and len(offered) == 1
        )
        one.candidate.write(slot, CANARY, response=response)
        one.candidate.expect_saved(1)
        wait_until_kept(one.candidate, slot)
        browser.kill()
        assert browser.found_in_profile(CANARY.encode()) == []

        candidate = CandidateScreen(browser.start(), hall.people[0])
        candidate.page.goto("/exam/paper")
        candidate.expect_paper()
        expect(candidate.item(slot).locator(f"[data-response='{response}']").first).to_have_value(CANARY)
        candidate.hand_in()
        candidate.expect_hold("done")  # the sign-in may not have outlived the kill
        expect_nothing_kept(candidate.page)
        browser.close()
        assert browser.found_in_profile(CANARY.encode()) == []


def test_a_hand_in_without_a_line_waits_and_its_answer_file_is_merged(windows, site, tmp_path):
    windows.expect_error(CUT)
    one = began(windows, site, own_time=True)
    one.save(1)
    one.cut()
    one.choose(2)
    one.candidate.hand_in()
    one.candidate.expect_hold("queue")
    one.page.clock.fast_forward(FILE_AFTER_MS)
    expect(one.page.locator("[data-save-file]")).to_be_visible()
    saved = save_file(one.page, tmp_path)
    facts = one.hall.people[0]
    assert saved.name == f"{facts.candidate.number}-{facts.seat_number}.cbtanswers"
    assert json.loads(saved.read_text())["format"] == "cbt-answers/1"
    merge(site, saved)
    attempt, given = graded(site, one.hall)
    assert (attempt.state.value, sorted(given)) == ("submitted", [1, 2])

    one.mend()
    expect_nothing_kept(one.page)
    one.candidate.expect_result()


def test_a_dead_computers_profile_gives_its_answers_without_a_line_or_a_sign_in(site, playwright, chromium, tmp_path):
    hall = site.open_hall(Plan())
    with lasting_browser(playwright, chromium, tmp_path / "profile", site.url) as browser:
        one = began_at(browser.start(), site, hall)
        one.cut()
        one.choose(4)
        wait_until_kept(one.candidate, 4)
        browser.kill()

        page = browser.start()
        page.context.clear_cookies()
        page.context.set_offline(True)
        page.goto("/exam/recover")
        expect(page.locator("[data-attempt] [data-waiting='1']")).to_be_visible()
        assert one.answers.one(4) not in page.content()
        saved = save_file(page, tmp_path)
    merge(site, saved)
    assert sorted(graded(site, hall)[1]) == [4]


def test_what_the_old_computer_still_held_arrives_under_its_older_lease(windows, site):
    windows.expect_error(CUT)
    windows.expect_error(REFUSED)
    old = began(windows, site)
    room = RoomScreen(windows.open(staff="proctor"), old.hall)
    room.enter()
    old.save(1)
    old.cut()
    old.candidate.choose(1, old.answers.wrong(1))
    old.choose(2)

    new = CandidateScreen(windows.open(), old.hall.people[0])
    new.slip_in()
    new.page.goto("/exam/wait")
    expect(new.page.locator("#wait[data-state=seat-taken]")).to_be_visible()
    room.expect_state("is-hand")
    room.drawer_order("grant-seat", 0, reason="컴퓨터 교체")
    new.expect_paper()
    new.expect_chosen(1, old.answers.one(1))
    new.choose(3, old.answers.one(3))

    old.mend()
    old.candidate.expect_hold("swap")
    expect(old.page.locator("#exam-main")).to_be_hidden()
    expect_nothing_kept(old.page)
    attempt, given = graded(site, old.hall)
    assert attempt.lease == 2
    assert sorted(given) == [1, 2, 3]


@pytest.mark.slow
def test_the_code_of_the_hand_in_is_the_one_of_the_result(windows, site):
    one = began(windows, site)
    one.candidate.hand_in()
    code = one.page.locator("[data-receipt-code]").get_attribute("data-receipt-code")
    one.candidate.expect_result()
    expect(one.page.locator("main")).to_contain_text(str(code))


def test_what_a_computer_held_when_the_exam_ended_without_it_is_sent_when_it_is_back(windows, site):
    windows.expect_error(CUT)
    one = began(windows, site)
    room = RoomScreen(windows.open(staff="proctor"), one.hall)
    room.enter()
    one.save(1)
    one.cut()
    one.choose(2)
    wait_until_kept(one.candidate, 2)
    one.page.close()
    room.order("end", 0, reason="정전")
    until(lambda: graded(site, one.hall)[0].has_ended, why="the exam has ended")
    one.mend()
    page = one.page.context.new_page()
    page.goto("/")
    expect_nothing_kept(page)
    attempt, _given = graded(site, one.hall)
    with site.rt.reading() as tx:
        kinds = [entry["kind"] for entry in timeline_in(tx, attempt.id)]
    assert kinds.count("answered") + kinds.count("recovered") + kinds.count("refused") == 2
