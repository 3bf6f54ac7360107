"""How supply is judged beside demand."""

import pytest

from itembank.core.supply import Verdict, covers, verdict_of, worst


@pytest.mark.parametrize(
    ("wanted", "available", "verdict"),
    [
        (3, 2, Verdict.SHORT),
        (3, 3, Verdict.TIGHT),
        (3, 8, Verdict.TIGHT),
        (3, 9, Verdict.PLENTY),
        (1, 0, Verdict.SHORT),
    ],
)
def test_verdicts(wanted, available, verdict):
    assert verdict_of(wanted, available) is verdict


def test_bars_share_one_scale_and_never_leave_it():
    found = covers([(5, 46, True), (12, 9, True), (1, 0, False)])
    assert [one.verdict for one in found] == [Verdict.PLENTY, Verdict.SHORT, Verdict.UNKNOWN_AREA]
    assert found[0].there > found[1].there
    assert all(0 <= end <= 100 for one in found for end in (one.there, one.line))
    assert [one.missing for one in found] == [0, 3, 1]
    assert covers([]) == ()


def test_the_worst_verdict_speaks_for_a_part():
    assert worst([Verdict.PLENTY, Verdict.SHORT, Verdict.TIGHT]) is Verdict.SHORT
    assert worst([]) is Verdict.PLENTY
