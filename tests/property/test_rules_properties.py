"""Drawing under rules, whatever the bank and the blueprint: an independent checker finds nothing broken.

For small banks a search through all choices says whether there is a form at all.
"""

import itertools
import random
from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cbt.kernel.score import score
from itembank.core.bank import meets
from itembank.core.blueprint import blueprint_document, blueprint_from, demands
from itembank.core.blueprint_edit import edited, read_edit
from itembank.core.check import check
from itembank.core.draw import BlueprintImpossible, draw, draw_sitting, plan
from itembank.core.form_check import checker
from itembank.core.rules import ExpectedScore, ExposureCap, LevelRange, Rules
from itembank.formats.toml_blueprint import parse_blueprint_toml, write_blueprint_toml
from tests.factories_itembank import bank, blueprint, candidate, cell

AREAS = ["a", "b"]
LEVELS = ["recall", "apply"]
ranges = st.tuples(st.integers(0, 3), st.integers(0, 3)).map(sorted)
levels = st.dictionaries(st.sampled_from(LEVELS), ranges, max_size=2).map(
    lambda found: tuple(LevelRange(level=name, least=low, most=high) for name, (low, high) in found.items())
)
expected = st.none() | st.builds(
    lambda target, tolerance: ExpectedScore(target=score(target), tolerance=score(tolerance)),
    st.sampled_from(["0.5", "1", "2", "3"]),
    st.sampled_from(["0", "0.2", "0.5", "1"]),
)
switches = st.fixed_dictionaries({name: st.booleans() for name in ("enemies", "stimuli", "levels", "expected")})
caps = st.none() | st.sampled_from([{"multiple": Decimal(3)}, {"share": Decimal("0.5")}])


@st.composite
def ruled_blueprints(draw):
    cells = st.builds(
        lambda areas, count, points: cell(*sorted(areas), count=count, points=points),
        st.sets(st.sampled_from(AREAS), min_size=1),
        st.integers(1, 2),
        st.sampled_from(["1", "2.5"]),
    )
    made = blueprint(*draw(st.lists(st.lists(cells, min_size=1, max_size=2).map(tuple), min_size=1, max_size=2)))
    parts = tuple(replace(part, levels=draw(levels), expected=draw(expected)) for part in made.parts)
    cap = draw(caps)
    rules = Rules(**draw(switches), cap=None if cap is None else ExposureCap(**cap))
    return replace(made, parts=parts, rules=rules)


@st.composite
def labelled_banks(draw, most=9):
    items = []
    for number in range(draw(st.integers(0, most))):
        item = candidate(number, *draw(st.sets(st.sampled_from(AREAS), min_size=1)))
        items.append(
            replace(
                item,
                level=draw(st.sampled_from(["", *LEVELS])),
                enemies=frozenset(draw(st.sets(st.sampled_from("xyz"), max_size=2))),
                stimulus=draw(st.sampled_from(["", "", "", "s", "t"])),
                expected=draw(st.none() | st.sampled_from([0.1, 0.3, 0.5, 0.75, 1.0])),
            )
        )
    return bank(*items)


seeds = st.binary(max_size=8)


def choices(plan_, view):
    """Every way to serve the demands, one tuple of codes for each demand."""
    wanted = list(demands(plan_))
    per_demand = [
        itertools.combinations([one.item_code for one in view.candidates if meets(one, demand)], demand.count)
        for demand in wanted
    ]
    for picked in itertools.product(*per_demand):
        codes = [code for group in picked for code in group]
        if len(set(codes)) == len(codes):
            yield [
                (demand.part, demand.points, code)
                for demand, group in zip(wanted, picked, strict=True)
                for code in group
            ]


def possible(plan_, view):
    """Whether any choice keeps all rules; written out again from the meaning of each rule."""
    items = {one.item_code: one for one in view.candidates}
    groups = {}
    for one in view.candidates:
        if one.stimulus and any(meets(one, demand) for demand in demands(plan_)):
            groups.setdefault(one.stimulus, set()).add(one.item_code)
    return any(_keeps(plan_, items, groups, choice) for choice in choices(plan_, view))


def _keeps(plan_, items, groups, choice):
    part_of = {code: part for part, _, code in choice}
    labels = [label for code in part_of for label in items[code].enemies]
    if plan_.rules.enemies and len(labels) > len(set(labels)):
        return False
    if plan_.rules.stimuli and not all(_whole(members, part_of) for members in groups.values()):
        return False
    return all(
        _part_keeps(plan_, part, [(points, items[code]) for number, points, code in choice if number == index])
        for index, part in enumerate(plan_.parts)
    )


def _whole(members, part_of):
    there = members & part_of.keys()
    return not there or (there == members and len({part_of[code] for code in there}) == 1)


def _part_keeps(plan_, part, own):
    having = Counter(item.level for _, item in own)
    if plan_.rules.levels and not all(one.least <= having[one.level] <= one.most for one in part.levels):
        return False
    if not plan_.rules.expected or part.expected is None:
        return True
    total = sum(points * Decimal(str(item.expected)) for points, item in own)
    return abs(total - part.expected.target) <= part.expected.tolerance


@given(ruled_blueprints(), labelled_banks(), seeds)
def test_a_form_breaks_no_rule_or_the_check_names_one(plan_, view, seed):
    problems = check(plan_, view)
    if problems:
        assert all(problem.where and problem.hint for problem in problems)
        with pytest.raises(BlueprintImpossible):
            draw(plan_, view, seed=seed)
        return
    assert checker(plan_, view).broken(draw(plan_, view, seed=seed)) == ()


@given(ruled_blueprints(), labelled_banks())
def test_the_check_refuses_exactly_what_no_choice_of_items_can_keep(plan_, view):
    free = replace(plan_, rules=replace(plan_.rules, cap=None))
    assert (check(free, view) == ()) == possible(free, view)


@given(ruled_blueprints(), labelled_banks(), seeds, st.randoms(use_true_random=False))
def test_the_order_of_the_bank_does_not_matter(plan_, view, seed, shuffler: random.Random):
    if check(plan_, view):
        return
    mixed = list(view.candidates)
    shuffler.shuffle(mixed)
    assert draw(plan_, view, seed=seed) == draw(plan_, bank(*mixed), seed=seed)


@given(ruled_blueprints(), labelled_banks())
def test_what_is_switched_off_is_not_asked_for(plan_, view):
    off = replace(plan_, rules=Rules(enemies=False, stimuli=False, levels=False, expected=False, exposure=False))
    bare = replace(off, parts=tuple(replace(part, levels=(), expected=None) for part in off.parts))
    assert check(off, view) == check(bare, view)
    if not check(off, view):
        assert draw(off, view, seed=b"x").slots == draw(bare, view, seed=b"x").slots


@given(ruled_blueprints(), labelled_banks(), st.integers(1, 6))
def test_every_form_of_a_sitting_keeps_the_rules_and_can_be_drawn_again(plan_, view, count):
    if check(plan_, view):
        return
    prepared = plan(plan_, view)
    seeds_ = [bytes([number]) for number in range(count)]
    forms = draw_sitting(prepared, seeds_)
    assert forms == draw_sitting(prepared, seeds_)
    assert all(checker(plan_, view).broken(form) == () for form in forms)


@given(ruled_blueprints())
def test_rules_survive_document_file_and_editor(plan_):
    assert blueprint_from(blueprint_document(plan_)) == plan_
    assert parse_blueprint_toml(write_blueprint_toml(plan_).encode()).blueprint == plan_
    assert read_edit(edited(plan_)).blueprint == plan_
