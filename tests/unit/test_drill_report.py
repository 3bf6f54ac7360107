"""What the drill reports of its candidates."""

from cbt.cli.drill import summary
from cbt.cli.drill_candidate import Diary
from cbt.cli.drill_room import Kept


def kept(number, **losses):
    none = {"missing": (), "different": (), "flags_lost": (), "journal_intact": True}
    return Kept(number=number, **{**none, **losses})


def diary(number, **facts):
    given = {"acknowledged": {1: {"RESPONSE": ["a"]}}, "saves_ms": [10.0, 20.0, 30.0], "started": True}
    return Diary(number=number, **{**given, **facts})


def test_everything_there_is_whole():
    report = summary([diary("1", handed_in=True), diary("2")], [kept("1"), kept("2")])
    assert report["whole"] is True
    assert (report["candidates"], report["started"], report["handed_in"]) == (2, 2, 1)
    assert report["answers_acknowledged"] == 2
    assert report["save_ms"]["p50"] == 20.0


def test_a_missing_answer_is_named():
    report = summary([diary("1")], [kept("1", missing=(1,))])
    assert report["whole"] is False
    assert report["losses"] == [{"number": "1", "missing": (1,), "different": (), "flags": ()}]


def test_a_broken_journal_is_not_whole():
    assert summary([diary("1")], [kept("1", journal_intact=False)])["whole"] is False


def test_a_candidate_who_could_not_go_on_is_not_whole():
    report = summary([diary("1", fault="/exam/start answers 500")], [kept("1")])
    assert report["whole"] is False
    assert report["faults"] == {"1": "/exam/start answers 500"}


def test_nobody_has_no_times():
    assert summary([], [])["save_ms"] == {"p50": 0.0, "p95": 0.0, "p99": 0.0}
