"""`cbt itembank score` and `walk`: score a QTI item, go through a QTI test; neither needs a bank."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from itembank.cli.printing import AS_JSON, FILE, PROBLEMS, answer, problem_facts, problem_lines
from itembank.core.qti.assessment.structure import TimeLimits
from itembank.core.qti.responses import Told
from itembank.formats.figures import FolderFigures
from itembank.formats.qti.given import read_outcomes
from itembank.services.qti_scoring import ScoreReport, score_document
from itembank.services.qti_walking import walk_document


@click.command("score")
@click.argument("item", type=FILE, metavar="ITEM.xml")
@click.option("--responses", type=FILE, required=True, help="JSON: response variables with their values as text.")
@click.option("--held", type=FILE, help="JSON: outcomes that a person gave; no rule changes them.")
@click.option("--seed", default="0", show_default=True, help="Draws the template variables.")
@AS_JSON
def score_item(item: Path, responses: Path, held: Path | None, seed: str, *, as_json: bool) -> None:
    """Score the QTI item (2.0 to 3.0) in ITEM.xml and print every outcome variable; needs no bank."""
    kept = b"{}" if held is None else held.read_bytes()
    report = score_document(item.read_bytes(), responses.read_bytes(), held=kept, seed=seed.encode())
    answer(_score_facts(report), _score_lines(report), as_json=as_json)
    sys.exit(PROBLEMS if report.problems else 0)


@click.command("walk")
@click.argument("test", type=FILE, metavar="TEST.xml")
@click.option("--outcomes", type=FILE, help='JSON: what each item came to, such as {"Q1": {"SCORE": "1"}}.')
@click.option("--seed", default="0", show_default=True, help="Selects and orders the items.")
@AS_JSON
def walk_test(test: Path, outcomes: Path | None, seed: str, *, as_json: bool) -> None:
    """Go through the QTI test in TEST.xml as somebody whose items came to these outcomes."""
    given = read_outcomes(b"{}" if outcomes is None else outcomes.read_bytes())
    beside = FolderFigures(test.parent)
    report = walk_document(test.read_bytes(), given.values, seed=seed.encode(), beside=beside.find)
    problems = (*given.problems, *report.problems)
    facts = {
        "test": report.test,
        "route": list(report.route),
        "met": list(report.met),
        "limits": {name: [_limit_facts(one) for one in limits] for name, limits in report.limits.items()},
        "outcomes": dict(report.outcomes),
        "problems": problem_facts(problems),
    }
    lines = [*problem_lines(problems), f"route: {' '.join(report.route)}", f"met: {' '.join(report.met)}"]
    answer(facts, [*lines, *_outcome_lines(report.outcomes)], as_json=as_json)
    sys.exit(PROBLEMS if problems else 0)


def _limit_facts(limited: tuple[str, TimeLimits]) -> dict[str, Any]:
    of, limits = limited
    least, most = (None if one is None else str(one) for one in (limits.least_s, limits.most_s))
    return {"of": of, "least_s": least, "most_s": most, "late": limits.late}


def _outcome_lines(outcomes: Mapping[str, Told]) -> list[str]:
    return [f"{name} = {'NULL' if value is None else value}" for name, value in outcomes.items()]


def _score_facts(report: ScoreReport) -> dict[str, Any]:
    return {
        "item": report.item,
        "scored_by": report.scored_by,
        "outcomes": dict(report.outcomes),
        "templates": dict(report.templates),
        "problems": problem_facts(report.problems),
        "warnings": problem_facts(report.warnings),
    }


def _score_lines(report: ScoreReport) -> list[str]:
    lines = _outcome_lines(report.outcomes)
    warnings = [f"warning: {line}" for line in problem_lines(report.warnings)]
    return [*problem_lines(report.problems), *warnings, *lines, f"scored by {report.scored_by}"]
