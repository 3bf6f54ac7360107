"""Chromium behind a fault proxy: every window of these tests reaches the site through `line`."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from cbt.delivery.store import attempts
from cbt.kernel.runtime import Runtime
from tests.browser.answers import Answers, answers_of
from tests.browser.conftest import Windows, browser, chromium, playwright
from tests.browser.screens import CandidateScreen
from tests.factories_site import Hall, Plan, Site
from tests.faults import invariants
from tests.faults.kept import held_answers, journal_of
from tests.faults.proxy import FaultProxy

__all__ = ["browser", "chromium", "playwright"]
_PACKAGE = Path(__file__).parent
LOST = r"ERR_|Failed to load resource|status of (401|409|503)"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if _PACKAGE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.slow)


@dataclass(frozen=True, slots=True)
class Behind:
    """The site as a browser behind the line sees it."""

    site: Site
    url: str

    @property
    def rt(self) -> Runtime:
        return self.site.rt

    def staff_token(self, login: str) -> str:
        return self.site.staff_token(login)


@pytest.fixture
def line(site: Site) -> Iterator[FaultProxy]:
    with FaultProxy(("127.0.0.1", site.port)) as proxy:
        yield proxy


@pytest.fixture
def windows(
    browser: Browser, site: Site, line: FaultProxy, request: pytest.FixtureRequest, output_path: str
) -> Iterator[Windows]:
    opened = Windows(browser, Behind(site, line.url))
    opened.expect_error(LOST)  # these tests cut the line; the pages must say nothing worse
    yield opened
    if getattr(request.node, "rep_call", None) is not None and request.node.rep_call.failed:
        opened.keep_pictures(Path(output_path))
    opened.close()
    assert opened.unexpected() == []


class Sitter:
    """A candidate at a screen who remembers what was chosen."""

    def __init__(self, site: Site, hall: Hall, page: Page, place: int = 0) -> None:
        self.site = site
        self.hall = hall
        self.place = place
        self.screen = CandidateScreen(page, hall.people[place])
        self.chosen: dict[int, str] = {}
        self._answers: Answers | None = None

    @property
    def page(self) -> Page:
        return self.screen.page

    @property
    def answers(self) -> Answers:
        if self._answers is None:
            self._answers = answers_of(self.site.rt, self.hall.registration(self.place))
        return self._answers

    def choose(self, *slots: int, right: bool = True) -> None:
        for slot in slots:
            value = self.answers.one(slot) if right else self.answers.wrong(slot)
            self.screen.choose(slot, value)
            self.chosen[slot] = value

    def expect_saved(self) -> None:
        self.screen.expect_saved(len(self.chosen))

    def assert_kept(self, *, graded: bool = False) -> None:
        """What was chosen is what would be graded, and every invariant holds."""
        rt, attempt_id = self.site.rt, self.attempt_id
        held = {slot: given["RESPONSE"] for slot, given in held_answers(rt, attempt_id).items()}
        assert held == {slot: [value] for slot, value in self.chosen.items()}, "I1"
        invariants.i2_only_an_admission_changes_what_is_graded(rt, attempt_id)
        invariants.i3_time_used_is_allowed(rt, attempt_id)
        invariants.i4_one_seat(rt, attempt_id)
        invariants.i5_one_result(rt, attempt_id, graded=graded)
        journal_of(rt, attempt_id)
        invariants.i6_chains_are_whole(rt)
        invariants.i7_no_key_in([self.page.content()])

    @property
    def attempt_id(self):
        return attempt_of(self.site, self.hall, self.place)


def attempt_of(site: Site, hall: Hall, place: int = 0):
    with site.rt.reading() as tx:
        return attempts.find_attempt_id(tx, hall.registration(place))


@pytest.fixture
def sitter(windows: Windows, site: Site) -> Sitter:
    """A candidate at the paper of the small exam."""
    one = Sitter(site, site.open_hall(Plan()), windows.open())
    one.screen.begin()
    return one
