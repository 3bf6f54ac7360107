"""What of the parts' logs reaches the terminal."""

import json

import pytest

from cbt.cli.logfiles import LogFile, loud_line


def test_ordinary_lines_stay_in_the_file():
    assert loud_line(json.dumps({"event": "swept", "level": "info"})) is None
    assert loud_line("   ") is None


def test_warnings_are_told_in_one_line():
    line = json.dumps(
        {"event": "fault", "level": "error", "path": "/x", "exception": "Traceback\n  ...\nValueError: no"}
    )
    assert loud_line(line) == "error: fault path=/x ValueError: no"


@pytest.mark.parametrize("line", ["Traceback (most recent call last):", "[1, 2]x", "{broken"])
def test_words_without_structure_are_told(line):
    assert loud_line(line) == line


def test_pieces_are_put_together_into_lines(tmp_path):
    told: list[str] = []
    log = LogFile(tmp_path / "door.log", told.append)
    for piece in (b"one ", b"line\nanother", b" line\nrest"):
        log.feed(piece)
    assert told == ["[door] one line", "[door] another line"]
    assert (tmp_path / "door.log").read_text() == "one line\nanother line\n"


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path):
    log = LogFile(tmp_path / "missing" / "door.log", lambda _line: None)
    log.feed(b"words\n")
    assert log.tail(3) == ""
