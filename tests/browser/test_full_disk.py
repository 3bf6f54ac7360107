"""A computer that has a disk for the browser and cannot write to it, and a disk that several attempts share."""

import re

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from playwright.sync_api import Page, expect

from tests.browser.beginning import began
from tests.browser.modules import ATTEMPT, FORM, in_vault, run, spki
from tests.browser.screens import CandidateScreen
from tests.factories_site import Plan

FULL = "IDBObjectStore.prototype.put = () => { throw new DOMException('no room', 'QuotaExceededError'); };"
UNKEPT = "not kept on this computer"


@pytest.fixture(scope="module")
def sitting_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=3072)


def fill_disk(page: Page) -> None:
    """From now on, in later pages too."""
    page.add_init_script(FULL)
    page.evaluate(f"() => {{ {FULL} }}")


def test_a_computer_that_cannot_write_still_sits_the_exam(windows, site):
    hall = site.open_hall(Plan())
    page = windows.open()
    page.add_init_script(FULL)
    candidate = CandidateScreen(page, hall.people[0])
    candidate.begin()
    candidate.go(1)
    candidate.item(1).locator(".choice").first.click()
    candidate.expect_saved(1)
    expect(page.locator("#saved")).to_contain_text(re.compile("보관"))
    page.reload()
    candidate.expect_paper()
    expect(candidate.item(1).locator("input").first).to_be_checked()


def test_a_disk_that_is_full_in_mid_exam_holds_nobody_up(windows, site):
    windows.expect_error(UNKEPT)
    start = began(windows, site)
    start.save(1)
    fill_disk(start.page)
    start.choose(2)
    start.candidate.expect_saved(2)
    start.page.reload()
    start.candidate.expect_paper()
    start.expect_chosen(1, 2)
    start.choose(3)
    start.candidate.expect_saved(3)


def test_the_seat_is_kept_for_the_page_where_the_disk_refuses(modules, sitting_key):
    modules.route("**/sealed/paper", lambda route: route.fulfill(body=b"sealed"))
    seat = {
        "attempt": ATTEMPT, "form": FORM, "sitting_key": spki(sitting_key), "receipt_key": "", "seat_token": "t",
        "sealed": "/sealed/paper", "assets": [], "needs": {}, "allowed_s": 751,
    }  # fmt: skip
    script = """
        const { Store } = await load("store");
        const { furnishedSeat } = await load("seat");
        const vault = await furnishedSeat(await Store.open(), given);
        await vault.renew({ token: "renewed" });
        const { lasting, seat } = vault;
        return [lasting, seat.allowedS, seat.token, new Uint8Array(await vault.paper()).length];
    """
    assert run(modules, script, seat) == [True, 751, "renewed", 6]
    other = {**seat, "attempt": ATTEMPT.replace("1", "2")}
    assert run(modules, FULL + script, other) == [False, 751, "renewed", 6]


def test_wiping_one_attempt_leaves_the_database_open_for_the_other(modules, sitting_key):
    left = in_vault(modules, sitting_key, """
        const second = new Vault(store, { ...seat, attempt: given.other });
        await second.keepSeat(second.seat);
        await vault.wipe();
        await second.keep({ entries: [{ lease: 1, number: 1, kind: "flagged" }] });
        const kept = (await second.load()).entries.length;
        await second.wipe();
        await new Promise((resolve) => { setTimeout(resolve, 300); });
        return [kept, (await indexedDB.databases()).length];
    """, other=ATTEMPT.replace("1", "2"))  # fmt: skip
    assert left == [1, 0]
