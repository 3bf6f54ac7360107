"""`cbt itembank export`: write a bank into a file and say what the format cannot carry."""

from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, BinaryIO, cast

import click

from cbt.kernel.progress import shown_progress
from cbt.kernel.runtime import Runtime
from itembank.cli.printing import AS_JSON, SHELL, answer, problem_facts, problem_lines
from itembank.core.records import ItemStatus
from itembank.formats.exported import ItemReport
from itembank.services.exporting import ExportFormat, ExportReport, ExportRequest, export_bank


@click.command("export")
@click.option("--bank", "bank_code", required=True, metavar="CODE", help="The bank.")
@click.option("--format", "format_name", required=True, type=click.Choice([one.value for one in ExportFormat]))
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), metavar="FILE")
@click.option("--area", default="", metavar="CODE", help="Only items of this content area and those below it.")
@click.option(
    "--status",
    type=click.Choice([one.value for one in ItemStatus]),
    help="Only items in this state; of approved ones the version that is drawn.",
)
@AS_JSON
@click.pass_obj
def export_file(rt: Runtime, /, bank_code: str, output: Path, *, as_json: bool, **options: Any) -> None:
    """Write a bank's items with their keys into FILE, and say of each what the format cannot carry."""
    request = ExportRequest(
        bank_code=bank_code,
        format=ExportFormat(options["format_name"]),
        by=SHELL,
        area=options["area"],
        status=None if options["status"] is None else ItemStatus(options["status"]),
    )
    with NamedTemporaryFile(dir=output.resolve().parent, prefix=f".{output.name}.", delete=False) as part:
        try:
            with shown_progress(wanted=not as_json) as tell:
                report = export_bank(rt, request, cast("BinaryIO", part), progress=tell)
            part.close()
            # What is there stays until all of it is written; and keys are nobody else's to read.
            Path(part.name).replace(output)
        finally:
            Path(part.name).unlink(missing_ok=True)
    answer(_facts(report, output), _lines(report, output), as_json=as_json)


def _facts(report: ExportReport, output: Path) -> dict[str, Any]:
    return {
        "bank": report.bank_code,
        "format": report.format,
        "file": str(output),
        "written": report.written,
        "left_out": len(report.items) - report.written,
        "items": [
            {"code": one.code, "status": _status(one), "notes": problem_facts(one.notes)} for one in report.items
        ],
    }


def _status(one: ItemReport) -> str:
    return "left-out" if one.left_out else "partial" if one.notes else "full"


def _lines(report: ExportReport, output: Path) -> list[str]:
    noted = [one for one in report.items if one.notes]
    lines = [f"{_status(one)} {one.code}: {line}" for one in noted for line in problem_lines(one.notes)]
    left_out = len(report.items) - report.written
    return [*lines, f"{output}: {report.written} items{f', {left_out} left out' if left_out else ''}"]
