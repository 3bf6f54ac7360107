"""How the screen was set in the practice: the exam begins like that."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import REFUSED
from tests.browser.screens import CandidateScreen
from tests.factories_site import Plan, admit


@pytest.mark.slow
def test_size_and_layout_that_were_chosen_in_the_practice_stay_for_the_exam(windows, site):
    windows.expect_error(REFUSED)
    hall = site.hall(Plan())
    candidate = CandidateScreen(windows.open(), hall.people[0])
    candidate.slip_in()
    page = candidate.page
    page.goto("/exam/practice")
    expect(page.locator("dialog.tour")).to_be_visible()
    page.keyboard.press("Escape")
    for name, value in (("scale", "150"), ("layout", "single")):
        page.locator(f"label:has(input[name={name}][value='{value}'])").click()
    admit(site.rt, hall)
    page.wait_for_url("**/exam/paper")
    candidate.expect_paper()
    for name, value in (("scale", "150"), ("layout", "single")):
        expect(page.locator(f"input[name={name}]:checked")).to_have_value(value)
