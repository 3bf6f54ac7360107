"""Importing: a QTI package of 10,000 choice items into an empty bank, time and memory, in a process of its own."""

import json
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Final

from bench.figures import Limit
from cbt.kernel.runtime import Runtime
from cbt.kernel.schema import migrate
from cbt.kernel.settings import Settings
from cbt.people.core.actors import Actor
from itembank.formats.bank_file import read_bank
from itembank.services.importing import ImportRequest, import_bank

ITEMS: Final = 10_000
_MOST_SECONDS: Final = 60
_MOST_MB: Final = 500
_MB: Final = 1024 * 1024
_OPTIONS: Final = "ABCD"
_WORDS: Final = (
    "Which of these statements about the measurement of voltage, current and resistance in the circuit number {} "
    "holds when the switch is closed and the capacitor has been charged for a long time?"
)


def run() -> tuple[Limit, ...]:
    """Return how long the load took on one core and how much memory it needed at its peak."""
    with tempfile.TemporaryDirectory() as folder:
        bank = Path(folder) / "bank.zip"
        made_package(bank, ITEMS)
        command = [sys.executable, "-m", "bench.importing", str(bank)]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    told = json.loads(done.stdout.splitlines()[-1])
    reading, storing, busy = told["reading"], told["storing"], told["busy"]
    print(
        f"     {ITEMS:,} items: reading {reading:.1f} s, storing {storing:.1f} s, of it {busy:.1f} s of processor time"
    )
    return (
        Limit(name="QTI import of 10,000 items", value=reading + storing, most=_MOST_SECONDS, unit="s"),
        Limit(name="memory at its peak", value=told["peak"] / _MB, most=_MOST_MB, unit="MB"),
        Limit(name="items lost", value=ITEMS - told["items"], most=0),
    )


def load(bank: Path) -> dict[str, float]:
    """Load the package into a new database beside it; return seconds, bytes and items."""
    settings = Settings.from_env({"CBT_HOME": str(bank.parent / "home")})
    rt = Runtime.start(settings)
    migrate(rt.engine)
    began, busy = time.perf_counter(), time.process_time()
    parsed = read_bank(bank)
    read = time.perf_counter()
    request = ImportRequest(bank_code="bench", by=Actor.system("bench"))
    report = import_bank(rt, parsed, request)
    stored = time.perf_counter()
    rt.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    seconds = {"reading": read - began, "storing": stored - read, "busy": time.process_time() - busy}
    return {**seconds, "peak": peak, "items": len(report.items)}


def made_package(path: Path, items: int) -> None:
    """Write a package of choice items with four options each, one file for each item."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("imsmanifest.xml", _manifest(items))
        for number in range(items):
            archive.writestr(f"items/q{number:05}.xml", _item(number))


def _manifest(items: int) -> str:
    resources = "".join(
        f'<resource identifier="r{number}" type="imsqti_item_xmlv3p0" href="items/q{number:05}.xml">'
        f'<file href="items/q{number:05}.xml"/></resource>'
        for number in range(items)
    )
    space = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"
    return f'<manifest xmlns="{space}" identifier="m"><resources>{resources}</resources></manifest>'


def _item(number: int) -> str:
    options = "".join(
        f'<qti-simple-choice identifier="{letter}">Answer {letter} of item {number}</qti-simple-choice>'
        for letter in _OPTIONS
    )
    return (
        '<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" xml:lang="en" '
        f'identifier="Q{number:05}" title="Item {number}" adaptive="false" time-dependent="false">'
        '<qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="identifier">'
        f"<qti-correct-response><qti-value>{_OPTIONS[number % 4]}</qti-value></qti-correct-response>"
        '</qti-response-declaration><qti-outcome-declaration identifier="SCORE" cardinality="single" '
        'base-type="float"><qti-default-value><qti-value>0</qti-value></qti-default-value></qti-outcome-declaration>'
        f"<qti-item-body><p>{_WORDS.format(number)}</p>"
        '<qti-choice-interaction response-identifier="RESPONSE" shuffle="true" max-choices="1">'
        f"<qti-prompt>Choose one.</qti-prompt>{options}</qti-choice-interaction></qti-item-body>"
        '<qti-response-processing template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct"/>'
        "</qti-assessment-item>"
    )


if __name__ == "__main__":
    print(json.dumps(load(Path(sys.argv[1]))))
