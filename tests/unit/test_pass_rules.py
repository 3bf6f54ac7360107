"""Pass rules, decided exactly."""

from fractions import Fraction
from uuid import UUID

import pytest

from cbt.grading.core.marks import KeyMissing, SubjectResult, grade
from cbt.grading.core.outcome import RULE_VERSION, Measure, decide
from cbt.grading.core.result import NotAResult, result_from, result_of
from cbt.grading.core.words import shortfall_words
from cbt.kernel import canonical
from cbt.kernel.errors import InvalidInput
from cbt.kernel.score import score, shown, shown_up
from cbt.kernel.titles import Title
from cbt.scheduling.core.pass_rules import (
    Count,
    NotAPassRule,
    Overall,
    SubjectsAndAverage,
    floor_of,
    from_document,
    rule_words,
    to_document,
)
from itembank.core.forms import Form, FormPart, Slot
from itembank.core.keys import ItemKey, MatchCorrect, ResponseKey
from itembank.core.scoring import Scorer
from itembank.core.variables import BaseType, Cardinality, ResponseDeclaration

LICENCE = SubjectsAndAverage(floor=score("40"), average=score("60"))
SIXTY = Overall(least=score("60"))
RULES = [LICENCE, SIXTY, Count(least=26, of=35), SubjectsAndAverage(floor=score("0"), average=score("62.5"))]


def subject(correct: int, items: int = 20, *, code: str = "1", attended: bool = True, points: int = 5) -> SubjectResult:
    return SubjectResult(
        code=code,
        title=Title(ko=f"{code}과목", en=f"Subject {code}"),
        correct=correct,
        items=items,
        earned=Fraction(correct * points),
        possible=Fraction(items * points),
        attended=attended,
    )


def subjects(*correct: int) -> list[SubjectResult]:
    return [subject(one, code=str(place)) for place, one in enumerate(correct, start=1)]


@pytest.mark.parametrize(
    ("correct", "passed", "short"),
    [
        ((17, 15, 18, 11, 16), True, []),
        ((12, 12, 12, 12, 12), True, []),
        ((8, 13, 13, 13, 13), True, []),
        ((12, 12, 12, 12, 11), False, [("average", Fraction(1))]),
        ((7, 20, 20, 20, 20), False, [("subject", Fraction(5))]),
        ((7, 6, 20, 20, 20), False, [("subject", Fraction(5)), ("subject", Fraction(10))]),
        ((0, 0, 0, 0, 0), False, [("subject", Fraction(40))] * 5 + [("average", Fraction(60))]),
        ((20, 20, 20, 20, 0), False, [("subject", Fraction(40))]),
    ],
)
def test_every_subject_40_and_average_60(correct, passed, short) -> None:
    outcome = decide(LICENCE, subjects(*correct))
    assert outcome.passed is passed
    assert [(one.measure.value, one.short) for one in outcome.shortfalls] == short


def test_absent_subject_counts_0_and_stays_in_the_divisor() -> None:
    taken = subjects(15, 15, 15, 15)
    rule = SubjectsAndAverage(floor=score("0"), average=score("60"))
    assert decide(rule, [*taken, subject(0, code="5", attended=False)]).reached == 60
    assert not decide(rule, [*subjects(15, 15, 15, 14), subject(0, code="5", attended=False)]).passed


def test_almost_60_is_not_60() -> None:
    almost = subject(5_999_967, 10_000_000, points=1)
    assert float(almost.score) == pytest.approx(59.99967)
    for rule in (SIXTY, SubjectsAndAverage(floor=score("40"), average=score("60"))):
        assert not decide(rule, [almost]).passed
        assert decide(rule, [subject(6_000_000, 10_000_000, points=1)]).passed


def test_average_of_thirds_is_exact() -> None:
    # Three times 2/3 in unequal subjects: 66.66… each, which no decimal holds.
    outcome = decide(SubjectsAndAverage(floor=score("66.666"), average=score("66.667")), [subject(2, 3), subject(4, 6)])
    assert outcome.reached == Fraction(200, 3)
    assert [one.measure for one in outcome.shortfalls] == [Measure.AVERAGE]


