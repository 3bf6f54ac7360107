"""The fairness figures of a set of forms, against forms of which every figure is known."""

from dataclasses import replace
from decimal import Decimal

import pytest

from cbt.kernel.score import score
from itembank.core.draw import draw_sitting, plan
from itembank.core.fairness import fairness, spread
from itembank.core.rules import ExposureCap, LevelRange, Rules
from tests.factories_itembank import bank, blueprint, candidate, cell

SHARES = [0.2, 0.4, 0.6, 0.8]
VIEW = bank(*(replace(candidate(number, "1"), expected=share, level="recall") for number, share in enumerate(SHARES)))
WANTED = blueprint((cell("1", count=2, points="2"),))


def form_of(*numbers):
    (form,) = draw_sitting(plan(WANTED, VIEW), [b"x"])
    by_number = [replace(slot, item_code=f"Q{number:04}") for slot, number in zip(form.slots, numbers, strict=True)]
    return replace(form, slots=tuple(by_number))


def test_expected_scores_and_their_spread():
    report = fairness(WANTED, VIEW, [form_of(0, 1), form_of(2, 3)])
    assert [one.expected for one in report.forms] == pytest.approx([1.2, 2.8])
    assert (report.expected.mean, report.expected.deviation) == pytest.approx((2.0, 0.8))
    assert (report.points, report.parts[0].points, report.unknown) == (4, 4, 0)


def test_exposure_counts_each_item_and_the_unused():
    report = fairness(WANTED, VIEW, [form_of(0, 1), form_of(0, 2), form_of(0, 1)])
    assert [(one.code, one.forms) for one in report.uses] == [("Q0000", 3), ("Q0001", 2), ("Q0002", 1)]
    assert (report.exposure.greatest, report.exposure.mean, report.exposure.unused) == (3, 1.5, 1)
    assert report.exposure.ratio == 2


def test_overlap_is_the_share_of_common_items():
    report = fairness(WANTED, VIEW, [form_of(0, 1), form_of(0, 2), form_of(2, 3)])
    assert (report.overlap.mean, report.overlap.greatest) == pytest.approx((1 / 3, 0.5))
    assert fairness(WANTED, VIEW, [form_of(0, 1)]).overlap.mean == 0


def test_information_at_the_cut_is_greatest_where_items_lie_at_it():
    report = fairness(WANTED, VIEW, [form_of(1, 2), form_of(0, 3)])
    near, far = (one.information for one in report.forms)
    assert near > far
    assert 0 < report.cut_ability < 1


def test_an_unknown_difficulty_makes_the_figure_unknown_and_is_counted():
    partly = replace(VIEW, candidates=(replace(VIEW.candidates[0], expected=None), *VIEW.candidates[1:]))
    report = fairness(WANTED, partly, [form_of(0, 1), form_of(1, 2)])
    assert (report.expected, report.information, report.unknown) == (None, None, 1)
    assert report.forms[1].expected == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda _: form_of(0, 0), "item-twice"),
        (lambda form: replace(form, slots=form.slots[:1]), "cells-not-met"),
        (lambda form: replace(form, slots=form.slots[::-1]), "slots-out-of-order"),
        (lambda _: form_of(0, 7), "unknown-item"),
        (lambda form: replace(form, slots=tuple(replace(one, points=score(1)) for one in form.slots)), "cells-not-met"),
    ],
)
def test_a_broken_form_is_found(spoil, code):
    report = fairness(WANTED, replace(VIEW, candidates=(*VIEW.candidates,)), [spoil(form_of(0, 1))])
    assert code in {one.problem.code for one in report.broken}
    assert report.forms[0].broken >= 1


def test_a_level_out_of_its_range_is_found():
    strict = replace(WANTED, parts=(replace(WANTED.parts[0], levels=(LevelRange(level="recall", least=0, most=1),)),))
    (broken,) = fairness(strict, VIEW, [form_of(0, 1)]).broken
    assert (broken.form, broken.problem.where) == (1, "part 1, level recall")


def test_an_item_above_the_cap_is_found_in_the_set_of_forms():
    capped = replace(WANTED, rules=Rules(cap=ExposureCap(share=Decimal("0.5"))))
    forms = [form_of(0, 1), form_of(0, 2), form_of(0, 3), form_of(2, 3)]
    (broken,) = fairness(capped, VIEW, forms).broken
    assert (broken.form, broken.problem.where, broken.problem.code) == (0, "item Q0000", "overexposed")
    assert broken.problem.hint == "on 3 of 4 forms, at most 2 allowed"


def test_no_spread_without_values():
    assert spread([]) is None
