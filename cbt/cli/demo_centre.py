"""The demonstration centre: made through the services that people use, and safe to make again.

Whatever is there already stays as it is; only what is missing is added, and a sitting for the present day.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from cbt.cli.demo_people import STAFF, candidate_rows
from cbt.cli.demo_plan import CENTRE, EXAMS, ZONE, DemoExam
from cbt.delivery.services.preparing import prepare
from cbt.kernel.errors import Conflict, Problem
from cbt.kernel.runtime import Runtime
from cbt.kernel.titles import Title
from cbt.people.core.actors import Actor, Role
from cbt.people.services.accounts import list_staff, reset_password
from cbt.people.services.passwords import random_password
from cbt.people.services.staff import create_staff
from cbt.scheduling.core.exams import DEFAULT_GRACE, Calculator, ExamInput, ExamVersionId, ResultPolicy
from cbt.scheduling.core.places import CentreId, RoomId, RoomInput
from cbt.scheduling.core.sittings import SittingId, SittingInput
from cbt.scheduling.services.exams import create_exam, list_exams
from cbt.scheduling.services.places import add_room, create_centre, get_centre, list_centres
from cbt.scheduling.services.registrations import list_registrations, register_rows
from cbt.scheduling.services.sittings import create_sitting, list_sittings
from itembank.formats.bank_file import read_bank
from itembank.formats.toml_blueprint import parse_blueprint_toml
from itembank.services.banks import list_banks
from itembank.services.blueprints import list_blueprints, save_blueprint
from itembank.services.importing import ImportRequest, import_bank

SAMPLES: Final = Path(__file__).resolve().parents[2] / "itembank" / "samples"
_BY: Final = Actor.system("demo")
_WINDOW: Final = timedelta(days=2)  # an exam that begins late in the evening ends the next day
_SHOWN: Final = 3


class DemoImpossible(Conflict):
    """The demonstration cannot be made: a sample bank or its blueprint is not in order."""

    code = "demo-impossible"


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """A staff account; `password` is None where it was given out before and is kept nowhere."""

    login: str
    name: str
    password: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """What one candidate signs in with."""

    number: str
    birth: str
    name: str
    seat: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSitting:
    """A sitting of the present day, and the first of its candidates."""

    code: str
    title: Title
    registered: int
    first: tuple[SignIn, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """What is there to try."""

    logins: tuple[Login, ...]
    sittings: tuple[DemoSitting, ...]


def is_empty(rt: Runtime) -> bool:
    """Tell whether nothing has been set up yet."""
    return not list_centres(rt) and not list_staff(rt)


def make_demo(rt: Runtime) -> Demo:
    """Make what is missing of the demonstration centre; raises DemoImpossible."""
    logins = _accounts(rt)
    centre_id = _centre(rt)
    sittings = []
    for exam in EXAMS:
        _bank(rt, exam)
        blueprint = _blueprint(rt, exam)
        if blueprint is not None:
            sittings.append(_sitting(rt, exam, _exam(rt, exam, blueprint), _room(rt, exam, centre_id)))
    return Demo(logins=logins, sittings=tuple(sittings))


def reset_demo_passwords(rt: Runtime) -> tuple[Login, ...]:
    """Give the demonstration accounts new random passwords; each holder chooses another one after signing in."""
    known = {staff.login: staff for staff in list_staff(rt)}
    return tuple(
        Login(login=login, name=name, password=reset_password(rt, known[login].id, by=_BY))
        for login, name, _roles in STAFF
        if login in known
    )


def _accounts(rt: Runtime) -> tuple[Login, ...]:
    known = {staff.login for staff in list_staff(rt)}
    return tuple(
        Login(login=login, name=name, password=None if login in known else _open_account(rt, login, name, roles))
        for login, name, roles in STAFF
    )


def _open_account(rt: Runtime, login: str, name: str, roles: Iterable[Role]) -> str:
    password = random_password()
    create_staff(rt, login=login, name=name, password=password, roles=roles, by=_BY)
    return password


def _centre(rt: Runtime) -> CentreId:
    found = next((plan.centre.id for plan in list_centres(rt) if plan.centre.code == CENTRE.code), None)
    return found or create_centre(rt, CENTRE, by=_BY)


def _room(rt: Runtime, exam: DemoExam, centre_id: CentreId) -> RoomId:
    rooms = {plan.room.code: plan.room.id for plan in get_centre(rt, centre_id).rooms}
    entered = RoomInput(code=exam.room, title=exam.room_title, seats=exam.seats)
    return rooms.get(exam.room) or add_room(rt, centre_id, entered, by=_BY)


def _bank(rt: Runtime, exam: DemoExam) -> None:
    """Load the sample bank of `exam`, unless it is there or comes from somebody else."""
    if exam.folder is None or any(summary.bank.code == exam.bank for summary in list_banks(rt)):
        return
    folder = SAMPLES / exam.folder
    request = ImportRequest(bank_code=exam.bank, by=_BY, title=exam.bank_title, source=folder.name)
    _require(f"bank {exam.bank}", import_bank(rt, read_bank(folder), request).problems)


def _blueprint(rt: Runtime, exam: DemoExam) -> UUID | None:
    """Return the version of the exam's blueprint, keeping it first where it is missing; None without a bank."""
    bank = next((each.bank.code for each in list_banks(rt) if each.bank.code.lower() == exam.bank), None)
    if bank is None:
        return None
    read = parse_blueprint_toml((SAMPLES / exam.blueprint).read_bytes())
    _require(exam.blueprint, read.problems)
    if read.blueprint is None:
        return None
    kept = {stored.blueprint.code: stored.version_id for stored in list_blueprints(rt, bank)}
    if read.blueprint.code in kept:
        return kept[read.blueprint.code]
    saved = save_blueprint(rt, bank, read.blueprint, _BY)
    _require(exam.blueprint, saved.problems)
    return None if saved.stored is None else saved.stored.version_id


