"""The whole way, from the sign-in to a sheet that a stranger checks: on a sample bank and on a real exam's bank."""

import io
import re
from collections.abc import Callable

import pypdfium2
import pytest
import zxingcpp
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from cbt.cli.demo_centre import SAMPLES
from cbt.kernel.titles import Title
from cbt.scheduling.core.exams import ResultPolicy
from tests.browser.answers import Answers, answers_of
from tests.browser.conftest import Windows
from tests.browser.screens import CandidateScreen, RoomScreen
from tests.factories_site import ROOT, Hall, Plan, Site

TECHNICIAN = ROOT.parent / "shared" / "fixtures" / "ncvec-technician"
# Right answers by subject of the practice exam: 90, 60, 80, 50 and 70 points, so 70 on the average.
RIGHT = (18, 12, 16, 10, 14)
PER_SUBJECT = 20
LEFT_OPEN = 100
FLAGGED = 3
TITLE = Title(ko="정보처리실무사 필기", en="Information Processing Practitioner")


def seated(windows: Windows, hall: Hall) -> tuple[CandidateScreen, RoomScreen]:
    """A candidate who waits and a proctor before the room; the room's page is not loaded again from here on."""
    room = RoomScreen(windows.open(staff="proctor"), hall)
    room.enter()
    room.page.evaluate("window.loadedOnce = true")
    candidate = CandidateScreen(windows.open(), hall.people[0])
    candidate.sign_in()
    return candidate, room


def check_in(page: Page, hall: Hall) -> None:
    """At the desk, over the number on the admission slip."""
    page.goto(f"{hall.room}/check-in")
    page.locator("[name=q]").fill(hall.people[0].candidate.number)
    page.locator("[name=q]").press("Enter")
    expect(page.locator(".checkin-person")).to_contain_text(hall.people[0].candidate.name)
    page.locator("[name=act][value=check-in]").click()
    expect(page.locator(".notice.n-ok")).to_be_visible()


def mark_on_sheet(candidate: CandidateScreen, slot: int, value: str) -> None:
    candidate.row(slot).locator(f".bubble:has(input[value='{value}'])").click()


def answer_all(candidate: CandidateScreen, answers: Answers, is_right: Callable[[int], bool | None]) -> None:
    """Answer every item over the answer sheet, subject by subject; None leaves one open."""
    for slot in sorted(answers.right):
        right = is_right(slot)
        if candidate.row(slot).count() == 0:
            candidate.go(slot)
        if right is not None:
            mark_on_sheet(candidate, slot, answers.one(slot) if right else answers.wrong(slot))


def download_sheet(candidate: CandidateScreen) -> bytes:
    answer = candidate.page.request.get(candidate.sheet_address())
    assert answer.headers["content-type"] == "application/pdf"
    return answer.body()


