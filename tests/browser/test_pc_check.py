"""The PC check in a real browser: everything measured, the server's word for it, and the list that shows it."""

import pytest
from playwright.sync_api import Page, expect

from cbt.checks.services.pc_checks import checked_room, room_code
from cbt.kernel.web.cookies import cookie_name
from tests.browser.axe import look_at, look_at_both_widths
from tests.factories_site import Plan, Site


def _room(site: Site) -> tuple[object, str]:
    """A room of its own, and its link's code."""
    room_id = site.hall(Plan()).people[0].room.id
    return room_id, room_code(site.rt.keys, room_id)


def _check(page: Page, seat: str, *, typed: str = "") -> None:
    page.locator("#seat").select_option(seat)
    page.locator("#typed").fill(typed)
    page.locator("#run").click()
    expect(page.locator("#result")).to_be_visible(timeout=60_000)


def _bad(page: Page) -> list[str]:
    found = page.locator("#lines tr[data-good=false]").evaluate_all("(rows) => rows.map((row) => row.dataset.check)")
    return list(found)


@pytest.mark.parametrize("language", ["ko", pytest.param("en", marks=pytest.mark.slow)])
def test_a_pc_types_its_rooms_code_and_is_good(windows, site, language):
    room_id, code = _room(site)
    page = windows.open(language=language)
    page.goto("/check")
    look_at_both_widths(page, "code of the room")
    page.locator("#code").fill(code.lower().replace("-", " "))
    page.locator("main form .btn.primary").click()
    page.wait_for_url(f"**/check/{code}")
    look_at_both_widths(page, "check")
    _check(page, "2", typed="1234")
    assert _bad(page) == []
    expect(page.locator("#lines tr")).to_have_count(13)
    look_at_both_widths(page, "check, done")
    found = checked_room(site.rt, room_id)
    assert (found.good, found.bad) == (1, 0)
    page.goto(f"/check/{code}")
    expect(page.locator("#seat")).to_have_value("2")  # the same PC is the same seat


def test_faults_of_a_pc_are_red_with_what_to_do_and_stand_on_the_list(windows, site):
    room_id, code = _room(site)
    page = windows.open(language="en", viewport={"width": 900, "height": 500})
    page.add_init_script("indexedDB.open = () => { throw new Error('switched off'); }")
    page.goto(f"/check/{code}?seat=3")
    windows.expect_error("not kept here|no store|switched off")
    _check(page, "3", typed="abc")
    assert {"keeping", "screen", "keyboard"} <= set(_bad(page))
    expect(page.locator("#lines tr[data-check=screen]")).to_contain_text("at least 1024")
    expect(page.locator("#finding h2")).to_be_focused()
    keeper = windows.open(language="en", staff="proctor")
    keeper.goto("/proctor/")
    keeper.locator("a[href='/proctor/checks']").click()
    keeper.locator(f"a[href='/proctor/checks/{room_id}']").click()
    row = keeper.locator("tbody tr").nth(2)
    expect(row).to_contain_text("Not good")
    row.locator("summary").click()
    expect(row).to_contain_text("900 × 500")
    look_at(keeper, "list of a room")


def test_a_line_that_is_cut_is_told_and_stores_nothing(windows, site):
    room_id, code = _room(site)
    windows.expect_error("Failed to load resource")
    page = windows.open(language="en")
    page.goto(f"/check/{code}")
    page.route("**/results", lambda route: route.abort())
    page.locator("#seat").select_option("1")
    page.locator("#run").click()
    expect(page.locator("#progress")).to_contain_text("could not be sent", timeout=60_000)
    assert checked_room(site.rt, room_id).missing == len(checked_room(site.rt, room_id).seats)


def test_the_check_asks_for_nobody(windows, site):
    _room_id, code = _room(site)
    page = windows.open(language="en")
    page.goto(f"/check/{code}")
    assert page.locator("main :is(input, select)").evaluate_all("(fields) => fields.map((field) => field.id)") == [
        "seat",
        "typed",
    ]
    names = {cookie["name"] for cookie in page.context.cookies()}
    assert not names & {cookie_name(site.rt.settings, "candidate"), cookie_name(site.rt.settings, "staff")}
