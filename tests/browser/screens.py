"""What the tests do at the screens: a candidate's way through the exam, a proctor's hand in the room.

Elements are found as the pages' own script finds them (ids, data attributes, values), so that words may change.
"""

import re

from playwright.sync_api import Locator, Page, expect

from cbt.scheduling.core.registrations import RegistrationFacts
from tests.factories_site import Hall, until


class CandidateScreen:
    """One candidate at one browser window."""

    def __init__(self, page: Page, person: RegistrationFacts) -> None:
        self.page = page
        self.person = person

    def fill_sign_in(self) -> None:
        self.page.goto("/")
        self.page.locator("[name=number]").fill(self.person.candidate.number)
        self.page.locator("[name=birth]").fill(f"{self.person.candidate.birth_on:%Y%m%d}")

    def press_main(self) -> None:
        self.page.locator("main .btn.primary").click()

    def sign_in(self) -> None:
        """From the sign-in to the waiting room, page by page."""
        self.fill_sign_in()
        for leads_to in ("/exam/identity", "/exam/notice", "/exam/wait"):
            self.press_main()
            self.page.wait_for_url(f"**{leads_to}")

    def slip_in(self) -> None:
        """Signed in without the pages between, which other tests walk through."""
        request = self.page.request
        token = re.search(r'csrf-token" content="([^"]+)"', request.get("/").text())
        assert token is not None
        form = {
            "csrf_token": token[1],
            "number": self.person.candidate.number,
            "birth": f"{self.person.candidate.birth_on:%Y-%m-%d}",
        }
        assert request.post("/", form=form).url.endswith(("/exam/identity", "/result"))

    def begin(self) -> None:
        """At the paper, from the sign-in on; the room is open."""
        self.slip_in()
        self.page.goto("/exam/wait")
        self.expect_paper()

    def expect_paper(self) -> None:
        self.page.wait_for_url("**/exam/paper")
        expect(self.page.locator("#exam-main")).to_be_visible()

    def item(self, slot: int) -> Locator:
        return self.page.locator(f"article#q{slot}")

    def go(self, slot: int) -> None:
        """Go to an item: over its number on the answer sheet, in its subject."""
        row = self.row(slot)
        if row.count() == 0:
            self.page.locator("#subject").select_option(str(self._part_of(slot)))
        row.locator("a").click()
        expect(self.item(slot)).to_be_visible()

    def row(self, slot: int) -> Locator:
        return self.page.locator(f"#sheet .sheet-row[data-slot='{slot}']")

    def choose(self, slot: int, value: str) -> None:
        """Choose an option by the name that this paper gives it."""
        self.go(slot)
        option = self.item(slot).locator(f"input[value='{value}']")

        def chosen() -> bool:
            self.item(slot).locator(f".choice:has(input[value='{value}'])").click()
            return option.is_checked()

        until(chosen, why="a page that was loading anew takes the next click")
        expect(option).to_be_checked()

    def expect_chosen(self, slot: int, value: str) -> None:
        self.go(slot)
        expect(self.item(slot).locator(f"input[value='{value}']")).to_be_checked()

    def write(self, slot: int, text: str, *, response: str = "RESPONSE") -> None:
        self.go(slot)
        field = self.item(slot).locator(f"input.entry[data-response='{response}']")
        field.fill(text)
        field.blur()

    def expect_saved(self, answers: int) -> None:
        """The foot of the sheet says that so many answers are on the server."""
        expect(self.page.locator("#saved")).to_have_class("saved")
        expect(self.page.locator("#saved")).to_contain_text(re.compile(rf"\b{answers}\D"))

    def expect_hold(self, kind: str) -> None:
        """The paper is covered: `kind` names the symbol of the cover."""
        expect(self.page.locator(f"#hold:not([hidden]) use[href$='#i-{kind}']")).to_have_count(1)

    def dialog(self) -> Locator:
        return self.page.locator("dialog[open]")

    def hand_in(self) -> None:
        """Both steps of the hand-in."""
        self.page.locator("#hand-in").click()
        first = self.dialog().locator(".btn.primary")
        words = first.inner_text()
        first.click()
        expect(self.dialog().locator(".btn.primary")).not_to_have_text(words)
        self.dialog().locator(".btn.primary").click()

    def expect_result(self) -> None:
        """The result is shown; who presses the button does not wait until the page goes there by itself."""
        self.page.locator("#hold a[href$='/result'], .table.scores").first.click()
        self.page.wait_for_url("**/result")
        until(self._shows_scores, why="the result is there")
        expect(self.page.locator(".table.scores")).to_be_visible()

    def _shows_scores(self) -> bool:
        """Ask again at once: the page itself does so every two seconds."""
        shown = self.page.locator(".table.scores").count() > 0
        if not shown:
            self.page.reload()
        return shown

    def sheet_address(self) -> str:
        """Where the result's sheet is; the page shows the link by itself once the sheet is issued."""
        link = self.page.locator("a[href*='/result/sheet/']")
        expect(link).to_be_visible()
        return link.get_attribute("href") or ""

    def _part_of(self, slot: int) -> int:
        parts = self.page.locator("#subject option")
        parts.first.wait_for(state="attached")  # a page that goes on from the server's state loads twice
        ranges = parts.evaluate_all("(all) => all.map(({ dataset }) => dataset)")
        return next(place for place, part in enumerate(ranges) if int(part["first"]) <= slot <= int(part["last"]))


