"""Breaks between parts that are passed in one direction: their time, their end, and how parts are called."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.beginning import began
from tests.browser.modules import run
from tests.factories_site import Plan

SHARED = Plan(parts=((None, 5), (None, 0)))


def test_the_time_of_a_break_runs(windows, site):
    start = began(windows, site, SHARED)
    start.candidate.hand_in()  # here: finish the part
    left = start.page.locator("#hold [role=timer]")
    expect(left).to_have_text(re.compile(r"^00:0[45]:\d\d$"))
    expect(left).not_to_have_text(left.inner_text())


@pytest.mark.parametrize(("plan", "words"), [(SHARED, "1교시"), (Plan(), "1과목")], ids=["in-order", "free"])
def test_parts_in_order_are_not_called_subjects(windows, site, plan, words):
    page = began(windows, site, plan).page
    expect(page.locator("#subject-now h2")).to_contain_text(words)
    expect(page.locator("#sheet")).to_have_attribute("aria-label", re.compile(words))


def test_the_next_part_is_covered_until_the_server_lets_the_candidate_in(modules):
    shown = run(modules, """
        const { Course } = await load("course");
        const hold = { shown: null, show(kind) { this.shown = kind; }, clear() { this.shown = null; }, remember() {} };
        const report = { allow() {}, leaveFields() {}, resumed() {}, left: () => 60_000 };
        const course = new Course({ hold, urls: {}, unsent: { nodes: () => [] }, report });
        return [["enter-part", "raise-hand"], [], ["answer", "submit"]].map((may) => {
            course.enter("running", may);
            return hold.shown;
        });
    """)  # fmt: skip
    assert shown == ["break", "break", None]
