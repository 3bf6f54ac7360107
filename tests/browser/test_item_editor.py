"""An item is written on screen: a picture is pasted, the preview follows, what is wrong is named, a draft is saved."""

import base64

import pytest
from playwright.sync_api import Page, expect

from tests.strategies_parts import png

PASTE = """([selector, bytes]) => {
  const file = new File([Uint8Array.from(atob(bytes), (sign) => sign.charCodeAt(0))], "x.png", { type: "image/png" });
  const given = new DataTransfer();
  given.items.add(file);
  const event = new ClipboardEvent("paste", { clipboardData: given, bubbles: true, cancelable: true });
  document.querySelector(selector).dispatchEvent(event);
}"""


@pytest.fixture
def author(windows) -> Page:
    return windows.open(language="en", staff="author")


def test_a_choice_item_with_a_pasted_picture_is_written_and_saved(author, windows):
    windows.expect_error(r"items/new: .*400")
    author.goto("/admin/banks/practitioner")
    author.get_by_role("link", name="New item").click()
    author.get_by_role("link", name="Choice from options").click()
    author.get_by_label("Number", exact=True).fill("WRITTEN-1")
    author.locator("#area").select_option(index=1)
    body = author.locator("#body")
    body.fill("Which circuit is closed?")
    body.press("End")
    author.evaluate(PASTE, ["#body", base64.b64encode(png(77)).decode()])
    author.get_by_label("What does the picture show, in words?").fill('Two "circuits"')
    preview = author.locator("[data-fragment]")
    expect(preview.get_by_role("img", name='Two "circuits"')).to_be_visible()
    for number, words in enumerate(("the left one", "the right one", "both", "neither")):
        author.locator(f"#i-0-choices-{number}-content").fill(words)
    expect(preview.get_by_text("neither")).to_be_visible()
    author.locator("#i-0-choices-add").click()
    expect(author.locator("#i-0-choices-4-content")).to_be_focused()
    author.get_by_role("button", name="Remove row 5").click()
    expect(author.locator("#i-0-choices-4-content")).to_have_count(0)
    save = author.get_by_role("button", name="Save as a draft").first
    save.click()
    summary = author.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("Tick what is right")
    author.get_by_label("Row 2 is right").check()
    save.click()
    expect(author.get_by_text("Saved as a draft: version 1.")).to_be_visible()
    expect(author.get_by_role("img", name='Two "circuits"')).to_be_visible()
    expect(author.locator(".key-option")).to_contain_text("the right one")
