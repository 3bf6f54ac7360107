"""The browser alone: without a line, over reloads and power cuts, by the release code, by answer file, and its end."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from cbt.delivery.core.release import show_release_code
from cbt.delivery.services.answer_files import merge_file, upload
from cbt.delivery.services.reading import graded_set_in, room_attempts_in, timeline_in
from cbt.delivery.services.sealing import release_code_in
from cbt.scheduling.services.attendance import check_in_in, open_room_in
from tests.browser.answers import answers_of
from tests.browser.lasting import lasting_browser, wait_until_kept
from tests.browser.screens import CandidateScreen, RoomScreen
from tests.factories_scheduling import SYSTEM
from tests.factories_site import Hall, Plan, Site, until

CUT = "ERR_INTERNET_DISCONNECTED|ERR_FAILED"
REFUSED = r"status of (401|409)"
CANARY = "카나리아canary7f3a"


def graded(site: Site, hall: Hall, place: int = 0):
    registration_id = hall.registration(place)
    with site.rt.reading() as tx:
        attempt = room_attempts_in(tx, [registration_id])[registration_id].attempt
        return attempt, graded_set_in(tx, attempt.id)


def code_of(site: Site, hall: Hall) -> str:
    """What the proctor reads aloud."""
    facts = hall.people[0]
    with site.rt.reading() as tx:
        return show_release_code(release_code_in(tx, site.rt.keys, facts.sitting.id, facts.centre.id))


def let_in(site: Site, hall: Hall) -> None:
    """Everybody is checked in; the room stays closed."""
    now = site.rt.clock.now()
    with site.rt.transaction() as tx:
        for person in hall.people:
            check_in_in(tx, now, person.registration.id, by=SYSTEM)


def databases(page: Page) -> list[str]:
    return page.evaluate("indexedDB.databases().then((all) => all.map(({ name }) => name))")


def ready_to_start(page: Page) -> None:
    expect(page.locator("#ready[data-ready=here]")).to_be_visible()


def chosen(candidate: CandidateScreen, slot: int, value: str) -> None:
    candidate.go(slot)
    expect(candidate.item(slot).locator(f"input[value='{value}']")).to_be_checked()


def test_a_page_reloaded_without_a_line_goes_on_where_it_stood(windows, site):
    windows.expect_error(CUT)
    sitting = site.open_hall(Plan())
    candidate = CandidateScreen(windows.open(), sitting.people[0])
    candidate.begin()
    answers = answers_of(site.rt, sitting.registration())
    candidate.choose(1, answers.one(1))
    candidate.expect_saved(1)
    page = candidate.page
    page.context.set_offline(True)
    candidate.choose(2, answers.one(2))
    candidate.choose(6, answers.one(6))
    candidate.item(6).locator(".flag").click()
    wait_until_kept(candidate, 6)
    page.reload()
    candidate.expect_paper()
    expect(candidate.row(6)).to_have_class(re.compile("current"))
    expect(candidate.row(6).locator(".flag")).to_have_attribute("aria-pressed", "true")
    for slot in (1, 2, 6):
        chosen(candidate, slot, answers.one(slot))
    candidate.choose(7, answers.one(7))
    expect(page.locator("#banner .counts .warn")).to_have_text("3")
    left = page.locator("#timer time").inner_text()
    assert "00:29:00" < left < "00:30:00"
    page.context.set_offline(False)
    candidate.expect_saved(4)
    assert sorted(graded(site, sitting)[1]) == [1, 2, 6, 7]


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
    sitting = site.open_hall(Plan(blueprint="practitioner-written", minutes=150))
    with lasting_browser(playwright, chromium, tmp_path / "profile", site.url) as browser:
        candidate = CandidateScreen(browser.start(), sitting.people[0])
        candidate.begin()
        answers = answers_of(site.rt, sitting.registration())
        for name, value in (("scale", scale), ("layout", layout)):
            candidate.page.locator(f"label:has(input[name={name}][value='{value}'])").click()
        candidate.choose(3, answers.one(3))
        candidate.page.context.set_offline(cut)
        candidate.choose(47, answers.one(47))
        candidate.item(47).locator(".flag").click()
        wait_until_kept(candidate, 47)
        candidate.page.wait_for_timeout(600)  # the place is written a moment later than an answer
        browser.kill()

        candidate = CandidateScreen(browser.start(), sitting.people[0])
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
            chosen(candidate, slot, answers.one(slot))
        page.context.set_offline(False)
        candidate.expect_saved(2)
    assert sorted(graded(site, sitting)[1]) == [3, 47]


def test_the_release_code_starts_the_exam_without_a_line_and_the_server_hears_of_it_later(windows, site):
    windows.expect_error(CUT)
    windows.expect_error(REFUSED)
    sitting = site.hall(Plan())
    let_in(site, sitting)
    candidate = CandidateScreen(windows.open(), sitting.people[0])
    candidate.slip_in()
    page = candidate.page
    page.goto("/exam/wait")
    ready_to_start(page)
    page.context.set_offline(True)
    field = page.locator("#release-code")
    expect(field).to_be_visible()
    code = code_of(site, sitting)
    field.fill(code[:-1] + ("0" if code[-1] != "0" else "1"))
    page.locator("[data-release] button").click()
    expect(page.locator("#release-error")).not_to_be_empty()
    field.fill(code.lower().replace("-", " "))
    page.locator("[data-release] button").click()
    candidate.expect_paper()
    answers = answers_of(site.rt, sitting.registration())
    candidate.choose(1, answers.one(1))
    candidate.choose(2, answers.one(2))
    wait_until_kept(candidate, 2)
    page.reload()
    candidate.expect_paper()
    chosen(candidate, 2, answers.one(2))

    with site.rt.transaction() as tx:
        open_room_in(tx, site.rt.clock.now(), sitting.room_id, by=SYSTEM)
    page.context.set_offline(False)
    candidate.expect_saved(2)
    attempt, given = graded(site, sitting)
    assert (attempt.state.value, sorted(given)) == ("running", [1, 2])
    candidate.hand_in()
    candidate.expect_result()


def test_a_page_loaded_without_a_line_before_the_start_asks_for_the_code(windows, site):
    windows.expect_error(CUT)
    sitting = site.hall(Plan())
    let_in(site, sitting)
    candidate = CandidateScreen(windows.open(), sitting.people[0])
    candidate.slip_in()
    page = candidate.page
    page.goto("/exam/wait")
    ready_to_start(page)
    page.context.set_offline(True)
    page.goto("/")
    page.wait_for_url("**/exam/paper")
    page.locator("#release-code").fill(code_of(site, sitting))
    page.locator("[data-release] button").click()
    candidate.expect_paper()


@pytest.mark.slow
def test_a_code_of_another_sitting_opens_nothing(windows, site):
    windows.expect_error(CUT)
    sitting, other = site.hall(Plan()), site.hall(Plan())
    let_in(site, sitting)
    candidate = CandidateScreen(windows.open(), sitting.people[0])
    candidate.slip_in()
    page = candidate.page
    page.goto("/exam/wait")
    ready_to_start(page)
    page.context.set_offline(True)
    page.locator("#release-code").fill(code_of(site, other))
    page.locator("[data-release] button").click()
    expect(page.locator("#release-error")).not_to_be_empty()
    assert page.url.endswith("/exam/wait")


def test_a_sealed_paper_that_was_tampered_with_is_refused(windows, site):
    windows.expect_error(CUT)
    windows.expect_error("does not open")
    sitting = site.open_hall(Plan())
    candidate = CandidateScreen(windows.open(), sitting.people[0])
    candidate.begin()
    page = candidate.page
    page.evaluate("""async () => {
        const { Store } = await import("/static/exam/store.js");
        const store = await Store.open();
        const [key] = await store.keys("papers");
        const paper = new Uint8Array(await store.get("papers", key));
        paper[40] ^= 1;
        await store.write([{ table: "papers", key, value: paper.buffer }]);
    }""")
    page.context.set_offline(True)
    page.reload()
    expect(page.locator("#hold:not([hidden])")).to_be_visible()
    page.wait_for_timeout(1500)
    expect(page.locator("#exam-main")).to_be_hidden()
    page.context.set_offline(False)
    candidate.expect_paper()  # fetched anew


@pytest.mark.parametrize(
    "fault", ["signature", pytest.param("head", marks=pytest.mark.slow), pytest.param("lease", marks=pytest.mark.slow)]
)
def test_a_receipt_that_is_not_the_servers_is_not_accepted(windows, site, fault):
    sitting = site.open_hall(Plan())
    candidate = CandidateScreen(windows.open(), sitting.people[0])
    candidate.begin()
    answers = answers_of(site.rt, sitting.registration())
    forged = {"signature": "A" * 86, "head": "0" * 64, "lease": 2}[fault]
    forging = [True]

    def answer(route) -> None:
        response = route.fetch()
        document = response.json()
        if forging[0]:
            document["receipt"][fault] = forged
        route.fulfill(response=response, json=document)

    candidate.page.route("**/delivery/entries", answer)
    candidate.choose(1, answers.one(1))
    expect(candidate.row(1).locator(".mark[data-state=sending]")).to_be_visible()
    candidate.page.wait_for_timeout(1200)
    expect(candidate.row(1).locator(".mark[data-state=sending]")).to_be_visible()
    forging[0] = False
    candidate.expect_saved(1)


def test_after_the_ending_nothing_of_the_exam_is_left_on_the_computer(site, playwright, chromium, tmp_path):
    """The answers are never on the disk in the clear, and at the end not even their cipher."""
    sitting = site.open_hall(Plan(blueprint="showcase", rule="overall:60"))
    with lasting_browser(playwright, chromium, tmp_path / "profile", site.url) as browser:
        candidate = CandidateScreen(browser.start(), sitting.people[0])
        candidate.begin()
        answers = answers_of(site.rt, sitting.registration())
        slot, response = next(
            (slot, name)
            for slot, offered in answers.offered.items()
            for name, choices in offered.items()
            if not choices and answers.right[slot].get(name) and len(offered) == 1
        )
        candidate.write(slot, CANARY, response=response)
        candidate.expect_saved(1)
        wait_until_kept(candidate, slot)
        browser.kill()
        assert browser.found_in_profile(CANARY.encode()) == []

        candidate = CandidateScreen(browser.start(), sitting.people[0])
        candidate.page.goto("/exam/paper")
        candidate.expect_paper()
        expect(candidate.item(slot).locator(f"[data-response='{response}']").first).to_have_value(CANARY)
        candidate.hand_in()
        candidate.expect_hold("done")  # the sign-in may not have outlived the kill
        until(lambda: databases(candidate.page) == [], why="the database is gone")
        browser.close()
        assert browser.found_in_profile(CANARY.encode()) == []


def test_a_hand_in_without_a_line_waits_and_its_answer_file_is_merged(windows, site, tmp_path):
    windows.expect_error(CUT)
    sitting = site.open_hall(Plan())
    candidate = CandidateScreen(windows.open(), sitting.people[0])
    candidate.begin()
    answers = answers_of(site.rt, sitting.registration())
    candidate.choose(1, answers.one(1))
    candidate.expect_saved(1)
    page = candidate.page
    page.context.set_offline(True)
    candidate.choose(2, answers.one(2))
    candidate.hand_in()
    candidate.expect_hold("queue")
    save = page.locator("[data-save-file]")
    expect(save).to_be_visible()
    with page.expect_download() as downloading:
        save.click()
    saved = Path(tmp_path / downloading.value.suggested_filename)
    downloading.value.save_as(saved)
    facts = sitting.people[0]
    assert saved.name == f"{facts.candidate.number}-{facts.seat_number}.cbtanswers"
    assert json.loads(saved.read_text())["format"] == "cbt-answers/1"
    taken = upload(site.rt, saved.name, saved.read_bytes(), by=SYSTEM)
    merge_file(site.rt, taken.stored.id, by=SYSTEM)
    attempt, given = graded(site, sitting)
    assert (attempt.state.value, sorted(given)) == ("submitted", [1, 2])

    page.context.set_offline(False)
    candidate.expect_result()
    until(lambda: databases(page) == [], why="the database is gone")


def test_a_dead_computers_profile_gives_its_answers_without_a_line_or_a_sign_in(site, playwright, chromium, tmp_path):
    sitting = site.open_hall(Plan())
    with lasting_browser(playwright, chromium, tmp_path / "profile", site.url) as browser:
        candidate = CandidateScreen(browser.start(), sitting.people[0])
        candidate.begin()
        answers = answers_of(site.rt, sitting.registration())
        candidate.page.context.set_offline(True)
        candidate.choose(4, answers.one(4))
        wait_until_kept(candidate, 4)
        browser.kill()

        page = browser.start()
        page.context.clear_cookies()
        page.context.set_offline(True)
        page.goto("/exam/recover")
        expect(page.locator("[data-attempt] [data-waiting='1']")).to_be_visible()
        assert answers.one(4) not in page.content()
        with page.expect_download() as downloading:
            page.locator("[data-save-file]").click()
        saved = tmp_path / "file.cbtanswers"
        downloading.value.save_as(saved)
    taken = upload(site.rt, "file.cbtanswers", saved.read_bytes(), by=SYSTEM)
    merge_file(site.rt, taken.stored.id, by=SYSTEM)
    assert sorted(graded(site, sitting)[1]) == [4]


def test_what_the_old_computer_still_held_arrives_under_its_older_lease(windows, site):
    windows.expect_error(CUT)
    windows.expect_error(REFUSED)
    sitting = site.open_hall(Plan())
    room = RoomScreen(windows.open(staff="proctor"), sitting)
    room.enter()
    old = CandidateScreen(windows.open(), sitting.people[0])
    old.begin()
    answers = answers_of(site.rt, sitting.registration())
    old.choose(1, answers.one(1))
    old.expect_saved(1)
    old.page.context.set_offline(True)
    old.choose(1, answers.wrong(1))
    old.choose(2, answers.one(2))

    new = CandidateScreen(windows.open(), sitting.people[0])
    new.slip_in()
    new.page.goto("/exam/wait")
    expect(new.page.locator("#wait[data-state=seat-taken]")).to_be_visible()
    room.expect_state("is-hand")
    room.drawer_order("grant-seat", 0, reason="컴퓨터 교체")
    new.expect_paper()
    chosen(new, 1, answers.one(1))
    new.choose(3, answers.one(3))

    old.page.context.set_offline(False)
    old.expect_hold("swap")
    expect(old.page.locator("#exam-main")).to_be_hidden()
    until(lambda: databases(old.page) == [], why="the old computer keeps nothing any more")
    attempt, given = graded(site, sitting)
    assert attempt.lease == 2
    assert sorted(given) == [1, 2, 3]


def test_a_browser_that_keeps_nothing_works_online_and_says_so(windows, site):
    windows.expect_error(CUT)
    sitting = site.open_hall(Plan())
    page = windows.open()
    page.add_init_script("""
        const refuse = () => { throw new DOMException("no storage here", "SecurityError"); };
        Object.defineProperty(window, "indexedDB", { value: { open: refuse, databases: async () => [] } });
    """)
    candidate = CandidateScreen(page, sitting.people[0])
    candidate.begin()
    answers = answers_of(site.rt, sitting.registration())
    candidate.choose(1, answers.one(1))
    candidate.expect_saved(1)
    expect(page.locator("#saved small")).to_contain_text("보관되지 않음")
    page.reload()
    candidate.expect_paper()
    chosen(candidate, 1, answers.one(1))
    page.context.set_offline(True)
    candidate.choose(2, answers.one(2))
    expect(page.locator("#banner")).to_contain_text("이 창을 닫지 마세요")
    page.context.set_offline(False)
    candidate.expect_saved(2)


def test_a_sign_in_that_is_gone_costs_nothing(windows, site):
    windows.expect_error(REFUSED)
    sitting = site.open_hall(Plan())
    candidate = CandidateScreen(windows.open(), sitting.people[0])
    candidate.begin()
    answers = answers_of(site.rt, sitting.registration())
    candidate.choose(1, answers.one(1))
    candidate.page.context.clear_cookies()
    candidate.choose(2, answers.one(2))
    candidate.expect_saved(2)
    candidate.page.reload()
    candidate.expect_paper()
    candidate.choose(3, answers.one(3))
    candidate.expect_saved(3)
    candidate.slip_in()  # as a new browser in the server's eyes
    candidate.page.goto("/exam/wait")
    candidate.expect_paper()
    candidate.choose(4, answers.one(4))
    candidate.expect_saved(4)
    assert graded(site, sitting)[0].lease == 1


@pytest.mark.slow
def test_the_code_of_the_hand_in_is_the_one_of_the_result(windows, site):
    sitting = site.open_hall(Plan())
    candidate = CandidateScreen(windows.open(), sitting.people[0])
    candidate.begin()
    candidate.hand_in()
    code = candidate.page.locator("[data-receipt-code]").get_attribute("data-receipt-code")
    candidate.expect_result()
    expect(candidate.page.locator("main")).to_contain_text(str(code))


def test_what_a_computer_held_when_the_exam_ended_without_it_is_sent_when_it_is_back(windows, site):
    windows.expect_error(CUT)
    sitting = site.open_hall(Plan())
    room = RoomScreen(windows.open(staff="proctor"), sitting)
    room.enter()
    candidate = CandidateScreen(windows.open(), sitting.people[0])
    candidate.begin()
    answers = answers_of(site.rt, sitting.registration())
    candidate.choose(1, answers.one(1))
    candidate.expect_saved(1)
    context = candidate.page.context
    context.set_offline(True)
    candidate.choose(2, answers.one(2))
    wait_until_kept(candidate, 2)
    candidate.page.close()
    room.order("end", 0, reason="정전")
    until(lambda: graded(site, sitting)[0].has_ended, why="the exam has ended")
    context.set_offline(False)
    page = context.new_page()
    page.goto("/")
    until(lambda: databases(page) == [], why="everything is on the server, nothing here")
    with site.rt.reading() as tx:
        attempt_id = room_attempts_in(tx, [sitting.registration()])[sitting.registration()].attempt.id
        kinds = [one["kind"] for one in timeline_in(tx, attempt_id)]
    assert kinds.count("answered") + kinds.count("recovered") + kinds.count("refused") == 2