class RoomScreen:
    """A proctor before one room."""

    def __init__(self, page: Page, hall: Hall) -> None:
        self.page = page
        self.hall = hall

    def enter(self) -> None:
        self.page.goto(self.hall.room)
        expect(self.page.locator("#room")).not_to_have_class(re.compile("is-loading"))

    def seat(self, place: int = 0) -> Locator:
        return self.page.locator(f".seats [data-id='{self.hall.registration(place)}']")

    def expect_state(self, tile: str, place: int = 0) -> None:
        """The seat's tile looks like this: is-work, is-pause, is-done."""
        expect(self.seat(place)).to_have_class(re.compile(rf"\b{tile}\b"))

    def expect_answered(self, count: str, place: int = 0) -> None:
        expect(self.seat(place).locator(".st > span").first).to_have_text(count)

    def select(self, *places: int) -> None:
        """Select these seats and no others."""
        for place in range(len(self.hall.people)):
            wanted = str(place in places).lower()
            if self.seat(place).get_attribute("aria-pressed") != wanted:
                self.seat(place).click()

    def order(self, order: str, *places: int, reason: str = "", minutes: int | None = None) -> None:
        """Give an order for these seats from the bar, with the words it asks for; it has been carried out."""
        self.select(*places)
        with self.page.expect_response("**/orders"):
            self.page.locator(f"[data-room=bulk] [data-order={order}]").click()
            self.confirm(reason=reason, minutes=minutes)

    def drawer_order(self, order: str, place: int, reason: str = "") -> None:
        self.select(place)
        self.page.locator(f"[data-room=drawer] [data-order={order}]").click()
        if reason:
            self.confirm(reason=reason)

    def open_room(self) -> None:
        self.page.locator("[data-room=start] [data-order=open-room]").click()
        self.confirm()

    def confirm(self, *, reason: str = "", minutes: int | None = None) -> None:
        dialog = self.page.locator("dialog[open]")
        if not reason and minutes is None and dialog.count() == 0:
            return
        if minutes is not None:
            dialog.locator("[name=minutes]").fill(str(minutes))
        if reason:
            dialog.locator("[name=reason]").fill(reason)
        dialog.locator("[type=submit]").click()
        expect(self.page.locator("dialog[open]")).to_have_count(0)


def tab_to(page: Page, selector: str, *, back: bool = False) -> None:
    """Press Tab until an element that fits has the focus; a trap fails the test."""
    key = "Shift+Tab" if back else "Tab"
    for _press in range(80):
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{selector} is not reached by {key}")
