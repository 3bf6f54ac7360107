"""`cbt itembank list` and `show`: what is in the banks."""

from typing import Any

import click

from cbt.kernel.runtime import Runtime
from itembank.cli.printing import AS_JSON, answer
from itembank.core.records import BankSummary, ItemFilter, ItemLine, StoredBlueprint
from itembank.services import banks, blueprints


@click.command("list")
@click.option("--bank", "bank_code", default="", metavar="CODE", help="List the items of this bank.")
@click.option("--text", default="", help="Only items that hold these words.")
@click.option("--area", default="", help="Only items of this content area and those below it.")
@click.option("--page", type=click.IntRange(1), default=1, show_default=True)
@AS_JSON
@click.pass_obj
def list_everything(rt: Runtime, bank_code: str, text: str, area: str, *, page: int, as_json: bool) -> None:
    """List the banks with their blueprints, or the items of one bank."""
    if bank_code:
        found = banks.list_items(rt, bank_code, ItemFilter(text=text, area=area), page=page)
        facts = {"total": found.total, "page": page, "items": [_line_facts(line) for line in found.items]}
        lines = [f"{line.code}  {line.area_code}  {line.status}  {line.title}" for line in found.items]
        answer(facts, [*lines, f"{found.total} items"], as_json=as_json)
        return
    kept = blueprints.list_blueprints(rt)
    listed = [_bank_facts(summary, kept) for summary in banks.list_banks(rt)]
    lines = [f"{one['code']}: {one['items']} items, blueprints: {', '.join(one['blueprints'])}" for one in listed]
    answer(listed, lines or ["no bank yet"], as_json=as_json)


@click.command("show")
@click.argument("bank_code", metavar="BANK")
@click.argument("item_code", metavar="ITEM")
@AS_JSON
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
    answer(facts, [f"{name.replace('_', ' ')}: {value}" for name, value in facts.items()], as_json=as_json)


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
