"""`cbt itembank fairness`: draw a set of forms to look at and say how fair they are."""

import sys
from pathlib import Path
from typing import Any

import click

from cbt.kernel.progress import shown_progress
from cbt.kernel.runtime import Runtime
from itembank.cli.printing import AS_JSON, PROBLEMS, answer, problem_facts, problem_lines
from itembank.core.draw import BlueprintImpossible
from itembank.core.fairness import CUT_SHARE, Fairness, FairnessReport, Spread
from itembank.formats.fairness_table import fairness_csv, fairness_facts
from itembank.services.fairness import MOST_FORMS, fairness_of


@click.command("fairness")
@click.argument("blueprint")
@click.option("--count", type=click.IntRange(1, MOST_FORMS), default=100, show_default=True, help="How many forms.")
@click.option("--seed", default="1", show_default=True, metavar="N", help="Number or text; as for `draw`.")
@click.option("--csv", "csv_file", type=click.Path(dir_okay=False, path_type=Path), help="Write the tables here too.")
@AS_JSON
@click.pass_obj
def show_fairness(rt: Runtime, blueprint: str, count: int, seed: str, csv_file: Path | None, *, as_json: bool) -> None:
    """Draw forms from BLUEPRINT as one sitting and print their figures; none is kept.

    The status is 1 when a form breaks a rule, or when none can be drawn.
    """
    try:
        with shown_progress(wanted=not as_json) as tell:
            report = fairness_of(rt, blueprint, count=count, seed=seed, tell=tell)
    except BlueprintImpossible as refusal:
        answer({"problems": problem_facts(refusal.problems)}, problem_lines(refusal.problems), as_json=as_json)
        sys.exit(PROBLEMS)
    if csv_file is not None:
        csv_file.write_text(fairness_csv(report.figures), encoding="utf-8-sig", newline="")
    answer(_facts(report), _lines(report.figures), as_json=as_json)
    sys.exit(PROBLEMS if report.figures.broken else 0)


def _facts(report: FairnessReport) -> dict[str, Any]:
    return {
        "blueprint": report.blueprint,
        "version": report.version,
        "bank": report.bank,
        "seed": report.seed,
        "algorithm": report.algorithm,
        **fairness_facts(report.figures),
    }


def _lines(figures: Fairness) -> list[str]:
    exposure, overlap = figures.exposure, figures.overlap
    lines = [f"{len(figures.forms)} forms of {figures.items} items, {figures.points:g} points"]
    lines.append(f"expected score: {_words(figures.expected)}")
    lines += [f"  part {part.code} of {part.points:g}: {_words(part.expected)}" for part in figures.parts]
    if figures.cut_ability is not None:
        cut = f"{float(CUT_SHARE):.0%} of the points, ability {figures.cut_ability:.2f}"
        lines.append(f"information at the cut ({cut}): {_words(figures.information)}")
    lines.append(
        f"exposure: greatest {exposure.greatest}, mean {exposure.mean:.2f} ({exposure.ratio:.2f} times the mean), "
        f"unused {exposure.unused} of {exposure.usable}"
    )
    lines.append(f"overlap of two forms: mean {overlap.mean:.1%}, greatest {overlap.greatest:.1%}")
    if figures.unknown:
        lines.append(f"items of unknown difficulty: {figures.unknown}")
    lines.append(f"broken rules: {len(figures.broken)}")
    return [*lines, *problem_lines(tuple(one.problem for one in figures.broken))]


def _words(spread: Spread | None) -> str:
    if spread is None:
        return "unknown (an item's difficulty is not known)"
    return f"mean {spread.mean:.2f}, SD {spread.deviation:.3f}, {spread.lowest:.2f} to {spread.highest:.2f}"
