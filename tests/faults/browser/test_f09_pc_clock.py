"""F9: the PC's clock is wrong by an hour, or jumps in the middle: the time that is shown is the server's.

`Date` is replaced in the page and in its service worker's place; the clock that nobody can set stays as it is.
"""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from cbt.delivery.core.timing import remaining
from tests.factories_site import Plan
from tests.faults.browser.conftest import Sitter
from tests.faults.kept import journal_of

SHIFTED = """
    const Real = Date;
    window.shiftMs = %d;
    window.Date = class extends Real {
        constructor(...given) { super(...(given.length ? given : [Real.now() + window.shiftMs])); }
        static now() { return Real.now() + window.shiftMs; }
    };
"""
HOUR_MS = 3_600_000
# A second is shown whole, and reading screen and server takes a moment.
CLOSE = timedelta(seconds=2.5)


def shown(sitter) -> timedelta:
    hours, minutes, seconds = map(int, sitter.page.locator("#timer time").inner_text().split(":"))
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def off(sitter) -> timedelta:
    left = remaining(journal_of(sitter.site.rt, sitter.attempt_id)[0], sitter.site.rt.clock.now())
    return abs(shown(sitter) - left)


@pytest.mark.parametrize("shift_ms", [HOUR_MS, pytest.param(-HOUR_MS, marks=pytest.mark.slow)])
def test_f09_a_pc_clock_that_is_wrong_shows_the_servers_time(windows, site, line, shift_ms):
    page = windows.open()
    page.add_init_script(SHIFTED % shift_ms)
    sitter = Sitter(site, site.open_hall(Plan()), page)
    sitter.screen.begin()
    assert off(sitter) < CLOSE
    for jump_ms in (-shift_ms, 90_000, 0):  # set in mid-exam, again and again
        page.evaluate("(ms) => { window.shiftMs = ms; }", jump_ms)
        sitter.choose(len(sitter.chosen) + 1)
        sitter.expect_saved()
        assert off(sitter) < CLOSE
    with line.cut():  # and without a line to ask by
        page.evaluate("(ms) => { window.shiftMs = ms; }", 2 * shift_ms)
        sitter.choose(5)
        page.wait_for_timeout(1500)
        assert off(sitter) < CLOSE
    sitter.expect_saved()
    expect(page.locator("#exam-main")).to_be_visible()
    stamps = [entry.at for entry in journal_of(site.rt, sitter.attempt_id)[1]]
    assert stamps[-1] - stamps[0] < timedelta(minutes=5)  # what the PC claims is evidence and nothing more
    sitter.assert_kept()