def test_overall_pools_points_while_average_weighs_subjects_the_same() -> None:
    unequal = [subject(9, 10, code="1"), subject(45, 90, code="2")]
    assert decide(SIXTY, unequal).reached == 54
    assert decide(LICENCE, unequal).reached == 70


@pytest.mark.parametrize(("correct", "passed"), [(26, True), (25, False), (35, True), (0, False)])
def test_26_of_35_counts_correct_items(correct, passed) -> None:
    outcome = decide(Count(least=26, of=35), [subject(correct, 35, points=3)])
    assert outcome.passed is passed
    assert outcome.reached == correct
    assert outcome.score == Fraction(100 * correct, 35)


def test_count_adds_up_over_subjects() -> None:
    assert decide(Count(least=3, of=4), [subject(1, 2), subject(2, 2)]).passed


def test_count_for_a_form_of_another_size_is_refused() -> None:
    with pytest.raises(NotAPassRule):
        decide(Count(least=26, of=35), [subject(30, 36)])


def test_rule_needs_a_subject() -> None:
    with pytest.raises(NotAPassRule):
        decide(SIXTY, [])


def test_subject_without_points_scores_0() -> None:
    assert subject(0, 0).score == 0


@pytest.mark.parametrize("rule", RULES)
def test_rule_is_read_back_from_its_document(rule) -> None:
    assert from_document(canonical.decode(canonical.encode(to_document(rule)))) == rule


@pytest.mark.parametrize(
    "document",
    [
        None,
        {},
        {"kind": "most"},
        {"kind": "overall"},
        {"kind": "overall", "least": 60.0},
        {"kind": "overall", "least": True},
        {"kind": "overall", "least": "NaN"},
        {"kind": "overall", "least": "60.0001"},
        {"kind": "overall", "least": "101"},
        {"kind": "overall", "least": "-1"},
        {"kind": "overall", "least": "60", "more": 1},
        {"kind": "subjects-and-average", "floor": "40"},
        {"kind": "subjects-and-average", "floor": "400", "average": "60"},
        {"kind": "count", "least": "26", "of": 35},
        {"kind": "count", "least": 36, "of": 35},
        {"kind": "count", "least": 0, "of": 0},
        {"kind": "count", "least": True, "of": 35},
    ],
)
def test_document_that_is_no_rule_is_refused(document) -> None:
    with pytest.raises(InvalidInput):
        from_document(document)


def test_rule_may_be_written_with_whole_numbers() -> None:
    assert from_document({"kind": "overall", "least": 60}) == SIXTY


def test_only_one_rule_has_a_floor() -> None:
    assert [floor_of(rule) for rule in RULES] == [score("40"), None, None, score("0")]


def test_rules_in_words() -> None:
    assert (
        rule_words(LICENCE).in_language("ko") == "모든 과목에서 40점 이상이고 전 과목 평균이 60점 이상이면 합격입니다."
    )
    assert (
        rule_words(LICENCE).en == "To pass: at least 40 in every subject and at least 60 on average over all subjects."
    )
    assert rule_words(Count(least=26, of=35)).ko == "35문제 가운데 26문제 이상 맞히면 합격입니다."
    assert rule_words(Overall(least=score("62.5"))).en == "To pass: at least 62.5 out of 100 overall."
    assert all(rule_words(rule).ko and rule_words(rule).en for rule in RULES)


def test_shortfalls_in_words() -> None:
    outcome = decide(LICENCE, subjects(7, 12, 12, 12, 12))
    floor, average = outcome.shortfalls
    assert shortfall_words(floor, Title(ko="설계", en="Design")).ko == "설계: 5.0점 모자랍니다."
    assert shortfall_words(floor).en == "1: 5.0 points short."
    assert shortfall_words(average).ko == "평균이 5.0점 모자랍니다."
    assert shortfall_words(decide(SIXTY, [subject(0)]).shortfalls[0]).en == "The overall score is 60.0 points short."
    count = decide(Count(least=26, of=35), [subject(25, 35)]).shortfalls[0]
    assert (shortfall_words(count).ko, shortfall_words(count).en) == ("1문제가 모자랍니다.", "1 item short.")


