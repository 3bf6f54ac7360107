"""Forms chosen together: the models over the board, solved here by trying everything on small banks."""

from dataclasses import replace
from itertools import product

import pytest

from cbt.kernel.chance import Chance
from cbt.kernel.score import score
from itembank.core.assembly.disjoint import capacity_model, draw_disjoint
from itembank.core.assembly.parallel import assembly, even_assembly
from itembank.core.draw import form_of_items, plan
from itembank.core.form_check import checker
from itembank.core.rules import ExpectedScore, LevelRange
from tests.factories_itembank import bank, blueprint, candidate, cell


def item(number, *areas, **known):
    return replace(candidate(number, *areas), **known)


VIEW = bank(
    *(item(number, "1", expected=0.3 + number / 20, level="recall" if number % 2 else "apply") for number in range(9)),
    *(
        item(number, "2", expected=0.5, enemies=frozenset({"e"}) if number < 12 else frozenset())
        for number in range(9, 15)
    ),
)
WANTED = blueprint((cell("1", count=2),), (cell("2", count=1),))


def feasible(model, values):
    sums = [0.0] * len(model.rows)
    ends = [*model.starts[1:], len(model.columns)]
    for row, (start, end) in enumerate(zip(model.starts, ends, strict=True)):
        sums[row] = sum(model.factors[place] * values[model.columns[place]] for place in range(start, end))
    in_rows = all(low - 1e-9 <= total <= high + 1e-9 for total, (low, high) in zip(sums, model.rows, strict=True))
    return in_rows and all(
        low <= value <= high for value, low, high in zip(values, model.lowest, model.highest, strict=True)
    )


def test_disjoint_forms_keep_the_rules_and_share_no_item():
    board = plan(WANTED, VIEW).board
    found = draw_disjoint(board, Chance(b"x"), 99)
    items = [one for form in found for one in form]
    assert len(found) == 4  # nine items of the first area, two for each form
    assert len(items) == len(set(items))
    forms = [form_of_items(plan(WANTED, VIEW), one, seed=b"x") for one in found]
    assert all(checker(WANTED, VIEW).broken(form) == () for form in forms)


def test_the_start_of_an_even_assembly_is_a_solution_of_its_model():
    board = plan(WANTED, VIEW).board
    drawn = draw_disjoint(board, Chance(b"x"), 3)
    built = even_assembly(board, 3, drawn)
    values = [0.0] * len(built.model.lowest)
    for column in built.model.start:
        values[column] = 1.0
    values[-1] = 10.0  # the greatest distance from the target, with room
    assert feasible(built.model, values)
    assert [set(one) for one in built.choices(board, values)] == [set(one) for one in drawn]


def test_a_model_admits_exactly_the_forms_that_keep_the_rules():
    ruled = replace(
        WANTED,
        parts=(
            replace(
                WANTED.parts[0],
                levels=(LevelRange(level="recall", least=1, most=1),),
                expected=ExpectedScore(target=score(1), tolerance=score("0.2")),
            ),
            WANTED.parts[1],
        ),
    )
    small = replace(VIEW, candidates=(*VIEW.candidates[:5], *VIEW.candidates[9:12]))
    prepared = plan(ruled, small)
    built = assembly(prepared.board, 1, even=False)
    admitted = kept = 0
    for values in product((0, 1), repeat=len(built.ways)):
        if feasible(built.model, values):
            (items,) = built.choices(prepared.board, values)
            admitted += 1
            kept += checker(ruled, small).broken(form_of_items(prepared, items, seed=b"x")) == ()
    assert admitted == kept > 0


def test_the_capacity_model_counts_forms_and_not_items():
    board = plan(WANTED, VIEW).board
    model = capacity_model(board)
    spread_evenly = [4 * 2 / 9] * 9 + [4 / 6] * 6
    assert feasible(model, [*spread_evenly, 4.0])
    assert not feasible(model, [*spread_evenly, 4.5])


@pytest.mark.parametrize("count", [5, 50])
def test_more_forms_than_the_bank_holds_are_not_drawn(count):
    assert len(draw_disjoint(plan(WANTED, VIEW).board, Chance(b"x"), count)) < count
