"""The item bank on the shell: load banks, keep blueprints, try draws, look. Each command calls one service."""

import json
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import click

from cbt.kernel.errors import Problem
from cbt.kernel.runtime import Runtime
from cbt.kernel.titles import Title
from cbt.people.core.actors import Actor
from itembank.core.draw import BlueprintImpossible
from itembank.core.forms import Form
from itembank.core.records import BankSummary, ChangeKind, ItemFilter, ItemLine, ItemStatus, StoredBlueprint
from itembank.formats.area_file import parse_areas
from itembank.formats.bank_file import read_bank
from itembank.formats.parsed import Parsed, Understood
from itembank.formats.toml_blueprint import parse_blueprint_toml
from itembank.services import banks, blueprints
from itembank.services.importing import ImportReport, ImportRequest, ItemReport, import_bank
from itembank.services.qti_scoring import ScoreReport, score_document

PROBLEMS: Final = 1
_SHELL: Final = Actor.system("shell")
_MOST_SHOWN: Final = 50
_FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
_AS_JSON: Final = click.option("--json", "as_json", is_flag=True, help="Answer as JSON, for programs.")


@click.group("itembank")
def itembank() -> None:
    """Banks, items, blueprints and draws."""


@itembank.command("import")
@click.argument("source", type=click.Path(exists=True, path_type=Path), metavar="FILE")
@click.option("--bank", "bank_code", required=True, metavar="CODE", help="The bank; it is made when it is not there.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and write nothing.")
@click.option("--figures", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Folder of the figures.")
@click.option("--areas", "area_file", type=_FILE, help="JSON or CSV file that names the content areas.")
@click.option("--title-ko", default="", help="The bank's Korean name.")
@click.option("--title-en", default="", help="The bank's English name.")
@click.option(
    "--status", type=click.Choice([status.value for status in ItemStatus]), default="approved", show_default=True
)
@_AS_JSON
@click.pass_obj
def import_file(rt: Runtime, /, source: Path, *, dry_run: bool, as_json: bool, **options: Any) -> None:
    """Load FILE (CSV, JSON, XLSX, a zip, or a folder with figures) into a bank, all or nothing."""
    described = Parsed() if options["area_file"] is None else parse_areas(options["area_file"].read_bytes())
    parsed = read_bank(source, figures=options["figures"])
    title = Title(ko=options["title_ko"] or options["title_en"], en=options["title_en"] or options["title_ko"])
    request = ImportRequest(
        bank_code=options["bank_code"],
        by=_SHELL,
        title=title if title.ko else None,
        status=ItemStatus(options["status"]),
        areas=described.areas,
        source=source.name,
    )
    report = import_bank(rt, _with_problems(parsed, described), request, dry_run=dry_run)
    _print(_report_facts(report, dry_run=dry_run), _report_lines(report, dry_run=dry_run), as_json=as_json)
    sys.exit(PROBLEMS if report.problems else 0)


@itembank.command("blueprint")
@click.argument("source", type=_FILE, metavar="FILE.toml")
@click.option("--bank", "bank_code", required=True, metavar="CODE", help="The bank that its items come from.")
@click.option("--dry-run", is_flag=True, help="Check it against the bank, and write nothing.")
@_AS_JSON
@click.pass_obj
def save_blueprint(rt: Runtime, source: Path, bank_code: str, *, dry_run: bool, as_json: bool) -> None:
    """Keep the blueprint in FILE.toml; an impossible one is refused with every shortage."""
    read = parse_blueprint_toml(source.read_bytes())
    facts: dict[str, Any] = {"stored": False}
    problems = read.problems
    if read.blueprint is not None:
        facts |= {"blueprint": read.blueprint.code, "items": read.blueprint.item_count()}
        if dry_run:
            problems = blueprints.check_blueprint(rt, bank_code, read.blueprint)
        else:
            saved = blueprints.save_blueprint(rt, bank_code, read.blueprint, _SHELL)
            problems = saved.problems
            if saved.stored is not None:
                facts |= {"stored": True, "version": saved.stored.number, "fresh": saved.fresh}
    facts["problems"] = _problem_facts(problems)
    done = ", ".join(f"{name} {value}" for name, value in facts.items() if name != "problems")
    _print(facts, [*_problem_lines(problems), done], as_json=as_json)
    sys.exit(PROBLEMS if problems else 0)


@itembank.command("draw")
@click.argument("blueprint")
@click.option("--seed", required=True, metavar="N", help="Number or text; the same seed gives the same forms.")
@click.option("--count", type=click.IntRange(1, 10_000), default=1, show_default=True, help="How many forms.")
@_AS_JSON
@click.pass_obj
def draw_forms(rt: Runtime, blueprint: str, seed: str, count: int, *, as_json: bool) -> None:
    """Draw forms from BLUEPRINT (its code) and print them; none is kept."""
    seeds = tuple(f"{seed}/{number}".encode() for number in range(1, count + 1))
    try:
        forms = blueprints.try_draw(rt, blueprint, seeds)
    except BlueprintImpossible as refusal:
        facts = {"problems": _problem_facts(refusal.problems)}
        _print(facts, _problem_lines(refusal.problems), as_json=as_json)
        sys.exit(PROBLEMS)
    _print([_form_facts(form) for form in forms], [_form_line(form) for form in forms], as_json=as_json)


@itembank.command("list")
@click.option("--bank", "bank_code", default="", metavar="CODE", help="List the items of this bank.")
@click.option("--text", default="", help="Only items that hold these words.")
@click.option("--area", default="", help="Only items of this content area and those below it.")
@click.option("--page", type=click.IntRange(1), default=1, show_default=True)
@_AS_JSON
@click.pass_obj
def list_everything(rt: Runtime, bank_code: str, text: str, area: str, *, page: int, as_json: bool) -> None:
    """List the banks with their blueprints, or the items of one bank."""
    if bank_code:
        found = banks.list_items(rt, bank_code, ItemFilter(text=text, area=area), page=page)
        facts = {"total": found.total, "page": page, "items": [_line_facts(line) for line in found.items]}
        lines = [f"{line.code}  {line.area_code}  {line.status}  {line.title}" for line in found.items]
        _print(facts, [*lines, f"{found.total} items"], as_json=as_json)
        return
    kept = blueprints.list_blueprints(rt)
    listed = [_bank_facts(summary, kept) for summary in banks.list_banks(rt)]
    lines = [f"{one['code']}: {one['items']} items, blueprints: {', '.join(one['blueprints'])}" for one in listed]
    _print(listed, lines or ["no bank yet"], as_json=as_json)


@itembank.command("show")
@click.argument("bank_code", metavar="BANK")
@click.argument("item_code", metavar="ITEM")
@_AS_JSON
@click.pass_obj
def show_item(rt: Runtime, bank_code: str, item_code: str, *, as_json: bool) -> None:
    """Show one item with its versions (without the key)."""
    detail = banks.get_item(rt, bank_code, item_code)
    newest = detail.versions[0]
    facts = {
        "code": detail.line.code,
        "area": newest.area_code,
        "status": newest.status,
        "version": newest.number,
        "versions": len(detail.versions),
        "key_version": detail.key_number,
        "title": newest.content.title,
        "body": newest.content.body,
    }
    _print(facts, [f"{name.replace('_', ' ')}: {value}" for name, value in facts.items()], as_json=as_json)


@itembank.command("score")
@click.argument("item", type=_FILE, metavar="ITEM.xml")
@click.option("--responses", type=_FILE, required=True, help="JSON: response variables with their values as text.")
@click.option("--held", type=_FILE, help="JSON: outcomes that a person gave; no rule changes them.")
@click.option("--seed", default="0", show_default=True, help="Draws the template variables.")
@_AS_JSON
def score_item(item: Path, responses: Path, held: Path | None, seed: str, *, as_json: bool) -> None:
    """Score the QTI item (2.0 to 3.0) in ITEM.xml and print every outcome variable; needs no bank."""
    kept = b"{}" if held is None else held.read_bytes()
    report = score_document(item.read_bytes(), responses.read_bytes(), held=kept, seed=seed.encode())
    _print(_score_facts(report), _score_lines(report), as_json=as_json)
    sys.exit(PROBLEMS if report.problems else 0)


def _with_problems(parsed: Parsed, described: Parsed) -> Parsed:
    return Parsed(
        items=parsed.items,
        areas=parsed.areas,
        problems=(*described.problems, *parsed.problems),
        warnings=parsed.warnings,
    )


def _line_facts(line: ItemLine) -> dict[str, Any]:
    return {
        "code": line.code,
        "version": line.number,
        "status": line.status,
        "area": line.area_code,
        "title": line.title,
    }


def _bank_facts(summary: BankSummary, kept: tuple[StoredBlueprint, ...]) -> dict[str, Any]:
    return {
        "code": summary.bank.code,
        "title": summary.bank.title.to_document(),
        "items": summary.items,
        "approved": summary.approved,
        "blueprints": [one.blueprint.code for one in kept if one.bank.code == summary.bank.code],
    }


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
        "problems": _problem_facts(report.problems),
        "warnings": _problem_facts(report.warnings),
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
        "notes": _problem_facts(item.notes),
    }


