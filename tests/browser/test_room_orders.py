"""Orders of a proctor in the browser: each answer belongs to the order that it answers."""

from playwright.sync_api import Route, expect

from tests.browser.screens import RoomScreen
from tests.factories_site import Plan


def test_the_answer_to_one_order_leaves_the_dialog_of_the_next_one_open(windows, site):
    room = RoomScreen(windows.open(staff="proctor"), site.hall(Plan()))
    room.enter()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    room.page.route("**/orders", hold, times=1)
    room.select(0)
    room.page.locator("[data-room=bulk] [data-order=check-in]").click()
    room.page.locator("[data-room=start] [data-order=open-room]").click()
    dialog = room.page.locator("dialog[open]")
    expect(dialog).to_be_visible()
    with room.page.expect_response("**/orders") as answer:
        held.pop().continue_()
    assert answer.value.json()["done"] == [str(room.hall.registration(0))]
    expect(room.page.locator("[data-room=toast]")).to_be_visible()
    expect(dialog).to_be_visible()
    dialog.locator("[type=submit]").click()
    expect(room.page.locator("[data-room=start]")).to_be_hidden()
