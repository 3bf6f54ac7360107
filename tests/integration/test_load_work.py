"""Loads as long work and on the shell: they tell how far they are, and broken off they leave nothing behind."""

import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread

import pytest
from sqlalchemy import func, select

from cbt.jobs.core.jobs import JobCancelled, JobState, Wanted
from cbt.jobs.services import asking
from cbt.kernel import canonical
from cbt.kernel.db import Base
from itembank.core.records import ChangeKind
from itembank.formats.bank_file import parse_bank
from itembank.services.banks import list_banks
from itembank.services.importing import ImportRequest, import_bank
from itembank.services.load_reports import read_report, report_document
from itembank.services.pages import create_bank
from itembank.services.uploading import LOAD_KIND, Upload, start_check, start_load
from tests.factories_itembank import csv_file, row
from tests.factories_jobs import SYSTEM, do_jobs
from tests.factories_site import ROOT, until

ITEMS = 450  # three chunks
LONG = csv_file(*(row(f"Q{number}", area=f"A{number % 7}") for number in range(ITEMS)))
REQUEST = ImportRequest(bank_code="B", by=SYSTEM)


class Broken:
    """Breaks a load off at its n-th word of progress."""

    def __init__(self, at: int, error: type[BaseException]) -> None:
        self.left, self.error, self.said = at, error, []

    def __call__(self, done: int, total: int, phase: str) -> None:
        self.said.append((phase, done, total))
        if not self.left:
            raise self.error
        self.left -= 1


def rows_of_items(rt):
    tables = [table for name, table in Base.metadata.tables.items() if name.startswith("itembank_")]
    with rt.reading() as tx:
        found = {table.name: tx.session.scalar(select(func.count()).select_from(table)) for table in tables}
    return {name: count for name, count in found.items() if count and name != "itembank_bank"}


@pytest.mark.parametrize(
    ("at", "error"),
    [(0, JobCancelled), (ITEMS // 2, JobCancelled), (ITEMS // 2, KeyboardInterrupt), (ITEMS + 2, JobCancelled)],
)
def test_a_load_that_is_broken_off_leaves_nothing_behind(any_rt, at, error):
    broken = Broken(at, error)
    with pytest.raises(error):
        import_bank(any_rt, parse_bank(LONG), REQUEST, progress=broken)
    assert len(broken.said) == at + 1
    assert rows_of_items(any_rt) == {}
    assert import_bank(any_rt, parse_bank(LONG), REQUEST).stored


def test_a_load_tells_how_far_it_is(rt):
    watched = Broken(-1, JobCancelled)
    import_bank(rt, parse_bank(LONG), REQUEST, progress=watched)
    assert watched.said[0] == ("Comparing with the bank", 0, ITEMS)
    assert [one for one in watched.said if one[0] == "Writing items"] == [
        ("Writing items", done, ITEMS) for done in (0, 200, 400)
    ]


def test_look_and_load_are_jobs_on_both_databases(any_rt):
    create_bank(any_rt, {"code": "B", "title_ko": "은행"}, SYSTEM)
    checked = start_check(any_rt, "B", Upload(name="a.csv", items=LONG), by=SYSTEM, page="/x")
    assert do_jobs(any_rt) == 1
    assert rows_of_items(any_rt) == {}
    loaded = start_load(any_rt, checked, by=SYSTEM, page="/y")
    assert do_jobs(any_rt) == 1
    job = asking.get_job(any_rt, loaded)
    assert (job.state, job.page) == (JobState.DONE, f"/y?job={loaded}")
    assert job.outcome is not None
    assert read_report(job.outcome).count(ChangeKind.NEW) == list_banks(any_rt)[0].items == ITEMS


def test_the_job_of_a_load_into_a_busy_bank_fails(rt):
    create_bank(rt, {"code": "B", "title_ko": "은행"}, SYSTEM)
    wanted = Wanted(kind=LOAD_KIND, subject="B", arguments={"bank": "B", "name": "a.csv", "status": "approved"})
    seen = []

    def while_it_writes(_done: int, _total: int, phase: str) -> None:
        if phase == "Writing items" and not seen:
            seen.append(asking.start(rt, wanted, by=SYSTEM, files={"items": LONG}))
            do_jobs(rt)

    import_bank(rt, parse_bank(LONG), REQUEST, progress=while_it_writes)
    job = asking.get_job(rt, seen[0])
    assert job.fault is not None
    assert (job.state, job.fault.code) == (JobState.FAILED, "load-running")


TWICE = csv_file(row("Q1"), row("Q1", correct_letter="Z"))
HOSTILE = rb'{"items": [{"id": "\ud800", "\udfff": 1, "question": "\u0000"}]}'


@pytest.mark.parametrize("payload", [LONG, TWICE, b"%PDF-1.7"])
def test_a_report_comes_back_from_its_document_as_it_was(rt, payload):
    report = import_bank(rt, parse_bank(payload), REQUEST, dry_run=True)
    assert read_report(canonical.decode(canonical.encode(report_document(report)))) == report


def test_half_characters_of_a_hostile_file_are_told_as_question_marks(rt):
    report = import_bank(rt, parse_bank(HOSTILE), REQUEST, dry_run=True)
    told = read_report(canonical.decode(canonical.encode(report_document(report))))
    assert any("?" in problem.where + problem.hint for problem in (*told.problems, *told.warnings))


def test_a_load_on_the_shell_shows_its_bar_and_is_cancelled_by_ctrl_c(rt, tmp_path):
    bank = tmp_path / "many.csv"
    bank.write_bytes(csv_file(*(row(f"Q{number}") for number in range(3000))))
    with on_a_terminal(rt, "itembank", "import", str(bank), "--bank", "B") as (running, seen):
        until(lambda: rows_of_items(rt).get("itembank_item_version"), why="it writes")
        running.send_signal(signal.SIGINT)
        assert running.wait(30) == 130
    shown = b"".join(seen).decode()
    assert "Writing items" in shown
    assert "cancelled; nothing was stored" in shown
    assert rows_of_items(rt) == {}


def test_a_program_reads_nothing_but_json(rt, tmp_path):
    bank = tmp_path / "one.csv"
    bank.write_bytes(csv_file(row("Q1")))
    command = [sys.executable, "-m", "cbt.cli.main", "itembank", "import", str(bank), "--bank", "B", "--json"]
    done = subprocess.run(command, cwd=ROOT, env=env_of(rt), capture_output=True, text=True, timeout=60, check=True)
    assert json.loads(done.stdout)["new"] == 1
    assert done.stderr == ""


def env_of(rt):
    plain = {name: value for name, value in os.environ.items() if not name.startswith("CBT_")}
    return {**plain, "CBT_HOME": str(rt.settings.home), "TERM": "xterm-256color", "COLUMNS": "100"}


@contextmanager
def on_a_terminal(rt, *words) -> Iterator[tuple[subprocess.Popen[bytes], list[bytes]]]:
    """A command whose error output is a terminal, and what is shown there."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "cbt.cli.main", *words]
    seen: list[bytes] = []
    reader = Thread(target=watch, args=(ours, seen))
    with subprocess.Popen(command, cwd=ROOT, env=env_of(rt), stdout=subprocess.DEVNULL, stderr=theirs) as running:
        os.close(theirs)
        reader.start()
        yield running, seen
    reader.join()
    os.close(ours)


def watch(terminal: int, seen: list[bytes]) -> None:
    """Read until the other end is closed, which Linux tells as an error."""
    with suppress(OSError):
        while piece := os.read(terminal, 65536):
            seen.append(piece)
