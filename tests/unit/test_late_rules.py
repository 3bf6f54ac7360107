"""The written rule for answers that arrive after the end."""

from datetime import timedelta

import pytest

from cbt.people.core.inputs import Fields
from cbt.scheduling.core.exams import EXAM_HINTS
from cbt.scheduling.core.late_rules import NO_LATE_RULE, LateKind, LateRule, read_late_rule


@pytest.mark.parametrize(
    ("raw", "rule"),
    [
        ({}, NO_LATE_RULE),
        ({"late_rule": "none", "late_minutes": "30"}, NO_LATE_RULE),
        (
            {"late_rule": "claimed-in-time", "late_minutes": "30"},
            LateRule(kind=LateKind.CLAIMED_IN_TIME, window=timedelta(minutes=30)),
        ),
    ],
)
def test_rule_of_a_page_is_read(raw, rule) -> None:
    fields = Fields(raw, EXAM_HINTS)
    assert read_late_rule(fields) == rule
    assert not fields.problems()


@pytest.mark.parametrize(
    ("raw", "where"),
    [
        ({"late_rule": "sometimes"}, "late_rule"),
        ({"late_rule": "claimed-in-time"}, "late_minutes"),
        ({"late_rule": "claimed-in-time", "late_minutes": "0"}, "late_minutes"),
        ({"late_rule": "claimed-in-time", "late_minutes": "10081"}, "late_minutes"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(raw, where) -> None:
    fields = Fields(raw, EXAM_HINTS)
    read_late_rule(fields)
    assert [problem.where for problem in fields.problems()] == [where]


def test_journal_names_the_rule_with_its_minutes() -> None:
    assert LateRule(kind=LateKind.CLAIMED_IN_TIME, window=timedelta(minutes=45)).text == "claimed-in-time:45"
    assert NO_LATE_RULE.text == "none"
