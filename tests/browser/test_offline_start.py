"""The start without a line: by the release code that the proctor reads aloud, from the sealed paper that is here."""

import pytest
from playwright.sync_api import expect

from cbt.scheduling.services.attendance import open_room_in
from tests.browser.answers import answers_of, graded
from tests.browser.beginning import began, code_of, seated_and_ready, type_code
from tests.browser.conftest import CUT, REFUSED
from tests.browser.lasting import wait_until_kept
from tests.factories_scheduling import SYSTEM
from tests.factories_site import Plan


def test_the_release_code_starts_the_exam_without_a_line_and_the_server_hears_of_it_later(windows, site):
    windows.expect_error(CUT)
    windows.expect_error(REFUSED)
    hall, candidate = seated_and_ready(windows, site)
    page = candidate.page
    expect(page.locator("#release-code")).to_be_visible()
    code = code_of(site, hall)
    type_code(page, code[:-1] + ("0" if code[-1] != "0" else "1"))
    expect(page.locator("#release-error")).not_to_be_empty()
    type_code(page, code.lower().replace("-", " "))
    candidate.expect_paper()
    answers = answers_of(site.rt, hall.registration())
    candidate.choose(1, answers.one(1))
    candidate.choose(2, answers.one(2))
    wait_until_kept(candidate, 2)
    page.reload()
    candidate.expect_paper()
    candidate.expect_chosen(2, answers.one(2))

    with site.rt.transaction() as tx:
        open_room_in(tx, site.rt.clock.now(), hall.room_id, by=SYSTEM)
    page.context.set_offline(False)
    candidate.expect_saved(2)
    attempt, given = graded(site, hall)
    assert (attempt.state.value, sorted(given)) == ("running", [1, 2])
    candidate.hand_in()
    candidate.expect_result()


def test_a_page_loaded_without_a_line_before_the_start_asks_for_the_code(windows, site):
    windows.expect_error(CUT)
    hall, candidate = seated_and_ready(windows, site)
    page = candidate.page
    page.goto("/")
    page.wait_for_url("**/exam/paper")
    type_code(page, code_of(site, hall))
    candidate.expect_paper()


@pytest.mark.slow
def test_a_code_of_another_sitting_opens_nothing(windows, site):
    windows.expect_error(CUT)
    other = site.hall(Plan())
    _hall, candidate = seated_and_ready(windows, site)
    page = candidate.page
    type_code(page, code_of(site, other))
    expect(page.locator("#release-error")).not_to_be_empty()
    assert page.url.endswith("/exam/wait")


def test_a_sealed_paper_that_was_tampered_with_is_refused(windows, site):
    windows.expect_error(CUT)
    windows.expect_error("does not open")
    one = began(windows, site)
    page = one.page
    page.evaluate("""async () => {
        const { Store } = await import("/static/exam/store.js");
        const store = await Store.open();
        const [key] = await store.keys("papers");
        const paper = new Uint8Array(await store.get("papers", key));
        paper[40] ^= 1;
        await store.write([{ table: "papers", key, value: paper.buffer }]);
    }""")
    one.cut()
    with page.expect_console_message(lambda message: "does not open" in message.text):
        page.reload()
    expect(page.locator("#hold:not([hidden])")).to_be_visible()
    expect(page.locator("#exam-main")).to_be_hidden()
    one.mend()
    one.candidate.expect_paper()  # fetched anew
