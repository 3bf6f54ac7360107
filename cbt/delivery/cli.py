"""Delivery on the shell: prepare a sitting's papers, merge an answer file, read a journal again from its first row."""

import json
import sys
from pathlib import Path
from uuid import UUID

import click

from cbt.delivery.services.answer_files import Look, merge_file, upload
from cbt.delivery.services.preparing import prepare
from cbt.delivery.services.reading import replay_attempt
from cbt.kernel.progress import shown_progress
from cbt.kernel.runtime import Runtime
from cbt.people.core.actors import Actor
from cbt.scheduling.services.sittings import get_sitting_by_code

PROBLEMS = 1


@click.group("delivery")
def delivery() -> None:
    """Papers and journals."""


@delivery.command("prepare")
@click.argument("sitting")
@click.pass_obj
def prepare_papers(rt: Runtime, sitting: str) -> None:
    """Draw and freeze the papers of everybody registered for SITTING (its code)."""
    found = get_sitting_by_code(rt, sitting)
    with shown_progress() as tell:
        count = prepare(rt, found.id, by=Actor.system("shell"), progress=tell)
    click.echo(f"{count} papers prepared")


@delivery.command("merge")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--look", is_flag=True, help="Only tell what merging would do.")
@click.pass_obj
def merge(rt: Runtime, file: Path, *, look: bool) -> None:
    """Merge the answer FILE that a candidate's PC saved into its journal, by the rules of the recorder."""
    by = Actor.system("shell")
    found = upload(rt, file.name, file.read_bytes(), by=by)
    if found.may_merge and found.stored is not None and not look:
        found = merge_file(rt, found.stored.id, by=by)
        click.echo("merged")
    elif found.problem is None and found.stored is not None and found.stored.merged_at is not None:
        click.echo(f"merged before, by {found.stored.merged_by}")
    _print_look(found)
    sys.exit(0 if found.problem is None else PROBLEMS)


def _print_look(found: Look) -> None:
    if found.problem is not None:
        click.echo(f"{found.problem.code}: {found.problem.message}", err=True)
        return
    if found.facts is not None:
        click.echo(f"candidate: {found.facts.candidate.number}, seat {found.facts.seat_number}")
    if found.sum is not None:
        total = found.sum
        click.echo(f"entries: {total.entries}, of these known: {total.known}, new: {total.new}")
        click.echo(f"answers that count: {total.counting}, kept without counting: {total.kept}")
        click.echo(f"conflicts: {', '.join(map(str, total.conflicts)) or 'none'}")
        if total.starts:
            click.echo("the exam starts with the merge")


@delivery.command("replay")
@click.argument("attempt", type=click.UUID)
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.pass_obj
def replay(rt: Runtime, attempt: UUID, *, as_json: bool) -> None:
    """Rebuild ATTEMPT from its journal, check every link and compare the outcome with what is stored."""
    found = replay_attempt(rt, attempt)
    facts = {
        "attempt": str(attempt),
        "rows": found.rows,
        "state": found.attempt.state.value,
        "answered": len(found.attempt.answered),
        "head": found.attempt.head.hash.hex(),
        "intact": found.broken is None,
        "first_bad_row": None if found.broken is None else found.broken.number,
        "reason": None if found.broken is None else found.broken.reason,
    }
    if as_json:
        click.echo(json.dumps(facts))
    else:
        for name, value in facts.items():
            click.echo(f"{name.replace('_', ' ')}: {value}")
    sys.exit(PROBLEMS if found.broken is not None else 0)
