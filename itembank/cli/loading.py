"""`cbt itembank import`: load a bank and say what became of each item."""

import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import click

from cbt.kernel.progress import interrupted_between, shown_progress
from cbt.kernel.runtime import Runtime
from cbt.kernel.titles import Title
from itembank.cli.printing import AS_JSON, FILE, PROBLEMS, SHELL, answer, problem_facts, problem_lines
from itembank.core.records import ChangeKind, ItemStatus
from itembank.formats.area_file import parse_areas
from itembank.formats.bank_file import read_bank
from itembank.formats.figures import FolderFigures
from itembank.formats.mapped_table import parse_mapped
from itembank.formats.parsed import Parsed, Understood
from itembank.formats.toml_mapping import parse_mapping
from itembank.services.importing import READING, ImportRequest, import_bank
from itembank.services.load_reports import ImportReport, ItemReport

CANCELLED: Final = 130  # what shells give for Ctrl-C


@click.command("import")
@click.argument("source", type=click.Path(exists=True, path_type=Path), metavar="FILE")
@click.option("--bank", "bank_code", required=True, metavar="CODE", help="The bank; it is made when it is not there.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and write nothing.")
@click.option("--figures", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Folder of the figures.")
@click.option("--mapping", "mapping_file", type=FILE, help="TOML file that says what the columns of a table mean.")
@click.option("--areas", "area_file", type=FILE, help="JSON or CSV file that names the content areas.")
@click.option("--title-ko", default="", help="The bank's Korean name.")
@click.option("--title-en", default="", help="The bank's English name.")
@click.option(
    "--status", type=click.Choice([status.value for status in ItemStatus]), default="approved", show_default=True
)
@AS_JSON
@click.pass_obj
def import_file(rt: Runtime, /, source: Path, *, dry_run: bool, as_json: bool, **options: Any) -> None:
    """Load FILE (CSV, JSON, XLSX, a zip, or a folder with figures) into a bank, all or nothing."""
    described = Parsed() if options["area_file"] is None else parse_areas(options["area_file"].read_bytes())
    title = Title(ko=options["title_ko"] or options["title_en"], en=options["title_en"] or options["title_ko"])
    request = ImportRequest(
        bank_code=options["bank_code"],
        by=SHELL,
        title=title if title.ko else None,
        status=ItemStatus(options["status"]),
        areas=described.areas,
        source=source.name,
    )
    try:
        with shown_progress(wanted=not as_json) as tell:
            tell(0, 0, READING)
            parsed = _read(source, options["figures"], options["mapping_file"])
            with interrupted_between(tell) as told:
                report = import_bank(rt, _with_problems(parsed, described), request, dry_run=dry_run, progress=told)
    except KeyboardInterrupt:
        click.echo("cancelled; nothing was stored", err=True)
        sys.exit(CANCELLED)
    answer(_report_facts(report, dry_run=dry_run), _report_lines(report, dry_run=dry_run), as_json=as_json)
    sys.exit(PROBLEMS if report.problems else 0)


def _read(source: Path, figures: Path | None, mapping_file: Path | None) -> Parsed:
    if mapping_file is None:
        return read_bank(source, figures=figures)
    if source.is_dir():
        raise click.UsageError("--mapping reads one table, not a folder")
    beside = FolderFigures(figures or source.parent)
    return parse_mapped(source.read_bytes(), parse_mapping(mapping_file.read_bytes()), figures=beside)


def _with_problems(parsed: Parsed, described: Parsed) -> Parsed:
    return replace(parsed, problems=(*described.problems, *parsed.problems))


def _report_facts(report: ImportReport, *, dry_run: bool) -> dict[str, Any]:
    return {
        "bank": report.bank_code,
        "stored": report.stored,
        "dry_run": dry_run,
        "format": report.format,
        **understood_counts(report.items),
        "items": [_item_facts(item) for item in report.items],
        **{kind.value: report.count(kind) for kind in ChangeKind},
        "new_areas": list(report.new_areas),
        "problems": problem_facts(report.problems),
        "warnings": problem_facts(report.warnings),
    }


def understood_counts(items: Iterable[ItemReport]) -> dict[str, int]:
    """Return how many items were understood in full, in part, or refused."""
    counts = Counter(item.understood for item in items)
    return {understood.value: counts[understood] for understood in Understood}


def _item_facts(item: ItemReport) -> dict[str, Any]:
    return {
        "where": item.where,
        "code": item.code,
        "status": item.understood,
        "change": item.change,
        "scored_by": item.scored_by,
        "notes": problem_facts(item.notes),
    }


def _item_lines(report: ImportReport) -> list[str]:
    noted = [item for item in report.items if item.notes]
    return [f"{item.understood} {item.code}: {line}" for item in noted for line in problem_lines(item.notes)]


def _report_lines(report: ImportReport, *, dry_run: bool) -> list[str]:
    lines = problem_lines(report.problems)
    lines += [f"warning: {line}" for line in problem_lines(report.warnings)]
    counts = ", ".join(f"{report.count(kind)} {kind}" for kind in ChangeKind)
    lines += _item_lines(report)
    if report.problems:
        return [*lines, f"{len(report.problems)} problems; nothing was stored"]
    counts += f" ({', '.join(f'{count} {name}' for name, count in understood_counts(report.items).items() if count)})"
    return [*lines, f"{report.bank_code}: {counts}{' (dry run, nothing was stored)' if dry_run else ''}"]
