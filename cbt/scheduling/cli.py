"""Scheduling on the shell: centres, rooms, exams, sittings, registrations. Each command calls one service."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import click

from cbt.kernel.canonical import instant_text
from cbt.kernel.runtime import Runtime
from cbt.kernel.titles import Title
from cbt.people.cli import tell, tell_problems
from cbt.people.core.actors import Actor
from cbt.people.core.inputs import InputRefused
from cbt.scheduling.core.exams import Calculator, Navigation, ResultPolicy, read_exam
from cbt.scheduling.core.late_rules import LateKind
from cbt.scheduling.core.needs import FOR_EVERYBODY
from cbt.scheduling.core.pass_rules import Count, NotAPassRule, Overall, PassRule, SubjectsAndAverage, parse_rule
from cbt.scheduling.core.places import read_centre, read_room
from cbt.scheduling.core.sittings import read_sitting
from cbt.scheduling.services.accommodations import give_profiles
from cbt.scheduling.services.exams import create_exam, get_exam_by_code, list_exams
from cbt.scheduling.services.places import add_room, create_centre, get_centre_by_code, list_centres
from cbt.scheduling.services.registrations import RegistrationImport, import_registrations
from cbt.scheduling.services.sittings import create_sitting, get_sitting_by_code, list_sittings
from itembank.services.blueprints import get_blueprint

_SHELL: Final = Actor.system("shell")
_FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
_AS_JSON: Final = click.option("--json", "as_json", is_flag=True, help="Answer as JSON, for programs.")
_RULE_FIELDS: Final[Mapping[type[PassRule], tuple[str, ...]]] = {
    SubjectsAndAverage: ("subject_floor", "average_floor"),
    Overall: ("floor",),
    Count: ("correct", "of"),
}
_TITLE_KO: Final = click.option("--title-ko", default="", help="The Korean name.")
_TITLE_EN: Final = click.option("--title-en", default="", help="The English name.")


@click.group("scheduling")
def scheduling() -> None:
    """Centres, rooms, exams, sittings and registrations."""


@scheduling.group("centre")
def centre_group() -> None:
    """Test centres."""


@centre_group.command("add")
@click.argument("code")
@click.option("--zone", "time_zone", required=True, metavar="ZONE", help="Time zone, such as Asia/Seoul.")
@_TITLE_KO
@_TITLE_EN
@click.pass_obj
def add_centre(rt: Runtime, /, **fields: str) -> None:
    """Enter the centre CODE."""
    _refused_as_problems(lambda: create_centre(rt, read_centre(_titled(fields)), by=_SHELL))


@scheduling.group("room")
def room_group() -> None:
    """Rooms of centres."""


@room_group.command("add")
@click.argument("code")
@click.option("--centre", required=True, metavar="CODE", help="The centre that it belongs to.")
@click.option("--seats", required=True, metavar="N", help="Seats are numbered 1 to N.")
@_TITLE_KO
@_TITLE_EN
@click.pass_obj
def enter_room(rt: Runtime, /, centre: str, **fields: str) -> None:
    """Enter the room CODE with its seats."""
    centre_id = get_centre_by_code(rt, centre).centre.id
    _refused_as_problems(lambda: add_room(rt, centre_id, read_room(_titled(fields)), by=_SHELL))


@scheduling.group("exam")
def exam_group() -> None:
    """Exams."""


@exam_group.command("add")
@click.argument("code")
@click.option("--blueprint", required=True, metavar="CODE", help="What the papers are drawn from; its newest version.")
@click.option("--minutes", required=True, metavar="N", help="Time allowed.")
@click.option("--rule", required=True, help="subjects-and-average:40:60, overall:60 or count:26:35.")
@click.option("--grace", "grace_s", default="10", show_default=True, metavar="SECONDS")
@click.option(
    "--results", "result_policy", type=click.Choice([policy.value for policy in ResultPolicy]), default="provisional"
)
@click.option("--calculator", type=click.Choice([calculator.value for calculator in Calculator]), default="plain")
@click.option(
    "--tools",
    default=",".join(FOR_EVERYBODY),
    show_default=True,
    metavar="NAMES",
    help="What everybody has on the exam screen; besides those: line-reader, masking, magnifier.",
)
@click.option(
    "--parts",
    default="",
    metavar="TIMES",
    help="Part by part, no way back: minutes of each part, + those of the break after it, such as 40+10,50; "
    "0 where parts share the minutes of the exam.",
)
@click.option("--extra-minutes", default="240", show_default=True, metavar="N", help="Most extra time from the room.")
@click.option(
    "--late",
    "late_minutes",
    default="",
    metavar="MINUTES",
    help="Answers given in time, says the seat's clock, count when they arrive so long after the end.",
)
@_TITLE_KO
@_TITLE_EN
@click.pass_obj
def add_exam(rt: Runtime, /, blueprint: str, rule: str, parts: str, **fields: str) -> None:
    """Enter the exam CODE."""
    version_id = str(get_blueprint(rt, blueprint).version_id)
    late = {"late_rule": LateKind.CLAIMED_IN_TIME.value} if fields["late_minutes"] else {}
    try:
        raw = {**_titled(fields), **_rule_fields(rule), **_part_fields(parts), **late, "blueprint": version_id}
    except NotAPassRule as error:
        raise click.BadParameter(error.message, param_hint="--rule") from error
    _refused_as_problems(lambda: create_exam(rt, read_exam(raw), by=_SHELL))


def _part_fields(text: str) -> dict[str, str]:
    """Return the fields of "40+10,50": forty minutes, a break of ten, fifty minutes."""
    if not text:
        return {}
    fields = {"navigation": Navigation.PARTS.value}
    for number, part in enumerate(text.split(","), start=1):
        minutes, _, pause = part.strip().partition("+")
        fields |= {f"part_minutes_{number}": "" if minutes == "0" else minutes, f"break_minutes_{number}": pause}
    return fields


@scheduling.group("sitting")
def sitting_group() -> None:
    """Sittings of exams."""


@sitting_group.command("add")
@click.argument("code")
@click.option("--exam", "exam_code", required=True, metavar="CODE", help="The exam; its newest version.")
@click.option("--centre", required=True, metavar="CODE", help="Where; times are those of its zone.")
@click.option("--room", "rooms", multiple=True, metavar="CODE", help="A room of the centre; without it, all rooms.")
@click.option("--opens", "opens_at", required=True, metavar="TIME", help="Such as 2026-11-22T10:00.")
@click.option("--closes", "closes_at", required=True, metavar="TIME")
@_TITLE_KO
@_TITLE_EN
@click.pass_obj
def add_sitting(rt: Runtime, /, exam_code: str, centre: str, rooms: tuple[str, ...], **fields: str) -> None:
    """Plan the sitting CODE."""
    plan = get_centre_by_code(rt, centre)
    known = {room.room.code: str(room.room.id) for room in plan.rooms}
    unknown = [room for room in rooms if room.upper() not in known]
    if unknown:
        raise click.BadParameter(f"no room {', '.join(unknown)} in {centre}", param_hint="--room")
    chosen = tuple(known[room.upper()] for room in rooms) or tuple(known.values())
    exam_id = str(get_exam_by_code(rt, exam_code).id)
    raw = {**_titled(fields), "exam": exam_id, "time_zone": plan.centre.time_zone}
    _refused_as_problems(lambda: create_sitting(rt, read_sitting(raw, chosen), by=_SHELL))


@scheduling.command("register")
@click.argument("source", type=_FILE, metavar="FILE.csv")
@click.option("--sitting", "code", required=True, metavar="CODE")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and write nothing.")
@_AS_JSON
@click.pass_obj
def register(rt: Runtime, source: Path, code: str, *, dry_run: bool, as_json: bool) -> None:
    """Register FILE.csv for a sitting, all or nothing.

    Columns: number, name, birth; if wanted name_latin, seat, time_factor, text_size, colours, layout, tools, breaks,
    note.
    """
    sitting_id = get_sitting_by_code(rt, code).id
    result = import_registrations(rt, sitting_id, source.read_bytes(), by=_SHELL, dry_run=dry_run)
    facts = _import_facts(result, dry_run=dry_run)
    if result.problems:
        tell_problems(result.problems, facts, as_json=as_json)
    lines = [f"{one['number']}  {one['seat']}" for one in facts["registrations"]]
    rest = " (dry run, nothing was stored)" if dry_run else ""
    tell({**facts, "problems": []}, [*lines, f"{len(lines)} registered{rest}"], as_json=as_json)


@scheduling.command("profiles")
@click.argument("source", type=_FILE, metavar="FILE.xml")
@click.option("--sitting", "code", required=True, metavar="CODE")
@click.option("--reason", default="profile file", show_default=True, help="Stands in the audit trail.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and write nothing.")
@_AS_JSON
@click.pass_obj
def profiles(rt: Runtime, source: Path, code: str, *, reason: str, dry_run: bool, as_json: bool) -> None:
    """Give the personal needs profiles of FILE.xml (AfA PNP 3.0, by candidate number) to who is registered.

    Once the papers of the sitting are made, each change waits for somebody to approve it on its page.
    """
    sitting_id = get_sitting_by_code(rt, code).id
    found = give_profiles(rt, sitting_id, source.read_bytes(), by=_SHELL, reason=reason, dry_run=dry_run)
    people = [{"number": one.number, "outcome": one.outcome.value, "not_set": list(one.not_set)} for one in found]
    rest = " (dry run, nothing was stored)" if dry_run else ""
    lines = [f"{one['number']}  {one['outcome']}  {' '.join(one['not_set'])}".rstrip() for one in people]
    tell({"people": people, "dry_run": dry_run}, [*lines, f"{len(lines)} profiles{rest}"], as_json=as_json)


@scheduling.command("list")
@_AS_JSON
@click.pass_obj
def list_everything(rt: Runtime, *, as_json: bool) -> None:
    """List centres, exams and sittings."""
    facts = {"centres": _centre_facts(rt), "exams": _exam_facts(rt), "sittings": _sitting_facts(rt)}
    lines = [
        f"{kind}: {', '.join(str(value) for value in one.values())}" for kind, found in facts.items() for one in found
    ]
    tell(facts, lines or ["nothing yet"], as_json=as_json)


def _titled(fields: Mapping[str, str]) -> dict[str, str]:
    """Return the fields, with the code as the name where none is given."""
    named = fields["title_ko"] or fields["title_en"]
    return dict(fields) if named else {**fields, "title_en": fields["code"]}


def _refused_as_problems(act: Any) -> None:
    try:
        act()
    except InputRefused as refused:
        tell_problems(refused.problems, {}, as_json=False)


def _rule_fields(text: str) -> dict[str, str]:
    """Return a rule's short text as the fields that a page would send; raises NotAPassRule."""
    kind, *limits = text.strip().split(":")
    names = _RULE_FIELDS[type(parse_rule(text))]
    return {"rule": kind, **dict(zip(names, limits, strict=True))}


