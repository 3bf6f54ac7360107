"""`cbt itembank score` on the shell: what it prints and how it ends."""

import json

import pytest
from click.testing import CliRunner

from itembank.cli.group import itembank
from tests.factories_qti import SCORE, flt, item, op, responding, var

ADD = op("setOutcomeValue", op("sum", var("GIVEN"), flt("0.1")), identifier="SCORE")
GIVEN = op("responseDeclaration", identifier="GIVEN", base_type="float", cardinality="single")


@pytest.fixture
def run(tmp_path):
    def call(document, responses, *more):
        files = {"item.xml": document, "responses.json": responses, "held.json": b'{"SCORE": "7"}'}
        for name, payload in files.items():
            (tmp_path / name).write_bytes(payload if isinstance(payload, bytes) else json.dumps(payload).encode())
        words = [str(tmp_path / word[1:]) if word.startswith("@") else word for word in more]
        arguments = ["score", str(tmp_path / "item.xml"), "--responses", str(tmp_path / "responses.json"), *words]
        return CliRunner().invoke(itembank, arguments)

    return call


def test_responses_go_in_and_every_outcome_comes_out_as_text(run):
    done = run(responding(ADD, declared=GIVEN + SCORE), {"GIVEN": ["0.2"]}, "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.output) == {
        "item": "I",
        "scored_by": "rules",
        "outcomes": {"completionStatus": "unknown", "SCORE": "0.3"},
        "templates": {},
        "problems": [],
        "warnings": [],
    }


def test_without_json_there_is_a_line_for_each_outcome(run):
    done = run(responding(ADD, declared=GIVEN + SCORE), {"GIVEN": None})
    assert done.exit_code == 0
    assert "SCORE = NULL" in done.output
    assert "scored by rules" in done.output


@pytest.mark.parametrize("given", ["0.2", 0.2, ["0.2"], [0.2]])
def test_a_single_value_may_stand_alone_or_as_a_number(run, given):
    done = run(responding(ADD, declared=GIVEN + SCORE), {"GIVEN": given}, "--json")
    assert json.loads(done.output)["outcomes"]["SCORE"] == "0.3"


def test_vendor_code_ends_with_1_and_no_score(run):
    rule = op("setOutcomeValue", op("customOperator"), identifier="SCORE")
    done = run(responding(rule, declared=SCORE), {}, "--json")
    report = json.loads(done.output)
    assert (done.exit_code, report["scored_by"], report["outcomes"]["SCORE"]) == (1, "human", None)
    assert report["problems"] == [
        {
            "where": "line 1, qti-custom-operator",
            "code": "custom-operator",
            "hint": "is vendor code; a person scores this item",
        }
    ]


def test_what_shows_itself_impossible_on_the_way_is_a_problem(run):
    rule = op("setOutcomeValue", flt("0.5"), identifier="SCORE")
    done = run(responding(rule, declared=SCORE.replace("float", "integer")), {}, "--json")
    report = json.loads(done.output)
    assert (done.exit_code, report["scored_by"], report["outcomes"]["SCORE"]) == (1, "refused", None)
    assert [one["code"] for one in report["problems"]] == ["qti-fault"]


def test_outcomes_of_a_person_are_kept(run):
    done = run(responding(ADD, declared=GIVEN + SCORE), {"GIVEN": "1"}, "--held", "@held.json", "--json")
    assert json.loads(done.output)["outcomes"]["SCORE"] == "7"


def test_a_seed_draws_the_same_item_again(run):
    drawn = op("templateDeclaration", identifier="N", base_type="integer", cardinality="single")
    rule = op("templateProcessing", op("setTemplateValue", op("randomInteger", max="999999"), identifier="N"))
    documents = [run(item(drawn, rule), {}, "--seed", seed, "--json").output for seed in ("7", "7", "8")]
    first, again, other = (json.loads(one)["templates"]["N"] for one in documents)
    assert first == again != other


@pytest.mark.parametrize(
    ("document", "responses", "code"),
    [
        (b"<a>", {}, "qti-document"),
        (b"<assessmentTest/>", {}, "not-an-item"),
        (responding(declared=SCORE), b"{", "wrong-json"),
        (responding(declared=SCORE), [], "wrong-json"),
        (responding(declared=SCORE), {"NOBODY": "1"}, "unknown-variable"),
        (responding(declared=SCORE), {"SCORE": "1"}, "unknown-variable"),
        (responding(declared=GIVEN + SCORE), {"GIVEN": [["1"]]}, "wrong-response"),
    ],
)
def test_faulty_input_is_named_and_ends_with_1(run, document, responses, code):
    done = run(document, responses, "--json")
    assert done.exit_code == 1
    assert [one["code"] for one in json.loads(done.output)["problems"]] == [code]


def test_doubtful_responses_are_warnings(run):
    done = run(responding(ADD, declared=GIVEN + SCORE), {"GIVEN": "1,5"}, "--json")
    report = json.loads(done.output)
    assert (done.exit_code, report["outcomes"]["SCORE"]) == (0, None)
    assert [one["where"] for one in report["warnings"]] == ["GIVEN"]


def test_wrong_use_ends_with_2(run):
    assert CliRunner().invoke(itembank, ["score"]).exit_code == 2
    assert run(b"<a/>", {}, "--speed").exit_code == 2
