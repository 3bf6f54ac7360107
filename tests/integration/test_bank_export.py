"""A bank goes out as a file: what is in it, what could not be said, and who got it."""

import csv
import io
import json
import zipfile
from hashlib import sha256

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from cbt.kernel.ids import new_id
from cbt.people.core.actors import Actor, ActorKind
from cbt.people.core.audit import AuditFilter
from cbt.people.services.audit import list_audit
from itembank.cli.group import itembank
from itembank.cli.printing import SHELL
from itembank.formats.bank_file import parse_bank
from itembank.services.exporting import ExportFormat, ExportRequest, export_bank
from itembank.services.importing import ImportRequest, import_bank
from itembank.tables import SeenRow
from tests.factories_itembank import csv_file, row, zip_file
from tests.strategies_parts import png

ITEMS = (("X1-1", "X1"), ("X1-2", "X1"), ("Y-1", "Y"))


@pytest.fixture
def run(rt, tmp_path):
    def call(*arguments, files=()):
        for name, payload in dict(files).items():
            (tmp_path / name).write_bytes(payload)
        words = [str(tmp_path / word[1:]) if word.startswith("@") else word for word in arguments]
        return CliRunner().invoke(itembank, words, obj=rt)

    return call


@pytest.fixture
def loaded(run):
    files = {"bank.csv": csv_file(*(row(code, area=area) for code, area in ITEMS))}
    assert run("import", "@bank.csv", "--bank", "B", "--title-en", "Bank", files=files).exit_code == 0


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize("name", ["qti3", "qti22"])
def test_a_package_holds_the_items_and_the_same_bank_gives_the_same_bytes(run, tmp_path, name):
    done = run("export", "--bank", "B", "--format", name, "-o", "@one.zip", "--json")
    assert done.exit_code == 0, done.output
    report = json.loads(done.output)
    assert (report["written"], report["left_out"]) == (3, 0)
    assert [one["status"] for one in report["items"]] == ["full"] * 3
    run("export", "--bank", "B", "--format", name, "-o", "@two.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as package:
        assert sorted(package.namelist()) == [
            "imsmanifest.xml",
            "items/X1-1.xml",
            "items/X1-2.xml",
            "items/Y-1.xml",
        ]


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize("name", ["qti3", "qti22", "moodle", "gift", "csv", "xlsx"])
def test_every_format_is_read_again(run, name):
    assert run("export", "--bank", "B", "--format", name, "-o", "@bank.file").exit_code == 0
    report = json.loads(run("import", "@bank.file", "--bank", "C", "--json").output)
    assert (report["new"], report["problems"]) == (3, [])


@pytest.mark.usefixtures("loaded")
def test_an_area_or_a_state_alone(run, tmp_path):
    assert run("export", "--bank", "B", "--format", "csv", "-o", "@x.csv", "--area", "X1").exit_code == 0
    rows = list(csv.DictReader(io.StringIO((tmp_path / "x.csv").read_text("utf-8-sig"))))
    assert [one["id"] for one in rows] == ["X1-1", "X1-2"]
    done = json.loads(
        run("export", "--bank", "B", "--format", "csv", "-o", "@y.csv", "--status", "draft", "--json").output
    )
    assert done["written"] == 0


@pytest.mark.usefixtures("loaded")
def test_an_unknown_bank_or_area_leaves_the_file_that_is_there(run, tmp_path):
    (tmp_path / "x.csv").write_text("mine")
    assert run("export", "--bank", "B", "--format", "csv", "-o", "@x.csv", "--area", "Z").exit_code != 0
    assert run("export", "--bank", "Z", "--format", "csv", "-o", "@x.csv").exit_code != 0
    assert (tmp_path / "x.csv").read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".x.csv")] == []


@pytest.mark.usefixtures("loaded")
def test_csv_comes_back_unchanged(run):
    assert run("export", "--bank", "B", "--format", "csv", "-o", "@x.csv").exit_code == 0
    report = json.loads(run("import", "@x.csv", "--bank", "B", "--json").output)
    assert (report["unchanged"], report["problems"]) == (3, [])


@pytest.mark.usefixtures("loaded")
def test_who_gets_a_file_has_seen_its_items(rt):
    author = Actor(kind=ActorKind.STAFF, id=new_id(rt.clock.now()), name="한출제")
    request = ExportRequest(bank_code="B", format=ExportFormat.QTI3, by=author, area="X1")
    for _ in range(2):
        report = export_bank(rt, request, io.BytesIO())
        assert (report.written, len(report.items)) == (2, 2)
    with rt.reading() as tx:
        seen = [tuple(one) for one in tx.session.execute(select(SeenRow.staff_name, SeenRow.how))]
    assert seen == [("한출제", "export")] * 2
    record = list_audit(rt, AuditFilter(act="itembank.exported")).records[0]
    assert (record.actor_name, record.subject) == ("한출제", "B")
    assert record.details["items"] == 2


def test_pictures_go_along(rt):
    figure = {"figure": "red.png", "figure_alt": "red"}
    payload = zip_file(**{"bank.csv": csv_file(row("Q1", **figure)), "red.png": png(3)})
    import_bank(rt, parse_bank(payload, name="bank.zip"), ImportRequest(bank_code="B", by=SHELL))
    target = io.BytesIO()
    report = export_bank(rt, ExportRequest(bank_code="B", format=ExportFormat.QTI22, by=SHELL), target)
    assert report.items[0].notes == ()
    with zipfile.ZipFile(target) as package:
        assert package.read(f"items/media/{sha256(png(3)).hexdigest()[:32]}.png") == png(3)
