"""Every interaction on the exam screen: by keys alone and by pointer the same answer is stored, and comes back."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from cbt.delivery.core.choices import ChoiceMap
from cbt.delivery.services.filing import file_of_attempt_in
from cbt.delivery.services.reading import filed_in, graded_set_in, room_attempts_in
from cbt.delivery.services.recording import ChoiceMaps
from cbt.kernel.titles import Title
from itembank.services.forms import get_form_in
from tests.browser.axe import look_at, widest
from tests.browser.interactions import WAYS, Way
from tests.browser.place import Place
from tests.browser.screens import CandidateScreen
from tests.factories_site import Hall, Plan, Site, until

WHOLE = Plan(blueprint="showcase-whole", title=Title(ko="모든 문항 유형", en="All item types"), rule="overall:60")
PICTURES = os.environ.get("CBT_INTERACTION_PICTURES", "")
# All that a candidate has set in an item: what a reload must bring back.
SET = """article => [...article.querySelectorAll("input:not([type=file]), select, textarea, [aria-pressed]")].map(
  (node) => node.getAttribute("aria-pressed") ?? (/radio|checkbox/.test(node.type) ? node.checked : node.value))"""


@pytest.mark.parametrize("means", ["keys", pytest.param("pointer", marks=pytest.mark.slow)])
def test_every_interaction_is_answered_stored_and_brought_back(windows, site, means):
    hall = site.open_hall(WHOLE)
    candidate = CandidateScreen(windows.open(viewport={"width": 1280, "height": 1000}), hall.people[0])
    candidate.begin()
    page = candidate.page
    page.locator("label:has(input[name=layout][value=single])").click()
    page.locator("#subject").select_option("2")
    left = {}
    for slot, way, place in places(site, hall, candidate):
        candidate.row(slot).locator("a").press("Enter")
        expect(candidate.item(slot)).to_be_visible()
        (way.keys if means == "keys" else way.pointer)(place)
        expect(candidate.row(slot)).to_have_class("sheet-row current")
        left[slot] = candidate.item(slot).evaluate(SET)
        if PICTURES:
            page.locator("#paper").screenshot(path=Path(PICTURES) / f"{means}-{slot}.png")
    assert len(left) == len(WAYS)
    until(lambda: stored(site, hall) == expected(), patience_s=15, why=f"stored: {different(site, hall)}")
    candidate.expect_saved(len(WAYS))
    page.reload()
    candidate.expect_paper()
    page.locator("#subject").select_option("2")
    for slot, before in left.items():
        candidate.row(slot).locator("a").press("Enter")
        assert candidate.item(slot).evaluate(SET) == before, slot


@pytest.mark.slow
def test_interactions_are_accessible_in_all_colours_and_on_a_telephone(windows, site):
    hall = site.open_hall(WHOLE)
    candidate = CandidateScreen(windows.open(viewport={"width": 1280, "height": 1000}), hall.people[0])
    candidate.begin()
    page = candidate.page
    page.locator("label:has(input[name=layout][value='1'])").click()
    page.locator("#subject").select_option("2")
    for theme in ("dark", "contrast", "light"):
        page.locator(f"label:has(input[name=theme][value={theme}])").click()
        for _ in range(12):
            look_at(page, f"interactions, {theme}")
            if page.locator("#next").get_attribute("aria-disabled") or theme != "light":
                break
            page.locator("#next").click()
    page.set_viewport_size({"width": 320, "height": 900})
    until(lambda: not widest(page), patience_s=5, why=f"the last page fits, but: {widest(page)}")
    for _ in range(30):
        assert widest(page) == []
        if page.locator("#previous").get_attribute("aria-disabled"):
            break
        page.locator("#previous").click()


def places(site: Site, hall: Hall, candidate: CandidateScreen) -> Iterator[tuple[int, Way, Place]]:
    with site.rt.reading() as tx:
        attempt_id = room_attempts_in(tx, [hall.registration()])[hall.registration()].attempt.id
        form = get_form_in(tx, filed_in(tx, attempt_id).form_id).form
        names = ChoiceMaps().load(tx, [attempt_id])[attempt_id]
    for slot in form.slots:
        if slot.item_code in WAYS:
            lookup = named(names, slot.number)
            yield (
                slot.number,
                WAYS[slot.item_code],
                Place(page=candidate.page, item=candidate.item(slot.number), name=lookup.__getitem__),
            )


def named(names: ChoiceMap, slot: int) -> dict[str, str]:
    """Opaque names by identifier."""
    controls = names.slots[slot].values()
    return {
        identifier: name
        for control in controls
        for name, identifier in (*control.canonical.items(), *control.targets.items())
    }


def stored(site: Site, hall: Hall) -> dict[str, dict[str, object]]:
    """What the journal holds, by item; of files only whether they are there, and pairs without an order."""
    with site.rt.reading() as tx:
        attempt_id = room_attempts_in(tx, [hall.registration()])[hall.registration()].attempt.id
        form = get_form_in(tx, filed_in(tx, attempt_id).form_id).form
        given = graded_set_in(tx, attempt_id)
        found: dict[str, dict[str, object]] = {}
        for slot in form.slots:
            if slot.item_code not in WAYS or slot.number not in given:
                continue
            wanted = WAYS[slot.item_code].stored
            found[slot.item_code] = {
                name: bool(values and file_of_attempt_in(tx, attempt_id, values[0])[1])
                if wanted.get(name) is None
                else comparable(slot.item_code, values)
                for name, values in given[slot.number].items()
            }
    return found


def expected() -> dict[str, dict[str, object]]:
    return {
        code: {name: True if values is None else comparable(code, values) for name, values in way.stored.items()}
        for code, way in WAYS.items()
    }


def comparable(code: str, values: tuple[str, ...]) -> object:
    if code in {"SP-01", "PO-01"}:  # a pointer stands between two pixels
        return [[round(int(number) / 4) for number in value.split()] for value in values]
    return list(values) if code in {"O-01", "O-02", "GO-01"} else sorted(values)


def different(site: Site, hall: Hall) -> dict[str, object]:
    now = stored(site, hall)
    return {code: (now.get(code), values) for code, values in expected().items() if now.get(code) != values}


def test_items_on_one_passage_stand_under_it_on_every_layout(windows, site):
    hall = site.open_hall(WHOLE)
    candidate = CandidateScreen(windows.open(), hall.people[0])
    candidate.begin()
    page = candidate.page
    first, second = slots_of(site, hall, "RD-01", "RD-02")
    assert second - first in {1, -1}
    for layout in ("1", "2", "single"):
        page.locator(f"label:has(input[name=layout][value='{layout}'])").click()
        for slot in sorted((first, second)):
            candidate.go(slot)
            passage = page.locator("#paper .passage")
            expect(passage).to_have_count(1)
            expect(passage).to_contain_text("spring tide")
            above = passage.evaluate(
                "(node, slot) => node.compareDocumentPosition(document.getElementById(slot)) & 4", f"q{slot}"
            )
            assert above, (layout, slot)


def slots_of(site: Site, hall: Hall, *codes: str) -> tuple[int, ...]:
    with site.rt.reading() as tx:
        attempt_id = room_attempts_in(tx, [hall.registration()])[hall.registration()].attempt.id
        form = get_form_in(tx, filed_in(tx, attempt_id).form_id).form
    numbers = {slot.item_code: slot.number for slot in form.slots}
    return tuple(numbers[code] for code in codes)