def _import_facts(result: RegistrationImport, *, dry_run: bool) -> dict[str, Any]:
    return {
        "registrations": [
            {"number": one.entry.candidate.number, "seat": f"{one.seat.room_code} {one.seat.number}"}
            for one in result.placements
        ],
        "new_candidates": result.fresh,
        "dry_run": dry_run,
    }


def _centre_facts(rt: Runtime) -> list[dict[str, Any]]:
    return [
        {
            "code": plan.centre.code,
            "title": _name(plan.centre.title),
            "time_zone": plan.centre.time_zone,
            "rooms": {room.room.code: room.seats for room in plan.rooms},
        }
        for plan in list_centres(rt)
    ]


def _exam_facts(rt: Runtime) -> list[dict[str, Any]]:
    return [
        {
            "code": exam.exam_code,
            "version": exam.version,
            "title": _name(exam.title),
            "minutes": int(exam.time_allowed.total_seconds()) // 60,
        }
        for exam in list_exams(rt)
    ]


def _sitting_facts(rt: Runtime) -> list[dict[str, Any]]:
    now = rt.clock.now()
    return [
        {
            "code": one.sitting.code,
            "exam": one.exam.exam_code,
            "opens_at": instant_text(one.sitting.opens_at),
            "closes_at": instant_text(one.sitting.closes_at),
            "registered": one.registered,
            "progress": one.progress(now).value,
        }
        for one in list_sittings(rt)
    ]


def _name(title: Title) -> str:
    return title.in_language("en")
