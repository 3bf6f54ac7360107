"""Documents on the shell: print a sheet into a file, check a code as the public page would."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import click

from cbt.kernel.canonical import decode, encode
from cbt.kernel.runtime import Runtime
from cbt.people.core.actors import Actor
from reports.core.facts import PublicAnswer, PublicStatus
from reports.services.checking import check
from reports.services.issuing import sheet_of
from reports.services.qti_results import qti_results

PROBLEMS = 1
STANDING = frozenset({PublicStatus.VALID, PublicStatus.PROVISIONAL})


@click.group("reports")
def reports() -> None:
    """Print result sheets, write results for other systems, check codes."""


@reports.command("sheet")
@click.argument("attempt", type=click.UUID)
@click.option("-o", "--output", type=click.Path(dir_okay=False, writable=True, path_type=Path), required=True)
@click.pass_obj
def sheet(rt: Runtime, attempt: UUID, output: Path) -> None:
    """Write the newest result sheet of ATTEMPT as PDF."""
    output.write_bytes(sheet_of(rt, attempt))
    click.echo(f"{output}")


@reports.command("results")
@click.argument("attempt", type=click.UUID)
@click.option("-o", "--output", type=click.Path(dir_okay=False, writable=True, path_type=Path), required=True)
@click.pass_obj
def results(rt: Runtime, attempt: UUID, output: Path) -> None:
    """Write the newest result of ATTEMPT with its responses as QTI results reporting (XML)."""
    output.write_bytes(qti_results(rt, attempt, by=Actor.system("shell")))
    click.echo(f"{output}")


@reports.command("verify")
@click.argument("code")
@click.option("--birth", type=click.DateTime(["%Y-%m-%d", "%Y%m%d"]), help="The holder's birth date, for the rest.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.pass_obj
def verify(rt: Runtime, code: str, birth: datetime | None, *, as_json: bool) -> None:
    """Say how the document with CODE stands; exit 1 unless it stands."""
    found = check(rt, code, None if birth is None else birth.date(), "shell")
    if as_json:
        click.echo(json.dumps(decode(encode(_document(found))), ensure_ascii=False))
    else:
        for name, value in _document(found).items():
            click.echo(f"{name.replace('_', ' ')}: {value}")
    sys.exit(0 if found.status in STANDING else PROBLEMS)


def _document(found: PublicAnswer) -> dict[str, Any]:
    facts: dict[str, Any] = {"status": found.status, "second_factor": found.second_factor}
    if found.masked is not None:
        facts |= {
            "holder": found.masked.holder,
            "exam": found.masked.exam.en,
            "sat_on": found.masked.sat_on,
            "issued_on": found.masked.issued_on,
            "decision": found.masked.decision,
        }
    if found.full is not None:
        facts |= {"holder": found.full.holder, "number": found.full.number, "score": found.full.overall.score}
    return facts
