"""Response processing of QTI 1.2: what earns what, as the standard and the vendors mean it."""

from decimal import Decimal
from fractions import Fraction

import pytest

from itembank.core.keys import MatchCorrect, MatchNumber, MatchText
from itembank.core.qti.scoring import ScoredBy
from itembank.formats.parsed import Understood
from tests.factories_qti12 import condition, earned, equal, item, lid, only, parsed, processed, text, typed

ABC = {"A": "first", "B": "second", "C": "third"}


def test_one_right_option_is_a_simple_rule() -> None:
    one = only(item(text("Which?") + lid("R", ABC), processed(condition(equal("R", "B"), "Set 5"))))
    assert one.key.responses[0].rule == MatchCorrect(correct=("B",))
    assert one.understood is Understood.FULL
    assert [earned(one, R=name) for name in "ABC"] == [0, 1, 0]


def test_an_option_set_that_says_of_each_option_whether_it_counts_is_a_simple_rule() -> None:
    test = f"<and>{equal('R', 'A')}<not>{equal('R', 'B')}</not>{equal('R', 'C')}</and>"
    one = only(item(lid("R", ABC, cardinality="Multiple"), processed(condition(test, "Set 100"))))
    assert one.key.responses[0].rule == MatchCorrect(correct=("A", "C"))


def test_options_that_are_only_partly_named_leave_the_others_free() -> None:
    test = equal("R", "A") + equal("R", "C")
    one = only(item(lid("R", ABC, cardinality="Multiple"), processed(condition(test, "Set 1"))))
    assert earned(one, R=("A", "C")) == earned(one, R=("A", "B", "C")) == 1
    assert earned(one, R=("A",)) == 0


def test_the_first_condition_that_held_ends_the_processing_when_the_file_does_not_say_otherwise() -> None:
    first, second = condition(equal("R", "A"), "Set 8"), condition(f"<or>{equal('R', 'A')}</or>", "Set 1")
    assert earned(only(item(lid("R", ABC), processed(first, second))), R="A") == 1
    going = condition(equal("R", "A"), "Set 8", go_on="Yes")
    one = only(item(lid("R", ABC), processed(going, second, condition(equal("R", "B"), "Set 8"))))
    assert (earned(one, R="A"), earned(one, R="B")) == (Fraction(1, 8), 1)


def test_points_for_options_that_can_be_chosen_together_add_up() -> None:
    conditions = (condition(equal("R", "A"), "Add 25"), condition(equal("R", "B"), "Add -10"))
    found = parsed(item(lid("R", ABC, cardinality="Multiple"), processed(*conditions)))
    assert [warning.code for warning in found.warnings] == ["points-add-up"]
    assert earned(found.items[0], R=("A", "B")) == Fraction(15, 25)


@pytest.mark.parametrize(
    ("action", "start", "score"),
    [("Add 2", "4", 6), ("Subtract 2", "4", 2), ("Multiply 2", "4", 8), ("Divide 2", "4", 2), ("Set 2", "4", 2)],
)
def test_outcomes_are_set_added_subtracted_multiplied_and_divided(action: str, start: str, score: int) -> None:
    top = condition(equal("R", "C"), "Set 8")
    outcomes = f'<decvar varname="SCORE" defaultval="{start}"/>'
    one = only(item(lid("R", ABC), processed(condition(equal("R", "A"), action), top, outcomes=outcomes)))
    assert earned(one, R="A") == Fraction(score, 8)


def test_nothing_but_unanswered_and_other_holds_for_an_empty_response() -> None:
    wrong = condition(f"<not>{equal('R', 'A')}</not>", "Subtract 1")
    right = condition(equal("R", "A"), "Set 4")
    empty = condition('<unanswered respident="R"/>', "Set 2")
    one = only(item(lid("R", ABC), processed(right, wrong, empty)))
    assert (earned(one, R="A"), earned(one, R="B"), earned(one, R=())) == (1, 0, Fraction(1, 2))


def test_other_holds_when_no_condition_before_it_did() -> None:
    conditions = (
        condition(equal("R", "A"), "Set 4", go_on="Yes"),
        condition("<other/>", "Set 1"),
    )
    one = only(item(lid("R", ABC), processed(*conditions)))
    assert [earned(one, R=name) for name in ("A", "B", ())] == [1, Fraction(1, 4), Fraction(1, 4)]


def test_several_texts_of_one_blank_are_alternatives() -> None:
    test = equal("R", "Blank") + equal("R", "gap")
    one = only(item(typed("R"), processed(condition(test, "Set 100"))))
    assert one.key.responses[0].rule == MatchText(accepted=("Blank", "gap"))
    assert [earned(one, R=words) for words in ("blank", " GAP ", "no")] == [1, 1, 0]


def test_case_counts_when_the_file_says_so() -> None:
    one = only(item(typed("R"), processed(condition(equal("R", "Winter", case="Yes"), "Set 1"))))
    assert [earned(one, R=words) for words in ("Winter", "winter")] == [1, 0]


