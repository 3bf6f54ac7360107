"""A candidate's tools at the exam screen: who has which, the keys of the toolbar, drawing over text."""

from fractions import Fraction

from playwright.sync_api import Page, expect

from cbt.scheduling.core.accommodations import Accommodation
from cbt.scheduling.core.needs import Needs
from cbt.scheduling.store import accommodations
from tests.browser.beginning import SHORT
from tests.browser.conftest import Windows
from tests.browser.screens import CandidateScreen
from tests.factories_site import Hall, Plan, Site, admit

WHOLE = Plan(blueprint="practitioner-written", rule="overall:60", minutes=150)
HIGHLIGHTED = """() => [...(CSS.highlights.get("cbt-mark") ?? [])]
  .map(({ startContainer, startOffset, endOffset }) => startContainer.data.slice(startOffset, endOffset)).join("")"""


def begin(
    windows: Windows, site: Site, *, needs: Needs | None = None, plan: Plan = SHORT, **window: object
) -> CandidateScreen:
    """Somebody at the paper, perhaps with a profile of needs."""
    hall = site.open_hall(plan) if needs is None else _hall_with_needs(site, needs, plan)
    candidate = CandidateScreen(windows.open(**window), hall.people[0])
    candidate.begin()
    return candidate


def _hall_with_needs(site: Site, needs: Needs, plan: Plan) -> Hall:
    """A sitting whose only candidate has a profile; the room is open."""
    hall = site.hall(plan)
    with site.rt.transaction() as tx:
        accommodations.give(tx, hall.registration(), Accommodation(time_factor=Fraction(1), needs=needs))
    admit(site.rt, hall)
    return hall


def shown_tools(page: Page) -> list[str]:
    names: list[str] = page.locator("#toolbar [data-tool]").evaluate_all("(all) => all.map((key) => key.dataset.tool)")
    return names


def press_tool(page: Page, name: str, *, on: bool = True) -> None:
    key = page.locator(f"#toolbar [data-tool='{name}']")
    key.click()
    expect(key).to_have_attribute("aria-pressed", str(on).lower())


def shortcut(page: Page, letter: str) -> None:
    """Press the exam screen's own combination with this letter."""
    page.keyboard.press(f"Alt+Shift+Key{letter}")


def select_words(page: Page, selector: str) -> None:
    """Draw over the first line of an element."""
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 2, box["y"] + 12)
    page.mouse.down()
    page.mouse.move(box["x"] + min(box["width"] - 4, 120), box["y"] + 12, steps=4)
    page.mouse.up()
