"""A browser with a profile on the disk that can be killed and started again, and what its page keeps there."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, Playwright

from tests.browser.conftest import ARGUMENTS, BY_NO_CHANCE, PATIENCE_MS, SCREEN
from tests.browser.screens import CandidateScreen
from tests.factories_site import until

_POLL_S = 0.05
_PATIENCE_S = 10.0


class LastingBrowser:
    """One computer's browser: its profile outlives kills."""

    def __init__(self, playwright: Playwright, chromium: str, profile: Path, url: str) -> None:
        self._playwright = playwright
        self._chromium = chromium
        self._url = url
        self.profile = profile
        self.context: BrowserContext | None = None

    def start(self) -> Page:
        """The browser's first page."""
        self.context = self._playwright.chromium.launch_persistent_context(
            self.profile, executable_path=self._chromium, args=list(ARGUMENTS), base_url=self._url,
            locale="ko-KR", timezone_id="Asia/Seoul", viewport=SCREEN,
        )  # fmt: skip
        self.context.set_default_timeout(PATIENCE_MS)
        self.context.add_init_script(BY_NO_CHANCE)
        return self.context.pages[0]

    def kill(self) -> None:
        """kill -9 of all processes of this profile, as a power cut would."""
        for pid in self._pids():
            os.kill(pid, signal.SIGKILL)
        give_up = time.monotonic() + _PATIENCE_S
        while self._pids():
            assert time.monotonic() < give_up, "the browser does not die"
            time.sleep(_POLL_S)
        self.context = None
        for name in ("SingletonLock", "SingletonSocket", "SingletonCookie"):
            (self.profile / name).unlink(missing_ok=True)

    def close(self) -> None:
        if self.context is not None:
            self.context.close()
            self.context = None

    def found_in_profile(self, *needles: bytes) -> list[str]:
        """The files of the profile that hold one of `needles`, in UTF-8 or in UTF-16 as browsers write it."""
        spelled = [one for needle in needles for one in (needle, needle.decode().encode("utf-16-le"))]
        return [
            str(path.relative_to(self.profile))
            for path in self.profile.rglob("*")
            if path.is_file() and any(one in path.read_bytes() for one in spelled)
        ]

    def _pids(self) -> list[int]:
        """The living processes whose command names the profile, by their ids."""
        mark = f"--user-data-dir={self.profile}".encode()
        return [pid for pid in _all_pids() if mark in _command(pid).split(b"\0")]


@contextmanager
def lasting_browser(playwright: Playwright, chromium: str, profile: Path, url: str) -> Iterator[LastingBrowser]:
    browser = LastingBrowser(playwright, chromium, profile, url)
    try:
        yield browser
    finally:
        browser.close()


def wait_until_kept(candidate: CandidateScreen, slot: int) -> None:
    """The snapshot on the disk holds an answer to the slot."""
    _wait_for_snapshot(candidate.page, "slot in snapshot.responses", slot=slot)


def wait_until_place_kept(candidate: CandidateScreen, slot: int) -> None:
    """The snapshot on the disk says that the candidate is at this slot, and has flagged it."""
    _wait_for_snapshot(candidate.page, "snapshot.place.slot === slot && snapshot.flags.includes(slot)", slot=slot)


def wait_until_note_kept(candidate: CandidateScreen, words: str) -> None:
    """What the tools hold is written a moment after it has changed: the snapshot on the disk has these words."""
    _wait_for_snapshot(candidate.page, "JSON.stringify(snapshot.tools).includes(words)", words=words)


def _wait_for_snapshot(page: Page, condition: str, **given: object) -> None:
    script = """async ({ GIVEN }) => {
        const { Store } = await import("/static/exam/store.js");
        const { Vault } = await import("/static/exam/vault.js");
        const { snapshot } = await (await Vault.of(await Store.open())).load();
        return snapshot !== null && (CONDITION);
    }"""
    told = script.replace("GIVEN", ", ".join(given)).replace("CONDITION", condition)
    # Not `wait_for_function`: to it the promise of an answer is an answer.
    until(lambda: page.evaluate(told, given), why=f"{condition}: {given}")


def _all_pids() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal()]


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
