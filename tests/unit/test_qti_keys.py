"""The key of imported QTI items: simple rules where they say the same, else the program, else a person."""

from fractions import Fraction

from itembank.core.keys import MatchCorrect
from itembank.core.qti.scoring import ScoredBy
from itembank.core.scoring import score_item
from itembank.formats.parsed import ParsedItem, Understood
from itembank.formats.qti.item import parse_scoring
from itembank.services.keys import scorer_of
from tests.factories_qti_bank import MATCH_CORRECT, SCORE, choice, codes, declared, document, refusal, simple, taken

ESSAY = '<qti-extended-text-interaction response-identifier="RESPONSE"/>'
MAPPED = (
    '<qti-response-declaration identifier="RESPONSE" cardinality="multiple" base-type="identifier">'
    '<qti-mapping default-value="-1"{}><qti-map-entry map-key="A" mapped-value="2"/>'
    '<qti-map-entry map-key="B" mapped-value="1"/></qti-mapping></qti-response-declaration>'
)
MAP_RESPONSE = MATCH_CORRECT.replace("match_correct", "map_response")


def setting(value: str, identifier: str = "SCORE") -> str:
    return f'<qti-set-outcome-value identifier="{identifier}">{value}</qti-set-outcome-value>'


def processing(*rules: str) -> str:
    return f"<qti-response-processing>{''.join(rules)}</qti-response-processing>"


def earned(item: ParsedItem, *values: str) -> Fraction:
    return score_item(scorer_of(item.content, item.key), {"RESPONSE": values} if values else {}).earned


def test_a_plain_choice_keeps_simple_rules():
    item = taken(simple())
    assert item.key.program is None
    assert item.key.responses[0].rule == MatchCorrect(correct=("B",))
    assert (item.understood, codes(item)) == (Understood.FULL, [])


def test_a_mapping_is_a_program_with_the_best_response_as_its_maximum():
    item = taken(document(choice("one", "two", max_choices="0"), MAPPED.format(""), processing=MAP_RESPONSE))
    assert item.key.program.max_score == 3
    assert (item.understood, codes(item)) == (Understood.FULL, ["max-score"])
    assert [earned(item, "A", "B"), earned(item, "B"), earned(item)] == [1, Fraction(1, 3), 0]


def test_the_upper_bound_of_a_mapping_is_its_maximum():
    item = taken(document(choice("one", "two"), MAPPED.format(' upper-bound="2"'), processing=MAP_RESPONSE))
    assert item.key.program.max_score == 2


def test_a_declared_maximum_counts_before_a_computed_one():
    rules = processing(setting('<qti-map-response identifier="RESPONSE"/>'))
    four = "<qti-default-value><qti-value>4</qti-value></qti-default-value>"
    most = SCORE.replace("SCORE", "MAXSCORE").replace("/>", f">{four}</qti-outcome-declaration>")
    plain = document(choice("one", "two"), MAPPED.format(""), processing=rules)
    with_most = document(choice("one", "two"), MAPPED.format(""), most, processing=rules)
    normal = plain.replace(b'identifier="SCORE" card', b'identifier="SCORE" normal-maximum="5" card')
    assert [taken(one).key.program.max_score for one in (plain, with_most, normal)] == [3, 4, 5]


def test_the_program_is_one_spelling_without_body_that_scores_the_same():
    payload = document(choice("one", "two"), MAPPED.format(""), processing=MAP_RESPONSE)
    program = taken(payload).key.program
    assert "item-body" not in program.source
    assert "xmlns" not in program.source
    again = parse_scoring(program.source.encode()).item
    assert again.response_rules == parse_scoring(payload).item.response_rules
    spaced = payload.replace(b"<qti-map-entry", b"\n  <qti-map-entry")
    assert taken(spaced).key.program == program


def test_vendor_operators_leave_the_score_to_a_person():
    vendor = processing(setting('<qti-custom-operator class="x.y.Z"><a/></qti-custom-operator>'))
    item = taken(document(choice("one"), declared("RESPONSE", "A"), processing=vendor))
    assert (item.key.scored_by, item.understood, codes(item)) == (
        ScoredBy.HUMAN,
        Understood.PARTIAL,
        ["custom-operator"],
    )


def test_an_essay_is_scored_by_a_person_with_or_without_rules():
    told = declared("RESPONSE", kind="string")
    rules = processing(setting('<qti-base-value base-type="float">0</qti-base-value>'))
    for given in ("", rules):
        item = taken(document(ESSAY, told, processing=given))
        assert (item.key.scored_by, codes(item)) == (ScoredBy.HUMAN, ["scored-by-person"])


def test_an_outcome_scored_outside_is_for_a_person():
    payload = document(choice("one"), declared("RESPONSE", "A"))
    outside = payload.replace(b'identifier="SCORE" card', b'identifier="SCORE" external-scored="human" card')
    item = taken(outside)
    assert (item.key.scored_by, item.understood) == (ScoredBy.HUMAN, Understood.FULL)


def test_an_item_without_processing_is_told_to_score_nothing():
    item = taken(document(choice("one"), declared("RESPONSE", "A"), processing=""))
    assert (item.key.scored_by, codes(item)) == (ScoredBy.NOBODY, ["not-scored"])


def test_a_page_without_questions_scores_nothing_and_lacks_nothing():
    item = taken(document("<p>Read this.</p>", processing=""))
    assert (item.key.scored_by, item.understood, codes(item)) == (ScoredBy.NOBODY, Understood.FULL, [])


def test_rules_without_the_correct_response_that_they_ask_for_leave_it_to_a_person():
    item = taken(document(choice("one"), declared("RESPONSE")))
    assert (item.key.scored_by, codes(item)) == (ScoredBy.HUMAN, ["correct-missing"])


def test_rules_that_cannot_be_followed_refuse_the_item_with_their_place():
    found = refusal(document(choice("one"), declared("RESPONSE", "A"), processing=processing("<qti-strange/>")))
    assert [(note.code, note.where) for note in found.notes] == [("unknown-rule", "line 1, qti-strange")]


def test_rules_in_a_file_beside_the_item_are_read_from_there():
    rules = (
        b"<qti-response-processing>%s</qti-response-processing>"
        % setting('<qti-base-value base-type="float">2</qti-base-value>').encode()
    )
    payload = document(
        choice("one"), declared("RESPONSE", "A"), processing='<qti-response-processing template="rules/two.xml"/>'
    )
    assert taken(payload, rules__two_dot_xml=rules).key.program.max_score == 2
    assert codes(refusal(payload)) == ["unknown-template"]


def test_an_adaptive_item_is_taken_as_a_single_attempt_and_says_so():
    item = taken(document(choice("one"), declared("RESPONSE", "A"), adaptive="true"))
    assert (item.understood, codes(item)[0]) == (Understood.PARTIAL, "adaptive")
    assert earned(item, "A") == 1


def test_a_correct_response_that_scores_nothing_is_told():
    wrong = processing(
        '<qti-response-condition><qti-response-if><qti-match><qti-variable identifier="RESPONSE"/>'
        '<qti-base-value base-type="identifier">B</qti-base-value></qti-match>'
        + setting('<qti-base-value base-type="float">1</qti-base-value>')
        + "</qti-response-if></qti-response-condition>"
    )
    item = taken(document(choice("one", "two"), declared("RESPONSE", "A"), processing=wrong))
    assert (item.understood, codes(item)) == (Understood.PARTIAL, ["max-score"])
