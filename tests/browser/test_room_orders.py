"""Orders of a proctor in the browser: each answer belongs to the order that it answers."""

from playwright.sync_api import Route, expect

from tests.browser.screens import RoomScreen
from tests.factories_site import Plan


def test_the_answer_to_one_order_leaves_the_dialog_of_the_next_one_open(windows, site):
    room = RoomScreen(windows.open(staff="proctor"), site.hall(Plan()))
    room.enter()
    held: list[Route] = []
    room.page.route("**/orders", held.append)
    room.select(0)
    room.page.locator("[data-room=bulk] [data-order=check-in]").click()
    room.page.locator("[data-room=start] [data-order=open-room]").click()
    dialog = room.page.locator("dialog[open]")
    expect(dialog).to_be_visible()
    room.page.unroute("**/orders")
    with room.page.expect_response("**/orders") as answer:
        held.pop().continue_()
    assert answer.value.json()["done"] == [room.hall.registration(0)]
    expect(room.page.locator("[data-room=toast]")).to_be_visible()
    expect(dialog).to_be_visible()
    dialog.locator("[type=submit]").click()
    expect(room.page.locator("[data-room=start]")).to_be_hidden()