@pytest.mark.parametrize(
    ("value", "down", "up"),
    [
        (Fraction(77), "77.0", "77.0"),
        (Fraction(5_999_967, 100_000), "59.9", "60.0"),
        (Fraction(200, 3), "66.6", "66.7"),
        (Fraction(1, 1_000), "0.0", "0.1"),
        (Fraction(0), "0.0", "0.0"),
    ],
)
def test_shown_scores_never_reach_a_limit_that_the_score_did_not(value, down, up) -> None:
    assert (shown(value), shown_up(value)) == (down, up)


# --- from responses to a result ------------------------------------------------------------------------------------

DECLARED = ResponseDeclaration(identifier="RESPONSE", cardinality=Cardinality.SINGLE, base_type=BaseType.IDENTIFIER)
KEY = Scorer(
    key=ItemKey(responses=(ResponseKey(identifier="RESPONSE", rule=MatchCorrect(correct=("B",))),)),
    declarations=(DECLARED,),
)
FORM = Form(
    blueprint_code="x",
    blueprint_digest=b"b" * 32,
    seed=b"s",
    algorithm="a",
    parts=(
        FormPart(code="1", title=Title(ko="가", en="A"), first=1, last=2),
        FormPart(code="2", title=Title(ko="나", en="B"), first=3, last=4),
    ),
    slots=tuple(
        Slot(
            number=number,
            part=(number - 1) // 2,
            item_code=f"item-{number}",
            item_version_id=UUID(int=number),
            key_version_id=UUID(int=number + 10),
            option_order={},
            points=score("2.5"),
        )
        for number in range(1, 5)
    ),
)
KEYS = dict.fromkeys(range(1, 5), KEY)
RIGHT, WRONG = {"RESPONSE": ("B",)}, {"RESPONSE": ("A",)}


def test_marks_of_slots_and_subjects() -> None:
    marks = grade(FORM, KEYS, {1: RIGHT, 2: WRONG, 4: RIGHT, 9: RIGHT})
    assert [(mark.correct, mark.answered, mark.earned) for mark in marks.slots] == [
        (True, True, Fraction(5, 2)),
        (False, True, 0),
        (False, False, 0),
        (True, True, Fraction(5, 2)),
    ]
    assert [(one.correct, one.items, one.earned, one.possible, one.score) for one in marks.subjects] == [
        (1, 2, Fraction(5, 2), 5, 50),
        (1, 2, Fraction(5, 2), 5, 50),
    ]


def test_absent_part_earns_nothing_whatever_was_answered() -> None:
    marks = grade(FORM, KEYS, dict.fromkeys(range(1, 5), RIGHT), absent={"2"})
    assert [(one.score, one.attended) for one in marks.subjects] == [(100, True), (0, False)]


def test_slot_without_a_key_is_not_scored_in_silence() -> None:
    with pytest.raises(KeyMissing):
        grade(FORM, {1: KEY}, {})


def test_result_is_read_back_from_its_bytes() -> None:
    result = result_of(FORM, grade(FORM, KEYS, {1: RIGHT}, absent={"2"}), LICENCE, journal_head=b"h" * 32)
    assert result.rule_version == RULE_VERSION
    assert result.key_versions == tuple(UUID(int=number) for number in range(11, 15))
    assert not result.outcome.passed
    assert result_from(canonical.decode(canonical.encode(result.to_document()))) == result


@pytest.mark.parametrize("document", [{}, {"format": "result/1"}, {"format": "result/2"}])
def test_document_that_is_no_result_is_refused(document) -> None:
    with pytest.raises(NotAResult):
        result_from(document)
