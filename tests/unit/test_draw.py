"""Drawing: the form that a seed gives, pinned options, shared items, and the names of every shortage."""

from dataclasses import replace

import pytest

from cbt.kernel.canonical import decode, encode
from itembank.core.bank import option_sets
from itembank.core.blueprint import blueprint_document, blueprint_from
from itembank.core.check import check
from itembank.core.draw import PLAIN, BlueprintImpossible, draw
from itembank.core.forms import form_from
from itembank.core.interactions import Choice, OrderInteraction
from itembank.core.items import ItemContent
from tests.factories_itembank import bank, blueprint, candidate, cell

SMALL = bank(
    *(candidate(number, "1", pinned="D") for number in range(6)), *(candidate(number, "2") for number in range(6, 12))
)
TWO_PARTS = blueprint((cell("1", count=2, points="5"),), (cell("2", count=3, points="2.5"),))
GOLDEN_CODES = ["Q0000", "Q0002", "Q0011", "Q0007", "Q0009"]
GOLDEN_OPTIONS = ["BCAD", "CABD", "BCAD", "DCAB", "BDCA"]
GOLDEN_DIGEST = "c447e0fbd75486e1d4209c09a6470e403ca12f83ad5378c55fdc1f5079030516"


def codes(form):
    return [slot.item_code for slot in form.slots]


def test_a_seed_gives_the_form_it_gave_on_the_day_this_was_written():
    form = draw(TWO_PARTS, SMALL, seed=b"golden")
    assert PLAIN == form.algorithm == "stratified/1 sha256-counter/1"
    assert codes(form) == GOLDEN_CODES
    assert ["".join(slot.option_order["RESPONSE"]) for slot in form.slots] == GOLDEN_OPTIONS
    assert form.digest.hex() == GOLDEN_DIGEST


def test_parts_follow_the_blueprint_and_number_their_slots():
    form = draw(TWO_PARTS, SMALL, seed=b"x")
    assert [(part.code, part.first, part.last) for part in form.parts] == [("1", 1, 2), ("2", 3, 5)]
    assert [slot.number for slot in form.slots] == [1, 2, 3, 4, 5]
    assert [str(slot.points) for slot in form.slots] == ["5.000"] * 2 + ["2.500"] * 3


def test_options_keep_their_order_when_the_blueprint_says_so():
    form = draw(blueprint((cell("1", count=3),), shuffle_options=False), SMALL, seed=b"x")
    assert {slot.option_order["RESPONSE"] for slot in form.slots} == {tuple("ABCD")}


def test_an_order_that_may_tell_the_answer_moves_whatever_the_blueprint_says():
    choices = tuple(Choice(identifier=letter, content=letter) for letter in "ABCDE")
    order = OrderInteraction(response="R", choices=choices)
    standing = OrderInteraction(response="S", choices=choices, shuffle=False)
    content = ItemContent(title="", language="ko", body="", declarations=(), interactions=(order, standing))
    asked = replace(candidate(1, "1"), option_sets=option_sets(content))
    wanted = blueprint((cell("1"),), shuffle_options=False)
    forms = [draw(wanted, bank(asked), seed=bytes([number])) for number in range(20)]
    assert len({form.slots[0].option_order["R"] for form in forms}) > 10
    assert {form.slots[0].option_order["S"] for form in forms} == {tuple("ABCDE")}


def test_a_frozen_form_reads_back_the_same():
    form = draw(TWO_PARTS, SMALL, seed=b"x")
    assert form_from(decode(form.canonical())) == form
    assert blueprint_from(decode(encode(blueprint_document(TWO_PARTS)))) == TWO_PARTS


def test_cells_that_share_items_never_starve_each_other():
    # Taken carelessly, the wide cell would use up what the narrow one needs.
    shared = bank(candidate(1, "all", "narrow"), candidate(2, "all"))
    wanted = blueprint((cell("all"), cell("narrow")))
    for number in range(50):
        assert sorted(codes(draw(wanted, shared, seed=bytes([number])))) == ["Q0001", "Q0002"]


def test_a_shortage_names_part_cell_area_and_both_counts():
    (problem,) = check(blueprint((cell("1", count=9),)), SMALL)
    assert (problem.where, problem.code) == ("part 1, cell 1, area 1", "shortage")
    assert problem.hint == "wanted 9, available 6"


def test_an_unknown_area_is_named():
    (problem,) = check(blueprint((cell("9"),)), SMALL)
    assert problem.code == "unknown-area"


def test_a_difficulty_band_counts_only_items_in_it():
    graded = bank(*(candidate(number, "1", difficulty=number / 10) for number in range(10)), candidate(99, "1"))
    assert check(blueprint((cell("1", count=4, band=("0.2", "0.5")),)), graded) == ()
    (problem,) = check(blueprint((cell("1", count=5, band=("0.2", "0.5")),)), graded)
    assert problem.where == "part 1, cell 1, area 1, difficulty 0.200 to 0.500"
    assert problem.hint == "wanted 5, available 4"


def test_cells_that_together_want_too_much_are_named_together():
    shared = bank(*(candidate(number, "all", f"part{number % 2}") for number in range(10)))
    (problem,) = check(blueprint((cell("part0", count=4),), (cell("part1", count=4), cell("all", count=3))), shared)
    assert problem.code == "shared-shortage"
    assert problem.where == "part 1, cell 1, area part0; part 2, cell 1, area part1; part 2, cell 2, area all"
    assert problem.hint.endswith("together wanted 11, available 10")


def test_every_shortage_is_named_at_once():
    found = check(blueprint((cell("1", count=9), cell("7")), (cell("2", count=5), cell("2", count=4))), SMALL)
    assert [problem.code for problem in found] == ["shortage", "unknown-area", "shared-shortage"]


def test_an_impossible_blueprint_raises_with_its_problems():
    with pytest.raises(BlueprintImpossible) as refusal:
        draw(blueprint((cell("1", count=9),)), SMALL, seed=b"x")
    assert refusal.value.problems[0].code == "shortage"