def _item_lines(report: ImportReport) -> list[str]:
    noted = [item for item in report.items if item.notes]
    return [f"{item.understood} {item.code}: {line}" for item in noted for line in _problem_lines(item.notes)]


def _report_lines(report: ImportReport, *, dry_run: bool) -> list[str]:
    lines = _problem_lines(report.problems)
    lines += [f"warning: {line}" for line in _problem_lines(report.warnings)]
    counts = ", ".join(f"{report.count(kind)} {kind}" for kind in ChangeKind)
    lines += _item_lines(report)
    if report.problems:
        return [*lines, f"{len(report.problems)} problems; nothing was stored"]
    counts += f" ({', '.join(f'{count} {name}' for name, count in understood_counts(report.items).items() if count)})"
    return [*lines, f"{report.bank_code}: {counts}{' (dry run, nothing was stored)' if dry_run else ''}"]


def _score_facts(report: ScoreReport) -> dict[str, Any]:
    return {
        "item": report.item,
        "scored_by": report.scored_by,
        "outcomes": dict(report.outcomes),
        "templates": dict(report.templates),
        "problems": _problem_facts(report.problems),
        "warnings": _problem_facts(report.warnings),
    }


def _score_lines(report: ScoreReport) -> list[str]:
    lines = [f"{name} = {'NULL' if value is None else value}" for name, value in report.outcomes.items()]
    warnings = [f"warning: {line}" for line in _problem_lines(report.warnings)]
    return [*_problem_lines(report.problems), *warnings, *lines, f"scored by {report.scored_by}"]


