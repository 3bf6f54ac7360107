"""The accessibility engine: looks at a page as it stands, and at a telephone's width too."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.browser.conftest import SCREEN
from tests.factories_site import until

NARROW = {"width": 320, "height": 640}
# Colours, the dearest rule, do not change with the language: they are looked at in Korean.
_OPTIONS = {
    "ko": {"resultTypes": ["violations"]},
    "en": {"resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": False}}},
}
_IS_HERE = "() => 'axe' in window"
# Colours that are just changing have no contrast to speak of.
_SERIOUS = """async (options) => {
  const changing = document.getAnimations()
    .filter(({ effect, playState }) => playState === "running" && effect.getComputedTiming().endTime < Infinity);
  await Promise.allSettled(changing.map(({ finished }) => finished));
  const { violations } = await axe.run(document, options);
  return violations.filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary ?? ""}`));
}"""


def look_at(page: Page, what: str) -> None:
    """Fail when the accessibility engine finds anything serious or critical."""
    if not page.evaluate(_IS_HERE):
        page.evaluate(AXE_SCRIPT)
    serious = page.evaluate(_SERIOUS, _OPTIONS[page.locator("html").get_attribute("lang")])
    assert serious == [], f"{what}: {page.url}"


def look_at_both_widths(page: Page, what: str) -> None:
    """As `look_at`; besides, nothing is wider than a telephone."""
    look_at(page, what)
    expect_to_fit(page, what)


def expect_to_fit(page: Page, what: str) -> None:
    """Nothing is wider than a telephone."""
    page.set_viewport_size(NARROW)
    # The paper is arranged anew a moment after the window has changed.
    until(lambda: not widest(page), patience_s=5, why=f"{what} fits {NARROW['width']} px, but: {widest(page)}")
    page.set_viewport_size(SCREEN)


def widest(page: Page) -> list[str]:
    """What is wider than the window, when the page scrolls sideways."""
    found: list[str] = page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("body *")]
          .filter((node) => node.getBoundingClientRect().right > innerWidth + 1)
          .slice(0, 5).map((node) => `${node.tagName}.${node.className}`)"""
    )
    return found