def _exam(rt: Runtime, exam: DemoExam, blueprint: UUID) -> ExamVersionId:
    found = next((version.id for version in list_exams(rt) if version.exam_code == exam.code), None)
    entered = ExamInput(
        code=exam.code,
        title=exam.title,
        blueprint_version_id=blueprint,
        time_allowed=timedelta(minutes=exam.minutes),
        grace=DEFAULT_GRACE,
        pass_rule=exam.rule,
        result_policy=ResultPolicy.PROVISIONAL,
        calculator=Calculator.PLAIN,
    )
    return found or create_exam(rt, entered, by=_BY).id


def _sitting(rt: Runtime, exam: DemoExam, version_id: ExamVersionId, room_id: RoomId) -> DemoSitting:
    """Return the exam's sitting of the present day, with its candidates and their papers."""
    today = rt.clock.now().astimezone(ZoneInfo(ZONE)).date()
    code = f"{exam.code}-{today:%m%d}"
    known = {overview.sitting.code: overview.sitting.id for overview in list_sittings(rt)}
    opens_at = datetime.combine(today, time(), ZoneInfo(ZONE)).astimezone(UTC)
    entered = SittingInput(
        code=code,
        title=Title(
            ko=f"{today.year}년 {today.month}월 {today.day}일 시행",
            en=f"Sitting of {today.day} {today:%B} {today.year}",
        ),
        exam_version_id=version_id,
        opens_at=opens_at,
        closes_at=opens_at + _WINDOW,
        rooms=frozenset({room_id}),
    )
    sitting_id = known.get(code) or create_sitting(rt, entered, by=_BY)
    return _registered(rt, exam, sitting_id, code)


def _registered(rt: Runtime, exam: DemoExam, sitting_id: SittingId, code: str) -> DemoSitting:
    if not list_registrations(rt, sitting_id):
        rows = tuple(candidate_rows(exam.first_number, exam.candidates))
        _require(f"candidates of {code}", register_rows(rt, sitting_id, rows, by=_BY).problems)
    prepare(rt, sitting_id, by=_BY)
    everybody = list_registrations(rt, sitting_id)
    first = tuple(
        SignIn(
            number=facts.candidate.number,
            birth=f"{facts.candidate.birth_on:%Y%m%d}",
            name=facts.candidate.name,
            seat=facts.seat_number,
        )
        for facts in everybody[:_SHOWN]
    )
    return DemoSitting(code=code, title=exam.title, registered=len(everybody), first=first)


def _require(what: str, problems: Iterable[Problem]) -> None:
    listed = [f"{problem.where}: {problem.hint} [{problem.code}]" for problem in problems]
    if listed:
        raise DemoImpossible(f"{what}: {'; '.join(listed[:_SHOWN])}", problems=len(listed))
