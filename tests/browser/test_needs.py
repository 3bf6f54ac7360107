"""A personal needs profile on the exam screen: it presets and gives tools; afterwards the person chooses."""

from playwright.sync_api import expect

from cbt.people.core.actors import Actor, ActorKind
from cbt.people.services.accounts import list_staff
from cbt.scheduling.services.accommodations import change_accommodation, decide_accommodation, waiting_accommodation
from tests.browser.screens import CandidateScreen
from tests.factories_scheduling import SYSTEM
from tests.factories_site import Hall, Plan, Site, admit

PROFILE = {
    "time_factor": "1.5",
    "colours": "contrast",
    "text_size": "150",
    "layout": "single",
    "tools": "line-reader,magnifier",
    "without": "notes",
}


def _give(site: Site, hall: Hall) -> None:
    """Give the profile to the first candidate: asked for by one, approved by another."""
    person = hall.registration()
    change_accommodation(site.rt, person, PROFILE, by=SYSTEM, reason="test")
    waiting = waiting_accommodation(site.rt, person)
    assert waiting is not None
    [chief] = [one for one in list_staff(site.rt) if one.login == "chief"]
    decide_accommodation(
        site.rt, person, waiting.id, approve=True, by=Actor(kind=ActorKind.STAFF, id=chief.id, name=chief.name)
    )


def test_the_screen_begins_as_the_profile_says_and_goes_on_as_the_person_likes(windows, site: Site):
    hall = site.hall(Plan(minutes=30), 2)
    _give(site, hall)
    admit(site.rt, hall)
    candidate = CandidateScreen(windows.open(language="en"), hall.people[0])
    candidate.begin()
    page = candidate.page
    root = page.locator("html")
    for name, value in (("theme", "contrast"), ("scale", "150"), ("layout", "single")):
        expect(root).to_have_attribute(f"data-{name}", value)
    expect(page.locator("#timer")).to_contain_text("45")
    tools = page.locator("[data-tool]").evaluate_all("(keys) => keys.map((key) => key.dataset.tool)")
    assert tools == ["highlighter", "eliminator", "line-reader", "magnifier"]
    page.locator("label:has(input[name=theme][value=light])").click()
    page.reload()
    candidate.expect_paper()
    expect(root).to_have_attribute("data-theme", "light")
    other = CandidateScreen(windows.open(language="en"), hall.people[1])
    other.begin()
    expect(other.page.locator("html")).to_have_attribute("data-theme", "light")
    expect(other.page.locator("[data-tool=notes]")).to_have_count(1)
