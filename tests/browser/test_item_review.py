"""The life of an item by two people at two screens: handed in, given back, mended, approved; seen and compared."""

from dataclasses import dataclass
from itertools import count

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from cbt.kernel.titles import Title
from cbt.people.core.actors import Actor, Role
from itembank.core.records import ItemStatus
from itembank.formats.bank_file import parse_bank
from itembank.services.importing import ImportRequest, import_bank
from tests.factories_itembank import csv_file, row
from tests.factories_scheduling import PASSWORD, make_staff
from tests.factories_site import Site

AXE = Axe()
_numbers = count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A bank with one author and another one before it."""

    site: Site
    bank: str
    author: Actor
    writer: Page
    second: Page

    @property
    def list(self) -> str:
        return f"/admin/banks/{self.bank}"

    @property
    def item(self) -> str:
        return f"{self.list}/items/R1"

    def load(self, question: str) -> None:
        title = Title(ko="검토할 문제", en="Reviewed")
        request = ImportRequest(bank_code=self.bank, by=self.author, title=title, status=ItemStatus.DRAFT)
        parsed = parse_bank(csv_file(row("R1", question=question), row("R2")))
        assert import_bank(self.site.rt, parsed, request).stored

    def press(self, page: Page, button: str, why: str = "") -> None:
        page.goto(self.item)
        if why:
            page.get_by_label("Why").fill(why)
        page.get_by_role("button", name=button).click()

    def expect_state(self, page: Page, state: str) -> None:
        page.goto(self.item)
        expect(page.locator(".page-head .badge")).to_have_text(state)
        assert AXE.run(page).response["violations"] == []


@pytest.fixture
def desk(windows, site) -> Desk:
    number = next(_numbers)
    logins = f"writer-{number}", f"second-{number}"
    author = make_staff(site.rt, logins[0], Role.AUTHOR, name="이출제")
    make_staff(site.rt, logins[1], Role.AUTHOR, name="박검토")
    site.passwords.update(dict.fromkeys(logins, PASSWORD))
    writer, second = (windows.open(language="en", staff=login) for login in logins)
    made = Desk(site=site, bank=f"reviewed-{number}", author=author, writer=writer, second=second)
    made.load("Which gate is it?")
    return made


def test_two_people_bring_an_item_from_draft_to_approved(desk, windows):
    writer, second = desk.writer, desk.second
    desk.expect_state(writer, "Draft")
    desk.press(writer, "Hand in for review")
    desk.expect_state(writer, "In review")
    expect(writer.get_by_role("button", name="Approve")).to_have_count(0)
    expect(writer.get_by_text("somebody else approves it")).to_be_visible()
    windows.expect_error(r"/move: .*400")
    desk.press(second, "Give back")
    expect(second.get_by_text("Say why: this move needs a reason.")).to_be_visible()
    desk.press(second, "Give back", "Option two is right as well.")
    second.get_by_label("Your comment on version 1").fill("See the figure in the handbook.")
    second.get_by_role("button", name="Comment").click()
    desk.expect_state(writer, "Back to the author")
    expect(writer.locator("#comments")).to_contain_text("See the figure in the handbook.")
    expect(writer.locator(".history")).to_contain_text("Option two is right as well.")
    desk.press(writer, "Hand in for review", "Mended.")
    desk.press(second, "Approve")
    desk.expect_state(second, "Approved")
    expect(second.get_by_role("button", name="Block")).to_be_visible()
    second.locator(".seen > summary").click()
    expect(second.locator(".seen")).to_contain_text("이출제")


@pytest.mark.slow
def test_versions_are_compared_and_many_items_changed_at_once(desk):
    writer, second = desk.writer, desk.second
    desk.load("Which port is it now?")
    second.goto(desk.item)
    second.get_by_role("link", name="Compare").click()
    expect(second.locator("del").first).to_have_text("gate")
    expect(second.locator("ins").first).to_have_text("port")
    assert AXE.run(second).response["violations"] == []
    writer.goto(desk.list)
    writer.get_by_label("Choose all on this page").check()
    expect(writer.locator("[data-chosen]")).to_have_text("2 chosen")
    writer.get_by_label("What to do").select_option("level")
    expect(writer.locator("#bulk-words")).to_be_hidden()
    writer.get_by_label("Value").fill("apply")
    writer.get_by_role("button", name="Do it").click()
    expect(writer.get_by_text("2 changed, 0 already so, 0 not changed")).to_be_visible()
    writer.get_by_role("link", name="Back to the list").click()
    writer.get_by_label("apply").check()
    writer.get_by_role("button", name="Show", exact=True).click()
    expect(writer.locator("table.items tbody tr")).to_have_count(2)
    assert AXE.run(writer).response["violations"] == []