def test_a_closed_range_of_numbers_is_a_simple_rule_and_an_open_one_a_program() -> None:
    closed = '<vargte respident="R">1.0</vargte><varlte respident="R">22.0</varlte>'
    one = only(item(typed("R", kind="Decimal"), processed(condition(closed, "Set 100"))))
    assert one.key.responses[0].rule == MatchNumber(value=Decimal("11.5"), tolerance=Decimal("10.5"))
    assert [earned(one, R=number) for number in ("1", "22", "0.999", "22.1")] == [1, 1, 0, 0]
    opened = '<vargt respident="R">1.0</vargt><varlt respident="R">22.0</varlt>'
    other = only(item(typed("R", kind="Decimal"), processed(condition(opened, "Set 100"))))
    assert [earned(other, R=number) for number in ("1", "22", "1.001", "21.9")] == [0, 0, 1, 1]


def test_an_ordered_response_is_right_in_its_order_only() -> None:
    order = "".join(equal("R", name) for name in "BAC")
    one = only(item(lid("R", ABC, cardinality="Ordered"), processed(condition(order, "Set 5"))))
    assert one.key.responses[0].rule == MatchCorrect(correct=("B", "A", "C"))
    assert (earned(one, R=("B", "A", "C")), earned(one, R=("A", "B", "C"))) == (1, 0)


def test_pairs_of_a_group_response_are_directed_pairs() -> None:
    labels = (
        f'<response_label ident="A" match_group="X,Y">{text("a")}</response_label>'
        f'<response_label ident="X">{text("x")}</response_label><response_label ident="Y">{text("y")}</response_label>'
    )
    grp = f'<response_grp ident="R"><render_extension><o>{labels}</o></render_extension></response_grp>'
    one = only(item(grp, processed(condition(equal("R", "A,X"), "Set 1"))))
    assert (earned(one, R=("A X",)), earned(one, R=("A Y",))) == (1, 0)


@pytest.mark.parametrize(
    "test",
    [
        "<durequal respident='R'>5</durequal>",
        "<conditionvar_extension/>",
        "<varinside respident='R' areatype='Rectangle'>1,2</varinside>",
        "<varlt respident='R'>many</varlt>",
    ],
)
def test_what_cannot_be_followed_is_named_and_left_to_a_person(test: str) -> None:
    one = only(item(lid("R", ABC), processed(condition(equal("R", "A") + test, "Set 1"))))
    assert one.key.scored_by is ScoredBy.HUMAN
    assert one.understood is Understood.PARTIAL
    assert [note.code for note in one.notes] == ["processing-unread"]


def test_an_item_without_scoring_is_left_to_a_person_and_says_so() -> None:
    one = only(item(lid("R", ABC)))
    assert (one.key.scored_by, [note.code for note in one.notes]) == (ScoredBy.HUMAN, ["no-scoring"])


def test_several_scores_count_together() -> None:
    outcomes = '<decvar varname="X" defaultval="1"/><decvar varname="Y"/>'
    conditions = (condition(equal("R", "A"), "Add 1 X", "Add 2 Y"), condition(equal("R", "B"), "Add 1 Y"))
    found = parsed(item(lid("R", ABC), processed(*conditions, outcomes=outcomes)))
    assert [warning.code for warning in found.warnings] == ["several-scores"]
    assert [earned(found.items[0], R=name) for name in ("A", "B", ())] == [1, Fraction(2, 4), Fraction(1, 4)]


def test_feedback_of_every_candidate_explains_the_item_and_the_rest_follows_the_conditions() -> None:
    told = "".join(f'<itemfeedback ident="{name}">{text(name)}</itemfeedback>' for name in ("general", "right"))
    conditions = (
        condition("<other/>", go_on="Yes", shown="general"),
        condition(equal("R", "A"), "Set 1", shown="right"),
    )
    one = only(item(lid("R", ABC), processed(*conditions), rest=told))
    assert one.key.explanation == "<p>general</p>"
    assert [(shown.value, shown.content) for shown in one.key.feedback] == [("right", "<p>right</p>")]
    assert earned(one, R="A") == 1


def test_blackboard_scores_by_the_declared_maximum() -> None:
    right = '<setvar variablename="SCORE" action="Set">SCORE.max</setvar>'
    wrong = "<setvar variablename='SCORE' action='Set'>0</setvar>"
    conditions = (
        f"<respcondition title='correct'><conditionvar>{equal('R', 'A')}</conditionvar>{right}</respcondition>",
        f"<respcondition title='incorrect'><conditionvar><other/></conditionvar>{wrong}</respcondition>",
    )
    outcomes = '<decvar varname="SCORE" maxvalue="10.0"/>'
    xml = item(lid("R", ABC), processed(*conditions, outcomes=outcomes))
    xml = xml.replace("<qtimetadata>", "<bbmd_questiontype>Multiple Choice</bbmd_questiontype><qtimetadata>")
    one = only(xml)
    assert [earned(one, R=name) for name in "AB"] == [1, 0]
