"""The proctor without a line at the start: the release code on the room's page, and the time at which it was read."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from cbt.delivery.core.release import show_release_code
from cbt.delivery.services.sealing import release_code_in
from cbt.scheduling.core.sittings import RoomState
from proctor.services.rooms import read_room
from tests.browser.screens import RoomScreen
from tests.factories_site import Plan


def test_the_code_is_shown_for_a_reason_and_gone_with_the_dialog(windows, site):
    hall = site.hall(Plan())
    room = RoomScreen(windows.open(staff="proctor"), hall)
    room.enter()
    room.page.locator("[data-release=open]").click()
    dialog = room.page.locator("dialog[data-release=dialog]")
    windows.expect_error("400")
    dialog.locator("[type=submit]").click()
    expect(dialog.locator("[data-release=errors]")).to_be_visible()
    dialog.locator("[data-release=quick]").first.click()
    dialog.locator("[type=submit]").click()
    with site.rt.reading() as tx:
        facts = hall.people[0]
        code = show_release_code(release_code_in(tx, site.rt.keys, facts.sitting.id, facts.centre.id))
    expect(dialog.locator("[data-release=code]")).to_have_text(code.replace("-", "\u2011"))
    dialog.locator("[data-release=close]").click()
    expect(room.page.locator("[data-release=code]")).to_be_empty()  # the dialog tells of its end a moment later
    assert code[:5] not in room.page.content()


def test_a_room_is_opened_with_the_time_at_which_the_code_was_read(windows, site):
    hall = site.hall(Plan())
    room = RoomScreen(windows.open(staff="proctor"), hall)
    room.enter()
    zone = ZoneInfo(hall.people[0].centre.time_zone)
    read_at = (site.rt.clock.now() - timedelta(minutes=3)).astimezone(zone).replace(second=0, microsecond=0)
    room.page.locator("[data-room=start] [data-order=open-room]").click()
    dialog = room.page.locator("dialog[open]")
    dialog.locator("summary").click()
    expect(dialog.locator("[name=reason]")).to_be_hidden()
    dialog.locator("[name=opened]").fill(f"{read_at:%H:%M}")
    dialog.locator("[type=submit]").click()
    expect(dialog.locator("[data-part=errors]")).to_be_visible()
    dialog.locator("[name=reason]").fill("no line at ten")
    dialog.locator("[type=submit]").click()
    expect(room.page.locator("[data-room=start]")).to_be_hidden()
    head = read_room(site.rt, hall.room_id).head
    assert (head.state, head.opened_at) == (RoomState.OPEN, read_at)
