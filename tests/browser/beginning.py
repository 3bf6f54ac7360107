"""Candidates who have begun an exam, and candidates who wait for its start with the sealed paper at hand."""

from dataclasses import dataclass

from playwright.sync_api import Page, expect

from cbt.delivery.core.release import show_release_code
from cbt.delivery.services.sealing import release_code_in
from cbt.scheduling.services.attendance import check_in_in
from tests.browser.answers import Answers, answers_of
from tests.browser.conftest import Windows
from tests.browser.screens import CandidateScreen
from tests.factories_scheduling import SYSTEM
from tests.factories_site import Hall, Plan, Site

SHORT = Plan()
# What is loaded late is kept by the service worker; where that is not at work yet, the page fetches it ahead.
WHOLE_SCREEN = """() => navigator.serviceWorker.controller !== null
  || performance.getEntriesByType("resource").some(({ name }) => name.endsWith("/handin.js"))"""
LOST_AFTER_MS = 9_000  # so long the waiting page takes a line that says nothing for a good one


@dataclass(frozen=True, slots=True, kw_only=True)
class Began:
    """The first candidate of a hall, at the paper."""

    hall: Hall
    candidate: CandidateScreen
    answers: Answers

    @property
    def page(self) -> Page:
        return self.candidate.page

    def cut(self) -> None:
        """Cut the line, as soon as the exam screen is whole on this computer."""
        self.page.wait_for_function(WHOLE_SCREEN)
        self.page.context.set_offline(True)

    def mend(self) -> None:
        self.page.context.set_offline(False)

    def choose(self, *slots: int) -> None:
        """Choose what is right."""
        for slot in slots:
            self.candidate.choose(slot, self.answers.one(slot))

    def save(self, slot: int) -> None:
        """The first answer of all, of which the screen says that it is on the server."""
        self.choose(slot)
        self.candidate.expect_saved(1)

    def expect_chosen(self, *slots: int) -> None:
        """What is right is chosen: by this candidate, and perhaps in an earlier window."""
        for slot in slots:
            self.candidate.expect_chosen(slot, self.answers.one(slot))


def began(windows: Windows, site: Site, plan: Plan = SHORT, **window: object) -> Began:
    """Somebody who has begun the exam of `plan` in a window of their own; the room has nobody else."""
    return began_at(windows.open(**window), site, site.open_hall(plan))


def began_at(page: Page, site: Site, hall: Hall) -> Began:
    candidate = CandidateScreen(page, hall.people[0])
    candidate.begin()
    return Began(hall=hall, candidate=candidate, answers=answers_of(site.rt, hall.registration()))


def seated_and_ready(windows: Windows, site: Site, plan: Plan = SHORT) -> tuple[Hall, CandidateScreen]:
    """Somebody who waits with everything at hand that the start needs; then the line is cut, and found to be dead."""
    hall = site.hall(plan)
    check_everybody_in(site, hall)
    candidate = CandidateScreen(windows.open(own_time=True), hall.people[0])
    candidate.slip_in()
    page = candidate.page
    page.goto("/exam/wait")
    expect(page.locator("#ready[data-ready=here]")).to_be_visible()
    page.context.set_offline(True)
    page.clock.fast_forward(LOST_AFTER_MS)
    return hall, candidate


def check_everybody_in(site: Site, hall: Hall) -> None:
    """The room stays closed."""
    now = site.rt.clock.now()
    with site.rt.transaction() as tx:
        for person in hall.people:
            check_in_in(tx, now, person.registration.id, by=SYSTEM)


def code_of(site: Site, hall: Hall) -> str:
    """What the proctor reads aloud."""
    facts = hall.people[0]
    with site.rt.reading() as tx:
        return show_release_code(release_code_in(tx, site.rt.keys, facts.sitting.id, facts.centre.id))


def type_code(page: Page, code: str) -> None:
    page.locator("#release-code").fill(code)
    page.locator("[data-release] button").click()
