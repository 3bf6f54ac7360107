"""Readers of bank files under a fuzzer that follows their coverage: whatever comes, they answer."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.factories_itembank import csv_file, json_file, row

ROOT = Path(__file__).resolve().parents[2]
SEEDS = {
    "table": csv_file(row("Q1")),
    "json": json_file({"id": "Q1", "area": "X", "question": "?", "answers": ["1", "2"], "correct": 0}),
    "gift": b"::T:: 1+1 {=2 ~%-50%3 #no} \n\n$CATEGORY: a/b\n\nx {#3:0.1}\n",
    "aiken": b"Which?\nA. one\nB. two\nANSWER: B\n",
    "moodle": b'<quiz><question type="truefalse"><name><text>n</text></name><questiontext format="html"><text>q</text>'
    b'</questiontext><answer fraction="100"><text>true</text></answer></question></quiz>',
    "qti": b'<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="a" title="t">'
    b'<qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="identifier"/><qti-item-body>'
    b'<qti-choice-interaction response-identifier="RESPONSE" max-choices="1"><qti-simple-choice identifier="A">a'
    b"</qti-simple-choice></qti-choice-interaction></qti-item-body></qti-assessment-item>",
    "qti12": b'<questestinterop><item ident="a"><presentation><response_lid ident="r"><render_choice><response_label '
    b'ident="A"/></render_choice></response_lid></presentation></item></questestinterop>',
    "olx": b"<problem><multiplechoiceresponse><choicegroup><choice correct='true'>a</choice></choicegroup>"
    b"</multiplechoiceresponse></problem>",
}


@pytest.mark.slow
@pytest.mark.skipif(find_spec("atheris") is None, reason="atheris is not installed")
def test_nothing_that_a_fuzzer_finds_breaks_a_reader(tmp_path):
    for name, payload in SEEDS.items():
        (tmp_path / name).write_bytes(payload)
    options = ["-max_total_time=60", "-timeout=20", "-rss_limit_mb=1500", f"-artifact_prefix={tmp_path}/crash-"]
    command = [sys.executable, "-m", "tests.faults.fuzz_readers", str(tmp_path), *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
