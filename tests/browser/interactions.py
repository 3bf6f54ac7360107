"""What a candidate does at each interaction of the sample bank: once with keys alone, once with a pointer.

Both give the same answer, which is named here in canonical identifiers.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from playwright.sync_api import expect

from tests.browser.place import Place

ESSAY = "경보가 울리면 답안을 두고 감독관의 안내에 따라 나갑니다."
PROGRAM = "for n in range(1, 11): print(n * n)\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How one item is answered by keys and by pointer, and what is then stored; None: a file, whatever its digest."""

    keys: Callable[[Place], None]
    pointer: Callable[[Place], None]
    stored: Mapping[str, tuple[str, ...] | None]


def answer(*values: str) -> Mapping[str, tuple[str, ...]]:
    return {"RESPONSE": values}


def order_by_lists(at: Place, *identifiers: str) -> None:
    for number, identifier in enumerate(identifiers, 1):
        at.pick(at.line(identifier).locator("select"), str(number))


def order_by_dragging(at: Place, *identifiers: str) -> None:
    for number, identifier in enumerate(identifiers):
        there = at.item.locator(".line").nth(number)
        if there.get_attribute("data-name") != at.name(identifier):
            at.drag(at.line(identifier).locator(".grip"), there)
        elif number == 0:  # it stands there by chance
            at.item.locator(".keep").click()
        expect(at.line(identifier).locator("select")).to_have_value(str(number + 1))


def order_by_buttons(at: Place, *identifiers: str) -> None:
    for number, identifier in enumerate(identifiers, 1):
        at.line(identifier).locator("button").first.click()
        expect(at.line(identifier).locator("select")).to_have_value(str(number))


def pairs_by_lists(at: Place, *pairs: str) -> None:
    for number, pair in enumerate(pairs):
        for place, identifier in enumerate(pair.split()):
            at.pick(at.item.locator(".pair").nth(number).locator("select").nth(place), at.name(identifier))


def pairs_by_choosing(at: Place, *pairs: str) -> None:
    for number, pair in enumerate(pairs):
        for place, identifier in enumerate(pair.split()):
            at.item.locator(".pair").nth(number).locator("select").nth(place).select_option(at.name(identifier))


def cells_by_keys(at: Place, *pairs: str) -> None:
    by_row = {at.name(pair.split()[0]): pair for pair in pairs}
    for row in at.item.locator("tbody tr").all():
        source, target = by_row[row.get_attribute("data-name")].split()
        at.radio(f"{at.name(source)} {at.name(target)}")


def cells_by_pressing(at: Place, *pairs: str) -> None:
    for pair in pairs:
        value = " ".join(map(at.name, pair.split()))
        at.item.locator(f".cell:has(input[value='{value}'])").click()


def gaps_by_lists(at: Place, *pairs: str) -> None:
    by_target = {at.name(pair.split()[1]): pair.split()[0] for pair in pairs}
    for gap in at.item.locator("select.gap").all():
        at.pick(gap, at.name(by_target[gap.get_attribute("data-target")]))


def gaps_by_dragging(at: Place, *pairs: str, graphic: bool = False) -> None:
    for token, gap in (pair.split() for pair in pairs):
        at.drag(at.token(token), at.spot(gap) if graphic else at.gap(gap))
        expect(at.gap(gap)).to_have_value(at.name(token))


def words_by_keys(at: Place, *identifiers: str) -> None:
    wanted = set(map(at.name, identifiers))
    for word in at.item.locator(".hottext input").all():
        if word.get_attribute("value") in wanted:
            at.tab_to(word)
            at.keys("Space")


def press_words(at: Place, *identifiers: str) -> None:
    for identifier in identifiers:
        at.item.locator(f".hottext:has(input[value='{at.name(identifier)}'])").click()


def point_by_keys(at: Place, *keys: str) -> None:
    at.tab_to(at.item.locator(".pad"))
    at.keys(*keys, "Enter")


def draw_by_keys(at: Place) -> None:
    at.tab_to(at.item.locator("canvas"))
    at.keys("Space", *["ArrowRight"] * 5, *["ArrowDown"] * 3, "Space")


def draw_by_pointer(at: Place) -> None:
    box = at.item.locator("canvas").bounding_box()
    at.page.mouse.move(box["x"] + 200, box["y"] + 40)
    at.page.mouse.down()
    at.page.mouse.move(box["x"] + 280, box["y"] + 120, steps=4)
    at.page.mouse.up()


def hand_in_file(at: Place) -> None:
    """No page can open the browser's own dialog; the field itself is reached by Tab."""
    field = at.item.locator("input[type=file]")
    at.tab_to(field)
    field.set_input_files({"name": "squares.txt", "mimeType": "text/plain", "buffer": PROGRAM.encode()})
    expect(at.item.locator(".file-state a")).to_contain_text("squares.txt")


def hear_by_keys(at: Place) -> None:
    at.tab_to(at.item.locator("audio"))
    at.keys("Space")
    expect(at.item.locator(".plays")).to_contain_text("1")
    at.radio(at.name("B"))


