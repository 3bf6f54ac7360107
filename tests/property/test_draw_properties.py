"""Drawing, whatever the bank and the blueprint: it meets the blueprint or names what is missing."""

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itembank.core.bank import meets
from itembank.core.blueprint import demands
from itembank.core.check import check
from itembank.core.draw import BlueprintImpossible, draw
from tests.factories_itembank import bank, blueprint, candidate, cell

AREAS = ["a", "b", "c", "d"]
candidates = st.lists(
    st.tuples(
        st.sets(st.sampled_from(AREAS), min_size=1, max_size=3),
        st.sampled_from(["", "D", "AD", "ABCD"]),
        st.none() | st.floats(-3, 3),
    ),
    max_size=25,
)
cells = st.builds(
    lambda areas, count, band: cell(*sorted(areas), count=count, band=band),
    st.sets(st.sampled_from(AREAS), min_size=1, max_size=3),
    st.integers(1, 3),
    st.sampled_from([None, ("-1", "1")]),
)
blueprints = st.lists(st.lists(cells, min_size=1, max_size=3), min_size=1, max_size=3).map(
    lambda parts: blueprint(*(tuple(part) for part in parts))
)
banks = candidates.map(
    lambda drawn: bank(
        *(
            candidate(number, *areas, pinned=pinned, difficulty=difficulty)
            for number, (areas, pinned, difficulty) in enumerate(drawn)
        )
    )
)
seeds = st.binary(max_size=16)


def serves(form, plan, view):
    """Tell whether the form's items can be shared out among the demands of each part, none left over."""
    by_code = {one.item_code: one for one in view.candidates}
    wanted = [demand for demand in demands(plan) for _ in range(demand.count)]
    taken: dict[int, int] = {}

    def place(slot, seen):
        for index, demand in enumerate(wanted):
            fits = demand.part == slot.part and meets(by_code[slot.item_code], demand) and demand.points == slot.points
            if fits and index not in seen:
                seen.add(index)
                if index not in taken or place(form.slots[taken[index]], seen):
                    taken[index] = slot.number - 1
                    return True
        return False

    return len(form.slots) == len(wanted) and all(place(slot, set()) for slot in form.slots)


@given(blueprints, banks, seeds)
def test_a_form_meets_its_blueprint_or_the_check_names_why_there_is_none(plan, view, seed):
    problems = check(plan, view)
    if problems:
        with pytest.raises(BlueprintImpossible) as refusal:
            draw(plan, view, seed=seed)
        assert refusal.value.problems == problems
        return
    form = draw(plan, view, seed=seed)
    assert max(Counter(slot.item_code for slot in form.slots).values()) == 1
    assert serves(form, plan, view)


@given(blueprints, banks, seeds, st.randoms(use_true_random=False))
def test_the_same_seed_gives_the_same_form_in_whatever_order_the_items_come(plan, view, seed, shuffler: random.Random):
    if check(plan, view):
        return
    mixed = list(view.candidates)
    shuffler.shuffle(mixed)
    assert draw(plan, view, seed=seed).digest == draw(plan, bank(*mixed), seed=seed).digest


@given(blueprints, banks, seeds)
def test_options_are_reordered_and_pinned_ones_stay(plan, view, seed):
    if check(plan, view):
        return
    by_code = {one.item_code: one for one in view.candidates}
    for slot in draw(plan, view, seed=seed).slots:
        (options,) = by_code[slot.item_code].option_sets
        order = slot.option_order["RESPONSE"]
        assert sorted(order) == sorted(options.choices)
        assert all(order[place] == name for place, name in enumerate(options.choices) if name in options.pinned)


@given(blueprints, banks)
def test_a_shortage_is_never_reported_for_a_blueprint_that_more_items_cannot_break(plan, view):
    # Adding an item for every demand, as often as it asks, makes any blueprint possible.
    extra = [
        candidate(1000 + number, demand.area, difficulty=0.0)
        for number, demand in enumerate(demand for demand in demands(plan) for _ in range(demand.count))
    ]
    assert check(plan, bank(*view.candidates, *extra)) == ()
