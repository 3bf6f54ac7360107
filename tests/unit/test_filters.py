"""How numbers, dates, instants and durations look to readers of either language."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from flask import Flask, render_template_string

from cbt.kernel.score import score
from cbt.kernel.titles import Title
from cbt.kernel.web import filters
from cbt.kernel.web.context import attach
from cbt.kernel.web.filters import clock_text, date_text, instant_text, score_text, time_text, title_text
from cbt.kernel.web.language import init_language
from tests.factories_kernel import Settled

EVENING = datetime(2026, 11, 22, 15, 30, 5, 999_999, tzinfo=UTC)  # half past midnight in Seoul


@pytest.fixture(scope="module")
def app():
    made = Flask("filters")
    attach(made, Settled())
    init_language(made, [])
    filters.init_filters(made)
    return made


@pytest.fixture(params=["ko", "en"])
def reader(request, app):
    with app.test_request_context(headers={"Accept-Language": request.param}):
        yield request.param


def read(app, language):
    return app.test_request_context(headers={"Accept-Language": language})


def test_scores_are_cut():
    assert score_text(Fraction("59.99967")) == "59.9"
    assert score_text(score("77")) == "77.0"
    assert score_text(score("2.125"), 2) == "2.12"
    assert score_text(3, 0) == "3"


def test_a_date_is_written_as_the_reader_writes_it(reader):
    written = {"ko": "2026. 1. 2.", "en": "2 January 2026"}
    assert date_text(date(2026, 1, 2)) == written[reader]


def test_an_instant_is_told_in_the_zone_of_the_centre(reader):
    seoul = {"ko": "2026. 11. 23. 00:30", "en": "23 November 2026 00:30"}
    lisbon = {"ko": "2026. 11. 22. 15:30", "en": "22 November 2026 15:30"}
    assert instant_text(EVENING) == seoul[reader]
    assert instant_text(EVENING, "Europe/Lisbon") == lisbon[reader]


def test_a_time_of_day_is_told_to_the_second():
    assert (time_text(EVENING), time_text(EVENING, "UTC")) == ("00:30:05", "15:30:05")


@pytest.mark.parametrize("tell", [date_text, instant_text, time_text, clock_text])
def test_nothing_is_a_dash(tell):
    assert tell(None) == "—"


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (0, "00:00:00"),
        (59, "00:00:59"),
        (9000, "02:30:00"),
        (timedelta(hours=100, seconds=1), "100:00:01"),
        (timedelta(seconds=1, microseconds=999_999), "00:00:01"),
        (timedelta(seconds=-5), "00:00:00"),
        (-5, "00:00:00"),
    ],
)
def test_a_duration_is_a_clock_that_never_runs_below_zero(length, text):
    assert clock_text(length) == text


def test_a_title_is_in_the_readers_language(reader):
    title = Title(ko="정보처리", en="Information")
    assert title_text(title) == {"ko": "정보처리", "en": "Information"}[reader]
    assert title_text("plain") == "plain"


def test_templates_have_the_filters(app):
    page = "{{ s|score }} {{ d|on }} {{ i|at('UTC') }} {{ i|time('UTC') }} {{ 61|clock }} {{ t|title }}"
    known = {"s": Fraction(1, 3), "d": EVENING.date(), "i": EVENING, "t": Title(ko="가", en="A")}
    with read(app, "ko"):
        assert render_template_string(page, **known) == "0.3 2026. 11. 22. 2026. 11. 22. 15:30 15:30:05 00:01:01 가"


def test_outside_a_page_the_language_is_english():
    assert date_text(date(2026, 1, 2)) == "2 January 2026"
