"""`cbt itembank parallel` and `capacity`: forms without a common item, and how many of them a bank holds."""

import sys
from typing import Any, NoReturn

import click

from cbt.kernel.runtime import Runtime
from itembank.cli.drawing import form_facts, form_line
from itembank.cli.printing import AS_JSON, PROBLEMS, answer, problem_facts, problem_lines
from itembank.core.draw import BlueprintImpossible
from itembank.formats.fairness_table import fairness_facts
from itembank.services.parallel import MOST_FORMS, Capacity, ParallelForms, capacity, parallel_forms

_SECONDS = click.option(
    "--seconds", type=click.FloatRange(1, 3600), default=30, show_default=True, help="Time for the solver."
)


@click.command("parallel")
@click.argument("blueprint")
@click.option("--count", type=click.IntRange(1, MOST_FORMS), default=2, show_default=True, help="How many forms.")
@click.option("--seed", default="1", show_default=True, metavar="N", help="Where to start, and the order of items.")
@_SECONDS
@AS_JSON
@click.pass_obj
def show_parallel(rt: Runtime, blueprint: str, count: int, seed: str, seconds: float, *, as_json: bool) -> None:
    """Assemble forms from BLUEPRINT that have no item in common and are as even as can be; none is kept."""
    try:
        found = parallel_forms(rt, blueprint, count=count, seed=seed, seconds=seconds)
    except BlueprintImpossible as refusal:
        _refuse(refusal, as_json=as_json)
    facts = {"best": found.best, "fairness": fairness_facts(found.figures), "forms": [*map(form_facts, found.forms)]}
    answer(facts, _parallel_lines(found), as_json=as_json)
    sys.exit(PROBLEMS if found.figures.broken else 0)


@click.command("capacity")
@click.argument("blueprint")
@_SECONDS
@AS_JSON
@click.pass_obj
def show_capacity(rt: Runtime, blueprint: str, seconds: float, *, as_json: bool) -> None:
    """Say how many forms without a common item the bank of BLUEPRINT holds."""
    try:
        found = capacity(rt, blueprint, seconds=seconds)
    except BlueprintImpossible as refusal:
        _refuse(refusal, as_json=as_json)
    answer(_capacity_facts(found), [_capacity_words(found)], as_json=as_json)


def _refuse(refusal: BlueprintImpossible, *, as_json: bool) -> NoReturn:
    answer({"problems": problem_facts(refusal.problems)}, problem_lines(refusal.problems), as_json=as_json)
    sys.exit(PROBLEMS)


def _capacity_facts(found: Capacity) -> dict[str, Any]:
    names = {"blueprint": found.stored.blueprint.code, "version": found.stored.number, "bank": found.stored.bank.code}
    return names | {"at_least": found.at_least, "at_most": found.at_most}


def _capacity_words(found: Capacity) -> str:
    if found.at_least == found.at_most:
        return f"{found.at_most} forms without a common item"
    return f"{found.at_least} to {found.at_most} forms without a common item"


def _parallel_lines(found: ParallelForms) -> list[str]:
    lines = [form_line(form) for form in found.forms]
    expected = found.figures.expected
    if expected is not None:
        lines.append(f"expected score: {expected.lowest:.3f} to {expected.highest:.3f}, SD {expected.deviation:.3f}")
    lines.append("no choice is more even" if found.best else "a more even choice may exist; the time was up")
    return lines
