"""Delivery on the shell: prepare papers, show or print release codes, merge an answer file, read a journal again."""

import json
import sys
from pathlib import Path
from typing import Final
from uuid import UUID

import click

from cbt.delivery.core.release import show_release_code
from cbt.delivery.pdf.envelope import draw_envelopes
from cbt.delivery.services.answer_files import Look, merge_file, upload
from cbt.delivery.services.preparing import prepare
from cbt.delivery.services.reading import replay_attempt
from cbt.delivery.services.releasing import envelopes, release_code_for_centre
from cbt.kernel.pdf.fonts import load_fonts
from cbt.kernel.progress import shown_progress
from cbt.kernel.runtime import Runtime
from cbt.people.core.actors import Actor, Role
from cbt.people.services.accounts import actor_named
from cbt.scheduling.services.sittings import get_sitting_by_code

PROBLEMS = 1
_BY: Final = click.option("--by", prompt="Your login", metavar="LOGIN", help="Who asks.")
_REASON: Final = click.option("--reason", prompt="Reason", metavar="WORDS", help="What for; kept in the audit trail.")


@click.group("delivery")
def delivery() -> None:
    """Papers and journals."""


@delivery.command("prepare")
@click.argument("sitting")
@click.pass_obj
def prepare_papers(rt: Runtime, sitting: str) -> None:
    """Draw, freeze and seal the papers of everybody registered for SITTING (its code)."""
    found = get_sitting_by_code(rt, sitting)
    with shown_progress() as tell:
        count = prepare(rt, found.id, by=Actor.system("shell"), progress=tell)
    click.echo(f"{count} papers prepared")


@delivery.command("release-code")
@click.argument("sitting")
@click.option("--centre", required=True, metavar="CODE", help="The centre's code.")
@_BY
@_REASON
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.pass_obj
def release_code(rt: Runtime, sitting: str, centre: str, by: str, reason: str, *, as_json: bool) -> None:
    """Show the code that opens the papers of SITTING at one centre; who saw it and why is kept."""
    actor = actor_named(rt, by, Role.ADMIN, Role.PROCTOR)
    found = get_sitting_by_code(rt, sitting)
    place, code = release_code_for_centre(rt, found.id, centre.strip().upper(), by=actor, reason=reason.strip())
    facts = {"sitting": found.code, "centre": place.code, "code": show_release_code(code)}
    if as_json:
        click.echo(json.dumps(facts))
    else:
        for name, value in facts.items():
            click.echo(f"{name}: {value}")


@delivery.command("envelopes")
@click.argument("sitting")
@click.option("-o", "--output", type=click.Path(dir_okay=False, writable=True, path_type=Path), required=True)
@_BY
@_REASON
@click.pass_obj
def print_envelopes(rt: Runtime, sitting: str, output: Path, by: str, reason: str) -> None:
    """Write the sheets for the sealed envelopes of SITTING as PDF, a page for each centre."""
    actor = actor_named(rt, by, Role.ADMIN)
    fonts = load_fonts(rt.settings.home, rt.settings.font_dir)
    printed = envelopes(rt, get_sitting_by_code(rt, sitting).id, by=actor, reason=reason.strip())
    output.touch(mode=0o600)
    output.write_bytes(draw_envelopes(printed, fonts, rt.clock.now()))
    click.echo(f"{output}: {len(printed)}")


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