def hear_by_pointer(at: Place) -> None:
    at.item.locator("audio").click(position={"x": 24, "y": 27})
    expect(at.item.locator(".plays")).to_contain_text("1")
    at.item.locator(f".choice:has(input[value='{at.name('B')}'])").click()


def type_and_press(at: Place) -> None:
    at.tab_to(at.item.locator("input.entry"))
    at.page.keyboard.type("56")
    at.tab_to(at.item.locator("button[data-control=flag]"))
    at.keys("Enter")


def fill_and_click(at: Place) -> None:
    at.item.locator("input.entry").fill("56")
    at.item.locator("button[data-control=flag]").click()


def write(at: Place) -> None:
    at.tab_to(at.item.locator("textarea"))
    at.page.keyboard.insert_text(ESSAY)
    at.keys("Tab")


def slide_by_keys(at: Place) -> None:
    at.tab_to(at.item.locator("input[type=range]"))
    at.keys(*["ArrowLeft"] * 4)


def press_spots(at: Place, *identifiers: str) -> None:
    for identifier in identifiers:
        at.spot(identifier).click()


def pairs_on_picture(at: Place, *pairs: str) -> None:
    for pair in pairs:
        press_spots(at, *pair.split())


WATER = ("A", "B", "C", "D")
OLDEST = ("B", "C", "E")
FORCES = ("A D", "B E", "C F")
KINDS = ("A X", "B U", "C V", "D W")
LEAF = ("A G1", "C G2", "D G3")
LINES = ("A B", "B C", "C D", "C E")
SKY = ("RAIN J", "SUN S", "CLOUD B")
WAYS: Mapping[str, Way] = {
    "O-01": Way(
        keys=lambda at: order_by_lists(at, *WATER),
        pointer=lambda at: order_by_dragging(at, *WATER),
        stored=answer(*WATER),
    ),
    "O-02": Way(
        keys=lambda at: order_by_lists(at, *OLDEST),
        pointer=lambda at: order_by_buttons(at, *OLDEST),
        stored=answer(*OLDEST),
    ),
    "A-01": Way(
        keys=lambda at: pairs_by_lists(at, *FORCES),
        pointer=lambda at: pairs_by_choosing(at, *FORCES),
        stored=answer(*FORCES),
    ),
    "P-01": Way(
        keys=lambda at: cells_by_keys(at, *KINDS),
        pointer=lambda at: cells_by_pressing(at, *KINDS),
        stored=answer(*KINDS),
    ),
    "G-01": Way(
        keys=lambda at: gaps_by_lists(at, *LEAF), pointer=lambda at: gaps_by_dragging(at, *LEAF), stored=answer(*LEAF)
    ),
    "IL-01": Way(
        keys=lambda at: at.pick(at.item.locator("select"), at.name("B")),
        pointer=lambda at: at.item.locator("select").select_option(at.name("B")),
        stored=answer("B"),
    ),
    "HT-01": Way(
        keys=lambda at: words_by_keys(at, "H2", "H4"),
        pointer=lambda at: press_words(at, "H2", "H4"),
        stored=answer("H2", "H4"),
    ),
    "E-01": Way(keys=write, pointer=write, stored=answer(ESSAY)),
    "HS-01": Way(
        keys=lambda at: at.radio(at.name("ROOT")),
        pointer=lambda at: at.press_at(200, 320),
        stored=answer("ROOT"),
    ),
    "SP-01": Way(
        keys=lambda at: point_by_keys(at, *["ArrowRight"] * 15, *["ArrowDown"] * 10),
        pointer=lambda at: at.press_at(320, 280),
        stored=answer("320 280"),
    ),
    "GO-01": Way(
        keys=lambda at: order_by_lists(at, *WATER), pointer=lambda at: press_spots(at, *WATER), stored=answer(*WATER)
    ),
    "GA-01": Way(
        keys=lambda at: pairs_by_lists(at, *LINES),
        pointer=lambda at: pairs_on_picture(at, *LINES),
        stored=answer(*LINES),
    ),
    "GG-01": Way(
        keys=lambda at: gaps_by_lists(at, *SKY),
        pointer=lambda at: gaps_by_dragging(at, *SKY, graphic=True),
        stored=answer(*SKY),
    ),
    "PO-01": Way(
        keys=lambda at: point_by_keys(at, *["ArrowRight"] * 6, *["ArrowDown"] * 11, *["Shift+ArrowDown"] * 6),
        pointer=lambda at: at.press_at(300, 276),
        stored=answer("300 276"),
    ),
    "SL-01": Way(
        keys=slide_by_keys,
        pointer=lambda at: at.item.locator(".slider-foot .icon").first.click(click_count=4),
        stored=answer("4"),
    ),
    "U-01": Way(keys=hand_in_file, pointer=hand_in_file, stored={"RESPONSE": None}),
    "D-01": Way(keys=draw_by_keys, pointer=draw_by_pointer, stored={"RESPONSE": None}),
    "ME-01": Way(keys=hear_by_keys, pointer=hear_by_pointer, stored={"PLAYS": ("1",), "RESPONSE": ("B",)}),
    "EA-01": Way(keys=type_and_press, pointer=fill_and_click, stored={"RESPONSE": ("56",), "SKIP": ("true",)}),
}
