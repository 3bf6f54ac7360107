"""What holds for every form, key, journal and rule: order-free, within bounds, and equal to a second scorer."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cbt.delivery.core.journal import graded_set
from cbt.grading.core.marks import grade
from cbt.grading.core.outcome import decide
from cbt.grading.core.result import result_from, result_of
from cbt.grading.core.words import shortfall_words
from cbt.kernel import canonical
from cbt.kernel.score import shown, shown_up
from cbt.scheduling.core import pass_rules
from cbt.scheduling.core.pass_rules import Count, Overall, PassRule, SubjectsAndAverage, rule_words
from tests.factories_delivery import answered
from tests.strategies import Paper, fitting_rules, papers


def _rule(data: st.DataObject, paper: Paper) -> PassRule:
    return data.draw(fitting_rules(len(paper.form.slots)))


def second_opinion(paper: Paper, rule: PassRule) -> tuple[bool, list[tuple[int, int]]]:
    """Pass or fail, and each subject's score as numerator and denominator: whole numbers and cross-multiplication.

    Written from the rules alone: it knows which answers are right because it was told how they were made.
    """
    scores, all_earned, all_possible, all_correct = [], 0, 0, 0
    for part in paper.form.parts:
        earned = possible = 0
        for number in range(part.first, part.last + 1):
            worth = int(paper.form.slots[number - 1].points * 1000)
            # In units of 1/6000 of a point: an item has at most three response variables.
            possible += 6 * worth
            given = {} if part.code in paper.absent else paper.answers.get(number, {})
            variables = len(paper.keys[number].key.responses)
            right = sum(1 for answer in given.values() if answer.right)
            earned += 6 * worth * right // variables
            all_correct += right == variables
        scores.append((100 * earned, possible) if possible else (0, 1))
        all_earned += earned
        all_possible += possible
    return _passes(rule, scores, (100 * all_earned, all_possible or 1), all_correct), scores


def _passes(rule: PassRule, scores: list[tuple[int, int]], overall: tuple[int, int], correct: int) -> bool:
    match rule:
        case SubjectsAndAverage():
            floor, average = int(rule.floor * 1000), int(rule.average * 1000)
            common = 1
            for _, below in scores:
                common *= below
            total = sum(above * (common // below) for above, below in scores)
            floors = all(1000 * above >= floor * below for above, below in scores)
            return floors and 1000 * total >= average * common * len(scores)
        case Overall():
            return 1000 * overall[0] >= int(rule.least * 1000) * overall[1]
        case Count():
            return correct >= rule.least


@given(papers(), st.data())
def test_second_scorer_agrees(paper: Paper, data: st.DataObject) -> None:
    rule = _rule(data, paper)
    marks = grade(paper.form, paper.keys, paper.responses, absent=paper.absent)
    passed, scores = second_opinion(paper, rule)
    assert [subject.score for subject in marks.subjects] == [Fraction(*score) for score in scores]
    assert decide(rule, marks.subjects).passed is passed


@given(papers(), st.randoms(use_true_random=False))
def test_order_in_which_slots_were_answered_does_not_matter(paper: Paper, shuffler: Any) -> None:
    forward = [answered(place, place, slot) for place, slot in enumerate(paper.responses, start=1)]
    entries = [
        type(entry)(at=entry.at, sent=entry.sent, slot=entry.slot, responses=paper.responses[entry.slot])
        for entry in forward
    ]
    shuffled = list(entries)
    shuffler.shuffle(shuffled)
    first, second = (grade(paper.form, paper.keys, graded_set(order)) for order in (entries, shuffled))
    assert first == second == grade(paper.form, paper.keys, paper.responses)


@given(papers())
def test_emptied_and_untouched_slots_earn_the_same(paper: Paper) -> None:
    empty = {slot: dict.fromkeys(responses, ()) for slot, responses in paper.responses.items()}
    assert grade(paper.form, paper.keys, empty) == grade(paper.form, paper.keys, {})
    assert all(mark.earned == 0 for mark in grade(paper.form, paper.keys, {}).slots)


@given(papers())
def test_marks_stay_within_their_bounds(paper: Paper) -> None:
    marks = grade(paper.form, paper.keys, paper.responses, absent=paper.absent)
    assert all(0 <= mark.earned <= mark.possible for mark in marks.slots)
    for subject in marks.subjects:
        assert 0 <= subject.score <= 100
        assert 0 <= subject.correct <= subject.items
    assert sum((mark.earned for mark in marks.slots), start=Fraction(0)) == sum(
        (subject.earned for subject in marks.subjects), start=Fraction(0)
    )


@given(papers(), st.data())
def test_one_more_right_answer_never_harms(paper: Paper, data: st.DataObject) -> None:
    rule = _rule(data, paper)
    responses = dict(paper.responses)
    slot = data.draw(st.integers(1, len(paper.form.slots)))
    right = {one.identifier: value for one in paper.keys[slot].key.responses for value in [_right_values(one.rule)]}
    before = decide(rule, grade(paper.form, paper.keys, responses, absent=paper.absent).subjects)
    after = decide(rule, grade(paper.form, paper.keys, {**responses, slot: right}, absent=paper.absent).subjects)
    assert after.passed or not before.passed
    assert after.reached >= before.reached


def _right_values(rule: Any) -> tuple[str, ...]:
    if hasattr(rule, "correct"):
        return tuple(rule.correct)
    return (rule.accepted[0],) if hasattr(rule, "accepted") else (str(rule.value),)


@given(papers(), st.data())
def test_absent_subject_never_helps(paper: Paper, data: st.DataObject) -> None:
    rule = _rule(data, paper)
    attended = decide(rule, grade(paper.form, paper.keys, paper.responses).subjects)
    absent = decide(rule, grade(paper.form, paper.keys, paper.responses, absent=paper.absent).subjects)
    assert attended.passed or not absent.passed
    assert absent.reached <= attended.reached


@given(papers(), st.data())
def test_shortfalls_say_exactly_why_it_failed(paper: Paper, data: st.DataObject) -> None:
    rule = _rule(data, paper)
    outcome = decide(rule, grade(paper.form, paper.keys, paper.responses, absent=paper.absent).subjects)
    assert outcome.passed is (not outcome.shortfalls)
    for shortfall in outcome.shortfalls:
        assert shortfall.short > 0
        assert shown_up(shortfall.short) != "0.0"
        assert shortfall_words(shortfall).ko
    assert rule_words(rule).en


@given(st.fractions(0, 100), st.fractions(0, 100))
def test_shown_score_reaches_a_shown_limit_only_when_the_score_does(value: Fraction, limit: Fraction) -> None:
    tenths = Fraction(limit * 10 // 1, 10)
    assert (Fraction(shown(value)) >= tenths) is (value >= tenths)


@given(papers(), st.data())
def test_result_and_rule_are_read_back_from_their_bytes(paper: Paper, data: st.DataObject) -> None:
    rule = _rule(data, paper)
    marks = grade(paper.form, paper.keys, paper.responses, absent=paper.absent)
    made = result_of(paper.form, marks, rule, journal_head=b"h" * 32)
    assert result_from(canonical.decode(made.canonical())) == made
    slots = tuple(replace(mark, awaits_person=mark.slot % 2 == 0) for mark in made.marks.slots)
    waiting = replace(made, marks=replace(made.marks, slots=slots))
    for one in (made, waiting):
        assert one.canonical() == canonical.encode(one.to_document())
    assert pass_rules.from_document(pass_rules.to_document(rule)) == rule
    assert made == result_of(paper.form, marks, rule, journal_head=b"h" * 32)
