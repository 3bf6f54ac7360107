"""What a candidate's computer keeps, and the answer file that it gives away."""

from pathlib import Path

from playwright.sync_api import Page

from cbt.delivery.services.answer_files import merge_file, upload
from tests.factories_scheduling import SYSTEM
from tests.factories_site import Site, until


def expect_nothing_kept(page: Page) -> None:
    """Everything is on the server: the database of the exam is gone from this computer."""
    until(lambda: databases(page) == [], why="the database is gone")


def databases(page: Page) -> list[str]:
    names: list[str] = page.evaluate("indexedDB.databases().then((all) => all.map(({ name }) => name))")
    return names


def save_file(page: Page, folder: Path) -> Path:
    """The answer file, under the name that the page gives it."""
    with page.expect_download() as downloading:
        page.locator("[data-save-file]").click()
    saved = folder / downloading.value.suggested_filename
    downloading.value.save_as(saved)
    return saved


def merge(site: Site, saved: Path) -> None:
    """What the proctor hands in for the candidate."""
    taken = upload(site.rt, saved.name, saved.read_bytes(), by=SYSTEM)
    merge_file(site.rt, taken.stored.id, by=SYSTEM)
