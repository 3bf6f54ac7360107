"""The bar of long work in a browser: it goes on to the outcome by itself, and a person can cancel."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from itembank.services.pages import create_bank
from tests.factories_itembank import csv_file, row
from tests.factories_scheduling import SYSTEM
from tests.factories_site import Site, until

BANK = "long-work"


@pytest.fixture
def author(windows) -> Page:
    return windows.open(language="en", staff="author")


@contextmanager
def no_runner(site: Site) -> Iterator[None]:
    """Nobody does long work for a while."""
    runner = until(lambda: site.part("cbt.cli.job_runner"), why="a runner")
    os.kill(runner, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(runner, signal.SIGCONT)


def send(author: Page, folder: Path) -> None:
    (folder / "items.csv").write_bytes(csv_file(row("Q1"), row("Q2")))
    author.goto(f"/admin/banks/{BANK}/load")
    author.get_by_label("File with the items").set_input_files(folder / "items.csv")
    author.get_by_role("button", name="Look what would happen").click()


def test_a_job_shows_its_bar_is_cancelled_and_another_one_leads_to_its_outcome(author, site, tmp_path):
    create_bank(site.rt, {"code": BANK, "title_en": "Bank", "title_ko": "은행"}, SYSTEM)
    with no_runner(site):
        send(author, tmp_path)
        expect(author.get_by_role("heading", name="Check file")).to_be_visible()
        expect(author.get_by_role("progressbar")).to_be_visible()
        author.get_by_role("button", name="Cancel this work").click()
        expect(author.get_by_role("status")).to_have_text("This work was cancelled.")
        author.get_by_role("link", name="Back to where it began").click()
        send(author, tmp_path)
        expect(author.get_by_text("Waiting to begin").first).to_be_visible()
    expect(author.get_by_role("heading", name="2. This would happen")).to_be_visible()
    author.get_by_role("link", name="Long work", exact=True).click()
    states = author.locator("tbody tr").filter(has_text=BANK).locator(".badge")
    expect(states).to_have_text(["Done", "Cancelled"])
