"""`cbt people` and `cbt scheduling` on the shell: what they print and how they end."""

import json

import pytest
from click.testing import CliRunner

from cbt.people.cli import people
from cbt.people.core.audit import AuditFilter
from cbt.people.services.audit import list_audit
from cbt.people.services.staff import sign_in
from cbt.scheduling.cli import scheduling
from cbt.scheduling.services.registrations import list_registrations
from cbt.scheduling.services.sittings import get_sitting_by_code
from tests.factories_exam import make_small_exam

TABLE = "응시번호,이름,생년월일,좌석,시간 배수\n2611-0001,김하늘,1999-01-31,2,1.5\n2611-0002,박바다,2000-02-03,,\n"
WINDOW = ("--opens", "2026-11-22T10:00", "--closes", "2026-11-22T18:00")


@pytest.fixture
def run(rt):
    def call(group, *words):
        return CliRunner().invoke(group, words, obj=rt)

    return call


@pytest.fixture
def house(run, rt):
    """A centre with a room and an exam, made by commands."""
    make_small_exam(rt)
    for words in (
        ("centre", "add", "SEOUL", "--zone", "Asia/Seoul", "--title-ko", "서울"),
        ("room", "add", "R1", "--centre", "seoul", "--seats", "3"),
        ("exam", "add", "IP", "--blueprint", "small", "--minutes", "150", "--rule", "subjects-and-average:40:60"),
        ("sitting", "add", "S1", "--exam", "ip", "--centre", "SEOUL", *WINDOW),
    ):
        done = run(scheduling, *words)
        assert done.exit_code == 0, done.output


def _written(tmp_path, text):
    path = tmp_path / "people.csv"
    path.write_bytes(text.encode("cp949"))
    return str(path)


def test_an_account_is_opened_reset_and_closed(run, rt):
    done = run(people, "staff", "add", "Kim", "--name", "김감독", "--role", "proctor", "--role", "admin", "--json")
    facts = json.loads(done.output)
    assert sign_in(rt, "kim", facts["password"], "192.0.2.1")
    assert "kim: 김감독, admin, proctor, open" in run(people, "staff", "list").output
    assert run(people, "staff", "reset", "kim").output.startswith("password: ")
    assert run(people, "staff", "add", "root", "--name", "B", "--role", "admin").exit_code == 0
    assert run(people, "staff", "roles", "kim", "--role", "auditor").exit_code == 0
    assert run(people, "staff", "close", "kim", "--reason", "left").exit_code == 0
    assert "kim: 김감독, auditor, closed" in run(people, "staff", "list").output
    assert run(people, "staff", "open", "kim").exit_code == 0
    assert list_audit(rt, AuditFilter(act="people.staff-disabled")).records[0].reason == "left"


def test_a_bad_account_ends_with_1_and_wrong_use_with_2(run):
    bad = run(people, "staff", "add", "x y", "--name", "A", "--role", "admin")
    assert (bad.exit_code, "login:" in bad.output) == (1, True)
    assert run(people, "staff", "add", "kim", "--name", "A", "--role", "king").exit_code == 2
    assert run(people, "candidates", "no-such-file.csv").exit_code == 2


def test_the_audit_trail_is_checked(run):
    run(people, "staff", "add", "kim", "--name", "A", "--role", "admin")
    done = run(people, "audit", "--json")
    assert (done.exit_code, json.loads(done.output)["records"]) == (0, 1)


def test_candidates_are_loaded(run, tmp_path):
    path = _written(tmp_path, "number,name,birth\n2611-0001,김하늘,1999-01-31\n")
    assert "1 new, 0 known (dry run" in run(people, "candidates", path, "--dry-run").output
    assert run(people, "candidates", path).output == "1 new, 0 known\n"
    done = run(people, "candidates", _written(tmp_path, "number,name\n1,A\n"), "--json")
    assert done.exit_code == 1
    assert json.loads(done.output)["problems"][0]["code"] == "missing-column"


@pytest.mark.usefixtures("house")
def test_a_sitting_is_made_and_filled_by_commands(run, rt, tmp_path):
    path = _written(tmp_path, TABLE)
    looked = run(scheduling, "register", path, "--sitting", "s1", "--dry-run", "--json")
    assert json.loads(looked.output)["registrations"][1] == {"number": "2611-0002", "seat": "R1 1"}
    sitting = get_sitting_by_code(rt, "S1")
    assert list_registrations(rt, sitting.id) == ()
    assert run(scheduling, "register", path, "--sitting", "S1").exit_code == 0
    assert [str(facts.registration.time_factor) for facts in list_registrations(rt, sitting.id)] == ["1", "3/2"]
    again = run(scheduling, "register", path, "--sitting", "S1")
    assert again.exit_code == 1
    assert "row 2, column number" in again.output
    listed = json.loads(run(scheduling, "list", "--json").output)
    assert listed["sittings"][0]["opens_at"] == "2026-11-22T01:00:00.000000Z"
    assert listed["centres"][0]["rooms"] == {"R1": 3}


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("centre", "add", "SEOUL", "--zone", "Asia/Seoul"), 1),
        (("centre", "add", "B", "--zone", "Mars"), 1),
        (("room", "add", "R2", "--centre", "SEOUL", "--seats", "many"), 1),
        (("exam", "add", "X", "--blueprint", "small", "--minutes", "9", "--rule", "best:1"), 2),
        (
            (
                "sitting",
                "add",
                "S2",
                "--exam",
                "IP",
                "--centre",
                "SEOUL",
                "--room",
                "R9",
                "--opens",
                "x",
                "--closes",
                "y",
            ),
            2,
        ),
        (("sitting", "add", "S2", "--exam", "IP", "--centre", "SEOUL", "--opens", "x", "--closes", "y"), 1),
    ],
)
def test_mistakes_end_with_1_or_2(run, words, code):
    done = run(scheduling, *words)
    assert (done.exit_code, bool(done.output)) == (code, True)