def read_sheet(pdf: bytes) -> tuple[str, str]:
    """The text of the only page, and the address in the code that a telephone's camera reads off the picture."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    assert len(pages) == 1
    picture = pypdfium2.PdfDocument(pdf)[0].render(scale=150 / 72).to_pil()
    [found] = zxingcpp.read_barcodes(picture)
    return pages[0].extract_text(), found.text


def has(text: str, *words: str) -> None:
    """Spaces apart: a typesetter may break lines anywhere."""
    bare = re.sub(r"\s", "", text)
    missing = [word for word in words if re.sub(r"\s", "", word) not in bare]
    assert missing == [], text


def passes_by_subject(slot: int) -> bool | None:
    if slot == LEFT_OPEN:
        return None
    return (slot - 1) % PER_SUBJECT < RIGHT[(slot - 1) // PER_SUBJECT]


def test_the_practice_exam_from_sign_in_to_a_checked_sheet(windows, site):
    sitting = site.hall(
        Plan(blueprint="practitioner-written", title=Title(ko="정보처리실무사 필기", en="P"), minutes=150)
    )
    candidate, room = seated(windows, sitting)
    room.expect_state("is-none")
    check_in(windows.open(staff="proctor"), sitting)
    room.expect_state("is-ready")
    room.open_room()
    candidate.expect_paper()
    room.expect_state("is-work")

    answers = answers_of(site.rt, sitting.registration())
    candidate.choose(1, answers.wrong(1))
    candidate.choose(1, answers.one(1))
    candidate.go(FLAGGED)
    candidate.item(FLAGGED).locator(".flag").click()
    room.expect_answered("1")
    candidate.page.reload()
    candidate.expect_paper()
    expect(candidate.item(1).locator(f"input[value='{answers.one(1)}']")).to_be_checked()
    expect(candidate.row(FLAGGED).locator(".flag")).to_have_attribute("aria-pressed", "true")

    answer_all(candidate, answers, passes_by_subject)
    candidate.expect_saved(99)
    room.expect_answered("99")
    candidate.page.locator("#unanswered").click()
    expect(candidate.dialog().locator(".nums button")).to_have_text([str(LEFT_OPEN)])
    candidate.page.keyboard.press("Escape")
    candidate.hand_in()
    room.expect_state("is-done")
    assert room.page.evaluate("window.loadedOnce") is True

    page = candidate.page
    page.wait_for_url("**/result")  # by itself
    candidate.expect_result()
    expect(page.locator(".scores tbody tr .strong")).to_have_text(["90.0", "60.0", "80.0", "50.0", "70.0"])
    expect(page.locator(".scores tfoot .sum")).to_have_text("70.0")
    expect(page.locator(".verdict .i.ok")).to_be_visible()
    expect(page.locator(".provisional")).to_be_visible()

    text, address = read_sheet(download_sheet(candidate))
    has(text, sitting.people[0].candidate.name, sitting.people[0].candidate.number, TITLE.ko)
    has(text, "소프트웨어 설계", "90.0", "60.0", "80.0", "50.0", "70.0", "잠정")
    assert address.startswith(f"{site.url}/verify/")
    check_as_a_stranger(windows, address, sitting, standing="f-warn", score="90.0")


def check_as_a_stranger(windows: Windows, address: str, sitting: Hall, *, standing: str, score: str) -> None:
    """Code alone: how it stands and a masked name. With the birth date: the scores."""
    holder = sitting.people[0].candidate
    page = windows.open()
    page.goto(address)
    expect(page.locator(f".finding.{standing}")).to_be_visible()
    expect(page.locator("#result")).not_to_contain_text(holder.name)
    expect(page.locator("#result")).not_to_contain_text(score)
    page.locator("[name=birth]").fill(f"{holder.birth_on:%Y%m%d}")
    page.locator("main form .btn.primary").click()
    expect(page.locator("#result")).to_contain_text(holder.name)
    expect(page.locator("#result .scores")).to_contain_text(score)


@pytest.fixture(scope="session")
def technician(site: Site) -> Site:
    """The site with the real bank loaded over the shell."""
    bank = TECHNICIAN / "technician-2026-2030.json"
    if not bank.exists():
        pytest.skip(f"the technician bank is not here: {bank.parent}")
    loaded = site.cbt("itembank", "import", str(bank), "--bank", "technician", "--json")
    assert (loaded.returncode, '"new": 409' in loaded.stdout) == (0, True), loaded.stdout + loaded.stderr
    kept = site.cbt("itembank", "blueprint", str(SAMPLES / "technician-blueprint.toml"), "--bank", "technician")
    assert kept.returncode == 0, kept.stdout + kept.stderr
    return site


@pytest.mark.slow
def test_the_licensing_exam_draws_one_item_of_each_group_and_its_sheet_is_valid(windows, technician):
    title = Title(ko="아마추어무선 기사", en="Technician class")
    plan = Plan(blueprint="technician", title=title, rule="count:26:35", minutes=60, policy=ResultPolicy.FINAL)
    sitting = technician.hall(plan)
    answers = answers_of(technician.rt, sitting.registration())
    groups = {code[:3] for code in answers.items}
    assert (len(answers.items), len(groups)) == (35, 35)

    candidate, room = seated(windows, sitting)
    room.order("check-in", 0)
    room.expect_state("is-ready")
    room.open_room()
    candidate.expect_paper()
    answer_all(candidate, answers, lambda slot: slot > 9)
    candidate.expect_saved(35)
    room.expect_answered("35")
    candidate.hand_in()
    candidate.expect_result()
    expect(candidate.page.locator(".verdict .i.ok")).to_be_visible()
    expect(candidate.page.locator(".scores tfoot")).to_contain_text("26 / 35")
    expect(candidate.page.locator(".provisional")).to_have_count(0)
    text, address = read_sheet(download_sheet(candidate))
    has(text, sitting.people[0].candidate.name, "26", "35", title.ko)
    check_as_a_stranger(windows, address, sitting, standing="f-ok", score="26 / 35")
