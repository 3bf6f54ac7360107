"""Delivery on the shell: prepare a sitting's papers, read a journal again from its first row."""

import json
import sys
from uuid import UUID

import click

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