def _problem_facts(problems: Iterable[Problem]) -> list[dict[str, str]]:
    return [{"where": one.where, "code": one.code, "hint": one.hint} for one in problems]


def _problem_lines(problems: tuple[Problem, ...]) -> list[str]:
    lines = [f"{one.where}: {one.hint} [{one.code}]" for one in problems[:_MOST_SHOWN]]
    rest = len(problems) - _MOST_SHOWN
    return [*lines, f"… and {rest} more"] if rest > 0 else lines


def _form_facts(form: Form) -> dict[str, Any]:
    return {
        "blueprint": form.blueprint_code,
        "seed": form.seed.decode(),
        "algorithm": form.algorithm,
        "digest": form.digest.hex(),
        "slots": [
            {
                "number": slot.number,
                "part": form.parts[slot.part].code,
                "item": slot.item_code,
                "options": {response: list(order) for response, order in slot.option_order.items()},
                "points": str(slot.points),
            }
            for slot in form.slots
        ],
    }


def _form_line(form: Form) -> str:
    return f"{form.digest.hex()[:12]}  {' '.join(slot.item_code for slot in form.slots)}"


def _print(facts: Any, lines: list[str], *, as_json: bool) -> None:
    click.echo(json.dumps(facts, ensure_ascii=False, indent=2) if as_json else "\n".join(lines))
