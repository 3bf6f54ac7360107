"""What a PC measured of itself: read strictly, judged in one place."""

import pytest

from cbt.checks.core.measures import (
    CheckName,
    Measures,
    NotMeasures,
    judge,
    percentile,
    read_measures,
    to_document,
    will_do,
)
from tests.factories_checks import GOOD


def _measures(**other) -> Measures:
    return read_measures({**GOOD, **other})


def _bad(measures: Measures) -> set[str]:
    return {line.name.value for line in judge(measures) if not line.good}


def test_a_good_pc_is_good_in_every_line_and_survives_its_document():
    measures = _measures()
    assert _bad(measures) == set()
    assert will_do(judge(measures))
    assert read_measures(to_document(measures)) == measures
    assert [line.name for line in judge(measures)] == list(CheckName)


@pytest.mark.parametrize(
    ("other", "bad"),
    [
        ({"secure": False}, "secure"),
        ({"features": False}, "browser"),
        ({"crypto": False}, "crypto"),
        ({"kept": False}, "keeping"),
        ({"keep_ms": 501}, "keeping"),
        ({"worker": False}, "worker"),
        ({"quota_mb": 199}, "quota"),
        ({"quota_mb": None}, "quota"),
        ({"saved": False}, "save"),
        ({"clock_offset_ms": -60_001}, "clock"),
        ({"clock_offset_ms": None}, "clock"),
        ({"latency_ms": [300] * 20}, "latency"),
        ({"latency_ms": [10] * 19}, "latency"),
        ({"latency_ms": [10] * 18 + [900, 900]}, "latency"),
        ({"latency_ms": []}, "latency"),
        ({"download_ms": 60_000}, "bandwidth"),
        ({"download_ms": None}, "bandwidth"),
        ({"width": 800}, "screen"),
        ({"zoom_percent": 125}, "zoom"),
        ({"keyboard": False}, "keyboard"),
    ],
)
def test_each_fault_is_told_by_its_own_line(other, bad):
    assert _bad(_measures(**other)) == {bad}


def test_a_keyboard_that_was_not_tried_has_no_line():
    assert CheckName.KEYBOARD not in {line.name for line in judge(_measures(keyboard=None))}


def test_a_browser_that_does_not_tell_its_zoom_is_not_blamed():
    assert _bad(_measures(zoom_percent=None)) == set()


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        {},
        {**GOOD, "secure": "yes"},
        {**GOOD, "latency_ms": [1] * 51},
        {**GOOD, "latency_ms": "1"},
        {**GOOD, "latency_ms": [-1]},
        {**GOOD, "width": 1.5},
        {**GOOD, "width": True},
        {**GOOD, "quota_mb": 10**13},
        {**GOOD, "browser": 7},
    ],
)
def test_what_no_check_sends_is_refused(document):
    with pytest.raises(NotMeasures):
        read_measures(document)


def test_the_browsers_words_are_cut_and_printable():
    assert _measures(browser="A\x00\n" + "B" * 200).browser == "A" + "B" * 79


def test_percentiles_are_those_of_the_nearest_rank():
    assert [percentile(range(1, 21), percent) for percent in (50, 95, 100)] == [10, 19, 20]
    assert percentile([7], 95) == 7
