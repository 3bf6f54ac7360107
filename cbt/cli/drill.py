"""`cbt drill`: simulated candidates sit a sitting of the running system, and nothing that was receipted may be lost."""

import asyncio
import json
import os
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles
from typing import Any

import click
import httpx
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from cbt.cli.drill_candidate import Candidate, Course, Diary
from cbt.cli.drill_room import Kept, choose_candidates, compare, let_in, let_in_as
from cbt.cli.shell import shell_runtime
from cbt.kernel.errors import InvalidInput
from cbt.kernel.runtime import Runtime
from cbt.scheduling.core.registrations import RegistrationFacts

_PATIENCE_S = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What was asked for."""

    url: str
    chosen: tuple[RegistrationFacts, ...]
    stay: int
    pace_s: float
    seed: bytes
    proctor: str | None
    open_rooms: bool


@click.command()
@click.option("--sitting", required=True, metavar="CODE", help="The sitting; its window must include this moment.")
@click.option("--candidates", default=40, show_default=True, metavar="N", type=click.IntRange(1, 5000))
@click.option("--pace", default=0.5, show_default=True, type=click.FloatRange(0), help="Mean seconds for each answer.")
@click.option("--stay", default=2, show_default=True, help="How many never hand in, so that their time runs out.")
@click.option("--seed", default="1", show_default=True, help="Another seed gives other answers.")
@click.option("--url", help="Where the system is reached (CBT_PUBLIC_URL).")
@click.option("--proctor", metavar="LOGIN", help="Let in over HTTP as this proctor; password in CBT_DRILL_PASSWORD.")
@click.option("--open/--wait", "open_rooms", default=True, show_default=True, help="Open the rooms, or let a person.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON, for programs.")
def drill(sitting: str, candidates: int, *, as_json: bool, **options: Any) -> None:
    """Let simulated candidates sit a sitting over real HTTP, and check that nothing saved is lost.

    Exit code 1 when an answer that the server had receipted is missing, or a candidate could not go on.
    """
    with shell_runtime() as rt:
        plan = Plan(
            url=options["url"] or rt.settings.public_url,
            chosen=choose_candidates(rt, sitting, candidates),
            stay=options["stay"],
            pace_s=options["pace"],
            seed=options["seed"].encode(),
            proctor=options["proctor"],
            open_rooms=options["open_rooms"],
        )
        console = Console(stderr=as_json, highlight=False)
        diaries = asyncio.run(_run(rt, plan, console))
        report = summary(diaries, compare(rt, plan.chosen, diaries))
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False))
    else:
        _print(console, report)
    if not report["whole"]:
        raise click.exceptions.Exit(1)


def summary(diaries: Sequence[Diary], kept: Sequence[Kept]) -> dict[str, Any]:
    """Return what the drill found, for people and for programs."""
    times = sorted(time for diary in diaries for time in diary.saves_ms)
    cuts = quantiles(times, n=100, method="inclusive") if len(times) > 1 else [0.0] * 99
    faults = {diary.number: diary.fault for diary in diaries if diary.fault}
    losses = [
        {"number": one.number, "missing": one.missing, "different": one.different, "flags": one.flags_lost}
        for one in kept
        if not one.whole
    ]
    return {
        "whole": not faults and not losses,
        "candidates": len(diaries),
        "started": sum(diary.started for diary in diaries),
        "handed_in": sum(diary.handed_in for diary in diaries),
        "answers_acknowledged": sum(len(diary.acknowledged) for diary in diaries),
        "saves": len(times),
        "retries": sum(diary.retries for diary in diaries),
        "save_ms": {"p50": round(cuts[49], 1), "p95": round(cuts[94], 1), "p99": round(cuts[98], 1)},
        "losses": losses,
        "faults": faults,
    }


async def _run(rt: Runtime, plan: Plan, console: Console) -> list[Diary]:
    if plan.proctor is not None:
        async with _browser(plan.url) as client:
            await let_in_as(client, plan.chosen, plan.proctor, _password())
    elif plan.open_rooms:
        await asyncio.to_thread(let_in, rt, plan.chosen)
    with _progress(console) as progress:
        show = _Show(progress, len(plan.chosen))
        sitting = [asyncio.create_task(_sit(plan, place, facts, show)) for place, facts in enumerate(plan.chosen)]
        return await asyncio.gather(*sitting)


async def _sit(plan: Plan, place: int, facts: RegistrationFacts, show: "_Show") -> Diary:
    course = Course(pace_s=plan.pace_s, hands_in=place < len(plan.chosen) - plan.stay, seed=plan.seed, told=show.update)
    async with _browser(plan.url) as client:
        return await Candidate(client, facts.candidate.number, facts.candidate.birth_on, course).sit()


class _Show:
    """The progress bar: answers saved, and how many candidates are where."""

    def __init__(self, progress: Progress, candidates: int) -> None:
        self._progress = progress
        self._diaries: dict[str, Diary] = {}
        self._candidates = candidates
        self._bar: TaskID = progress.add_task("", total=candidates, words="")

    def update(self, diary: Diary) -> None:
        """Show what has changed with one candidate."""
        self._diaries[diary.number] = diary
        done = sum(each.handed_in for each in self._diaries.values())
        sitting = sum(each.started and not each.handed_in for each in self._diaries.values())
        saved = sum(len(each.acknowledged) for each in self._diaries.values())
        words = f"{sitting} sit, {done} handed in, {saved} answers saved"
        self._progress.update(self._bar, completed=done, words=words)


def _progress(console: Console) -> Progress:
    bar = BarColumn(bar_width=32)
    return Progress(bar, TextColumn("{task.fields[words]}"), TimeElapsedColumn(), console=console)


def _browser(url: str) -> httpx.AsyncClient:
    context = ssl.create_default_context()
    return httpx.AsyncClient(base_url=url, verify=context, timeout=_PATIENCE_S, trust_env=False)


def _password() -> str:
    password = os.environ.get("CBT_DRILL_PASSWORD", "")
    if not password:
        raise InvalidInput("--proctor needs the password in CBT_DRILL_PASSWORD")
    return password


def _print(console: Console, report: dict[str, Any]) -> None:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    times = report["save_ms"]
    table.add_row("candidates", f"{report['candidates']}, started {report['started']}, handed in {report['handed_in']}")
    table.add_row("answers receipted", str(report["answers_acknowledged"]))
    table.add_row("saves", f"{report['saves']}, sent again {report['retries']} times")
    table.add_row("a save takes", f"{times['p50']} ms (p95 {times['p95']}, p99 {times['p99']})")
    for number, fault in report["faults"].items():
        table.add_row("[red]could not go on[/red]", f"{number}: {fault}")
    for loss in report["losses"]:
        table.add_row("[red]lost[/red]", json.dumps(loss, ensure_ascii=False))
    verdict = (
        "[green]nothing that was receipted is missing[/green]" if report["whole"] else "[red bold]not whole[/red bold]"
    )
    table.add_row("result", verdict)
    console.print(table)
