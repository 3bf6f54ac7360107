"""Files that are meant to do harm: refused with a reason and within 200 MB, and nothing of them is stored."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cbt.people.core.actors import Actor
from itembank.formats.bank_file import parse_bank
from itembank.services.importing import ImportRequest, import_bank
from itembank.tables import AssetRow, BankRow, ItemRow
from tests.factories_qti import fixtures
from tests.hostile_files import xml_files, zip_files

MOST_BYTES = 200 * 1024 * 1024
FILES = dict([*xml_files(), *zip_files()])
# Alone in a process of its own, because memory is counted for a whole process; getrusage would count pytest's too.
READER = """
import json, re, sys
from pathlib import Path
from itembank.formats.bank_file import read_bank
told = {}
for path in sorted(Path(sys.argv[1]).iterdir()):
    parsed = read_bank(path)
    told[path.name] = {
        "items": len(parsed.items),
        "reasons": [one.hint for one in (*parsed.problems, *(note for one in parsed.refused for note in one.notes))],
    }
status = Path("/proc/self/status")
peak = re.search(r"VmHWM:\\s+(\\d+) kB", status.read_text()) if status.exists() else None
print(json.dumps({"files": told, "bytes": int(peak[1]) * 1024 if peak else 0}))
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    for name, payload in FILES.items():
        (folder / name).write_bytes(payload)
    run = subprocess.run([sys.executable, "-c", READER, folder], capture_output=True, check=True, cwd=Path.cwd())
    return json.loads(run.stdout)


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_refused_with_a_reason(told, name):
    one = told["files"][name]
    assert one["items"] == 0
    assert one["reasons"]


def test_hostile_files_take_little_memory(told):
    assert told["bytes"] < MOST_BYTES


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("BadManifest.zip", "wrong-manifest"),
        ("BadMix.zip", "wrong-manifest"),
        ("ExternalHref.zip", "outside-file"),
        ("MissingFile.zip", "file-missing"),
        ("NotContentPackage.zip", "no-manifest"),
        ("WebDeveloperTest1-incomplete.zip", "zip-refused"),
        ("ZipSlip.zip", "zip-refused"),
    ],
)
def test_a_broken_package_is_refused_with_its_reason(name, reason):
    parsed = parse_bank((fixtures("qtiworks/broken-packages") / name).read_bytes())
    assert parsed.items == ()
    assert [one.code for one in parsed.problems] == [reason]


def test_nothing_of_a_hostile_file_is_stored(rt):
    for payload in FILES.values():
        request = ImportRequest(bank_code="hostile", by=Actor.system("test"))
        report = import_bank(rt, parse_bank(payload), request)
        assert not report.stored
    with rt.reading() as tx:
        assert [tx.session.query(row).count() for row in (BankRow, ItemRow, AssetRow)] == [0, 0, 0]
