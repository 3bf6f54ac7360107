"""Chromium and a running test centre for the browser tests.

Playwright's blocking interface keeps an event loop on its thread, so it lives as long as this folder's tests run and
no longer: tests elsewhere may use `asyncio.run`. Any error of a page (its console shows breaches of the content
policy too) fails the test, unless the test has said that it causes it.
"""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, expect, sync_playwright

from cbt.kernel.web.cookies import LANGUAGE, STAFF, cookie_name
from tests.browser.modules import served_modules
from tests.factories_site import Site

ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
PATIENCE_MS = 20_000
SCREEN = {"width": 1440, "height": 900}
# Pages wait by chance, so that a room does not knock in step; where one page is alone, it waits as little as it may.
BY_NO_CHANCE = "Math.random = () => 0;"
# What the console of a page says: of a line that is cut, and of a sign-in, lease or start that the server refuses.
CUT = "ERR_INTERNET_DISCONNECTED|ERR_FAILED"
REFUSED = r"status of (401|409)"
_PACKAGE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if _PACKAGE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> str:
    found = os.environ.get("CBT_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        pytest.skip("no Chromium here: install Debian's chromium, or set CBT_CHROMIUM to the program")
    return found


@pytest.fixture(scope="package")
def playwright(chromium: str) -> Iterator[Playwright]:  # noqa: ARG001  # no Chromium, no Playwright
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="package")
def browser(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    running = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
    yield running
    running.close()


class Windows:
    """The browser windows of one test, each with cookies of its own, and the errors that their pages made."""

    def __init__(self, browser: Browser, site: Site) -> None:
        self._browser = browser
        self._site = site
        self._contexts: list[BrowserContext] = []
        self.errors: list[str] = []
        self.expected: list[str] = []

    def open(self, *, language: str = "ko", staff: str | None = None, own_time: bool = False, **more: object) -> Page:
        """A page in a fresh window; `staff` is signed in already.

        With `own_time`, what a page waits for by itself is over as soon as the test moves the hands of its clock.
        """
        context = self._browser.new_context(
            base_url=self._site.url,
            locale="ko-KR" if language == "ko" else "en-GB",
            timezone_id="Asia/Seoul",
            **{"viewport": SCREEN, **more},
        )
        context.set_default_timeout(PATIENCE_MS)
        context.add_init_script(BY_NO_CHANCE)
        if own_time:
            context.clock.install()
        self._contexts.append(context)
        settings = self._site.rt.settings
        context.add_cookies([{"name": cookie_name(settings, LANGUAGE), "value": language, "url": self._site.url}])
        if staff:
            token = self._site.staff_token(staff)
            context.add_cookies([{"name": cookie_name(settings, STAFF), "value": token, "url": self._site.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(f"{page.url}: {error}"))
        page.on("console", self._note)
        return page

    def expect_error(self, pattern: str) -> None:
        """Let errors pass that fit `pattern`: the test causes them."""
        self.expected.append(pattern)

    def keep_pictures(self, folder: Path) -> None:
        """What the pages show now, for whoever looks into a failure."""
        for number, context in enumerate(self._contexts, 1):
            for page in context.pages:
                page.screenshot(path=folder / f"{number}.png")

    def close(self) -> None:
        for context in self._contexts:
            context.close()

    def unexpected(self) -> list[str]:
        return [error for error in self.errors if not any(re.search(pattern, error) for pattern in self.expected)]

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.errors.append(f"{message.location.get('url', '')}: {message.text}")


@pytest.fixture
def windows(browser: Browser, site: Site, request: pytest.FixtureRequest, output_path: str) -> Iterator[Windows]:
    opened = Windows(browser, site)
    yield opened
    if getattr(request.node, "rep_call", None) is not None and request.node.rep_call.failed:
        opened.keep_pictures(Path(output_path))
    opened.close()
    assert opened.unexpected() == []


@pytest.fixture(scope="package")
def modules_url() -> Iterator[str]:
    with served_modules() as url:
        yield url


@pytest.fixture
def modules(browser: Browser, modules_url: str) -> Iterator[Page]:
    """An empty page that can load the modules of the exam page, with a disk of its own."""
    context = browser.new_context(base_url=modules_url)
    page = context.new_page()
    page.goto("/")
    yield page
    context.close()
