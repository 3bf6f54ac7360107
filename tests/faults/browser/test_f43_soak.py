"""F43: a whole morning in a few minutes: thousands of answers, beats and new streams, and the page's memory stays flat.

What the page does again and again by itself (beats, looks, snapshots, the clock) it does sixty times as often, never
more often than a screen is drawn; answers come as fast as a program clicks, and its connections are cut every round.
"""

from dataclasses import dataclass

import pytest
from playwright.sync_api import CDPSession, expect

from cbt.delivery.core.entries import Answered
from tests.factories_site import Plan
from tests.faults.browser.conftest import Sitter
from tests.faults.kept import journal_of

pytestmark = pytest.mark.slow
FASTER = """
    const again = window.setInterval;
    window.setInterval = (run, ms, ...more) => again(run, ms > 16 ? Math.max(16, ms / 60) : ms, ...more);
"""
CLICK = """async ([from, to]) => {
    const items = [...document.querySelectorAll("article[id^=q]")]
        .map((article) => article.querySelectorAll("input[type=radio]")).filter(({ length }) => length > 1);
    for (let act = from; act < to; act += 1) {
        const inputs = items[act % items.length];
        inputs[Math.floor(act / items.length) % inputs.length].click();
        await new Promise((done) => requestAnimationFrame(() => done()));
    }
    return items.length;
}"""
ROUND = 400
ROUNDS = 8
MOST_GROWTH = 0.10  # from the second round to the last
MIB = 1024 * 1024
PATIENCE_MS = 120_000


@dataclass(frozen=True, slots=True)
class Memory:
    heap: float
    nodes: int
    listeners: int


def memory(cdp: CDPSession) -> Memory:
    for _ in range(3):
        cdp.send("HeapProfiler.collectGarbage")
    counters = cdp.send("Memory.getDOMCounters")
    return Memory(cdp.send("Runtime.getHeapUsage")["usedSize"], counters["nodes"], counters["jsEventListeners"])


def test_f43_four_hours_of_work_leave_the_pages_memory_flat(windows, site, line):
    page = windows.open()
    page.add_init_script(FASTER)
    sitter = Sitter(site, site.open_hall(Plan(blueprint="practitioner-written", minutes=150)), page)
    sitter.screen.begin()
    page.set_default_timeout(120_000)
    cdp = page.context.new_cdp_session(page)
    found, items = [], 0
    for number in range(ROUNDS):
        items = page.evaluate(CLICK, [number * ROUND, (number + 1) * ROUND])
        line.reset_all()
        page.wait_for_timeout(1500)
        expect(page.locator("#saved.saved:not(.warn):not(.muted)")).to_contain_text(f"{items}", timeout=PATIENCE_MS)
        found.append(memory(cdp))
    cdp.detach()
    settled, last = found[1], found[-1]
    assert last.heap < settled.heap * (1 + MOST_GROWTH) + MIB, [round(one.heap / MIB, 2) for one in found]
    assert last.nodes < settled.nodes * (1 + MOST_GROWTH) + 100, found
    assert last.listeners < settled.listeners * (1 + MOST_GROWTH) + 20, found
    journal = journal_of(site.rt, sitter.attempt_id)[1]
    assert sum(isinstance(entry, Answered) for entry in journal) > ROUNDS * ROUND // 2
    checked = page.locator("article[id^=q]:has(input:checked)")
    sitter.chosen = {
        int(slot[1:]): value
        for slot, value in checked.evaluate_all(
            "(all) => all.map((one) => [one.id, one.querySelector('input:checked').value])"
        )
    }
    assert len(sitter.chosen) == items
    sitter.assert_kept()
