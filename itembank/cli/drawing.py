"""`cbt itembank blueprint` and `draw`: keep a blueprint, try forms."""

import sys
from pathlib import Path
from typing import Any

import click

from cbt.kernel.runtime import Runtime
from itembank.cli.printing import AS_JSON, FILE, PROBLEMS, SHELL, answer, problem_facts, problem_lines
from itembank.core.draw import BlueprintImpossible
from itembank.core.forms import Form
from itembank.formats.toml_blueprint import parse_blueprint_toml
from itembank.services import blueprints


@click.command("blueprint")
@click.argument("source", type=FILE, metavar="FILE.toml")
@click.option("--bank", "bank_code", required=True, metavar="CODE", help="The bank that its items come from.")
@click.option("--dry-run", is_flag=True, help="Check it against the bank, and write nothing.")
@AS_JSON
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
            saved = blueprints.save_blueprint(rt, bank_code, read.blueprint, SHELL)
            problems = saved.problems
            if saved.stored is not None:
                facts |= {"stored": True, "version": saved.stored.number, "fresh": saved.fresh}
    facts["problems"] = problem_facts(problems)
    done = ", ".join(f"{name} {value}" for name, value in facts.items() if name != "problems")
    answer(facts, [*problem_lines(problems), done], as_json=as_json)
    sys.exit(PROBLEMS if problems else 0)


@click.command("draw")
@click.argument("blueprint")
@click.option("--seed", required=True, metavar="N", help="Number or text; the same seed gives the same forms.")
@click.option("--count", type=click.IntRange(1, 10_000), default=1, show_default=True, help="How many forms.")
@AS_JSON
@click.pass_obj
def draw_forms(rt: Runtime, blueprint: str, seed: str, count: int, *, as_json: bool) -> None:
    """Draw forms from BLUEPRINT (its code) and print them; none is kept."""
    seeds = tuple(f"{seed}/{number}".encode() for number in range(1, count + 1))
    try:
        forms = blueprints.try_draw(rt, blueprint, seeds)
    except BlueprintImpossible as refusal:
        facts = {"problems": problem_facts(refusal.problems)}
        answer(facts, problem_lines(refusal.problems), as_json=as_json)
        sys.exit(PROBLEMS)
    answer([form_facts(form) for form in forms], [form_line(form) for form in forms], as_json=as_json)


def form_facts(form: Form) -> dict[str, Any]:
    """Return a form as JSON knows it."""
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


def form_line(form: Form) -> str:
    """Return a form as one line: its digest and its items."""
    return f"{form.digest.hex()[:12]}  {' '.join(slot.item_code for slot in form.slots)}"
