"""F1, F2: the cable is out, for a moment or to the end; the line is slow. Work goes on, and everything arrives once."""

import time

import pytest
from playwright.sync_api import expect

from cbt.delivery.core.entries import Answered
from cbt.delivery.core.timing import deadline_at
from tests.faults.kept import journal_of
from tests.faults.toxics import Bandwidth, Latency, ResetPeer, Way

SLOW = (Latency(delay_s=1.0, jitter_s=0.2), Bandwidth(bytes_per_s=7000))  # 2 s there and back, 56 kbit/s


def waiting(sitter, count: int) -> None:
    expect(sitter.page.locator("#banner .counts .warn")).to_have_text(str(count))


def answered(sitter) -> list[int]:
    return [entry.slot for entry in journal_of(sitter.site.rt, sitter.attempt_id)[1] if isinstance(entry, Answered)]


@pytest.mark.parametrize("outage_s", [0, pytest.param(20, marks=pytest.mark.slow)])
def test_f01_a_cable_that_is_out_for_a_while_costs_nothing(sitter, line, outage_s):
    sitter.choose(1)
    sitter.expect_saved()
    before = deadline_at(journal_of(sitter.site.rt, sitter.attempt_id)[0])
    line.down()
    sitter.choose(2, 3, 5)
    sitter.choose(3, right=False)
    waiting(sitter, 3)
    sitter.page.wait_for_timeout(outage_s * 1000)
    line.up()
    sitter.expect_saved()
    assert deadline_at(journal_of(sitter.site.rt, sitter.attempt_id)[0]) == before  # no time back without a proctor
    assert len(answered(sitter)) == 5
    sitter.assert_kept()


@pytest.mark.slow
def test_f01_a_cable_that_stays_out_to_the_end_leaves_a_hand_in_that_waits(sitter, line):
    sitter.choose(1, 2)
    sitter.expect_saved()
    line.down()
    sitter.choose(4, 7)
    sitter.screen.hand_in()
    sitter.screen.expect_hold("queue")
    expect(sitter.page.locator("[data-save-file]")).to_be_visible()
    line.up()
    sitter.screen.expect_result()
    sitter.assert_kept(graded=True)


@pytest.mark.slow
def test_f02_a_slow_line_shows_items_at_once_and_stores_every_answer_once(sitter, line):
    times = []
    with line.having(*SLOW):
        for slot in range(1, 9):
            began = time.monotonic()
            sitter.choose(slot)
            times.append(time.monotonic() - began)
        assert max(times) < 5.0, times  # a way to the server and back alone takes two seconds
        assert sorted(times)[4] < 1.5, times
        sitter.expect_saved()
    assert sorted(answered(sitter)) == list(range(1, 9))
    sitter.assert_kept()


@pytest.mark.slow
def test_f02_a_line_that_loses_every_third_answer_stores_every_entry_once(sitter, line):
    for slot in range(1, 9):
        if slot % 3 == 0:
            line.add(ResetPeer(only=Way.DOWN, times=1))
        sitter.choose(slot)
        sitter.page.wait_for_timeout(100)
    sitter.expect_saved()
    line.clear()
    assert sorted(answered(sitter)) == list(range(1, 9))
    sitter.assert_kept()
