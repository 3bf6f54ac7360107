"""One item on the screen under a candidate's hands: walked to with keys, pressed and dragged with a pointer."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Locator, Page

MOST_KEYS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One item on the screen; `name` gives the opaque name of an identifier of its response."""

    page: Page
    item: Locator
    name: Callable[[str], str]

    # --- keys ---------------------------------------------------------------------------------------------------

    def tab_to(self, node: Locator) -> None:
        for _ in range(MOST_KEYS):
            if node.evaluate("node => node === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{node} is not reached by Tab")

    def keys(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def pick(self, chosen: Locator, value: str) -> None:
        """An option of a list, walked to with the arrow keys."""
        self.tab_to(chosen)
        options = chosen.locator("option").evaluate_all("nodes => nodes.map((node) => node.value)")
        for _ in range(MOST_KEYS):
            now = chosen.input_value()
            if now == value:
                return
            self.page.keyboard.press("ArrowDown" if options.index(now) < options.index(value) else "ArrowUp")
        raise AssertionError(f"{value} is not in {chosen}")

    def radio(self, value: str) -> None:
        """An option of a group of radios: Tab reaches the group, the arrows its options."""
        wanted = self.item.locator(f"input[value='{value}']")
        group = wanted.get_attribute("name")
        self.tab_to(self.item.locator(f"input[name='{group}']").first)
        self.page.keyboard.press("Space")
        for _ in range(MOST_KEYS):
            if wanted.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{value} is not chosen")

    # --- pointer ------------------------------------------------------------------------------------------------

    def press_at(self, x: float, y: float) -> None:
        """A point of the picture, in its own pixels."""
        self.page.mouse.click(*self._on_screen(x, y))

    def drag(self, what: Locator, to: Locator) -> None:
        start, end = what.bounding_box(), to.bounding_box()
        self.page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
        self.page.mouse.down()
        for part in (0.3, 1.0):
            self.page.mouse.move(
                start["x"] + (end["x"] - start["x"]) * part + end["width"] / 2,
                start["y"] + (end["y"] - start["y"]) * part + end["height"] / 2 - 3,
            )
        self.page.mouse.up()

    def spot(self, identifier: str) -> Locator:
        return self.item.locator(f".spot[data-name='{self.name(identifier)}'] > :first-child")

    def line(self, identifier: str) -> Locator:
        return self.item.locator(f".line[data-name='{self.name(identifier)}']")

    def token(self, identifier: str) -> Locator:
        return self.item.locator(f".token[data-name='{self.name(identifier)}']")

    def gap(self, identifier: str) -> Locator:
        return self.item.locator(f"select[data-target='{self.name(identifier)}']")

    def _on_screen(self, x: float, y: float) -> tuple[float, float]:
        svg = self.item.locator(".picture > svg")
        width = svg.evaluate("node => node.viewBox.baseVal.width")
        box = svg.bounding_box()
        return box["x"] + x * box["width"] / width, box["y"] + y * box["width"] / width
