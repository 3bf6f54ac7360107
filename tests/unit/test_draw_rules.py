"""Drawing under rules: what a seed gives, what each rule does, how a sitting shares out, which rule is to blame."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest

from cbt.kernel.canonical import decode
from cbt.kernel.score import score
from itembank.core.check import check
from itembank.core.draw import PLAIN, RULED, Sitting, draw, draw_sitting, plan
from itembank.core.form_check import checker
from itembank.core.forms import form_from
from itembank.core.rules import ExpectedScore, ExposureCap, LevelRange, Rules
from tests.factories_itembank import bank, blueprint, candidate, cell

LEVELS = ("recall", "apply", "analyse")


def item(number, *areas, **known):
    return replace(candidate(number, *areas), **known)


MIXED = bank(
    *(
        item(
            number,
            str(number % 2 + 1),
            level=LEVELS[number % 3],
            expected=0.3 + number % 11 / 20,
            enemies=frozenset({f"e{number // 6}"} if number % 3 == 0 else ()),
            stimulus=f"s{number // 8}" if number % 8 in {2, 4} else "",
        )
        for number in range(48)
    )
)
RULES = Rules(cap=ExposureCap(multiple=Decimal(3)))
TWO_PARTS = replace(
    blueprint((cell("1", count=5),), (cell("2", count=4, points="2"),)),
    rules=RULES,
)
RULED_PARTS = replace(
    TWO_PARTS,
    parts=tuple(
        replace(
            part,
            levels=(LevelRange(level="recall", least=1, most=2), LevelRange(level="analyse", least=1, most=3)),
            expected=ExpectedScore(target=score(target), tolerance=score("0.2")),
        )
        for part, target in zip(TWO_PARTS.parts, ("2.7", "4.4"), strict=True)
    ),
)


def codes(form):
    return [slot.item_code for slot in form.slots]


def with_part(made, **rules):
    return replace(made, parts=(replace(made.parts[0], **rules),))


def seeds(count):
    return [f"{number}".encode() for number in range(count)]


def test_a_seed_gives_under_rules_the_form_it_gave_on_the_day_this_was_written():
    form = draw(RULED_PARTS, MIXED, seed=b"golden")
    assert form.algorithm == RULED == "stratified-repair/1 sha256-counter/1"
    assert form.digest.hex() == "1b78785217c155130dc396d8a7a37d1cd02055b51ff68b17fb6cab7f94bf4cc4"


def test_rules_that_cannot_matter_leave_the_plain_draw():
    plain = bank(*(candidate(number, "1") for number in range(9)))
    assert draw(blueprint((cell("1", count=3),)), plain, seed=b"x").algorithm == PLAIN


def test_each_rule_is_kept_and_its_absence_seen_when_it_is_off():
    prepared = plan(RULED_PARTS, MIXED)
    assert not [
        found for form in draw_sitting(prepared, seeds(60)) for found in checker(RULED_PARTS, MIXED).broken(form)
    ]
    off = replace(RULED_PARTS, rules=Rules(enemies=False, stimuli=False, levels=False, expected=False, exposure=False))
    broken = Counter(
        found.code
        for form in draw_sitting(plan(off, MIXED), seeds(60))
        for found in checker(RULED_PARTS, MIXED).broken(form)
    )
    assert broken.keys() >= {"enemies-together", "stimulus-torn", "level-out-of-range", "expected-off-target"}


def test_no_item_of_a_sitting_is_used_more_often_than_the_cap_allows():
    # Every form needs one of the eight hard items, which chance alone would not share out evenly.
    uneven = bank(*(item(number, "1", expected=0.5 if number < 8 else 0.9) for number in range(40)))
    wanted = with_part(
        blueprint((cell("1", count=4),)), expected=ExpectedScore(target=score("3.2"), tolerance=score(0))
    )
    capped = replace(wanted, rules=Rules(cap=ExposureCap(multiple=Decimal("1.5"))))
    uses, freely = (
        Counter(code for form in draw_sitting(plan(one, uneven), seeds(200)) for code in codes(form))
        for one in (capped, wanted)
    )
    assert max(uses.values()) <= 1.5 * 200 * 4 / 40 < max(freely.values())


def test_a_form_names_what_exposure_had_shut_and_reads_back_the_same():
    first, second = draw_sitting(plan(RULED_PARTS, MIXED), seeds(2))
    assert first.closed is None
    assert second.closed is not None
    assert form_from(decode(second.canonical())) == second
    assert "closed" not in first.document()


def test_a_sitting_goes_on_where_it_was_broken_off():
    prepared = plan(RULED_PARTS, MIXED)
    whole = draw_sitting(prepared, seeds(6))
    resumed = Sitting(prepared)
    for form in whole[:4]:
        resumed.count(form)
    assert tuple(resumed.draw(seed) for seed in seeds(6)[4:]) == whole[4:]


def test_items_used_before_count_against_the_cap():
    view = bank(*(item(number, "1", exposure=9 if number < 5 else 0) for number in range(20)))
    view = replace(view, forms=10)
    wanted = replace(blueprint((cell("1", count=2),)), rules=Rules(cap=ExposureCap(share=Decimal("0.5"))))
    drawn = {code for seed in seeds(20) for code in codes(draw(wanted, view, seed=seed))}
    assert drawn.isdisjoint({f"Q000{number}" for number in range(5)})


def test_items_of_one_stimulus_stand_together_or_not_at_all():
    view = bank(*(item(number, "1", stimulus=f"s{number // 3}" if number < 9 else "") for number in range(20)))
    seen = Counter()
    for form in draw_sitting(plan(blueprint((cell("1", count=6),)), view), seeds(80)):
        assert checker(blueprint((cell("1", count=6),)), view).broken(form) == ()
        seen.update(codes(form))
    assert min(seen[f"Q{number:04}"] for number in range(20)) > 5


def named(wanted, view):
    return [(problem.where, problem.code, problem.hint) for problem in check(wanted, view)]


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        (
            [LevelRange(level="apply", least=3, most=4)],
            ("part 1, level apply", "level-shortage", "wanted at least 3, available 2"),
        ),
        (
            [LevelRange(level="recall", least=0, most=1)],
            (
                "part 1, level recall",
                "level-excess",
                "wanted at most 1, but 2 items of this level cannot be avoided",
            ),
        ),
    ],
)
def test_a_level_that_cannot_be_kept_is_named_with_its_supply(levels, expected):
    view = bank(*(item(number, "1", level="apply" if number < 2 else "recall") for number in range(6)))
    assert named(with_part(blueprint((cell("1", count=4),)), levels=tuple(levels)), view) == [expected]


def test_levels_that_ask_for_more_than_the_part_holds_are_named():
    view = bank(*(item(number, "1", level=LEVELS[number % 2]) for number in range(8)))
    wanted = with_part(
        blueprint((cell("1", count=3),)),
        levels=(LevelRange(level="recall", least=2, most=3), LevelRange(level="apply", least=2, most=3)),
    )
    hint = "at least 4 items asked for, 3 in the part"
    assert named(wanted, view) == [("part 1, levels", "levels-too-many", hint)]


def test_an_expected_score_out_of_reach_is_named_with_what_there_is():
    view = bank(*(item(number, "1", expected=0.8) for number in range(6)))
    wanted = with_part(
        blueprint((cell("1", count=4),)), expected=ExpectedScore(target=score(2), tolerance=score("0.5"))
    )
    hint = "wanted 2 ± 0.5 points, the items allow 3.20 to 3.20"
    assert named(wanted, view) == [("part 1, expected score", "expected-out-of-reach", hint)]


def test_items_of_unknown_difficulty_are_named_where_an_expected_score_needs_them():
    view = bank(*(item(number, "1", expected=None if number else 0.5) for number in range(6)))
    wanted = with_part(blueprint((cell("1", count=2),)), expected=ExpectedScore(target=score(1), tolerance=score(1)))
    hint = "wanted 2, available 1 (5 more have no known difficulty, which an expected score needs)"
    assert named(wanted, view) == [("part 1, cell 1, area 1", "shortage", hint)]


def test_enemies_that_leave_too_few_are_named():
    view = bank(*(item(number, "1", enemies=frozenset({"e"})) for number in range(6)), candidate(9, "1"))
    hint = "wanted 3, available 2 that are no enemies of each other (of 7)"
    where = "part 1, cell 1, area 1, rule enemies"
    assert named(blueprint((cell("1", count=3),)), view) == [(where, "enemy-shortage", hint)]


def test_stimuli_that_do_not_fit_are_named():
    view = bank(*(item(number, "1", stimulus=f"s{number // 2}") for number in range(6)))
    hint = "wanted 3, available 2 when items of one stimulus are drawn together"
    where = "part 1, cell 1, area 1, rule stimuli"
    assert named(blueprint((cell("1", count=3),)), view) == [(where, "stimulus-misfit", hint)]


def test_a_cap_that_the_supply_cannot_keep_is_named():
    view = bank(*(candidate(number, "1") for number in range(10)))
    wanted = replace(blueprint((cell("1", count=5),)), rules=Rules(cap=ExposureCap(share=Decimal("0.2"))))
    hint = "each form needs 5 of 10 items, a share of 0.500; the cap allows 0.200"
    assert named(wanted, view) == [("part 1, cell 1, area 1, rule exposure", "exposure-shortage", hint)]


def test_rules_that_only_together_cannot_be_kept_are_named_each():
    # Recall items are hard and the only way to the score is without them.
    view = bank(
        *(item(number, "1", level="recall", expected=0.1) for number in range(4)),
        *(item(number, "1", level="apply", expected=0.9) for number in range(4, 8)),
    )
    wanted = with_part(
        blueprint((cell("1", count=2),)),
        levels=(LevelRange(level="recall", least=1, most=2),),
        expected=ExpectedScore(target=score("1.8"), tolerance=score("0.1")),
    )
    assert [(where, code) for where, code, _ in named(wanted, view)] == [
        ("part 1, levels", "rules-conflict"),
        ("part 1, expected score", "rules-conflict"),
    ]
